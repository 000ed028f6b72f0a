"""Runs the till's stand-in with a grant made already, so that a bench needs no browser.

    python -m tests.bench.till_server --items 2000 --ready-file till.json

The ready file holds the addresses, the account and the grant's tokens.
"""

import argparse
import sys

from sandbox.common.cli import add_server_arguments, run, tls_files
from sandbox.lightspeed.app import build_app
from sandbox.lightspeed.data.people import ADMIN
from sandbox.lightspeed.settings import Client, Settings
from sandbox.lightspeed.state import Lightspeed

CLIENT = Client("bench", "made up for the bench", "https://bench.invalid/callback")
SCOPES = ("employee:all",)
TOKEN_SECONDS = 24 * 3600


def main() -> int:
    """Serve until SIGTERM; gives the exit code."""
    parser = argparse.ArgumentParser("python -m tests.bench.till_server", description=__doc__)
    add_server_arguments(parser)
    usual = Settings()
    parser.add_argument("--items", type=int, default=usual.items)
    parser.add_argument("--bucket-size", type=float, default=usual.bucket_size)
    args = parser.parse_args()
    state = Lightspeed(
        Settings(items=args.items, bucket_size=args.bucket_size, clients=(CLIENT,), token_seconds=TOKEN_SECONDS)
    )
    issued = state.grants.new(CLIENT.id, ADMIN, SCOPES, legacy=False)
    tokens = {"access_token": issued.access_token, "refresh_token": issued.refresh_token}
    account = {"account_id": str(state.settings.account_id)}
    return run(build_app(state), args, tls_files(args, parser), lambda urls: {**urls, **account}, private=tokens)


if __name__ == "__main__":
    sys.exit(main())
