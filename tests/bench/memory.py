"""The peak of memory of a full read, for a till ten times as large: it must not grow with the till.

Only the reader is measured, in a process of its own (``reading.py``): pages over HTTP, parsing, comparing, handing on.
"""

import json
import subprocess
import sys
from collections.abc import Iterator

from local.cloud import LocalCloud, Ports
from local.home import PROJECT, Home
from tests.figures import Figure

SMALL, LARGE = 10_000, 100_000
AIM = 1.2
WIDE_BUCKET = "1000000000"
MIB = 1024 * 1024


def memory_of_a_full_read() -> Iterator[Figure]:
    """Read both tills, one after the other."""
    small, large = _peak(SMALL), _peak(LARGE)
    name = f"peak memory of a full read of {LARGE:,} items over {SMALL:,}"
    yield Figure(name, large / small, "ratio", AIM, f"{large / MIB:.1f} MiB against {small / MIB:.1f} MiB")


def _peak(items: int) -> int:
    with LocalCloud(Home(PROJECT / ".local" / "bench"), Ports.free()).session() as cloud:
        options = ["--items", str(items), "--bucket-size", WIDE_BUCKET]
        cloud.start_stand_in("till", "tests.bench.till_server", options)
        ready = cloud.home.folder / "till.ready.json"
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.reading", str(ready), str(cloud.ca_file)],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        )
    told = json.loads(done.stdout)
    if told["rows"] < items:
        raise RuntimeError(f"only {told['rows']} of {items} rows were read")
    return int(told["peak"])
