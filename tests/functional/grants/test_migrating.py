"""From the old API key to OAuth2 against the stand-in, with everything as it is deployed; no stock stands still."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from sandbox.lightspeed.control_shop import sell_at_till
from sandbox.lightspeed.settings import ApiKey
from sandbox.woocommerce.app import build_app
from sandbox.woocommerce.settings import ApiKey as ShopKey
from tests.fakes.clock import FakeDeadline
from tests.functional.grants.deployment import Context, Deployment
from tillbridge.domain.errors import BrokenConnectionError
from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import Connection, ConnectionState, Lane, System
from tillbridge.domain.migration import Stage
from tillbridge.domain.product import ListingRef
from tillbridge.domain.shop_keys import BroughtSecrets, ShopKeys
from tillbridge.domain.vendor_events import LIGHTSPEED_KEYS, Calendar, PhaseKind
from tillbridge.flows.full_read import full_read
from tillbridge.flows.migrate_file import BroughtLink
from tillbridge.flows.migrate_import import Newcomer
from tillbridge.flows.operate.migration import MigrationDesk, Whom
from tillbridge.flows.operate.migration_answers import MigrationAnswer
from tillbridge.flows.operate.register import Register
from tillbridge.grants.secret_store import path_of
from tillbridge.grants.stored import StoredBrought
from tillbridge.runtime import migrating, pull, push
from tillbridge.runtime.messages import WakeMessage

KEY = "0123456789abcdef-key"
SHOP_KEYS = ShopKeys.woocommerce(Secret("ck_" + "a" * 40), Secret("cs_" + "b" * 40))
EVENT = LIGHTSPEED_KEYS.name
LEFT = timedelta(days=10)
POLL = 10
LONG = timedelta(minutes=5)


@dataclass
class Site:
    """A merchant of the old kind in a deployment."""

    deployment: Deployment
    ends_at: datetime

    @property
    def desk(self) -> MigrationDesk:
        parts = self.deployment.parts
        doors = self.deployment.doors
        return migrating.desk(parts, Register(parts.merchants, parts.connections), doors.mover, doors.pending)

    @property
    def till(self) -> Connection:
        return next(one for one in self.deployment.connections() if one.system.is_till)

    @property
    def stage(self) -> Stage:
        migration = self.deployment.parts.credentials.migrations.get(self.till.connection_id)
        assert migration
        return migration.stage

    def bring_in(self, address: str = "", links: Sequence[BroughtLink] = ()) -> None:
        parts, nonce = self.deployment.parts, "n" * 24
        name = f"{parts.settings.secret_prefix}pending/{nonce}"
        brought = BroughtSecrets(Secret(KEY), SHOP_KEYS if address else None)
        parts.credentials.secrets.write(name, StoredBrought.of(brought).model_dump_json(), 1)
        newcomer = Newcomer(merchant_id="m1", email="m1@example.com", address=address, pending=nonce)
        if links:
            self.desk.keep_links(newcomer, links)
        self.desk.finish(newcomer, EVENT)
        parts.credentials.secrets.delete(name)

    def do(self, step: Callable[[Whom, FakeDeadline], object], rest: float = 1) -> MigrationAnswer:
        """Take a step, when the vendor's limit for bursts has forgotten the one before."""
        self.deployment.advance(seconds=rest)
        portion = step(Whom(EVENT, "m1"), FakeDeadline(LONG))
        (row,) = portion.rows  # type: ignore[attr-defined]
        assert isinstance(row, MigrationAnswer)
        return row

    def authorise(self, rest: float = 1) -> None:
        link = self.do(self.desk.invite, rest).link
        assert self.deployment.approve(link).status == 200

    def wake(self, lane: Lane, task: str) -> Connection:
        """Serve a wake as the queue's worker does; gives the connection as it is afterwards."""
        parts = self.deployment.parts
        message = WakeMessage(merchant="m1", connection=self.till.connection_id, lane=lane, task=task)  # type: ignore[arg-type]

        def serve(connection: Connection, message: WakeMessage, deadline: object) -> bool:
            return pull.work(parts, connection, message, FakeDeadline(LONG))

        worker = parts.worker(serve)
        record = {
            "messageId": "1",
            "receiptHandle": "r",
            "body": message.model_dump_json(),
            "attributes": {"MessageGroupId": self.till.connection_id},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-central-1:1:pull-stock.fifo",
        }
        assert worker.serve({"Records": [record]}, Context(function_name="pull")) == {"batchItemFailures": []}  # type: ignore[arg-type]
        return self.till

    def read_all(self) -> None:
        assert full_read(self.deployment.parts.reader(self.till, FakeDeadline(LONG))).finished

    def missed(self) -> list[str]:
        """Name the items whose stock in the mirror is not the till's."""
        parts, stock = self.deployment.parts, self.deployment.till.retailer.stock
        items = [str(number) for number in range(1, 6)]
        mirror = parts.mirror.stock(self.till.connection_id, items, ["1", "2"])
        return [
            item
            for item in items
            for place in ("1", "2")
            if (level := mirror[item].levels.get(place))
            and level.on_hand != Decimal(stock.of(int(item), int(place)).qoh)
        ]

    def sell(self, item: int = 1) -> None:
        sell_at_till(self.deployment.till.retailer, item, 1, 1)

    def end_in(self, left: timedelta) -> None:
        """Let the vendor have said that keys end in so long."""
        self.deployment.advance(seconds=(self.ends_at - left - self.deployment.clock.now()).total_seconds())


@pytest.fixture
def site(deployment: Deployment) -> Site:
    day = (deployment.clock.now() + LEFT).date()
    calendar = Calendar().with_days({(EVENT, PhaseKind.REFUSED): day})
    deployment.parts.settings = replace(deployment.parts.settings, calendar=calendar)
    deployment.parts.credentials.settings = deployment.parts.settings
    event = calendar.event(EVENT)
    assert event.ends_at
    deployment.till.api_keys[KEY] = ApiKey(KEY)
    deployment.till.api_keys_until = event.ends_at + timedelta(hours=14)
    site = Site(deployment, event.ends_at)
    site.bring_in()
    return site


def test_a_merchant_who_was_brought_in_is_served_with_the_key(site: Site) -> None:
    assert site.till.account_id == "182255"
    assert site.deployment.call(site.till)
    site.deployment.till.api_keys.clear()
    with pytest.raises(BrokenConnectionError) as refused:
        site.deployment.call(site.till)
    assert refused.value.code == "KeyRefused"


def test_the_whole_way_and_back(site: Site) -> None:  # invariant 3
    site.authorise()
    assert (site.stage, site.till.state) == (Stage.AUTHORISED, ConnectionState.ACTIVE)
    assert site.do(site.desk.verify).told == "Both show the same."
    assert site.do(site.desk.rehearse).told == "It can be switched now."
    assert site.do(site.desk.switch).stage is Stage.SWITCHED
    keys = dict(site.deployment.till.api_keys)
    site.deployment.till.api_keys.clear()
    assert site.deployment.call(site.till)  # with the new one
    site.deployment.till.api_keys.update(keys)
    assert site.do(site.desk.back).stage is Stage.AUTHORISED
    assert site.deployment.call(site.till)
    site.do(site.desk.verify)
    site.do(site.desk.switch)
    assert site.do(site.desk.retire).stage is Stage.RETIRED
    assert KEY not in repr(site.deployment.secrets())
    site.deployment.advance(hours=2)
    assert site.deployment.call(site.till)  # refreshed meanwhile


def test_secrets_are_in_the_vault_and_nowhere_else(site: Site) -> None:  # invariant 5
    names = set(site.deployment.secrets())
    assert names >= {f"tillbridge/local/connection/{path_of(site.till.place)}/old"}
    assert not [name for name in names if "pending" in name]
    assert KEY not in json.dumps(site.deployment.rows())


def test_an_employee_who_sees_less_is_found_before_anything_is_switched(site: Site) -> None:
    link = site.do(site.desk.invite).link
    assert site.deployment.approve(link, employee="2").status == 422
    assert site.stage is Stage.INVITED
    assert site.deployment.call(site.till)


def test_stock_that_changes_every_second_is_never_missed_and_never_late(site: Site) -> None:  # invariant 4
    """Steps fall between polls and upon them; each poll shows whatever was sold up to it."""
    site.read_all()
    steps: dict[int, Callable[[], object]] = {
        14: lambda: site.authorise(rest=0),
        27: lambda: site.do(site.desk.verify, rest=0),
        40: lambda: site.do(site.desk.switch, rest=0),
        63: lambda: site.do(site.desk.back, rest=0),
        71: lambda: site.do(site.desk.verify, rest=0),
        85: lambda: site.do(site.desk.switch, rest=0),
        100: lambda: site.do(site.desk.retire, rest=0),
        103: site.deployment.till.api_keys.clear,
    }
    waiting: list[datetime] = []
    late: list[timedelta] = []
    for second in range(1, 131):
        site.deployment.advance(seconds=1)
        site.sell(second % 5 + 1)
        waiting.append(site.deployment.clock.now())
        if second in steps:
            steps[second]()
        if second % POLL == 0:
            assert site.wake(Lane.STOCK, "poll").state is ConnectionState.ACTIVE
            assert site.missed() == [], f"at second {second}"
            late += [site.deployment.clock.now() - sold_at for sold_at in waiting]
            waiting.clear()
    assert (len(late), site.stage) == (130, Stage.RETIRED)
    assert max(late) < timedelta(seconds=POLL)


def test_calls_stop_before_the_vendor_refuses_and_go_on_where_they_stopped(site: Site) -> None:  # invariant 4
    site.read_all()
    site.end_in(timedelta(minutes=1))
    site.sell()
    assert site.wake(Lane.STOCK, "poll").state is ConnectionState.ACTIVE
    site.end_in(timedelta())
    cursors = [site.deployment.parts.cursors.get(site.till.connection_id, name) for name in ("stock", "items")]
    paused = site.wake(Lane.STOCK, "poll")
    assert (paused.state, "takes no API key" in paused.cause) == (ConnectionState.BROKEN, True)
    assert site.deployment.till.clock.now() < site.deployment.till.api_keys_until  # type: ignore[operator]
    site.deployment.round.run(FakeDeadline(LONG))
    (mail,) = [row for row in site.deployment.rows() if row["sk"]["S"].startswith("MAIL#")]
    assert "migration_stopped" in mail["content"]["S"]

    site.deployment.advance(hours=40)
    site.sell(2)
    assert cursors == [site.deployment.parts.cursors.get(site.till.connection_id, name) for name in ("stock", "items")]
    site.authorise()
    assert (site.stage, site.till.state) == (Stage.SWITCHED, ConnectionState.ACTIVE)
    assert {json.loads(body).get("task") for body in site.deployment.sent()} >= {"poll"}
    assert site.wake(Lane.STOCK, "poll").state is ConnectionState.ACTIVE
    assert site.missed() == []


def test_token_refresh_verifies_and_takes_over_by_itself(site: Site) -> None:
    site.authorise()
    site.deployment.round.run(FakeDeadline(LONG))
    assert site.stage is Stage.VERIFIED
    site.end_in(timedelta())
    for _ in range(3):
        site.deployment.advance(minutes=10)
        site.deployment.round.run(FakeDeadline(LONG))
    assert (site.stage, site.till.state) == (Stage.SWITCHED, ConnectionState.ACTIVE)
    assert site.deployment.call(site.till)


def test_a_key_that_is_deleted_early_is_relieved_without_a_mail(site: Site) -> None:  # invariant 4
    site.read_all()
    site.authorise()
    site.deployment.round.run(FakeDeadline(LONG))
    site.deployment.till.api_keys.clear()
    site.sell()
    assert site.wake(Lane.STOCK, "poll").state is ConnectionState.BROKEN
    site.deployment.advance(minutes=1)
    site.deployment.round.run(FakeDeadline(LONG))
    assert (site.stage, site.till.state) == (Stage.SWITCHED, ConnectionState.ACTIVE)
    site.wake(Lane.STOCK, "poll")
    assert site.missed() == []
    mails = [row["content"]["S"] for row in site.deployment.rows() if row["sk"]["S"].startswith("MAIL#")]
    assert ["migration_invite" in mail for mail in mails] == [True]


def test_tokens_that_wait_for_the_switch_are_kept_alive(site: Site) -> None:  # invariant 3
    site.authorise()
    for _ in range(3):
        site.deployment.advance(minutes=45)
        site.deployment.round.run(FakeDeadline(LONG))
    site.do(site.desk.verify)
    site.do(site.desk.switch)
    assert site.deployment.call(site.till)


def test_a_merchant_who_revokes_what_does_not_serve_yet_notices_nothing(site: Site) -> None:  # invariant 3
    site.authorise()
    site.deployment.parts.credentials.lightspeed_server.revoke("", site.deployment.grant(site.till).pair.refresh)
    site.deployment.advance(hours=2)
    site.deployment.round.run(FakeDeadline(LONG))
    assert (site.stage, site.till.state) == (Stage.KEY_ONLY, ConnectionState.ACTIVE)
    assert site.deployment.call(site.till)


def test_disconnecting_deletes_both(site: Site) -> None:  # invariant 5
    site.authorise()
    site.deployment.doors.ending.end(site.till)
    assert not [name for name in site.deployment.secrets() if "/connection/" in name]
    assert site.deployment.connections() == []


def test_another_system_of_the_merchant_moves_nowhere(site: Site) -> None:
    assert site.deployment.hand_over(site.deployment.invite(System.WOOCOMMERCE)).status == 200
    shop = next(one for one in site.deployment.connections() if not one.system.is_till)
    assert shop.migration == ""
    assert site.desk.board(EVENT).total == 1


def test_links_that_come_along_are_written_to_and_nothing_is_created_twice(site: Site) -> None:  # invariant 8
    """The listing has another SKU than the item: without its link it would be created a second time."""
    deployment, parts, keys = site.deployment, site.deployment.parts, SHOP_KEYS
    deployment.shop.keys[keys.reveal("consumer_key")] = ShopKey(
        keys.reveal("consumer_key"), keys.reveal("consumer_secret")
    )
    listing = post_product(deployment, {"name": "Made by hand", "sku": "BY-HAND", "regular_price": "1"})
    item = deployment.till.retailer.add_item({"description": "Kettle", "customSku": "KETTLE"}, ("5", "0", "0", "0"))
    site.bring_in(deployment.shop_url, [BroughtLink(2, str(item.id), "", ListingRef(listing))])
    site.read_all()
    shop = next(one for one in deployment.connections() if not one.system.is_till)
    for lane, task in ((Lane.CATALOGUE, "resync"), (Lane.STOCK, "orders")):
        message = WakeMessage(merchant="m1", connection=shop.connection_id, lane=lane, task=task)  # type: ignore[arg-type]
        assert push.work(parts, shop, message, FakeDeadline(LONG))
    mine = next(product for product in deployment.shop.products if str(product.id) == listing)
    assert (mine.name, mine.sku) == ("Made by hand", "KETTLE")
    skus = [product.sku for product in deployment.shop.products if product.sku]
    assert len(skus) == len(set(skus))
    assert mine.stock_quantity is not None


def post_product(deployment: Deployment, body: dict[str, str]) -> str:
    """Have somebody make a product in the shop; gives its id."""
    client = build_app(deployment.shop).test_client()
    auth = (SHOP_KEYS.reveal("consumer_key"), SHOP_KEYS.reveal("consumer_secret"))
    answer = client.post("/shop/wp-json/wc/v3/products", json=body, auth=auth, base_url="https://localhost")
    assert answer.status_code == 201, answer.text
    made: dict[str, object] = answer.get_json()
    return str(made["id"])
