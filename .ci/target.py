"""Say what an environment's functions run on, so that their layers are made for that: `3.13 aarch64`.

target.py SAMCONFIG ENVIRONMENT: as `sam deploy` will have it, which is the template's default unless overridden.
"""

import re
import sys
import tomllib
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent.parent / "template.yaml"
MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}


def default(parameter: str) -> str:
    """Read a parameter's default off the template; `template.yaml` needs no YAML reader for that."""
    found = re.search(rf"^  {parameter}:\n    Type: String\n    Default: (\S+)$", TEMPLATE.read_text(), re.MULTILINE)
    if found is None:
        raise SystemExit(f"{TEMPLATE} gives no default for {parameter}.")
    return found[1]


def main(config: str, environment: str) -> None:
    """Print both words."""
    parameters = tomllib.loads(Path(config).read_text())[environment]["deploy"]["parameters"]
    overrides = dict(pair.split("=", 1) for pair in parameters.get("parameter_overrides", ()))
    runtime, architecture = (overrides.get(name, default(name)) for name in ("PythonRuntime", "Architecture"))
    print(runtime.removeprefix("python"), MACHINES[architecture])


if __name__ == "__main__":
    main(*sys.argv[1:])
