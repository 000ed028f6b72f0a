"""Run the stand-in: ``python -m sandbox.magento --help``."""

import argparse
import os
import sys
from collections.abc import Sequence
from decimal import Decimal

from sandbox.common.cli import add_server_arguments, run, tls_files, zone
from sandbox.magento.app import build_app
from sandbox.magento.settings import GENERATIONS, MEASURED_SPEED, Secrets, Settings, Speed
from sandbox.magento.shop import Shop

_ABOUT = """A stand-in for a shop running Magento Open Source 2.4.7.

Its data is in memory. The page at / shows it; actions under /_sandbox/ place shoppers' orders (POST order), let its
people invoice, ship, refund and cancel them (POST invoice, ship, refund, cancel), edit, delete and rename listings
and count stock (POST edit, delete, sku, stock), make and activate integrations (POST integrations,
integrations/ID/activate), turn conditions on and off (POST switches), run the queue of bulk operations (POST consume)
and the indexer (POST reindex), empty the shop (POST reset) and plan faults (POST faults).
The environment variables MAGENTO_CONSUMER_KEY, MAGENTO_CONSUMER_SECRET, MAGENTO_ACCESS_TOKEN and
MAGENTO_ACCESS_SECRET give it an active integration; without them one is made up and written into the ready file.
"""
_NAMES = ("consumer_key", "consumer_secret", "access_token", "access_secret")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve one shop until told to stop; gives the exit code."""
    parser = _parser()
    args = parser.parse_args(arguments)
    tls = tls_files(args, parser)
    shop = Shop(_settings(args))
    shop.switches.generation = args.generation
    private = {} if shop.integrations else _made_up(shop)

    def ready(addresses: dict[str, str]) -> dict[str, str]:
        if args.base_url is None:
            address = addresses.get("tls_url", addresses["url"])
            shop.fix_address(address + shop.settings.base_path)
        return {**addresses, "name": shop.settings.name, "base_url": shop.base_url}

    return run(build_app(shop), args, tls, ready, private)


def _made_up(shop: Shop) -> dict[str, str]:
    integration = shop.new_secrets()
    token = integration.token
    secrets = (integration.consumer_key, integration.consumer_secret, token and token.token, token and token.secret)
    return {name: str(secret) for name, secret in zip(_NAMES, secrets, strict=True)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.magento", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_server_arguments(parser)
    group = parser.add_argument_group("the shop")
    group.add_argument("--name", default="Stand-in shop", help="name of the shop (default: %(default)s)")
    group.add_argument("--base-path", default="", metavar="PATH", help="sub-folder the shop lives in, such as /shop")
    group.add_argument(
        "--base-url", metavar="URL", help="address the shop gives as its own (default: where it listens)"
    )
    group.add_argument(
        "--time-zone", default="America/New_York", type=zone, metavar="ZONE", help="shop time (default: %(default)s)"
    )
    group.add_argument("--currency", default="USD", help="currency of the prices (default: %(default)s)")
    group.add_argument("--prices-include-tax", action="store_true", help="keep prices with tax")
    group.add_argument("--tax-percent", type=Decimal, metavar="PERCENT", help="calculate taxes at this rate")
    group.add_argument(
        "--generation",
        choices=GENERATIONS,
        default=GENERATIONS[0],
        help="whose rules it follows (default: %(default)s)",
    )
    group.add_argument("--measured-speed", action="store_true", help="take as long as the real one")
    group.add_argument("--seed", type=int, help="make the same secrets in every run")
    return parser


def _settings(args: argparse.Namespace) -> Settings:
    given = [os.environ.get(f"MAGENTO_{name.upper()}", "") for name in _NAMES]
    return Settings(
        name=args.name,
        base_path=args.base_path.rstrip("/"),
        base_url=args.base_url,
        time_zone=args.time_zone,
        currency=args.currency,
        prices_include_tax=args.prices_include_tax,
        tax_percent=args.tax_percent,
        integrations=(Secrets(*given),) if all(given) else (),
        speed=MEASURED_SPEED if args.measured_speed else Speed(),
        ca_file=str(args.ca) if args.ca else None,
        seed=args.seed,
    )


if __name__ == "__main__":
    sys.exit(main())
