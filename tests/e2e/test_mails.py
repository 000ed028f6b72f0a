"""A grant that is revoked at the till, the mail that would have been sent, and the way back through its link."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from local.cloud import MAIL_FROM
from local.demo.opening import press_on
from tests.e2e.field import Field, until

MERCHANT, OWNER = "mailed", "owner@example.com"


@pytest.fixture
def connection(field: Field) -> Iterator[str]:
    """A third merchant, with the same till and a grant of its own."""
    before = {grant["grant"] for grant in grants(field)}
    field.operator("merchant-add", merchant=MERCHANT, name="Third", email=OWNER)
    link = field.operator("connect", merchant=MERCHANT, system="lightspeed")["link"]
    follow(field, link)
    (mine,) = (grant["grant"] for grant in grants(field) if grant["grant"] not in before)
    field.shops["one"].stage.till("revoke", grant=mine)
    (row,) = field.operator("connections", merchant=MERCHANT)
    yield row["connection"]
    field.operator("disconnect", merchant=MERCHANT, connection=row["connection"])


def grants(field: Field) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = field.shops["one"].stage._call("GET", f"{field.till_url}/_sandbox/grants")
    return found


def follow(field: Field, link: str) -> None:
    """Follow a link to its end, as the merchant would."""
    stage = field.shops["one"].stage
    press_on(stage.browser, stage.browser.open(link), "Approve")


def letters(field: Field) -> list[dict[str, Any]]:
    """List what would have been sent to the merchant, oldest first."""
    told = requests.get(f"{field.cloud.endpoint_url}/_ministack/ses/messages", timeout=10).json()
    sent = [letter for account in told["messages"].values() for letter in account if letter["To"] == [OWNER]]
    return sorted(sent, key=lambda letter: str(letter["Timestamp"]))


def test_a_dead_grant_is_told_in_one_mail_whose_link_brings_it_back(field: Field, connection: str) -> None:
    until(lambda: letters(field), seconds=90)
    (row,) = field.operator("connections", merchant=MERCHANT)
    assert (row["connection"], row["state"]) == (connection, "broken")
    (lost,) = letters(field)
    assert (lost["Source"], lost["Subject"]) == (MAIL_FROM, "Please connect Lightspeed Retail again")
    (link,) = re.findall(r"https://\S+/connect/start\?invitation=\S+", lost["BodyText"])
    assert link in lost["BodyHtml"]

    follow(field, link)
    until(lambda: len(letters(field)) > 1, seconds=90)
    assert [letter["Subject"] for letter in letters(field)[1:]] == ["Lightspeed Retail works again"]
    (row,) = field.operator("connections", merchant=MERCHANT)
    assert (row["connection"], row["state"]) == (connection, "active")
    assert [mail["state"] for mail in field.operator("mail-list", merchant=MERCHANT)] == ["sent", "sent"]
    assert not field.logged("notify", OWNER)  # invariant 5
