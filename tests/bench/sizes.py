"""How large the functions are, as the template has it, and which share of a processor that gives them."""

import re

from local.home import PROJECT

ONE_PROCESSOR = 1769  # MB of memory (Lambda's documentation, "Configure Lambda function memory")


def memory_of(function: str) -> int:
    """Tell a function's memory in MB; ``function`` is its name in the template, e.g. ``PullLightspeed``."""
    template = (PROJECT / "template.yaml").read_text()
    block = template.partition(f"\n  {function}:\n")[2].partition("\n\n")[0]
    own = re.search(r"MemorySize: (\d+)", block) or re.search(r"MemorySize: (\d+)", template)
    if not block or own is None:
        raise ValueError(f"the template has no function {function}")
    return int(own[1])


def share_of(function: str) -> float:
    """Tell how much of one processor a function has."""
    return memory_of(function) / ONE_PROCESSOR
