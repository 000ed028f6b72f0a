"""Runs the stand-in: ``python -m sandbox.lightspeed --help``."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime

from sandbox.common.cli import add_server_arguments, run, tls_files
from sandbox.lightspeed.app import build_app
from sandbox.lightspeed.settings import RULES, ApiKey, Client, Rules, Settings
from sandbox.lightspeed.state import Lightspeed

CLIENT_ID, CLIENT_SECRET, API_KEY = (
    "SANDBOX_LIGHTSPEED_CLIENT_ID",
    "SANDBOX_LIGHTSPEED_CLIENT_SECRET",
    "SANDBOX_LIGHTSPEED_API_KEY",
)
_EPILOG = f"""\
environment:
  {CLIENT_ID}, {CLIENT_SECRET}
                        the OAuth client that may connect (needs --redirect-uri); without them
                        POST /_sandbox/client registers one
  {API_KEY}
                        a key of the time before OAuth2, taken until --api-keys-until

rules: 2016 has API keys and the deprecated token server only; 2024 adds the current server, where a
refresh token dies when it is used; 2026 lets it live until the new access token is used, prices
requests by what they load, and limits bursts. The data API is that of 2026 under all of them.

The page at / shows the data. Actions under /_sandbox/ sell and receive (POST sell, receive), edit, add, archive,
restore, delete and merge items (POST edit, add-item, archive, restore, delete, merge), set stock and prices of
one item, several or all (POST stock, prices), change clients, grants, employees, limits and time (POST client,
api-keys, revoke, token-life, employee, bucket, paging, advance) and plan faults (POST faults).

500 items are 60 matrices with 270 variants, and 230 plain items; other numbers keep the proportion.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM; gives the exit code."""
    parser = _parser()
    args = parser.parse_args(arguments)
    tls = tls_files(args, parser)
    state = Lightspeed(_settings(args, parser))
    return run(build_app(state), args, tls, lambda urls: {**urls, "account_id": str(state.settings.account_id)})


def _parser() -> argparse.ArgumentParser:
    defaults = Settings()
    parser = argparse.ArgumentParser(
        "python -m sandbox.lightspeed",
        description="A stand-in for Lightspeed Retail (R-Series).",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_server_arguments(parser)
    data = parser.add_argument_group("the retailer")
    data.add_argument("--items", type=int, default=defaults.items, help="number of items (default: %(default)s)")
    data.add_argument(
        "--seed", type=int, default=defaults.seed, help="what the data is made from (default: %(default)s)"
    )
    data.add_argument("--account-id", type=int, default=defaults.account_id, help="(default: %(default)s)")
    data.add_argument("--public-url", metavar="URL", help="where clients reach it (default: the host they asked for)")
    access = parser.add_argument_group("access")
    access.add_argument("--rules", type=int, choices=sorted(RULES), default=2026, help="(default: %(default)s)")
    access.add_argument("--redirect-uri", metavar="URL", help="the client's redirect URI, which must be https")
    access.add_argument(
        "--loopback-redirects",
        action="store_true",
        help="also take a plain http redirect URI on this machine, which the real server does not",
    )
    access.add_argument(
        "--token-life", type=int, default=defaults.token_seconds, metavar="SECONDS", help="(default: %(default)s)"
    )
    access.add_argument(
        "--api-keys-until", metavar="TIME", help="ISO time with offset (default: 2017-01-01; never: no end)"
    )
    limits = parser.add_argument_group("limits")
    limits.add_argument("--bucket-size", type=float, default=defaults.bucket_size, help="(default: %(default)s)")
    limits.add_argument(
        "--drip-rate", type=float, default=defaults.drip_rate, help="drips a second (default: %(default)s)"
    )
    return parser


def _settings(args: argparse.Namespace, parser: argparse.ArgumentParser) -> Settings:
    if args.items < 1 or args.bucket_size <= 0 or args.drip_rate <= 0 or args.token_life < 1:
        parser.error("--items, --bucket-size, --drip-rate and --token-life must be above 0")
    defaults = Settings()
    key = os.environ.get(API_KEY)
    return Settings(
        items=args.items,
        seed=args.seed,
        account_id=args.account_id,
        rules=Rules.of(args.rules),
        clients=_clients(args, parser),
        api_keys=(ApiKey(key),) if key else (),
        api_keys_until=defaults.api_keys_until if args.api_keys_until is None else _until(args.api_keys_until, parser),
        token_seconds=args.token_life,
        bucket_size=args.bucket_size,
        drip_rate=args.drip_rate,
        loopback_redirects=args.loopback_redirects,
        public_url=args.public_url,
    )


def _clients(args: argparse.Namespace, parser: argparse.ArgumentParser) -> tuple[Client, ...]:
    client_id, secret = os.environ.get(CLIENT_ID), os.environ.get(CLIENT_SECRET)
    if not client_id:
        return ()
    if not secret or not args.redirect_uri:
        parser.error(f"a client in {CLIENT_ID} needs {CLIENT_SECRET} and --redirect-uri")
    return (Client(client_id, secret, args.redirect_uri),)


def _until(text: str, parser: argparse.ArgumentParser) -> datetime | None:
    if text == "never":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        parser.error(f"--api-keys-until: {text!r} is no time such as 2017-01-01T00:00:00+00:00")
    if moment.tzinfo is None:
        parser.error("--api-keys-until: the time needs an offset, such as +00:00")
    return moment


if __name__ == "__main__":
    sys.exit(main())
