"""`python -m local.demo`: show the main road; with `--once`, check every step and end."""

import argparse
import signal
import sys
import time

from local.cloud import LocalCloud
from local.demo.road import Road
from local.demo.stage import Stage
from local.errors import LocalCloudError

INTERRUPTED = 130  # what shells give for Ctrl-C


def main() -> int:
    """Show the road; 0 only when all of it held, also when it is ended by Ctrl-C afterwards."""
    parser = argparse.ArgumentParser(prog="python -m local.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="check each step by reading the shop's own API, then end")
    args = parser.parse_args()
    began, held = time.monotonic(), False
    try:
        with LocalCloud(report=say).session() as cloud:
            stage = Stage.build(cloud, say)
            Road(stage, say, began).walk()
            held = True
            say(f"\nAll of it held, in {time.monotonic() - began:.0f} s.")
            if not args.once:
                stage.show_addresses()
                signal.pause()
    except LocalCloudError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except KeyboardInterrupt:
        say("\nStopped; nothing is left running.")
    return 0 if held else INTERRUPTED


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
