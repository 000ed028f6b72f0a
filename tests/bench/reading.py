"""Reads a whole till once and prints the peak of memory and the rows read: a process of its own, for ``memory``.

python -m tests.bench.reading till.ready.json ca.pem
"""

import gc
import json
import sys
import tracemalloc
from pathlib import Path

from tests.bench.forgetful import forgetful_mirror, reader_of, till_of
from tillbridge.flows.full_read import full_read
from tillbridge.systems.lightspeed import LightspeedTill


def main() -> int:
    """Read, and print ``{"peak": bytes, "rows": number}``. What the interpreter itself needs does not count."""
    ready_file, ca_file = sys.argv[1:]
    told = json.loads(Path(ready_file).read_text())
    reader = reader_of(till_of(told, ca_file, LightspeedTill), forgetful_mirror())
    gc.collect()
    tracemalloc.start()
    report = full_read(reader)
    _, peak = tracemalloc.get_traced_memory()
    sys.stdout.write(json.dumps({"peak": peak, "rows": report.rows}) + "\n")
    return 0 if report.finished else 1


if __name__ == "__main__":
    sys.exit(main())
