"""Each command from what is typed to what is shown, over the operator's own code."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.clock import NOON
from tests.fakes.people import hold, unlinked_order
from tests.fakes.stores import FakeOutbox
from tests.fakes.world import TILL
from tests.functional.cli.terminal import Terminal
from tests.unit.domain.samples import item
from tests.unit.flows.operate.office import FOREIGN
from tillbridge.domain.errors import SystemDownError
from tillbridge.domain.guard import Change, Kind
from tillbridge.domain.mail import MailKind, MailState, reconnect_mail
from tillbridge.domain.merchant import WARNINGS, ConnectionState, Lane, Merchant, System
from tillbridge.domain.product import ListingRef
from tillbridge.domain.work import Held, Mark, Run
from tillbridge_cli.application import Desk


def test_a_merchant_is_added_and_listed(terminal: Terminal) -> None:
    result = terminal.run("merchant", "add", "alpine", "Alpine Café 🏔")
    assert (result.exit_code, "tillbridge connect lightspeed --merchant alpine" in result.stdout) == (0, True)
    assert terminal.json("merchant", "list")[0] == {
        "merchant": "alpine",
        "name": "Alpine Café 🏔",
        "created_at": "2026-03-02T12:00:00Z",
        "contact": False,
    }
    assert "Alpine Café 🏔" in terminal.run("merchant", "list").stdout


def test_where_mails_go_is_told_and_changed_and_never_shown(terminal: Terminal) -> None:  # invariant 5
    assert terminal.json("merchant", "add", "alpine", "Alpine", "--email", "owner@example.com")["contact"] is True
    assert terminal.json("merchant", "contact", "m1", "a.b+c@xn--caf-dma.example")["contact"] is True
    changed = terminal.run("merchant", "contact", "m1", "")
    assert (changed.exit_code, "no longer sent" in changed.stdout) == (0, True)
    assert "owner@" not in terminal.run("merchant", "list").stdout
    for wrong in ("owner", "a@b", "a b@c.de", "owner@exämple.com", "a@b.c\nBcc: x@y.de"):
        refused = terminal.run("merchant", "contact", "m1", wrong)
        assert (refused.exit_code, "owner@example.com" in refused.stderr) == (2, True)


def test_mails_are_listed_with_the_reason(terminal: Terminal) -> None:
    assert "no mail" in terminal.run("mail", "list").stdout
    world = terminal.office.world
    outbox = FakeOutbox(world.memory, clock=world.clock)
    outbox.put(reconnect_mail(world.memory.connections[TILL], "Revoked.", "Connect."))
    (waiting,) = terminal.json("mail", "list")
    assert (waiting["merchant"], waiting["kind"], waiting["state"]) == ("m1", "reconnect", "waiting")
    (posted,) = world.memory.mails.values()
    outbox.close(replace(posted, state=MailState.FAILED, cause="No address."))
    told = terminal.run("mail", "list", "--merchant", "m1").stdout
    assert ("failed" in told, "No address." in told) == (True, True)


@pytest.mark.parametrize("kind", list(MailKind))
def test_every_mail_has_a_preview_without_any_deployment(terminal: Terminal, kind: MailKind) -> None:
    shown = terminal.run("mail", "preview", str(kind))
    assert (shown.exit_code, shown.stdout.startswith("Subject: ")) == (0, True)
    assert terminal.run("mail", "preview", str(kind), "--html").stdout.startswith("<!DOCTYPE html>")
    assert set(terminal.json("mail", "preview", str(kind))) == {"kind", "subject", "text", "html"}


def test_settings_are_shown_and_changed(terminal: Terminal) -> None:
    shown = {one["name"]: one for one in terminal.json("merchant", "settings", "m1")["settings"]}
    assert (shown["safety_stock"]["value"], shown["safety_stock"]["own"]) == ("0", False)
    changed = terminal.json("merchant", "settings", "m1", "safety_stock=2", "selection_tag=a=b")
    assert changed["changed"] == ["selection_tag", "safety_stock"]
    assert "1 shop(s) look at everything again." in terminal.run("merchant", "settings", "m1", "safety_stock=3").stdout


def test_connecting_a_till_prints_the_link_in_one_piece(terminal: Terminal) -> None:
    terminal.office.world.memory.merchants["m" * 64] = Merchant(merchant_id="m" * 64, name="Long", created_at=NOON)
    result = terminal.run("connect", "lightspeed", "--merchant", "m" * 64)
    assert f"https://bridge.example/connect/lightspeed?invitation=token-of-{'m' * 64}\n" in result.stdout
    assert set(terminal.json("connect", "lightspeed", "-m", "m1")) == {"merchant", "system", "link", "expires_at"}


def test_connections_of_everybody_and_of_one_merchant(terminal: Terminal) -> None:
    assert [one["connection"] for one in terminal.json("connections")] == ["till", "shop", FOREIGN]
    assert [one["connection"] for one in terminal.json("connections", "--merchant", "m2")] == [FOREIGN]
    terminal.office.put_state("till", ConnectionState.BROKEN, "The grant has ended.", "Connect again.")
    shown = terminal.run("connections").stdout
    assert "The grant has ended. Connect again." in " ".join(shown.split())


def test_connections_tell_what_their_check_noticed(terminal: Terminal) -> None:
    kept = terminal.office.world.memory.connections
    kept["shop"] = replace(kept["shop"], traits={WARNINGS: "Stock is off.\nThe clock is wrong.", "currency": "USD"})
    (_, shop, _) = terminal.json("connections")
    assert (shop["warnings"], shop["traits"]) == (["Stock is off.", "The clock is wrong."], {"currency": "USD"})
    assert "Stock is off. The clock is wrong." in " ".join(terminal.run("connections").stdout.split())


def test_the_merchant_can_stand_in_the_environment(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILLBRIDGE_MERCHANT", "m2")
    assert [one["connection"] for one in terminal.json("connections")] == [FOREIGN]


def test_disconnecting_ends_the_connection(terminal: Terminal) -> None:
    result = terminal.run("disconnect", "shop", "--merchant", "m1")
    assert result.exit_code == 0
    assert result.stdout == "woocommerce shop is disconnected (connection shop).\nDelete the key in the shop.\n"
    assert terminal.office.world.memory.connections["shop"].state is ConnectionState.DISCONNECTED


@pytest.mark.parametrize(("typed", "state"), [("n\n", "active"), ("y\n", "disconnected")])
def test_a_person_is_asked_before_a_connection_ends(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, typed: str, state: str
) -> None:
    monkeypatch.setattr(Desk, "interactive", True)
    terminal.run("disconnect", "shop", "--merchant", "m1", typed=typed)
    assert terminal.office.world.memory.connections["shop"].state == state


def test_nobody_is_asked_with_yes(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "interactive", True)
    assert terminal.run("disconnect", "shop", "--merchant", "m1", "--yes").exit_code == 0


def test_a_connection_is_paused_and_goes_on(terminal: Terminal) -> None:
    paused = terminal.run("pause", "shop", "--merchant", "m1")
    assert paused.stdout == "Connection shop is paused.\nTo go on: tillbridge resume shop --merchant m1.\n"
    assert [one["state"] for one in terminal.json("connections", "--merchant", "m1")] == ["active", "paused"]
    resumed = terminal.run("resume", "shop", "--merchant", "m1")
    assert (resumed.exit_code, resumed.stdout) == (0, "Connection shop works again.\n")
    assert terminal.json("resume", "shop", "--merchant", "m1")["state"] == "active"


def test_sync_tells_whom_it_woke(stocked: Terminal) -> None:
    told = stocked.json("sync", "--merchant", "m1", "--lane", "stock")
    assert [(one["connection"], one["lane"], one["task"]) for one in told["woken"]] == [
        ("till", "stock", "poll"),
        ("shop", "stock", "orders"),
    ]


def test_item_shows_the_numbers_their_terms_and_steps(stocked: Terminal) -> None:
    shown = stocked.run("item", "MUG", "--merchant", "m1").stdout
    told = " ".join(shown.split())
    assert "stock 11 11 11 in step" in told
    assert "stock = 1 location 1 (High Street) at 2026-03-02 12:00:00Z + 10 location 2 (Harbour)" in told
    assert "regular_price = 12.50 price level 1" in told
    (answer,) = stocked.json("item", "MUG", "--merchant", "m1")
    assert answer["shops"][0]["stock"]["desired"] == 11
    assert answer["till"]["prices"][0] == {"level": "1", "name": "", "amount": "12.50"}


def test_item_tells_what_is_in_the_way(stocked: Terminal) -> None:
    stocked.office.shop.refuse = {"1"}
    stocked.office.world.till.sell("1", "1")
    stocked.office.world.settle()
    stocked.office.shop.unwell = SystemDownError("The shop did not answer.")
    told = " ".join(stocked.run("item", "MUG", "--merchant", "m1").stdout.split())
    assert "stock 10 11 - failing" in told
    assert "not observed: The shop did not answer." in told
    assert "It is gone. Look." in told
    assert "stock: changed 2026-03-02" in told
    assert "tried 6 times" in told


def test_item_names_a_location_that_was_never_read(stocked: Terminal) -> None:
    del stocked.office.world.memory.levels["till"]["1", "2"]
    shown = stocked.run("item", "MUG", "--merchant", "m1").stdout
    assert "stock was never read at location 2: nothing is written until it was" in shown


def test_item_of_a_variant_without_a_shop(stocked: Terminal) -> None:
    stocked.office.put_state("shop", ConnectionState.DISCONNECTED)
    shown = stocked.run("item", "RED", "--merchant", "m1").stdout
    assert "variant: Red" in shown
    assert "No shop is connected." in shown


def test_errors_and_retry(stocked: Terminal) -> None:
    assert stocked.run("errors").stdout == "Nothing fails.\n"
    assert stocked.json("errors") == []
    stocked.office.shop.refuse = {"I9"}
    stocked.office.world.till.put(item("9", custom_sku="NEW", description="Kettle"))
    stocked.office.world.stock("9", 1, 1)
    stocked.office.world.settle()
    (row,) = stocked.json("errors")
    assert (row["thing"], row["key"], row["remedy"]) == ("I9", "I9", "Change it.")
    assert "I9 Kettle" in stocked.run("errors").stdout
    assert stocked.json("retry", "I9", "--merchant", "m1") == [
        {"connection": "shop", "lane": "catalogue", "key": "I9", "paused": False}
    ]
    assert "1 will be looked at now." in stocked.run("retry", "--all", "--merchant", "m1").stdout


def test_a_retry_at_a_broken_shop_says_that_it_waits(stocked: Terminal) -> None:
    stocked.office.put_state("shop", ConnectionState.BROKEN, "The key was revoked.")
    assert "1 of them wait for their connection" in stocked.run("retry", "1", "--merchant", "m1").stdout


def test_queues_and_redrive(terminal: Terminal) -> None:
    assert {one["queue"]: one["dead"] for one in terminal.json("queues")} == {
        "pull-stock": 0,
        "woocommerce-stock": 3,
    }
    shown = terminal.run("queues").stdout
    assert "1 min" in shown
    assert "3 dead letter(s) went back" in terminal.run("redrive", "woocommerce-stock").stdout
    assert terminal.json("redrive", "woocommerce-stock")["moved"] == 0


def test_status_of_everybody(stocked: Terminal) -> None:
    shown = stocked.run("status").stdout
    assert "full read: 4 rows, finished " in shown
    assert "nothing waits" in shown
    assert [one["merchant"] for one in stocked.json("status")] == ["m1", "m2"]


def test_status_tells_trouble_reads_under_way_and_what_fails(stocked: Terminal) -> None:
    stocked.office.put_state("shop", ConnectionState.TROUBLED, "The shop is slow.", "Nothing.")
    stocked.office.shop.refuse = {"1"}
    stocked.office.world.till.sell("1", "1")
    stocked.office.world.settle()
    told = " ".join(stocked.run("status", "-m", "m1").stdout.split())
    assert "The shop is slow. Nothing." in told
    assert "1 failing" in told


def test_status_of_a_read_under_way(terminal: Terminal) -> None:
    now = terminal.office.world.clock.now()
    run = Run(kind="full-read", started_at=now, phase="items", after="300", last="1000", done=280)
    terminal.office.world.memory.runs["till", "full-read"] = run
    terminal.office.put_state("till", ConnectionState.TROUBLED, "The till is slow.")
    connections = terminal.office.world.memory.connections
    connections["till"] = replace(connections["till"], retry_at=now + timedelta(seconds=40))
    told = " ".join(terminal.run("status", "-m", "m1").stdout.split())
    assert "full read: items, 30%, 280 rows so far, begun 0 s ago" in told
    assert "tried again in 40 s" in told


def test_help_lists_the_commands_in_the_order_of_a_first_day(terminal: Terminal) -> None:
    shown = terminal.run("--help").stdout
    assert shown.index(" up ") < shown.index(" merchant ") < shown.index(" sync ") < shown.index(" redrive ")


def test_a_merchant_without_connections(terminal: Terminal) -> None:
    terminal.office.world.memory.merchants["new"] = Merchant(merchant_id="new", name="New", created_at=NOON)
    assert "Nothing is connected yet" in terminal.run("connections", "-m", "new").stdout
    assert "new (New): nothing is connected yet" in terminal.run("status", "-m", "new").stdout


def test_status_without_merchants(terminal: Terminal) -> None:
    terminal.office.world.memory.merchants.clear()
    assert "There is no merchant yet" in terminal.run("status").stdout


def test_a_long_list_is_gathered_from_all_portions(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tillbridge.flows.operate.register.PAGE_ROWS", 1)
    assert [one["merchant"] for one in terminal.json("status")] == ["m1", "m2"]
    assert [json.loads(event)["arguments"].get("after") for event in terminal.events] == [None, "m2"]


def test_the_local_cloud_is_started_and_stopped(terminal: Terminal) -> None:
    assert "the API at https://127.0.0.1:8443" in terminal.run("up").stdout
    assert terminal.json("up")["aws"] == "http://127.0.0.1:4566"
    assert "has stopped" in terminal.run("down").stdout
    assert terminal.cloud.calls == ["up", "up", "down"]


def test_the_app_is_stored_by_prompt_and_by_environment(terminal: Terminal) -> None:
    result = terminal.run("app", "set", "lightspeed", typed="the-id\nthe-secret\n")
    assert (result.exit_code, "stored in tillbridge-staging" in result.stdout) == (0, True)
    stored = terminal.secrets.apps[System.LIGHTSPEED]
    assert (stored.client_id, stored.client_secret.reveal()) == ("the-id", "the-secret")
    terminal.env |= {"TILLBRIDGE_APP_ID": "id-2", "TILLBRIDGE_APP_SECRET": "secret-2"}
    assert terminal.json("app", "set", "lightspeed") == {
        "system": "lightspeed",
        "environment": "staging",
        "stored": True,
    }
    assert terminal.secrets.apps[System.LIGHTSPEED].client_id == "id-2"
    assert terminal.events == []


def test_what_is_held_is_shown_released_and_dropped(stocked: Terminal) -> None:
    assert stocked.run("holds").stdout == "Nothing is held.\n"
    holds, now = stocked.office.desks().holds.holds, stocked.office.world.clock.now()
    sample = (Change("1", Kind.ZEROED, field="stock", old="11", new="0"),)
    for hold_id, lane in (("aaaa0001", Lane.STOCK), ("aaaa0002", Lane.CATALOGUE)):
        holds.put("shop", hold(hold_id, lane=lane, sample=sample, created_at=now), None)
        holds.keep("shop", lane, [Held(hold_id, Mark("1", now, now), now)])
    told = " ".join(stocked.run("holds").stdout.split())
    assert "aaaa0001 m1: woocommerce shop, stock 620 of 1,000 listings would be zeroed" in told
    assert "1 item(s), held for 0 s" in told
    assert "1 Mug Blue stock 11 0" in told
    assert "2 plan(s) wait for a person: tillbridge holds" in " ".join(stocked.run("status", "-m", "m1").stdout.split())
    assert stocked.json("holds", "-m", "m1")[1]["kind"] == "zeroed"
    assert stocked.run("release", "aaaa0001", "-m", "m1").stdout == "1 held change(s) will be written.\n"
    assert "released; its lane carries that out" in " ".join(stocked.run("holds").stdout.split())
    assert stocked.json("drop", "aaaa0002", "-m", "m1")["state"] == "dropped"
    stocked.office.put_state("shop", ConnectionState.BROKEN)
    told = " ".join(stocked.run("drop", "aaaa0002", "-m", "m1").stdout.split())
    assert told.startswith("1 held change(s) will not be written when the connection has been mended")
    assert "when the connection is mended" in " ".join(stocked.run("holds").stdout.split())


def test_status_and_errors_tell_of_orders_of_unlinked_listings(stocked: Terminal) -> None:  # invariant 4
    stocked.office.world.memory.unlinked["shop"] = {"1001": unlinked_order(ListingRef("77"), sku="LAMP")}
    told = " ".join(stocked.run("status", "-m", "m1").stdout.split())
    assert "1 open order(s) have a listing without an item: tillbridge errors" in told
    (row,) = stocked.json("errors", "-m", "m1")
    assert (row["thing"], row["code"]) == ("order 1001", "order_of_unlinked_listing")


def test_status_tells_of_second_readings(stocked: Terminal) -> None:
    stocked.office.world.memory.asked["till"] = {"1": None}
    assert "1 item(s) wait for a second reading" in " ".join(stocked.run("status", "-m", "m1").stdout.split())
