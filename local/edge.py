"""The TLS front of the local API: what a custom domain name is in AWS.

Shops hand over keys, and tills send browsers back, only to https addresses. This listens on loopback with a
certificate of the local authority and passes every request on to the deployed stage.
"""

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import urllib3
from werkzeug.wrappers import Request, Response

from sandbox.common.cli import add_server_arguments, run, tls_files

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOP_BY_HOP = frozenset(
    {"connection", "content-length", "date", "host", "keep-alive", "server", "te", "trailer", "transfer-encoding"}
)
TIMEOUT = urllib3.Timeout(connect=2, read=60)


def build_edge(stage_url: str) -> "WSGIApplication":
    """Make the application that passes requests on to `stage_url`, without following redirects."""
    pool = urllib3.PoolManager(maxsize=16, retries=False, timeout=TIMEOUT)

    def edge(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        request = Request(environ)
        try:
            answer = pool.request(
                request.method,
                stage_url + environ["REQUEST_URI"],
                body=request.get_data(),
                headers=dict(_passed_on(request)),
                redirect=False,
                decode_content=False,
            )
        except urllib3.exceptions.HTTPError as error:
            text = f"The local API does not answer ({type(error).__name__}). Run `make up`.\n"
            return Response(text, status=502)(environ, start_response)
        headers = [(name, value) for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP]
        return Response(answer.data, status=answer.status, headers=headers)(environ, start_response)

    return edge


def _passed_on(request: Request) -> Iterator[tuple[str, str]]:
    yield from ((name, value) for name, value in request.headers if name.lower() not in HOP_BY_HOP)
    yield "X-Forwarded-For", request.remote_addr or ""
    yield "X-Forwarded-Host", request.host
    yield "X-Forwarded-Proto", "https"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.edge", description=__doc__)
    parser.add_argument("--stage-url", required=True, help="address of the deployed stage, without a trailing slash")
    add_server_arguments(parser)
    args = parser.parse_args()
    return run(build_edge(args.stage_url), args, tls_files(args, parser))


if __name__ == "__main__":
    raise SystemExit(main())
