"""The guard of the catalogue lane: what each plan would take off sale, create or reprice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from hashlib import sha256

from tillbridge.domain.guard import Change, Kind, leap
from tillbridge.domain.merchant import Lane
from tillbridge.domain.planning import Blocked, Plan, Unpublish, Write, as_text, product_fields, variant_fields
from tillbridge.domain.product import VARIANT_FIELDS, KnownVariant, Link, ProductWrite, Variant, Visibility
from tillbridge.flows.guard import Guard, Judged, Screened
from tillbridge.flows.plan_catalogue import PlannedProducts
from tillbridge.flows.pull import STOCK
from tillbridge.flows.shopkeeper import ShopKeeper

NEW = timedelta(days=1)
"""A shop is being filled for at least so long after it was connected."""

PRICES = ("regular_price", "sale_price")


def screen_products(guard: Guard, planned: PlannedProducts) -> Screened:
    """Hold the plans that must wait for a person; plans for the other products may be carried out."""
    return guard.hold(judge_products(guard, planned))


def judge_products(guard: Guard, planned: PlannedProducts) -> Judged:
    """Say which plans must wait for a person; nothing is written."""
    changes = [change for plan in planned.plans.values() for change in changes_of(plan)]
    wishes = {key: wish for key, plan in planned.plans.items() if (wish := wish_of(plan))}
    return guard.decide(changes, {key for key, plan in planned.plans.items() if not isinstance(plan, Blocked)}, wishes)


def wish_of(plan: Plan) -> str:
    """Say in a short text what a plan would write, "" when nothing: equal for equal plans, another for any other."""
    match plan:
        case Unpublish():
            return "off sale"
        case Write(write=write):
            product = write.product
            texts = [(name, text) for name, text in product_fields(product).items() if _writes(write, name)]
            for variant in product.variants:
                names = write.variant_changes.get(variant.item_id, () if write.link.product_id else VARIANT_FIELDS)
                fields = variant_fields(variant, product).items()
                texts += [(f"{variant.item_id} {name}", text) for name, text in fields if name in names]
            return sha256(as_text(sorted(texts)).encode()).hexdigest()[:16]
    return ""


def _writes(write: ProductWrite, name: str) -> bool:
    return write.creates or name in write.changes


def note_filled(keeper: ShopKeeper) -> None:
    """Note that nothing waits any more: the first filling of the shop is over, and creations count from now on.

    Not on the first day, and not before the till has been read as a whole.
    """
    log = keeper.holds.log(keeper.shop_id, Lane.CATALOGUE)
    young = keeper.clock.now() - keeper.connection.created_at < NEW
    if log.filled or young or keeper.cursors.get(keeper.till_id, STOCK) is None:
        return
    keeper.holds.put_log(keeper.shop_id, Lane.CATALOGUE, replace(log, filled=True))


def changes_of(plan: Plan) -> Iterator[Change]:
    """Say what of a plan is bounded. What an earlier try may have done already was judged then."""
    match plan:
        case Unpublish(link=link) if not link.unpublished_by_us:
            yield Change(link.product_key, Kind.UNPUBLISHED, _sku_of(link), "visibility", "published", "draft")
        case Write(write=write) if write.creates:
            if write.link.attempted_at is None:
                yield Change(write.product.key, Kind.CREATED, write.product.name, "", "", "created")
        case Write(write=write):
            yield from _hidden(write)
            for sold in (_Sold.of(write, variant) for variant in write.product.variants):
                if sold is not None:
                    yield from sold.changes(write.product.key)


def _sku_of(link: Link) -> str:
    return next((sku for known in link.variants if (sku := known.fields.get("sku"))), "")


def _hidden(write: ProductWrite) -> Iterator[Change]:
    """Say whether the product, or a variant of it, would go off sale."""
    product, key = write.product, write.product.key
    fields = product_fields(product)
    if "visibility" in write.changes and fields["visibility"] == Visibility.DRAFT != write.link.fields.get(
        "visibility"
    ):
        yield Change(key, Kind.UNPUBLISHED, product.name, "visibility", "published", "draft")
    for variant in product.variants:
        known = write.link.variant(variant.item_id)
        shown = known.fields.get("visibility") if known else Visibility.DRAFT
        changing = "visibility" in write.variant_changes.get(variant.item_id, ())
        if changing and variant.visibility is Visibility.DRAFT != shown:
            yield Change(key, Kind.UNPUBLISHED, variant.sku or product.name, "visibility", "published", "draft")


@dataclass(frozen=True, slots=True)
class _Sold:
    """The prices of one variant, as texts: regular and reduced, as acknowledged and as they should be."""

    name: str
    old: tuple[str, str]
    new: tuple[str, str]

    @classmethod
    def of(cls, write: ProductWrite, variant: Variant) -> "_Sold | None":
        """Compare the prices that would be written; ``None`` when none changes, or none was known."""
        known: KnownVariant | None = write.link.variant(variant.item_id)
        if known is None or not known.fields.get(PRICES[0]):
            return None
        fields, changing = variant_fields(variant, write.product), write.variant_changes.get(variant.item_id, ())
        old = known.fields.get(PRICES[0], ""), known.fields.get(PRICES[1], "")
        new = tuple(fields[name] if name in changing else was for name, was in zip(PRICES, old, strict=True))
        return None if new == old else cls(variant.sku or write.product.name, old, (new[0], new[1]))

    def changes(self, key: str) -> Iterator[Change]:
        """Say that there is a new price, and how far it leaps."""
        place = 0 if self.old[0] != self.new[0] else 1
        told = (self.name, PRICES[place], self.old[place], self.new[place])
        yield Change(key, Kind.REPRICED, *told)
        yield Change(key, Kind.PRICE, *told, leap=self.leap)

    @property
    def leap(self) -> Decimal:
        """Tell the leap in per cent. A sale that begins or ends goes from or to the regular price, which is no leap."""
        old, new = _amount(self.old[0]), _amount(self.new[0])
        paid_before, paid = _amount(self.old[1]) or old, _amount(self.new[1]) or new
        return max(leap(old, new), min(leap(paid_before, paid), leap(old, paid)))


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
