"""`sync --wait`: when it ends, what it says, and when it gives up."""

import json

import pytest

from tests.functional.cli.terminal import Terminal
from tests.unit.domain.samples import item
from tillbridge.domain.merchant import ConnectionState

WAIT = ("sync", "--merchant", "m1", "--wait")


@pytest.fixture
def served(terminal: Terminal) -> Terminal:
    """A till to be read for the first time; while the command naps, the workers work."""
    terminal.office.world.till.put(item("1", custom_sku="MUG"), item("2", custom_sku="JUG"))
    for item_id in ("1", "2"):
        terminal.office.world.stock(item_id, 3, 4)
    terminal.nap = terminal.office.work
    return terminal


def first(served: Terminal) -> None:
    assert served.run(*WAIT).exit_code == 0
    served.office.world.clock.advance(seconds=1)


def test_a_first_sync_ends_when_everything_is_in_the_shop(served: Terminal) -> None:
    result = served.run(*WAIT)
    assert (result.exit_code, served.office.shop.shown()) == (0, {"MUG": 7, "JUG": 7})
    assert "Everything is in the shops" in result.stdout
    assert "lightspeed till, full read" in result.stdout


def test_as_json_it_draws_no_bars(served: Terminal) -> None:
    told = json.loads(served.run(*WAIT, "--json").stdout)
    assert (told["finished"], told["reads_everything"], told["failing"]) == (True, True, 0)
    assert told["seconds"] > 0


def test_a_later_sync_ends_when_the_change_has_arrived(served: Terminal) -> None:
    first(served)
    served.office.world.till.sell("1", "1")
    assert served.run(*WAIT).exit_code == 0
    assert served.office.shop.shown()["MUG"] == 6


def test_a_quiet_sync_waits_for_the_look_itself(served: Terminal) -> None:
    first(served)
    naps: list[int] = []

    def work_late() -> None:
        naps.append(1)
        if len(naps) == 5:
            served.office.work()

    served.nap = work_late
    assert served.run(*WAIT).exit_code == 0
    assert len(naps) == 5


def test_what_fails_does_not_keep_it_waiting_for_ever(served: Terminal) -> None:
    served.office.shop.refuse = {"I2"}
    result = served.run(*WAIT)
    assert result.exit_code == 0
    assert "1 could not be brought in step: `tillbridge errors` says why." in result.stdout


@pytest.mark.parametrize("extra", [(), ("--json",)])
def test_it_gives_up_and_says_what_it_waited_for(terminal: Terminal, extra: tuple[str, ...]) -> None:
    result = terminal.run(*WAIT, "--timeout", "30", *extra)
    assert result.exit_code == 5
    assert "lightspeed till is being read" in result.stderr
    assert "woocommerce shop has not been looked at on the stock lane yet" in result.stderr
    assert "tillbridge status" in result.stderr


def test_a_connection_that_breaks_meanwhile_ends_it(served: Terminal) -> None:
    served.nap = lambda: served.office.put_state("shop", ConnectionState.BROKEN, "The key was revoked.")
    result = served.run(*WAIT)
    assert (result.exit_code, "The key was revoked." in result.stderr) == (1, True)


def test_a_merchant_that_vanishes_meanwhile_ends_it(served: Terminal) -> None:
    served.nap = served.office.world.memory.merchants.clear
    assert served.run(*WAIT).exit_code == 3


@pytest.mark.parametrize("timeout", ["0", "-1", "86401", "soon"])
def test_an_impossible_timeout_is_refused(terminal: Terminal, timeout: str) -> None:  # invariant 7
    assert terminal.run(*WAIT, "--timeout", timeout).exit_code == 2
    assert terminal.events == []


def test_a_full_sync_waits_until_the_shop_was_read_back(served: Terminal) -> None:
    first(served)
    served.office.shop.products["1"].quantities[""] = 99
    served.office.world.clock.advance(seconds=30)
    result = served.run(*WAIT, "--full")
    assert result.exit_code == 0
    assert served.office.shop.shown() == {"MUG": 7, "JUG": 7}
    told = served.run("status", "--merchant", "m1").stdout
    assert "drift: stock 1 found, 1 repaired" in " ".join(told.replace("│", " ").split())
