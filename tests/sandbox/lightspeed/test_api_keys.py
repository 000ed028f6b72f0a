from datetime import UTC, datetime

import pytest

from sandbox.lightspeed.settings import ApiKey, Rules, Settings
from tests.sandbox.lightspeed.support import Till, body

END = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def till() -> Till:
    return Till(Settings(rules=Rules.of(2016), api_keys=(ApiKey("key-1"),), api_keys_until=END))


def status(till: Till, key: str = "key-1", password: str = "apikey") -> int:
    return till.http.get("/API/V3/Account.json", auth=(key, password)).status_code


def test_a_key_is_taken_with_the_fixed_word_as_password(till: Till) -> None:
    assert status(till) == 200
    assert status(till, password="wrong") == 401
    assert status(till, key="other") == 401


def test_a_wrong_key_is_answered_as_of_old(till: Till) -> None:
    answer = till.http.get("/API/V3/Account.json", auth=("other", "apikey"))
    assert body(answer)["errorClass"] == "BadAuthenticationRequestError"
    assert answer.content_type == "text/html; charset=UTF-8"


def test_keys_end_on_their_day(till: Till) -> None:
    till.clock.sleep((END - till.clock.now()).total_seconds() - 1)
    assert status(till) == 200
    till.clock.sleep(1)
    assert status(till) == 401


def test_keys_ended_long_ago_unless_told_otherwise() -> None:
    till = Till(Settings(api_keys=(ApiKey("key-1"),)))
    assert status(till) == 401
    till.control("api-keys", until=END.isoformat())
    assert status(till) == 200


def test_a_key_works_on_the_same_resources_and_can_be_added_while_running(till: Till) -> None:
    till.control("api-keys", key="key-2")
    answer = till.http.get("/API/V3/Account/182255/Item/1.json", auth=("key-2", "apikey"))
    assert body(answer)["Item"]["itemID"] == "1"
