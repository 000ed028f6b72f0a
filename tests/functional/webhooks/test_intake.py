"""The function by itself, with the sample events: what it believes, what it refuses, and what it never says."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.webhook_intake import app
from tests.fakes.people import connection
from tests.functional.webhooks.backroom import SHOP, SHOP_PLACE, Cloud
from tests.functional.webhooks.gateway import Context, Event, event, sample
from tests.functional.webhooks.watch import Watch
from tillbridge.domain.merchant import ConnectionState, Place, System
from tillbridge.domain.product import ListingRef
from tillbridge.domain.work import Shelf
from tillbridge.grants.secret_store import path_of
from tillbridge.runtime.hook_requests import LARGEST_BODY
from tillbridge.store.errors import ServiceBusyError
from tillbridge.systems.woocommerce.deliveries import signature

SECRET = "sample-hook-secret"
Answer = dict[str, Any]

OTHER_PLACE = replace(SHOP_PLACE, connection_id="other-shop")


@pytest.fixture
def cloud(cloud: Cloud) -> Cloud:
    return with_shop(cloud)


def with_shop(cloud: Cloud) -> Cloud:
    """Add the shop of the samples: a mug of which it shows 5, and a shirt's variation of which it shows 5."""
    cloud.stores.connections.add(connection(SHOP))
    give_own_secret(cloud, SHOP_PLACE, SECRET)
    shelves = [
        Shelf(item_id="42", ref=ListingRef("10"), known=5),
        Shelf(item_id="701", ref=ListingRef("11", "12"), known=5),
    ]
    cloud.stores.shelves.put(SHOP, shelves)
    return cloud


@pytest.fixture
def sent(cloud: Cloud, project_root: Path) -> Callable[[str], Answer]:
    """Send a sample."""
    return lambda name: take(sample(project_root, name))


def give_own_secret(cloud: Cloud, shop: Place, secret: str) -> None:
    """Let a shop have a secret of its own, as earlier versions gave it: the samples are signed with one."""
    cloud.secrets.store.write(f"tillbridge/local/hook/{path_of(shop)}", secret, 1)


def take(call: Event) -> Answer:
    answer: Answer = app.handler(call, Context())
    return answer


def signed(body: bytes, topic: str = "product.updated", **changes: str) -> Event:
    headers = {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": signature(body, SECRET), **changes}
    return event(f"woocommerce/{SHOP}", headers, body)


def product(**fields: Any) -> bytes:
    return json.dumps({"id": 10, "manage_stock": True, "stock_quantity": 5, **fields}).encode()


class TestBelieved:
    """Verified deliveries."""

    @pytest.mark.parametrize(
        ("name", "effect", "wakes"),
        [
            ("ping", "HookGreeted", []),
            ("order_updated", "HookOrders", [("stock", "orders")]),
            ("product_updated", "HookDrift", [("stock", "work")]),
            ("variation_updated", "HookDrift", [("stock", "work")]),
            ("product_deleted", "HookDrift", [("stock", "work")]),
        ],
    )
    def test_samples_lead_to_what_they_are_about(
        self, sent: Any, cloud: Cloud, watch: Watch, name: str, effect: str, wakes: list[tuple[str, str]]
    ) -> None:
        answer = sent(name)
        assert (answer["statusCode"], watch.effects(), cloud.wakes()) == (200, [effect], wakes)

    @pytest.mark.parametrize(
        ("name", "item_id", "shown"),
        [("product_updated", "42", 3), ("variation_updated", "701", 3), ("product_deleted", "42", None)],
    )
    def test_a_difference_is_marked_as_doubt(
        self, sent: Any, cloud: Cloud, name: str, item_id: str, shown: int | None
    ) -> None:
        sent(name)
        [mark] = cloud.marks()
        assert (mark.key, mark.doubt, mark.shown) == (item_id, True, shown)

    def test_a_ping_needs_no_signature_and_does_nothing(self, sent: Any, cloud: Cloud, rows: Any) -> None:
        before = rows()
        assert sent("ping")["statusCode"] == 200
        assert rows() == before

    def test_header_names_may_be_written_in_any_way(self, cloud: Cloud) -> None:
        call = signed(product())
        call["headers"] = {name.upper(): value for name, value in call["headers"].items()}
        assert take(call)["statusCode"] == 200

    @pytest.mark.parametrize("packed", [True, False])
    def test_a_body_may_be_packed_as_base64(self, cloud: Cloud, packed: bool) -> None:  # noqa: FBT001
        body = json.dumps({"id": 10, "name": "Mug ☕ \U0001f600"}, ensure_ascii=False).encode()
        call = signed(body)
        if packed:
            call |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        assert take(call)["statusCode"] == 200


class TestRefused:
    """Nothing that is not verified changes anything."""

    @pytest.mark.parametrize(
        "change",
        [
            {"X-WC-Webhook-Signature": ""},
            {"X-WC-Webhook-Signature": signature(product(), "somebody-elses-secret")},
            {"X-WC-Webhook-Signature": signature(product(), "")},
            {"X-WC-Webhook-Signature": signature(product(stock_quantity=3), SECRET)},
            {"X-WC-Webhook-Signature": "ÄÖÜ"},
            {"X-WC-Webhook-Signature": "\ud800"},
        ],
    )
    def test_a_wrong_signature_changes_nothing(
        self, cloud: Cloud, rows: Any, watch: Watch, change: dict[str, str]
    ) -> None:  # invariant 7
        before = rows()
        answer = take(signed(product(), **change))
        assert (answer["statusCode"], json.loads(answer["body"])["field"]) == (401, "X-WC-Webhook-Signature")
        assert (rows(), cloud.wakes(), watch.effects()) == (before, [], ["HookRefused"])

    def test_a_missing_signature_changes_nothing(self, cloud: Cloud, rows: Any) -> None:  # invariant 7
        before, call = rows(), signed(product())
        del call["headers"]["X-WC-Webhook-Signature"]
        assert take(call)["statusCode"] == 401
        assert (rows(), cloud.wakes()) == (before, [])

    def test_the_sample_of_a_forged_delivery_is_refused(
        self, sent: Any, cloud: Cloud, rows: Any
    ) -> None:  # invariant 7
        before = rows()
        assert sent("wrong_signature")["statusCode"] == 401
        assert (rows(), cloud.wakes()) == (before, [])

    def test_a_shop_without_a_secret_can_prove_nothing(self, cloud: Cloud) -> None:  # invariant 7
        cloud.secrets.forget_own(SHOP_PLACE)
        for secret in ("", SECRET, "None"):
            call = signed(product(), **{"X-WC-Webhook-Signature": signature(product(), secret)})
            assert take(call)["statusCode"] == 401

    def test_another_shops_secret_opens_nothing(self, cloud: Cloud) -> None:  # invariant 5
        cloud.stores.connections.add(connection("other-shop", account_id="https://other.example"))
        give_own_secret(cloud, OTHER_PLACE, "other-secret")
        call = event("woocommerce/other-shop", signed(product())["headers"], product())
        try:
            assert take(call)["statusCode"] == 401
        finally:
            cloud.secrets.forget_own(OTHER_PLACE)

    @pytest.mark.parametrize("topic", ["customer.created", "product", "", "order.updated.twice"])
    def test_a_topic_nobody_asked_for_is_refused(self, cloud: Cloud, rows: Any, topic: str) -> None:  # invariant 7
        before = rows()
        answer = take(signed(product(), topic))
        assert (answer["statusCode"], json.loads(answer["body"])["field"]) == (400, "X-WC-Webhook-Topic")
        assert rows() == before

    @pytest.mark.parametrize(
        "body", [b"", b"null", b"[]", b"{", b'{"id": "ten"}', b"{}", b"\xf0\x9f\x98\x80", b"[" * 9999]
    )
    def test_a_signed_body_that_cannot_be_read_is_noted_and_taken(
        self, cloud: Cloud, rows: Any, watch: Watch, body: bytes
    ) -> None:  # invariant 7
        before = rows()
        assert take(signed(body))["statusCode"] == 200
        assert (rows(), watch.effects(), cloud.wakes()) == (before, ["HookUnreadable"], [])

    def test_an_object_that_is_gone_by_now_is_taken(self, cloud: Cloud, watch: Watch) -> None:
        body = json.dumps({"code": "woocommerce_rest_product_invalid_id", "data": {"status": 404}}).encode()
        assert take(signed(body))["statusCode"] == 200
        assert watch.effects() == ["HookUnreadable"]

    @pytest.mark.parametrize("packed", [True, False])
    def test_a_huge_body_is_refused_unread(self, cloud: Cloud, packed: bool) -> None:  # noqa: FBT001  # invariant 7
        body = b" " * (LARGEST_BODY + 1)
        call = signed(body)
        if packed:
            call |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        assert take(call)["statusCode"] == 413

    @pytest.mark.parametrize("body", ["%%%", "Zm9v!", "Zg"])
    def test_base64_that_is_none_is_refused(self, cloud: Cloud, body: str) -> None:
        call = signed(b"foo") | {"body": body, "isBase64Encoded": True}
        assert take(call)["statusCode"] == 400

    @pytest.mark.parametrize(
        "changes", [{"body": None}, {"body": {"id": 1}}, {"headers": None}, {"headers": [1]}, {"body": "\ud800"}]
    )
    def test_malformed_events_are_refused(self, cloud: Cloud, changes: Event) -> None:
        assert take(signed(product()) | changes)["statusCode"] in {400, 401}


class TestStrangers:
    """Whoever knocks at a wrong door learns nothing, not even which door was wrong."""

    @pytest.fixture
    def nothing_here(self, cloud: Cloud) -> Answer:
        return take(event("woocommerce/nobody", {}, product()))

    @pytest.mark.parametrize(
        "proxy",
        [
            "woocommerce/unknown",
            "lightspeed/sample-shop",
            "shopify/sample-shop",
            "woocommerce",
            "woocommerce/",
            "woocommerce/sample-shop/more",
            "woocommerce/../sample-shop",
            "woocommerce/" + "x" * 65,
            "woocommerce/sample shop",
            "woocommerce/sample-shop\n",
            "",
        ],
    )
    def test_other_addresses(self, cloud: Cloud, nothing_here: Answer, proxy: str) -> None:  # invariant 7
        call = signed(product()) | {"pathParameters": {"proxy": proxy}}
        assert nothing_here["statusCode"] == 404
        assert take(call) == nothing_here

    @pytest.mark.parametrize("parameters", [None, {}, {"proxy": None}, {"proxy": 7}, "woocommerce/sample-shop"])
    def test_events_without_an_address(self, cloud: Cloud, nothing_here: Answer, parameters: object) -> None:
        assert take(signed(product()) | {"pathParameters": parameters}) == nothing_here

    @pytest.mark.parametrize("state", [ConnectionState.BROKEN, ConnectionState.DISCONNECTED])
    def test_connections_that_do_not_work(
        self, cloud: Cloud, nothing_here: Answer, state: ConnectionState
    ) -> None:  # invariant 7
        cloud.stores.connections.save(replace(connection(SHOP), state=state))
        assert take(signed(product(stock_quantity=1))) == nothing_here
        assert (cloud.marks(), cloud.wakes()) == ([], [])

    def test_a_till_takes_no_hooks(self, cloud: Cloud, nothing_here: Answer) -> None:
        cloud.stores.connections.add(connection("till", system=System.LIGHTSPEED, account_id="797"))
        assert take(event("lightspeed/till", {}, b"webhook_id=1")) == nothing_here
        assert take(event("woocommerce/till", {}, b"webhook_id=1")) == nothing_here

    def test_a_troubled_shop_is_listened_to(self, sent: Any, cloud: Cloud) -> None:
        cloud.stores.connections.save(replace(connection(SHOP), state=ConnectionState.TROUBLED))
        assert sent("order_updated")["statusCode"] == 200
        assert cloud.wakes() == [("stock", "orders")]


class TestRepeats:
    """The same state of the same thing is taken once."""

    def test_a_delivery_that_comes_twice_is_taken_once(
        self, sent: Any, cloud: Cloud, watch: Watch
    ) -> None:  # invariant 8
        answers = [sent("order_updated")["statusCode"] for _ in range(3)]
        assert (answers, watch.effects()) == ([200] * 3, ["HookOrders", "HookRepeated", "HookRepeated"])
        assert cloud.wakes() == [("stock", "orders")]

    def test_delivery_ids_prove_nothing(self, cloud: Cloud, watch: Watch) -> None:
        same = {"X-WC-Webhook-Delivery-ID": "0" * 32}
        for quantity in (3, 2):
            take(signed(product(stock_quantity=quantity), **same))
        assert watch.effects() == ["HookDrift", "HookDrift"]

    def test_shops_do_not_repeat_each_other(self, cloud: Cloud, watch: Watch) -> None:  # invariant 5
        cloud.stores.connections.add(connection("other-shop", account_id="https://other.example"))
        give_own_secret(cloud, OTHER_PLACE, SECRET)
        call = signed(product(), "order.updated")
        try:
            take(call)
            take(call | {"pathParameters": {"proxy": "woocommerce/other-shop"}})
        finally:
            cloud.secrets.forget_own(OTHER_PLACE)
        assert watch.effects() == ["HookOrders", "HookOrders"]

    def test_a_note_ends_after_five_minutes_and_holds_no_part_of_a_delivery(self, sent: Any, rows: Any) -> None:
        sent("order_updated")
        [note] = [row for row in rows() if row["pk"]["S"] == "HOOK"]
        assert note["sk"]["S"].startswith(f"{SHOP}#")
        assert set(note) == {"pk", "sk", "status", "data", "expires_at", "in_progress_expiration"}
        assert json.loads(note["data"]["S"]) == "HookOrders"
        began = int(note["in_progress_expiration"]["N"]) / 1000 - Context.left_ms / 1000
        assert int(note["expires_at"]["N"]) - began == pytest.approx(300, abs=5)

    def test_what_failed_is_no_repeat_later(
        self, sent: Any, cloud: Cloud, watch: Watch, monkeypatch: pytest.MonkeyPatch
    ) -> None:  # invariant 4
        with monkeypatch.context() as patch:
            patch.setattr("tillbridge.store.lanes.SqsLanes.wake", _busy)
            assert sent("order_updated")["statusCode"] == 503
        assert sent("order_updated")["statusCode"] == 200
        assert watch.effects() == ["HookFailed", "HookOrders"]
        assert cloud.wakes() == [("stock", "orders")]

    def test_a_delivery_that_is_being_taken_is_a_repeat(
        self, project_root: Path, cloud: Cloud, watch: Watch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        call = sample(project_root, "order_updated")
        inner: list[int] = []

        def wake_while_it_comes_again(*_: object) -> None:
            inner.append(take(call)["statusCode"])

        monkeypatch.setattr("tillbridge.store.lanes.SqsLanes.wake", wake_while_it_comes_again)
        assert take(call)["statusCode"] == 200
        assert (inner, watch.effects()) == ([200], ["HookRepeated", "HookOrders"])


class TestTrouble:
    """Our own trouble."""

    def test_trouble_of_our_cloud_is_no_refusal(self, sent: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
        error = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "GetSecretValue")

        def denied(*_: object) -> None:
            raise error

        monkeypatch.setattr("tillbridge.grants.secret_store.SecretsManager.read", denied)
        with pytest.raises(ClientError):
            sent("order_updated")

    def test_a_busy_table_is_a_reason_to_come_later(
        self, sent: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tillbridge.store.connections.StoredConnections.get", _busy)
        assert sent("order_updated")["statusCode"] == 503


def _busy(*_: object) -> None:
    raise ServiceBusyError("The table is busy.")


def test_nothing_of_a_delivery_is_logged(sent: Any, project_root: Path, watch: Watch) -> None:  # invariant 5
    for name in ("order_updated", "wrong_signature", "product_updated"):
        sent(name)
    take(signed(sample(project_root, "order_updated")["body"].encode()[:-1], "order.updated"))
    take(signed(sample(project_root, "order_updated")["body"].encode(), "customer.updated"))
    printed = watch.text()
    call = sample(project_root, "order_updated")
    billing = json.loads(call["body"])["billing"]
    private = [value for value in billing.values() if len(value) > 3]
    private += [call["headers"]["X-WC-Webhook-Signature"], SECRET, "wc_order_", "MUG-42", "Hookshot"]
    assert len(private) > 8
    assert [value for value in private if value in printed] == []
    assert SHOP in printed
