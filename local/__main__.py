"""`python -m local up|down|status`: the local cloud that stays between commands."""

import argparse
import sys

from local.cloud import LocalCloud
from local.errors import LocalCloudError
from local.signals import unwinding_on_signals


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=("up", "down", "status"))
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="NAME=VALUE", help="a template parameter (may be repeated)"
    )
    args = parser.parse_args()
    try:
        parameters = dict(_pair(text) for text in args.parameter)
        return {"up": up, "down": down, "status": status}[args.command](LocalCloud(report=say), parameters)
    except LocalCloudError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1


def up(cloud: LocalCloud, parameters: dict[str, str]) -> int:
    """Start and deploy; when that fails or is interrupted, nothing is left running."""
    with unwinding_on_signals():
        try:
            cloud.start()
            cloud.deploy(parameters)
        except BaseException:
            cloud.stop()
            raise
    say(f"It trusts {cloud.ca_file}. To use it in this shell: source {cloud.home.env_file}")
    return 0


def down(cloud: LocalCloud, _parameters: dict[str, str]) -> int:
    cloud.stop()
    say("The local cloud has stopped.")
    return 0


def status(cloud: LocalCloud, _parameters: dict[str, str]) -> int:
    services = cloud.services.state.services
    for name, service in services.items():
        say(f"{name:12} {'runs' if service.process.alive else 'does not run':12} {service.url}")
    if not services:
        say("The local cloud does not run.")
    return 0


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise LocalCloudError(f"--parameter {text!r} has no value.", remedy="Write it as NAME=VALUE.")
    return name, value


if __name__ == "__main__":
    raise SystemExit(main())
