"""The table of causes, line by line."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes.clock import NOON
from tests.fakes.people import place
from tests.unit.grants.fakes import TILL, World
from tillbridge.domain.errors import RetryLaterError, UnauthorisedError
from tillbridge.domain.grant import OPERATORS_OWN, Grant, Secret, TokenPair
from tillbridge.domain.merchant import System
from tillbridge.grants.death import Autopsy, client_of, dead, death_of
from tillbridge.grants.record import Death, DeathCause, GrantRecord
from tillbridge.grants.timing import IDLE_DEATH
from tillbridge.grants.token_errors import UNINSTALLED, GrantRefusedError

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SAID_REVOKED, SAID_UNVERIFIED = "Access token has been revoked", "Access token could not be verified"


def jwt(claims: object) -> str:
    """Write an access token as the vendor does; nobody looks at its signature."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.c2ln"


def autopsy(age: timedelta = 10 * MINUTE, access: str = "opaque", told: str = "", **seen: Any) -> Autopsy:
    """A pair of one hour that is so old; the API said ``told`` of it, and the record has ``seen`` this."""
    got = NOON - age
    pair = TokenPair(Secret(access), Secret("refresh"), got, got + 60 * MINUTE)
    record = replace(GrantRecord(place=place("c1"), version=3), **seen)
    refused = GrantRefusedError("The token server does not take the grant.")
    return Autopsy(now=NOON, record=record, grant=Grant(3, pair), refused=refused, told=told, client_id="client-1")


OURS, ANOTHERS = jwt({"aud": "client-1"}), jwt({"aud": "client-0"})
DOUBT: dict[str, Any] = {"doubt_at": NOON - MINUTE}
BARRED: dict[str, Any] = {"forbidden_at": NOON - DAY, "forbidden": "Item"}
TABLE = [
    ("30 days", autopsy(IDLE_DEATH), DeathCause.IDLE, "Pair 3 was got at 2026-01-31 12:00:00 UTC"),
    ("30 days outweigh the rest", autopsy(IDLE_DEATH, ANOTHERS, SAID_REVOKED, **DOUBT), DeathCause.IDLE, "Pair 3"),
    ("a day less", autopsy(IDLE_DEATH - DAY), DeathCause.UNKNOWN, "does not take the grant"),
    ("another client", autopsy(access=ANOTHERS, **DOUBT), DeathCause.CLIENT, "client client-0, not to client-1"),
    ("our client", autopsy(access=OURS), DeathCause.UNKNOWN, ""),
    ("a lost answer", autopsy(**DOUBT), DeathCause.SPENT_TWICE, "No answer came to the renewal of 2026-03-02 11:59:00"),
    ("a lost answer outweighs hints", autopsy(told=SAID_REVOKED, **DOUBT, **BARRED), DeathCause.SPENT_TWICE, ""),
    ("rights went first", autopsy(told=SAID_REVOKED, **BARRED), DeathCause.EMPLOYEE, "did not let us read Item"),
    ("rights went long ago", autopsy(forbidden_at=NOON - IDLE_DEATH, forbidden="Item"), DeathCause.UNKNOWN, ""),
    ("revoked in mid-life", autopsy(told=SAID_REVOKED), DeathCause.REVOKED, f'the till said: "{SAID_REVOKED}"'),
    ("revoked, as old tokens are called", autopsy(60 * MINUTE, told=SAID_REVOKED), DeathCause.UNKNOWN, ""),
    ("not verified", autopsy(told=SAID_UNVERIFIED), DeathCause.UNKNOWN, ""),
    ("nothing is known", autopsy(), DeathCause.UNKNOWN, "Pair 3 was got at 2026-03-02 11:50:00 UTC"),
]


@pytest.mark.parametrize(("case", "cause", "evidence"), [line[1:] for line in TABLE], ids=[line[0] for line in TABLE])
def test_the_likeliest_cause_with_what_shows_it(case: Autopsy, cause: DeathCause, evidence: str) -> None:
    death = death_of(case)
    assert death.cause is cause
    assert evidence in death.evidence
    assert "opaque" not in death.evidence  # invariant 5


@pytest.mark.parametrize("cause", sorted(set(DeathCause) - {DeathCause.CLIENT, DeathCause.UNINSTALLED}))
def test_every_cause_is_told_in_words_with_a_remedy(cause: DeathCause) -> None:
    error = dead(GrantRecord(place=TILL, death=Death(NOON, cause, "")))
    assert error.code == "GrantDead"
    assert error.happened.startswith("The vendor no longer takes the authorisation: ")
    assert "Connect the till again" in error.remedy


@pytest.mark.parametrize("cause", DeathCause)
def test_of_a_shop_it_is_told_as_of_a_shop(cause: DeathCause) -> None:
    error = dead(GrantRecord(place=replace(TILL, system=System.SHOPIFY), death=Death(NOON, cause, "")))
    assert "Connect the shop again" in error.remedy
    assert not {"till", "employee"} & set(f"{error.happened} {error.remedy}".replace(",", "").split())


def test_an_app_that_is_not_there_any_more_comes_first() -> None:
    case = autopsy()
    ended = replace(case.grant, pair=replace(case.grant.pair, refresh_expires_at=NOON))
    case = replace(case, grant=ended, refused=GrantRefusedError("It is not installed.", code=UNINSTALLED))
    assert death_of(case).cause is DeathCause.UNINSTALLED
    assert death_of(replace(case, refused=GrantRefusedError("no"))).cause is DeathCause.IDLE


@pytest.mark.parametrize(
    ("token", "client"),
    [
        (jwt({"aud": "a"}), "a"),
        (jwt({"aud": ["a", "b"]}), "a"),
        (jwt({"aud": []}), ""),
        (jwt({"aud": 7}), ""),
        (jwt({}), ""),
        (jwt(["aud"]), ""),
        ("a.b.c", ""),
        ("a.é.c", ""),
        ("opaque", ""),
    ],
)
def test_the_client_of_a_token_is_read_or_left_open(token: str, client: str) -> None:  # invariant 7
    assert client_of(Secret(token)) == client


def test_a_grant_of_another_client_waits_for_the_operator_and_does_not_die() -> None:  # invariant 3
    world = World()
    world.server.access = ANOTHERS
    grant = world.vault().replace_tokens(TILL, replace(world.grant.pair, access=Secret(ANOTHERS)))
    world.records.settle(TILL.connection_id, grant)
    world.server.revoked = True
    with pytest.raises(RetryLaterError, match="another client") as caught:
        world.token(rejected=ANOTHERS)
    assert caught.value.code in OPERATORS_OWN
    assert world.record.death is None
    assert world.record.lease_until is None


def test_what_the_till_said_counts_only_for_the_newest_token() -> None:
    """A token that was renewed meanwhile is called revoked as well."""
    world = World()
    world.server.revoked = True
    with pytest.raises(UnauthorisedError):
        world.token(rejected="access-1", told=SAID_REVOKED)
    assert world.record.death is not None
    assert world.record.death.cause is DeathCause.REVOKED
    other = World()
    other.clock.advance(hours=1)
    other.server.revoked = True
    with pytest.raises(UnauthorisedError):
        other.token(rejected="access-0", told=SAID_REVOKED)
    assert other.record.death is not None
    assert other.record.death.cause is DeathCause.UNKNOWN
