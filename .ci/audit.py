"""Look every locked dependency up among known weaknesses.

The lists of weaknesses live on the network. Without it the audit is left out, and says so; a weakness that is found
fails the check.
"""

import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = ("dev", "cloud", "sam")
# Weaknesses that do not concern us, each with its reason: {"name of the weakness": "why"}.
ACCEPTED: dict[str, str] = {}
TIMEOUT_SECONDS = "20"


def main() -> int:
    """Audit each lock; the exit code tells whether a weakness was found."""
    found = [weakness for name in LOCKS for weakness in audit(name)]
    for weakness in found:
        print(weakness)
    return 1 if found else 0


def audit(name: str) -> list[str]:
    """Give one line per weakness of a lock."""
    lock = PROJECT / "requirements" / f"{name}.txt"
    options = ["--requirement", lock, "--require-hashes", "--disable-pip", "--no-deps", "--format", "json"]
    ignored = [word for weakness in ACCEPTED for word in ("--ignore-vuln", weakness)]
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--timeout", TIMEOUT_SECONDS]
    done = subprocess.run([*command, *options, *ignored], capture_output=True, text=True, check=False)
    try:
        dependencies = json.loads(done.stdout)["dependencies"]
    except ValueError:
        why = done.stderr.strip().splitlines()[-1:] or ["no answer"]
        print(f"NOT AUDITED: requirements/{name}.txt; the list of weaknesses cannot be reached ({why[0][:200]})")
        return []
    print(f"Audited: requirements/{name}.txt, {len(dependencies)} packages")
    return [
        f"{dependency['name']} {dependency['version']}: {weakness['id']}, mended in {weakness['fix_versions']}"
        for dependency in dependencies
        for weakness in dependency.get("vulns", [])
    ]


if __name__ == "__main__":
    raise SystemExit(main())
