"""Run the stand-in: ``python -m sandbox.bigcommerce --help``."""

import argparse
import os
import sys
from collections.abc import Sequence
from decimal import Decimal

from sandbox.bigcommerce.app import build_app
from sandbox.bigcommerce.hooks.deliveries import run_cron
from sandbox.bigcommerce.settings import NEEDED_SCOPES, STANDARD_QUOTA, ApiAccount, App, Settings
from sandbox.bigcommerce.shop import Shop
from sandbox.common.cli import add_server_arguments, again_and_again, run, tls_files, zone

_ABOUT = """A stand-in for a BigCommerce store, its API and the token server of login.bigcommerce.com.

Its data is in memory. The page at / shows it; actions under /_sandbox/ place shoppers' orders (POST order), let its
owner change listings (POST edit, delete, stock) and orders (POST cancel, refund, ship, status), open a location (POST
location), let accepted stock show (POST settle), send waiting web hooks (POST cron) or switch all off (POST
hooks_off), turn conditions on and off (POST switches, settings), make and revoke tokens (POST keys, DELETE
keys/TOKEN), register the app and install, open and remove it (POST app, install, load, uninstall, remove_user), plan
faults (POST faults) and begin anew (POST reset).
The environment variable BIGCOMMERCE_TOKEN gives it a token with all scopes, BIGCOMMERCE_CLIENT_ID and
BIGCOMMERCE_CLIENT_SECRET the account that the token belongs to; without a token one is made up and written, as token,
client_id and client_secret, into the ready file. With --app-url the app is registered too, and its credentials are
written as app_id and app_secret.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve one store until told to stop; gives the exit code."""
    parser = _parser()
    args = parser.parse_args(arguments)
    tls = tls_files(args, parser)
    shop = Shop(_settings(args))
    made_up = None if shop.accounts else shop.new_account(NEEDED_SCOPES)

    def ready(addresses: dict[str, str]) -> dict[str, str]:
        return {**addresses, "name": shop.settings.name, "store_hash": shop.settings.store_hash}

    names = ("token", "client_id", "client_secret")
    private = {name: str(getattr(made_up, name)) for name in names} if made_up else {}
    if args.app_url:
        private |= _register_app(shop.app, args.app_url)
    with again_and_again(lambda: run_cron(shop), args.cron_seconds):
        return run(build_app(shop), args, tls, ready, private)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox.bigcommerce", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_server_arguments(parser)
    group = parser.add_argument_group("the store")
    group.add_argument("--name", default="Stand-in store", help="name of the store (default: %(default)s)")
    group.add_argument(
        "--store-hash", default="sandbox1", help="the store's own part of the paths (default: %(default)s)"
    )
    group.add_argument(
        "--time-zone", default="America/New_York", type=zone, metavar="ZONE", help="store time (default: %(default)s)"
    )
    group.add_argument("--currency", default="USD", help="currency of the prices (default: %(default)s)")
    group.add_argument("--prices-include-tax", action="store_true", help="keep prices with tax")
    group.add_argument("--tax-percent", type=Decimal, metavar="PERCENT", help="calculate taxes at this rate")
    group.add_argument(
        "--quota", type=int, default=STANDARD_QUOTA, metavar="CALLS", help="calls in 30 seconds (default: %(default)s)"
    )
    group.add_argument(
        "--settle-seconds", type=float, default=2, metavar="SECONDS", help="until stock shows (default: %(default)s)"
    )
    group.add_argument("--app-url", metavar="URL", help="where the app is: below it are auth, load and the like")
    group.add_argument("--any-port", action="store_true", help="let web hooks go to other ports than 443")
    group.add_argument("--cron-seconds", type=float, metavar="SECONDS", help="send waiting web hooks this often")
    group.add_argument("--seed", type=int, help="make the same tokens in every run")
    return parser


def _settings(args: argparse.Namespace) -> Settings:
    return Settings(
        name=args.name,
        store_hash=args.store_hash,
        time_zone=args.time_zone,
        currency=args.currency,
        prices_include_tax=args.prices_include_tax,
        tax_percent=args.tax_percent,
        accounts=_accounts(),
        quota=args.quota,
        settle_seconds=args.settle_seconds,
        any_port=args.any_port,
        ca_file=str(args.ca) if args.ca else None,
        seed=args.seed,
    )


def _accounts() -> tuple[ApiAccount, ...]:
    token = os.environ.get("BIGCOMMERCE_TOKEN")
    names = {"client_id": "BIGCOMMERCE_CLIENT_ID", "client_secret": "BIGCOMMERCE_CLIENT_SECRET"}
    client = {name: os.environ[variable] for name, variable in names.items() if os.environ.get(variable)}
    return (ApiAccount(token, **client),) if token else ()  # type: ignore[arg-type]


def _register_app(app: App, url: str) -> dict[str, str]:
    """Register where the store calls the app; gives the app's credentials."""
    for name in ("auth", "load", "uninstall", "remove_user"):
        setattr(app, f"{name}_callback", f"{url}/{name}")
    return {"app_id": app.client_id, "app_secret": app.client_secret}


if __name__ == "__main__":
    sys.exit(main())
