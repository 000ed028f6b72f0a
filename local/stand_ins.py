"""The stand-ins of the shops whose vendors call them by fixed addresses, or that need no address beforehand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from local.cloud import LocalCloud

HOOKS = ("--cron-seconds", "2")


@dataclass(frozen=True, slots=True)
class StandIn:
    """What it is started with, given where the deployed API is, and the template's parameters that take its address."""

    options: Callable[[str], tuple[str, ...]]
    parameters: tuple[str, ...] = ()


STAND_INS = {
    "bigcommerce": StandIn(
        lambda api: (*HOOKS, "--any-port", "--app-url", f"{api}/connect/bigcommerce"),
        ("BigcommerceApiUrl", "BigcommerceLoginUrl"),
    ),
    "magento": StandIn(lambda _: ()),  # it sends no web hooks, and a shop is named when it is connected
    "shopify": StandIn(lambda _: HOOKS, ("ShopifyBaseUrl",)),
}


def begin_shop(cloud: LocalCloud, name: str) -> None:
    """Start one; what it tells then, where it is and how to get in, is waited for with ``await_stand_in``."""
    cloud.begin_stand_in(name, f"sandbox.{name}", STAND_INS[name].options(cloud.public_url))


def parameters(cloud: LocalCloud, names: Iterable[str]) -> dict[str, str]:
    """Give the template's parameters with which started ones are called instead of their vendors."""
    return {parameter: cloud.services.url(name) for name in names for parameter in STAND_INS[name].parameters}
