"""Moving a fleet from the command line: bringing in from a CSV, and each step up to the end and back."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.functional.cli.terminal import Terminal
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.migration import Stage
from tillbridge.flows.migrate_file import COLUMNS
from tillbridge.grants.secret_store import path_of
from tillbridge_cli import bringing

HEAD = ",".join(COLUMNS) + "\n"
ALPINE = "alpine,Alpine Café,a@example.com,11,key-11,https://alpine.example,ck_1,cs_1,,,\n"
BEACH = "beach,Beach,,12,key-12,,,,,,\n"
LINKS = "alpine,,,,,,,,42,,17\nalpine,,,,,,,,43,7,18/19\nalpine,,,,,,,,44,7,18/20\n"
SECRETS = ("key-11", "key-12", "ck_1", "cs_1")


@pytest.fixture
def terminal() -> Terminal:
    terminal = Terminal()
    for account in ("11", "12"):
        terminal.office.fleet.house.open(account, f"key-{account}")
    return terminal


def bring(terminal: Terminal, folder: Path, text: str = HEAD + ALPINE + BEACH + LINKS, *more: str) -> Result:
    path = folder / "merchants.csv"
    path.write_text(text, encoding="utf-8")
    return terminal.run("migrate", "import", str(path), *more)


def stages(terminal: Terminal) -> dict[str, str]:
    return {row["merchant"]: row["stage"] for row in terminal.json("migrate", "board")["rows"]}


def authorise(terminal: Terminal, *merchants: str) -> None:
    for merchant in merchants:
        terminal.office.fleet.process().authorise(merchant)


def test_a_whole_fleet_from_the_file_to_the_end(terminal: Terminal, tmp_path: Path) -> None:
    result = bring(terminal, tmp_path)
    assert result.exit_code == 0, result.stderr
    assert "Shop 11 (11)" in result.stdout
    assert stages(terminal) == {"alpine": "key_only", "beach": "key_only"}
    assert [row["done"] for row in terminal.json("migrate", "invite", "--all")] == [True, True]
    authorise(terminal, "alpine", "beach")
    assert {row["stage"] for row in terminal.json("migrate", "verify", "--all")} == {"verified"}
    assert {row["told"] for row in terminal.json("migrate", "rehearse", "--all")} == {"It can be switched now."}
    assert stages(terminal) == {"alpine": "verified", "beach": "verified"}
    assert {row["stage"] for row in terminal.json("migrate", "switch", "--all")} == {"switched"}
    assert terminal.json("migrate", "back", "--merchant", "beach")[0]["stage"] == "authorised"
    assert terminal.json("migrate", "retire", "--all")[0]["merchant"] == "alpine"
    board = terminal.json("migrate", "board")
    counts = {stage: count for stage, count in board["stages"].items() if count}
    assert counts == {"authorised": 1, "retired": 1}
    assert sum(board["stages"].values()) + board["gone"] == board["total"] == 2
    assert terminal.office.fleet.works("alpine")
    assert terminal.office.fleet.works("beach")


def test_secrets_of_the_file_are_nowhere_to_be_seen(terminal: Terminal, tmp_path: Path) -> None:  # invariant 5
    for more in ((), ("--json",), ("--check",)):
        result = bring(terminal, tmp_path, HEAD + ALPINE + BEACH + LINKS, *more)
        everything = "".join((result.output, result.stderr, *terminal.events))
        assert not [secret for secret in SECRETS if secret in everything]
        assert terminal.office.fleet.pending.secrets == {}
    assert len(terminal.secrets.dropped) == 6


def test_links_come_with_the_merchant(terminal: Terminal, tmp_path: Path) -> None:  # invariant 8
    bring(terminal, tmp_path)
    (links,) = terminal.office.world.memory.links.values()
    assert sorted(links) == ["I42", "M7"]


def test_large_lists_of_links_come_in_portions_that_keep_products_together(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing, "MOST_LINKS", 3)
    many = "".join(f"alpine,,,,,,,,{number},{number // 2},{number // 2}/{number}\n" for number in range(2, 10))
    assert bring(terminal, tmp_path, HEAD + ALPINE + many).exit_code == 0
    portions = [json.loads(event)["arguments"]["links"] for event in terminal.events if "migrate-links" in event]
    assert [len(portion) for portion in portions] == [2, 2, 2, 2]
    (links,) = terminal.office.world.memory.links.values()
    assert [len(link.variants) for link in links.values()] == [2, 2, 2, 2]


def test_a_wrong_file_is_told_by_line_and_nothing_is_asked(terminal: Terminal, tmp_path: Path) -> None:  # invariant 7
    result = bring(terminal, tmp_path, HEAD + ALPINE.replace("a@example.com", "nobody") + BEACH + "beach,,,,,,,,1,,5\n")
    assert result.exit_code == 2
    assert "line 2, email: It does not have the right form." in result.stderr
    assert "line 4, listing: The merchant has no shop in this file." in result.stderr
    assert terminal.events == []
    assert terminal.secrets.dropped == []


def test_a_wrong_file_as_json(terminal: Terminal, tmp_path: Path) -> None:
    error = json.loads(bring(terminal, tmp_path, HEAD + ",x\n", "--json").stderr)["error"]
    assert (error["code"], error["exit_code"]) == ("BadFile", 2)
    assert [(one["line"], one["column"]) for one in error["problems"]] == [(2, "line")]


def test_a_file_that_is_not_there(terminal: Terminal, tmp_path: Path) -> None:
    result = terminal.run("migrate", "import", str(tmp_path / "nowhere.csv"))
    assert (result.exit_code, "There is no such file" in result.stderr) == (2, True)


@pytest.mark.parametrize(("content", "told"), [(b"", "it is empty"), (b"merchant,till_key\nal\xffpine,k\n", "UTF-8")])
def test_a_file_that_is_none(terminal: Terminal, tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    result = terminal.run("migrate", "import", str(path))
    assert (result.exit_code, told in result.stderr) == (2, True)


def test_one_key_that_does_not_work_keeps_everybody_out(terminal: Terminal, tmp_path: Path) -> None:  # invariant 7
    del terminal.office.fleet.house.keys["key-12"]
    before = dict(terminal.office.world.memory.merchants)
    result = bring(terminal, tmp_path)
    assert result.exit_code == 2
    assert "line 3, till_key: Lightspeed does not accept the API key" in result.stderr
    assert terminal.office.world.memory.merchants == before
    assert terminal.office.fleet.pending.secrets == {}
    assert terminal.json("migrate", "board")["total"] == 0


def test_the_same_till_twice_is_a_mistake(terminal: Terminal, tmp_path: Path) -> None:
    terminal.office.fleet.house.keys["key-12"] = "11"
    result = bring(terminal, tmp_path, HEAD + ALPINE + BEACH.replace(",12,", ",,"))
    assert (result.exit_code, "same account as in line 2" in result.stderr) == (2, True)


def test_checking_changes_nothing(terminal: Terminal, tmp_path: Path) -> None:
    assert bring(terminal, tmp_path, HEAD + ALPINE, "--check").stdout == "1 merchant(s) can be brought in.\n"
    assert terminal.json("migrate", "board")["total"] == 0


def test_who_fails_on_the_way_is_told_and_the_same_command_finishes(terminal: Terminal, tmp_path: Path) -> None:
    asked: list[str] = []

    def fail_later(call: str) -> None:
        asked.append(call)
        if len(asked) == 4:
            raise SystemDownError("It is down.")

    terminal.office.fleet.house.fault = fail_later
    result = bring(terminal, tmp_path, HEAD + BEACH.replace("12", "11") + "cliff,,,12,key-12,,,,,,\n", "--json")
    assert result.exit_code == 1
    answer: dict[str, Any] = json.loads(result.stdout)
    assert (len(answer["imported"]), len(answer["failed"])) == (1, 1)
    assert json.loads(result.stderr)["error"]["code"] == "NotAllImported"
    terminal.office.fleet.house.fault = lambda _: None
    assert bring(terminal, tmp_path, HEAD + BEACH.replace("12", "11") + "cliff,,,12,key-12,,,,,,\n").exit_code == 0
    assert terminal.json("migrate", "board")["total"] == 2


def test_the_board_for_people(terminal: Terminal, tmp_path: Path) -> None:
    bring(terminal, tmp_path)
    terminal.office.world.clock.advance(hours=24 * 295)
    shown = " ".join(terminal.run("migrate", "board").stdout.split())
    assert "lightspeed-api-keys (lightspeed): 8 days left, until 2026-12-30 10:00:00Z" in shown
    assert "key only 2" in shown
    assert "at risk 2" in shown
    assert "alpine key only" in shown


def test_whoever_is_disconnected_is_counted_apart(terminal: Terminal, tmp_path: Path) -> None:
    bring(terminal, tmp_path)
    till = terminal.office.fleet.till("beach")
    terminal.office.fleet.process().ending.end(till)
    board = terminal.json("migrate", "board")
    assert (board["total"], board["gone"], sum(board["stages"].values())) == (2, 1, 1)
    assert [row["merchant"] for row in terminal.json("migrate", "invite", "--all")] == ["alpine"]


def test_a_step_says_whom_it_is_for(terminal: Terminal) -> None:
    for words in ((), ("--merchant", "alpine", "--all")):
        result = terminal.run("migrate", "switch", *words)
        assert (result.exit_code, "--all" in result.stderr) == (2, True)
    assert "Nobody has come so far" in terminal.run("migrate", "switch", "--all").stdout


def test_a_step_out_of_order_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    bring(terminal, tmp_path)
    result = terminal.run("migrate", "switch", "--merchant", "alpine")
    assert (result.exit_code, "only a verified one can be switched" in result.stderr) == (2, True)


def test_a_merchant_who_does_not_move(terminal: Terminal) -> None:
    result = terminal.run("migrate", "verify", "--merchant", "m1")
    assert (result.exit_code, "does not move" in result.stderr) == (2, True)
    assert terminal.run("migrate", "verify", "--merchant", "m2").exit_code == 3


def test_what_is_in_the_way_is_told(terminal: Terminal, tmp_path: Path) -> None:
    bring(terminal, tmp_path)
    told = {row["merchant"]: row["told"] for row in terminal.json("migrate", "rehearse", "--all")}
    assert told == {
        "alpine": "The new OAuth2 authorisation is not there yet.",
        "beach": "The new OAuth2 authorisation is not there yet. No mail address of the merchant is known.",
    }
    terminal.office.fleet.house.keys.clear()
    assert "does not accept the API key" in terminal.json("migrate", "rehearse", "--merchant", "alpine")[0]["told"]
    assert terminal.office.world.memory.mails == {}


def test_a_way_back_that_is_missing_is_told(terminal: Terminal, tmp_path: Path) -> None:  # invariant 3
    bring(terminal, tmp_path)
    till = terminal.office.fleet.till("alpine")
    terminal.office.fleet.secrets.versions.pop(f"t/connection/{path_of(till.place)}/old")
    told = terminal.json("migrate", "rehearse", "--merchant", "alpine")[0]["told"]
    assert "The vault holds no API key: there would be no way back." in told


def test_a_verification_that_fails_ends_with_its_reason(terminal: Terminal, tmp_path: Path) -> None:
    bring(terminal, tmp_path)
    authorise(terminal, "alpine", "beach")
    terminal.office.fleet.house.end_grants("11")
    result = terminal.run("migrate", "verify", "--merchant", "alpine")
    assert (result.exit_code, "no longer takes the authorisation" in result.stderr) == (1, True)
    assert terminal.office.fleet.stage("alpine") is Stage.KEY_ONLY
    rows = {row["merchant"]: row for row in terminal.json("migrate", "verify", "--all")}
    assert rows["beach"]["stage"] == "verified"


def test_one_that_fails_does_not_keep_the_others_waiting(terminal: Terminal, tmp_path: Path) -> None:
    bring(terminal, tmp_path)
    for name in ("alpine", "beach"):
        terminal.office.fleet.to(Stage.SWITCHED, name)
    terminal.office.fleet.house.end_grants("11")
    rows = {row["merchant"]: row for row in terminal.json("migrate", "retire", "--all")}
    assert (rows["alpine"]["done"], rows["beach"]["stage"]) == (False, "retired")
    assert terminal.office.fleet.kept_old("alpine") is not None


def test_an_invitation_shows_its_link_in_one_piece(terminal: Terminal, tmp_path: Path) -> None:
    bring(terminal, tmp_path)
    shown = terminal.run("migrate", "invite", "--merchant", "alpine").stdout
    assert "alpine:\nhttps://tillbridge.example/connect/start?invitation=" in shown


def test_the_calendar_names_every_event_with_its_phases(terminal: Terminal) -> None:
    events = {one["event"]: one for one in terminal.json("migrate", "calendar")}
    assert [phase["on"] for phase in events["lightspeed-api-keys"]["phases"]] == [
        "2016-10-01",
        "2026-12-31",
        "2017-02-01",
    ]
    assert (events["shopify-offline-tokens"]["strategy"], events["shopify-offline-tokens"]["days_left"]) == (
        "exchange",
        304,
    )
    assert "2027-01-01 to come" in terminal.run("migrate", "calendar").stdout


def test_an_event_that_nobody_announced(terminal: Terminal) -> None:
    assert terminal.run("migrate", "board", "--event", "fax-machines").exit_code == 3


def test_answers_in_portions_are_asked_for_to_the_end(terminal: Terminal, tmp_path: Path) -> None:
    bring(terminal, tmp_path)
    terminal.office.deadline.remaining = terminal.office.deadline.cost
    assert [row["merchant"] for row in terminal.json("migrate", "rehearse", "--all")] == ["alpine", "beach"]
    assert len([event for event in terminal.events if "migrate-rehearse" in event]) == 2
