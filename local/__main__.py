"""`python -m local up|down|status`: the local cloud that stays between commands."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial

from local.cloud import LocalCloud
from local.errors import LocalCloudError
from local.signals import unwinding_on_signals
from local.stand_ins import STAND_INS, begin_shop, parameters

Command = Callable[[LocalCloud, dict[str, str]], int]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("command", choices=("up", "down", "status"))
    parser.add_argument(
        "--stand-in",
        action="append",
        default=[],
        choices=sorted(STAND_INS),
        help="start the stand-in of a vendor whose address is fixed, and deploy with its address (may be repeated)",
    )
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="NAME=VALUE", help="a template parameter (may be repeated)"
    )
    args = parser.parse_args()
    try:
        given = dict(_pair(text) for text in args.parameter)
        commands: dict[str, Command] = {"up": partial(up, stand_ins=args.stand_in), "down": down, "status": status}
        return commands[args.command](LocalCloud(report=say), given)
    except LocalCloudError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1


def up(cloud: LocalCloud, given: dict[str, str], stand_ins: Sequence[str] = ()) -> int:
    """Start and deploy; when that fails or is interrupted, nothing is left running."""
    with unwinding_on_signals():
        try:
            cloud.start()
            cloud.deploy({**given, **_started(cloud, stand_ins)})
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


def _started(cloud: LocalCloud, stand_ins: Sequence[str]) -> dict[str, str]:
    """Start stand-ins, unless they run; gives the parameters with which they are deployed."""
    missing = [name for name in stand_ins if not cloud.services.state.running(name)]
    for name in missing:
        begin_shop(cloud, name)
    for name in missing:
        url = cloud.await_stand_in(name)["tls_url"]
        say(f"A {name} shop stands at {url}; its keys are in {cloud.home.folder / f'{name}.ready.json'}")
    return parameters(cloud, stand_ins)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise LocalCloudError(f"--parameter {text!r} has no value.", remedy="Write it as NAME=VALUE.")
    return name, value


if __name__ == "__main__":
    raise SystemExit(main())
