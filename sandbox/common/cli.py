"""What the stand-ins' command lines share: addresses, TLS files, the ready file and a clean end."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.common.server import PortBusyError, TlsFiles, serve

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def add_server_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that every stand-in has."""
    group = parser.add_argument_group("where to listen")
    group.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    group.add_argument("--port", type=int, default=0, help="port for plain HTTP; 0 takes any free one (default: 0)")
    group.add_argument("--tls-port", type=int, help="port for HTTPS as well; 0 takes any free one; needs --cert, --key")
    group.add_argument("--cert", type=Path, metavar="FILE", help="PEM certificate of the server")
    group.add_argument("--key", type=Path, metavar="FILE", help="PEM key of the server")
    group.add_argument("--ca", type=Path, metavar="FILE", help="PEM authority to trust when calling out to others")
    group.add_argument(
        "--ready-file", type=Path, metavar="FILE", help="written, as JSON with the addresses, once requests are taken"
    )


def tls_files(args: argparse.Namespace, parser: argparse.ArgumentParser) -> TlsFiles | None:
    """Take the TLS files from the options; ends the program with a clear error when they do not fit together."""
    if args.tls_port is None:
        return None
    for name in ("cert", "key"):
        path: Path | None = getattr(args, name)
        if path is None:
            parser.error(f"--tls-port needs --{name}")
        if not path.is_file():
            parser.error(f"--{name}: there is no file {path}")
    return TlsFiles(args.cert, args.key, args.ca)


def zone(name: str) -> ZoneInfo:
    """Read a time zone from the command line."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise argparse.ArgumentTypeError(f"{name!r} is no time zone, such as Europe/Amsterdam") from None


@contextmanager
def again_and_again(work: Callable[[], object], seconds: float | None) -> Iterator[None]:
    """Have work done every so many seconds while the body runs; not at all where none are named."""
    stopping = threading.Event()

    def keep_on() -> None:
        while not stopping.wait(seconds):
            work()

    if seconds:
        threading.Thread(target=keep_on, daemon=True).start()
    try:
        yield
    finally:
        stopping.set()


def run(
    app: "WSGIApplication",
    args: argparse.Namespace,
    tls: TlsFiles | None,
    ready: Callable[[dict[str, str]], Mapping[str, Any]] = dict,
    private: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """Serve until SIGTERM or Ctrl-C; gives the exit code, 1 when a port is busy.

    `ready` gets the addresses (``url`` and, with TLS, ``tls_url``) and gives what goes into the ready file and onto
    the standard output; `private` (made-up keys) goes into the file only, which nobody else may read.
    """
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        with ExitStack() as stack:
            addresses = {"url": stack.enter_context(serve(app, host=args.host, port=args.port)).url}
            if tls is not None:
                server = stack.enter_context(serve(app, host=args.host, port=args.tls_port, tls=tls))
                addresses["tls_url"] = server.url
            announcement = ready(addresses)
            if args.ready_file is not None:
                _write_at_once(args.ready_file, json.dumps({**announcement, **private}, indent=2))
            sys.stdout.write(json.dumps(announcement, indent=2) + "\n")
            sys.stdout.flush()
            stopping.wait()
    except PortBusyError as error:
        sys.stderr.write(f"error: {error.strerror}\n")
        return 1
    return 0


def _write_at_once(path: Path, text: str) -> None:
    """Whoever waits for the file must never read half of it."""
    draft = path.with_name(path.name + ".part")
    draft.touch(mode=0o600)
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)
