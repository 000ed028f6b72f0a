"""Run the stand-in: ``python -m sandbox.woocommerce --help``."""

import argparse
import os
import sys
from collections.abc import Sequence
from decimal import Decimal

from sandbox.common.cli import add_server_arguments, again_and_again, run, tls_files, zone
from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.hooks.deliveries import run_cron
from sandbox.woocommerce.settings import MEASURED_SPEED, ApiKey, Settings, Speed
from sandbox.woocommerce.shop import Shop

_ABOUT = """A stand-in for a shop running WooCommerce 10.0.2.

Its data is in memory. The page at / shows it; actions under /_sandbox/ place shoppers' orders (POST order), let
its owner change, trash and delete listings (POST edit, trash, delete), send waiting web hooks (POST cron), turn
the host's quirks on and off (POST switches), make and revoke keys (POST keys, DELETE keys/KEY) and plan faults
(POST faults).
The environment variables WOO_KEY and WOO_SECRET give it a read-write key; without them one is made up and written, as
key and secret, into the ready file. Further keys come from the hand-off page /wc-auth/v1/authorize.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve one shop until told to stop; gives the exit code."""
    parser = _parser()
    args = parser.parse_args(arguments)
    tls = tls_files(args, parser)
    shop = Shop(_settings(args))
    made_up = None if shop.keys else shop.new_key()

    def ready(addresses: dict[str, str]) -> dict[str, str]:
        if args.home_url is None:
            address = addresses.get("tls_url", addresses["url"])
            shop.fix_address(address + shop.settings.base_path)
        return {**addresses, "name": shop.settings.name, "home_url": shop.home_url}

    private = {"key": made_up.key, "secret": made_up.secret} if made_up else {}
    with again_and_again(lambda: run_cron(shop), args.cron_seconds):
        return run(build_app(shop), args, tls, ready, private)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.woocommerce", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_server_arguments(parser)
    group = parser.add_argument_group("the shop")
    group.add_argument("--name", default="Stand-in shop", help="name of the shop (default: %(default)s)")
    group.add_argument("--base-path", default="", metavar="PATH", help="sub-folder the shop lives in, such as /shop")
    group.add_argument(
        "--home-url", metavar="URL", help="address the shop gives as its own (default: where it listens)"
    )
    group.add_argument(
        "--time-zone", default="America/New_York", type=zone, metavar="ZONE", help="shop time (default: %(default)s)"
    )
    group.add_argument("--currency", default="USD", help="currency of the prices (default: %(default)s)")
    group.add_argument("--prices-include-tax", action="store_true", help="keep prices with tax")
    group.add_argument("--tax-percent", type=Decimal, metavar="PERCENT", help="calculate taxes at this rate")
    group.add_argument("--measured-speed", action="store_true", help="take as long as the real one on two cores")
    group.add_argument("--cron-seconds", type=float, metavar="SECONDS", help="send waiting web hooks this often")
    group.add_argument("--seed", type=int, help="make the same keys in every run")
    return parser


def _settings(args: argparse.Namespace) -> Settings:
    key, secret = os.environ.get("WOO_KEY"), os.environ.get("WOO_SECRET")
    return Settings(
        name=args.name,
        base_path=args.base_path.rstrip("/"),
        home_url=args.home_url,
        time_zone=args.time_zone,
        currency=args.currency,
        prices_include_tax=args.prices_include_tax,
        tax_percent=args.tax_percent,
        keys=(ApiKey(key, secret),) if key and secret else (),
        speed=MEASURED_SPEED if args.measured_speed else Speed(),
        ca_file=str(args.ca) if args.ca else None,
        seed=args.seed,
    )


if __name__ == "__main__":
    sys.exit(main())
