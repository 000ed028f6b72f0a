"""Demand that the unit tests take at least 90 % of the branches of `domain` and of `flows`."""

import json
import sys
from pathlib import Path

WANTED = 90.0
PACKAGES = ("domain", "flows")


def main(report: str) -> int:
    """Print one line per package; the exit code tells whether all reach the mark."""
    files = json.loads(Path(report).read_text())["files"]
    enough = True
    for package in PACKAGES:
        found = [entry["summary"] for path, entry in files.items() if f"tillbridge/{package}/" in path]
        branches = sum(summary["num_branches"] for summary in found)
        covered = sum(summary["covered_branches"] for summary in found)
        share = 100.0 * covered / branches if branches else 0.0
        enough = enough and share >= WANTED
        print(
            f"Branches of {package}: {covered} of {branches} taken by unit tests ({share:.1f} %, wanted {WANTED:.0f} %)"
        )
        for path, entry in sorted(files.items()):
            if f"tillbridge/{package}/" in path and entry["missing_branches"]:
                missing = ", ".join(f"{start}->{end}" for start, end in entry["missing_branches"])
                print(f"  {path}: {missing}")
    return 0 if enough else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
