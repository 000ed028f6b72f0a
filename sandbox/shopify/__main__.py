"""Run the stand-in: ``python -m sandbox.shopify --help``."""

import argparse
import os
import sys
from collections.abc import Sequence
from decimal import Decimal

from sandbox.common.cli import add_server_arguments, again_and_again, run, tls_files, zone
from sandbox.shopify.app import build_app
from sandbox.shopify.hooks.deliveries import run_cron
from sandbox.shopify.settings import App, Limits, Place, Settings
from sandbox.shopify.shop import Shop

_ABOUT = """A stand-in for one shop's Shopify Admin API 2026-07.

It answers as the shop --domain at whatever address it listens on: send what is meant for https://DOMAIN/admin/... to
its own /admin/... instead.

Its data is in memory. The page at / shows it. Actions under /_sandbox/ are POSTs: order places a shopper's order;
refund, cancel, fulfil and touch are what its merchant does with one; edit, delete, stock, location and seed what the
merchant does with products; cron sends waiting web hooks; token, expire, revoke, uninstall, scopes, rotate-secret,
forget-secret and bucket change what an app has; compliance sends a compliance topic; switches turns conditions on and
off, faults plans faults, reset forgets everything.
The environment variables SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET give it an app; without them one is made up. Its
id, secret and a lasting token are written into the ready file.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve one shop until told to stop; gives the exit code."""
    parser = _parser()
    args = parser.parse_args(arguments)
    tls = tls_files(args, parser)
    shop = Shop(_settings(args))
    app = next(iter(shop.apps.values()), None) or shop.register_made_up_app()
    private = {"client_id": app.client_id, "client_secret": app.secret, "access_token": shop.issue(app).value}

    def ready(addresses: dict[str, str]) -> dict[str, str]:
        if args.home_url is None:
            shop.fix_address(addresses.get("tls_url", addresses["url"]))
        return {**addresses, "name": shop.settings.name, "domain": shop.settings.domain, "home_url": shop.home_url}

    with again_and_again(lambda: run_cron(shop), args.cron_seconds):
        return run(build_app(shop), args, tls, ready, private)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.shopify", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_server_arguments(parser)
    group = parser.add_argument_group("the shop")
    group.add_argument("--name", default="Stand-in shop", help="name of the shop (default: %(default)s)")
    group.add_argument("--domain", default="stand-in.myshopify.com", help="domain of the shop (default: %(default)s)")
    group.add_argument("--home-url", metavar="URL", help="address its files are served at (default: where it listens)")
    group.add_argument(
        "--time-zone", default="America/New_York", type=zone, metavar="ZONE", help="shop time (default: %(default)s)"
    )
    group.add_argument("--currency", default="USD", help="currency of the prices (default: %(default)s)")
    group.add_argument("--taxes-included", action="store_true", help="keep prices with tax")
    group.add_argument(
        "--tax-percent", type=Decimal, default=Decimal(0), metavar="PERCENT", help="calculate taxes at this rate"
    )
    group.add_argument(
        "--location", action="append", metavar="NAME", help="a location; may be given often (default: two)"
    )
    group.add_argument("--bucket", type=int, default=2000, help="cost points that are kept (default: %(default)s)")
    group.add_argument("--restore-rate", type=int, default=100, help="points regained a second (default: %(default)s)")
    group.add_argument(
        "--throttled-status", type=int, default=200, choices=(200, 429), help="of a THROTTLED answer (default: 200)"
    )
    group.add_argument("--compliance-uri", default="", metavar="URL", help="where the compliance topics go")
    group.add_argument("--cron-seconds", type=float, metavar="SECONDS", help="send waiting web hooks this often")
    group.add_argument("--seed", type=int, help="make the same tokens in every run")
    return parser


def _settings(args: argparse.Namespace) -> Settings:
    client_id, secret = os.environ.get("SHOPIFY_CLIENT_ID"), os.environ.get("SHOPIFY_CLIENT_SECRET")
    apps = (App(client_id, secret, compliance_uri=args.compliance_uri),) if client_id and secret else ()
    places = tuple(Place(name) for name in args.location or ("Main street", "Warehouse"))
    return Settings(
        domain=args.domain,
        name=args.name,
        home_url=args.home_url,
        time_zone=str(args.time_zone),
        currency=args.currency,
        taxes_included=args.taxes_included,
        tax_percent=args.tax_percent,
        apps=apps,
        limits=Limits(args.bucket, args.restore_rate, throttled_status=args.throttled_status),
        ca_file=str(args.ca) if args.ca else None,
        seed=args.seed,
        places=places,
    )


if __name__ == "__main__":
    sys.exit(main())
