"""HTTP towards remote systems: one client that verifies addresses, bounds answers and sorts failures into families."""

from tillbridge.systems.http.answer import Answer, Json, NoJsonError
from tillbridge.systems.http.client import CallHook, HttpClient, TransportOptions
from tillbridge.systems.http.fenced import FencedClient
from tillbridge.systems.http.policy import AddressPolicy
from tillbridge.systems.http.request import Request

__all__ = [
    "AddressPolicy",
    "Answer",
    "CallHook",
    "FencedClient",
    "HttpClient",
    "Json",
    "NoJsonError",
    "Request",
    "TransportOptions",
]
