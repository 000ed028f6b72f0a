"""Connections that look at whom they reach before they say anything.

The host is resolved once, every address is judged, and the socket is opened to a judged address and to nothing else:
an answer of the name server that changes a moment later (DNS rebinding) is never asked for. TLS still checks the
certificate against the host's name.
"""

import socket
from typing import Any

from requests.adapters import DEFAULT_POOLBLOCK, HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from tillbridge.domain.errors import Subject
from tillbridge.systems.http.policy import AddressPolicy


class GuardedAdapter(HTTPAdapter):
    """The transport of one client; all its connections keep to one policy. Nothing is ever sent twice by it."""

    def __init__(self, policy: AddressPolicy, subject: Subject) -> None:
        self._policy, self._subject = policy, subject
        super().__init__(max_retries=0, pool_connections=2, pool_maxsize=4)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = DEFAULT_POOLBLOCK,  # noqa: FBT001  as in the base
        **options: Any,  # noqa: ANN401  as in the base
    ) -> None:
        """Build the pools with connections that keep to the policy."""
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **options)
        plain, tls = guarded_pools(self._policy, self._subject)
        self.poolmanager.pool_classes_by_scheme = {"http": plain, "https": tls}


def guarded_pools(
    policy: AddressPolicy, subject: Subject
) -> tuple[type[HTTPConnectionPool], type[HTTPSConnectionPool]]:
    """Make the pools of a policy, for http and https."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _open(self, policy, subject)

    class Tls(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _open(self, policy, subject)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = Tls

    return PlainPool, TlsPool


def _open(connection: HTTPConnection, policy: AddressPolicy, subject: Subject) -> socket.socket:
    """Open a socket to the first judged address that takes it, and judge the peer again."""
    host, port = connection.host.strip("[]"), connection.port or connection.default_port
    try:
        addresses = policy.addresses(host, port, subject)
    except (OSError, UnicodeError) as error:
        raise NameResolutionError(host, connection, socket.gaierror(str(error))) from error
    trouble: OSError = OSError("the name has no address")
    for address in addresses:
        try:
            opened = create_connection((address, port), connection.timeout, socket_options=connection.socket_options)
        except OSError as error:
            trouble = error
            continue
        return _judged(opened, host, policy, subject)
    if isinstance(trouble, TimeoutError):
        raise ConnectTimeoutError(connection, f"{host} did not take the connection in time") from trouble
    raise NewConnectionError(connection, f"{host} refused the connection") from trouble


def _judged(opened: socket.socket, host: str, policy: AddressPolicy, subject: Subject) -> socket.socket:
    try:
        policy.check_peer(host, str(opened.getpeername()[0]), subject)
    except BaseException:
        opened.close()
        raise
    return opened
