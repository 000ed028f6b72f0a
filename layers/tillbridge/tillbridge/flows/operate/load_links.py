"""Take decisions about links from a file: checked as a whole, then kept for each shop's catalogue lane to carry out.

Nothing is kept while one line is wrong. Each decision stands for itself, so that loading a file again after a crash
half way brings about what the first time could not; what was decided and carried out before is not done again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tillbridge.domain.choice import Action, Choice
from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import Connection, Lane, Merchant
from tillbridge.domain.product import LISTING_GONE, Link
from tillbridge.domain.work import Mark
from tillbridge.flows.operate.link_answers import DecidedAnswer, LoadRow
from tillbridge.flows.operate.links import KeeperOf
from tillbridge.flows.operate.read_decisions import Wrong, read_decisions
from tillbridge.flows.operate.register import Register
from tillbridge.flows.ports import Deadline, Lanes
from tillbridge.flows.shopkeeper import ShopKeeper

MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class LoadDesk:
    """Keeps decisions, and wakes the shops they are about."""

    register: Register
    keeper_of: KeeperOf
    lanes: Lanes

    def load(self, merchant_id: str | None, rows: Sequence[LoadRow], deadline: Deadline) -> Sequence[DecidedAnswer]:
        """Check all rows, and keep all of them or none; ``InputError`` names lines and columns."""
        merchant = self.register.merchant(merchant_id)
        self.register.till(merchant)
        shops = {shop.connection_id: shop for shop in self.register.shops(merchant)}
        wrong: list[Wrong] = []
        by_shop: dict[str, list[LoadRow]] = {}
        for row in rows:
            name = row.connection or (next(iter(shops)) if len(shops) == 1 else "")
            if name in shops:
                by_shop.setdefault(name, []).append(row)
            else:
                wrong.append(_no_shop(row, merchant, shops))
        keepers = {name: keeper for name in by_shop if (keeper := self.keeper_of(shops[name], deadline))}
        decided = {name: read_decisions(keeper, by_shop[name], wrong) for name, keeper in keepers.items()}
        if wrong:
            raise _refused(wrong)
        return [answer for name, choices in decided.items() for answer in self._keep(keepers[name], choices)]

    def _keep(self, keeper: ShopKeeper, choices: Sequence[Choice]) -> Iterable[DecidedAnswer]:
        fresh = _fresh(keeper, choices)
        keeper.choices.put(keeper.shop_id, [one for one in fresh if one.action is not Action.AUTO])
        keeper.choices.remove(keeper.shop_id, [one.key for one in fresh if one.action is Action.AUTO])
        now = keeper.clock.now()
        # All of them, also what was decided before: whoever decided it may have died before it was marked.
        keys = {one.key for one in choices if not one.key.startswith("L")} | _stuck(keeper, choices)
        marks = [Mark(key, since=now, due_at=now) for key in sorted(keys)]
        keeper.marks.add(keeper.shop_id, Lane.CATALOGUE, marks)
        if marks and keeper.connection.working:
            self.lanes.wake(keeper.connection, Lane.CATALOGUE)
        changed = {one.key for one in fresh}
        for choice in choices:
            yield DecidedAnswer(
                connection=keeper.shop_id,
                key=choice.key,
                action=choice.action,
                listing=choice.product_id,
                changed=choice.key in changed,
                paused=not keeper.connection.working,
            )


def _fresh(keeper: ShopKeeper, choices: Sequence[Choice]) -> list[Choice]:
    """Leave out what was decided before and has come about, or still waits to: else it would be done once more."""
    known = keeper.choices.get(keeper.shop_id, [one.key for one in choices])
    links = keeper.links.get(keeper.shop_id, [one.key for one in choices])
    return [one for one in choices if not _stands(one, known.get(one.key), links.get(one.key))]


def _stands(choice: Choice, known: Choice | None, link: Link | None) -> bool:
    if choice.action is Action.AUTO:
        return known is None
    if known is None or replace(choice, decided_at=known.decided_at) != known:
        return False
    if choice.leaves_alone or link is None or not link.acknowledged_at or link.acknowledged_at < known.decided_at:
        return True
    gone = link.problem is not None and link.problem.code == LISTING_GONE
    return bool(link.product_id) and not gone and choice.product_id in {"", link.product_id}


def _stuck(keeper: ShopKeeper, choices: Sequence[Choice]) -> set[str]:
    """Name the products that found no listing, where decisions about listings may help them."""
    if not any(choice.key.startswith("L") for choice in choices):
        return set()
    return {link.product_key for link in keeper.links.troubled(keeper.shop_id) if not link.product_id}


def _no_shop(row: LoadRow, merchant: Merchant, shops: Mapping[str, Connection]) -> Wrong:
    if row.connection:
        happened = f"Merchant {merchant.merchant_id} has no shop {row.connection[:64]!r}."
    else:
        happened = f"It is empty, and merchant {merchant.merchant_id} has {len(shops)} shops."
    remedy = f"Write {' or '.join(shops)}." if shops else "Connect a shop first: `tillbridge connect`."
    return Wrong(row.line, "connection", happened, remedy)


def _refused(wrong: Sequence[Wrong]) -> InputError:
    """Tell what is wrong by line; the first names the field."""
    ordered = sorted(wrong, key=lambda one: one.line)
    more = f" And {len(wrong) - MOST_TOLD} more." if len(wrong) > MOST_TOLD else ""
    return InputError(
        f"line {ordered[0].line}, column {ordered[0].column}",
        " ".join(map(str, ordered[:MOST_TOLD])) + more,
        remedy="Nothing was changed. Correct the file and load it again.",
        code="WrongFile",
    )
