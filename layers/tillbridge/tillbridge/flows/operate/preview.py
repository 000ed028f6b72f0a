"""Show beforehand what a sync would write, now or after a change of settings. Nothing is written anywhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile

from tillbridge.domain.errors import NotFoundError
from tillbridge.domain.merchant import Connection, Merchant
from tillbridge.flows.full_read import DONE, FULL_READ, items_read, items_there
from tillbridge.flows.operate.explain import KeeperOf
from tillbridge.flows.operate.foresee import ANSWER_BYTES, Foreseen, foresee
from tillbridge.flows.operate.merchants import SettingsText
from tillbridge.flows.operate.paging import SEPARATOR
from tillbridge.flows.operate.preview_answers import FirstRead, PreviewRound
from tillbridge.flows.operate.register import STOP_MARGIN, Portion, Register
from tillbridge.flows.ports import Deadline
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.survey import surveyed
from tillbridge.systems.shop import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whose shops, or which one, after which changes of settings, and where a longer answer goes on."""

    merchant: str | None = None
    shop: str | None = None
    changes: Mapping[str, str]
    after: str | None = None


NOTHING = Foreseen(work=Work(), changes=())


@dataclass(frozen=True, slots=True)
class Step:
    """One round, and the place behind it: the shop, and how far into it."""

    place: str
    answer: PreviewRound
    size: int  # of its JSON


@dataclass(frozen=True, slots=True)
class PreviewDesk:
    """Plans like the workers, over a keeper that carries the changed settings."""

    register: Register
    text: SettingsText
    keeper_of: KeeperOf

    def show(self, asked: Question, deadline: Deadline) -> Portion[PreviewRound]:
        """Go through a merchant's shops round by round, until the answer is full or time is up."""
        merchant = self.register.merchant(asked.merchant)
        merchant = replace(merchant, settings=self.text.change_settings(merchant.settings, asked.changes))
        self.register.till(merchant)
        _, _, place = (asked.after or "").partition(SEPARATOR)
        rounds: list[PreviewRound] = []
        size = 0
        for step in self._steps(merchant, self._shops(merchant, asked.shop), place, deadline):
            rounds.append(step.answer)
            size += step.size
            if size >= ANSWER_BYTES or deadline.left() < STOP_MARGIN:
                return Portion(tuple(rounds), f"{merchant.merchant_id}{SEPARATOR}{step.place}")
        return Portion(tuple(rounds))

    def _shops(self, merchant: Merchant, shop: str | None) -> Sequence[Connection]:
        shops = [one for one in self.register.shops(merchant) if shop in {None, one.connection_id}]
        if not shops:
            raise NotFoundError(
                "shop",
                f"Merchant {merchant.merchant_id} has no shop {shop or 'yet'}.",
                remedy="`tillbridge connections` shows the shops of every merchant; `tillbridge connect` connects one.",
            )
        return shops

    def _steps(self, merchant: Merchant, shops: Sequence[Connection], place: str, deadline: Deadline) -> Iterator[Step]:
        """Go through the shops; the first one that ``place`` names goes on behind it, the others begin."""
        first, _, after = place.partition(SEPARATOR)
        for shop in dropwhile(lambda one: first not in {"", one.connection_id}, shops):
            if keeper := self.keeper_of(shop, deadline):
                yield from _rounds(replace(keeper, merchant=merchant), after)
            after = ""


def _rounds(keeper: ShopKeeper, after: str) -> Iterator[Step]:
    """Count the calls of each round as of one run: names that an earlier round makes are there by then."""
    _check_read(keeper)
    first_read = _first_read(keeper)
    done: list[Foreseen] = []
    counted = 0
    for stop in foresee(keeper, after):
        for foreseen in stop.rows:
            done.append(foreseen)
            calls = keeper.shop.cost([one.work for one in done])
            answer = _answer(keeper, foreseen, calls - counted, first_read)
            yield Step(f"{keeper.shop_id}{SEPARATOR}{stop.place}", answer, foreseen.size)
            counted = calls
    if first_read and not done:
        yield Step(f"{keeper.shop_id}{SEPARATOR}{after}", _answer(keeper, NOTHING, 0, first_read), 0)


def _check_read(keeper: ShopKeeper) -> None:
    if keeper.mirror.reference(keeper.till_id) is None:
        merchant = keeper.merchant.merchant_id
        raise NotFoundError(
            "merchant",
            f"The till of merchant {merchant} has not been read yet.",
            remedy=f"Read it: tillbridge sync --merchant {merchant} --wait.",
        )


def _first_read(keeper: ShopKeeper) -> FirstRead | None:
    """Tell how far the till's first read is, if it is still under way."""
    run = keeper.runs.get(keeper.till_id, FULL_READ)
    if run is None or not run.first or run.phase == DONE:
        return None
    known = surveyed(keeper)
    return FirstRead(items=items_read(run), about=items_there(run), waits=known is not None and not known.empty)


def _answer(keeper: ShopKeeper, foreseen: Foreseen, calls: int, first_read: FirstRead | None) -> PreviewRound:
    connection = keeper.connection
    return PreviewRound(
        connection=connection.connection_id,
        system=connection.system,
        name=connection.account_name,
        state=connection.state,
        products=foreseen.products,
        items=foreseen.items,
        calls=calls,
        first_read=first_read,
        changes=foreseen.changes,
    )
