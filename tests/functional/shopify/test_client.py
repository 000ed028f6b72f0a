"""The client keeps to the shop's points, renews a token once, and tells the families of trouble apart."""

import json
from dataclasses import dataclass, field

import pytest

from sandbox.common.server import TlsFiles
from sandbox.shopify.settings import Limits, Settings
from tests.functional.shopify.storefront import APP, Storefront, storefront
from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.errors import DoubtfulWriteError, SystemDownError, ThrottledError, UnauthorisedError
from tillbridge.domain.merchant import Lane
from tillbridge.systems.shopify.api.budget import PointsBook
from tillbridge.systems.shopify.api.client import ShopifyClient
from tillbridge.systems.shopify.api.documents.shop import DEFINE_KEY, SHOP
from tillbridge.systems.shopify.api.refusals import RefusedError


@dataclass
class Renewing:
    """A token that was replaced meanwhile."""

    tokens: list[str]
    rejected: list[str] = field(default_factory=list)

    def current(self) -> str:
        return self.tokens[0]

    def renew(self, rejected: str, told: str) -> str:
        self.rejected.append(rejected)
        if len(self.tokens) < 2:
            raise UnauthorisedError(told)
        return self.tokens.pop(1)


def small(tls: TlsFiles, status: int, bucket: int = 100) -> Settings:
    return Settings(
        apps=(APP,), ca_file=str(tls.ca), limits=Limits(bucket=bucket, restore_rate=50, throttled_status=status)
    )


@pytest.mark.parametrize("status", [200, 429])
def test_being_short_of_points_is_waited_out(tls: TlsFiles, status: int) -> None:
    with storefront(tls, small(tls, status)) as front:
        outcomes = front.push(*[mug(str(number)) for number in range(1, 21)])

    assert not [outcome for outcome in outcomes.values() if outcome.error]


def test_a_long_wait_is_handed_back(front: Storefront) -> None:
    said = {
        "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
        "extensions": {
            "cost": {
                "requestedQueryCost": 900,
                "actualQueryCost": None,
                "throttleStatus": {"maximumAvailable": 1000.0, "currentlyAvailable": 0, "restoreRate": 50.0},
            }
        },
    }
    front.fault("status", status=200, body=json.dumps(said))

    with pytest.raises(ThrottledError) as caught:
        front.client().ask_all(SHOP)

    assert caught.value.after is not None
    assert caught.value.after > 5


def test_what_is_known_of_the_points_is_shared(front: Storefront) -> None:
    kept: list[dict[str, str]] = []
    book = PointsBook(front.clock, save=lambda snapshot: kept.append(dict(snapshot)))
    client = front.client()
    shared = ShopifyClient(client._http, front.url, front.token, clock=front.clock, budget=book)
    front.state.buckets.clear()
    shared.ask_all(SHOP)
    assert kept == [], "a quiet connection shares nothing"

    bucket = next(iter(front.state.buckets.values()))
    bucket.level = 10
    shared.ask_all(SHOP)

    other = PointsBook(front.clock, load=lambda: kept[-1])
    assert other.before(500, Lane.CATALOGUE) > 5


def test_a_token_is_renewed_once(front: Storefront) -> None:
    tokens = Renewing(["shpat_old", front.token.current()])

    assert front.client(token=tokens).ask_all(SHOP)["shop"]
    assert tokens.rejected == ["shpat_old"]


def test_a_second_refusal_is_final(front: Storefront) -> None:
    tokens = Renewing(["shpat_old", "shpat_bad", "shpat_worse"])

    with pytest.raises(UnauthorisedError):
        front.client(token=tokens).ask_all(SHOP)

    assert tokens.rejected == ["shpat_old"]


INSIDE = '{"errors":[{"message":"x","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}'


def test_a_failure_inside_leaves_a_write_in_doubt(front: Storefront) -> None:  # invariant 8
    front.fault("status", status=200, body=INSIDE, times=2)

    with pytest.raises(SystemDownError):
        front.client().ask_all(SHOP)
    with pytest.raises(DoubtfulWriteError):
        front.client().change(DEFINE_KEY, "metafieldDefinitionCreate", definition={})


@pytest.mark.parametrize("code", ["MAX_INPUT_SIZE_EXCEEDED", "INVALID_VARIABLE", "BAD_REQUEST", "MAX_COST_EXCEEDED"])
def test_a_document_that_is_not_taken(front: Storefront, code: str) -> None:
    body = {"errors": [{"message": "no", "extensions": {"code": code}}]}
    front.fault("status", status=200, body=json.dumps(body))

    with pytest.raises(RefusedError) as caught:
        front.client().ask_all(SHOP)

    assert (caught.value.code, bool(caught.value.remedy)) == (code, True)


def test_no_token_leaves_in_an_error(front: Storefront) -> None:  # invariant 5
    for kind in ("html", "garbage", "cut_before"):
        front.fault(kind)
        with pytest.raises(SystemDownError if kind == "cut_before" else Exception) as caught:
            front.client().ask_all(SHOP)
        assert front.token.current() not in repr(caught.value)
        assert front.token.current() not in str(caught.value.__cause__)
