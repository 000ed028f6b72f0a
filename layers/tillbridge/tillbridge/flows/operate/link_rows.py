"""Say how the products of a till and the listings of a shop stand to each other: a row per item, or per listing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tillbridge.domain.catalogue import Item
from tillbridge.domain.choice import Action, Choice
from tillbridge.domain.desire import Desired, sku_of
from tillbridge.domain.judging import LinkState, Stuck
from tillbridge.domain.judging_products import Found, Verdict
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.planning import Blocked, Withheld
from tillbridge.domain.product import LISTING_GONE, Link, ListingRef, Product
from tillbridge.flows.match_products import judge_unlinked
from tillbridge.flows.operate.link_answers import LinkAnswer
from tillbridge.flows.plan_catalogue import desire_products
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.survey import surveyed


@dataclass(frozen=True, slots=True)
class Told:
    """How something stands, why, and what to do."""

    state: LinkState
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """Everything there is to one product in one shop."""

    link: Link
    choice: Choice | None
    desired: Desired | None
    verdict: Verdict
    surveyed: bool


def product_rows(keeper: ShopKeeper, items: Mapping[str, Sequence[Item]]) -> Iterator[LinkAnswer]:
    """Give the rows of products (product key -> its items); what is not for this shop has none."""
    links = keeper.links.get(keeper.shop_id, items)
    choices = keeper.choices.get(keeper.shop_id, items)
    unlinked = [key for key in items if key not in links or not links[key].product_id]
    desired = desire_products(keeper, unlinked)
    products = [one for one in desired.values() if isinstance(one, Product)]
    verdicts = judge_unlinked(keeper, products, links, choices)
    known = surveyed(keeper) is not None
    stands = {
        key: Stand(links.get(key, Link(product_key=key)), choices.get(key), desired.get(key), verdicts.get(key), known)
        for key in items
    }
    listed = _listed(keeper, stands.values())
    for key, stand in stands.items():
        for item in items[key]:
            told = _told(item, stand)
            if told is not None:
                yield _row(keeper, item, stand, told, listed)


def _listed(keeper: ShopKeeper, stands: Iterable[Stand]) -> Mapping[str, ListedProduct]:
    ids = {product_id for stand in stands if (product_id := _product_id(stand))}
    return {name: sighting.listed for name, sighting in keeper.sightings.get(keeper.shop_id, ids).items()}


def _product_id(stand: Stand) -> str:
    return stand.link.product_id or (stand.verdict.product_id if isinstance(stand.verdict, Found) else "")


def _ref(item: Item, stand: Stand) -> ListingRef | None:
    if known := stand.link.variant(item.item_id):
        return known.ref if stand.link.product_id else None
    return stand.verdict.refs.get(item.item_id) if isinstance(stand.verdict, Found) else None


def _told(item: Item, stand: Stand) -> Told | None:
    """Say how an item stands, ``None`` when it is not for the shop."""
    if stand.link.product_id:
        return _told_linked(item, stand.link)
    if stand.choice and stand.choice.leaves_alone:
        state = LinkState.IGNORED if stand.choice.action is Action.IGNORE else LinkState.UNLINKED
        return Told(state, "A person decided so.", "To change that, load the action auto, create or link.")
    if item.archived or isinstance(stand.desired, Withheld):
        return None
    if isinstance(stand.desired, Blocked):
        return _told_blocked(stand.desired)
    return _told_unlinked(item, stand)


def _told_linked(item: Item, link: Link) -> Told | None:
    known = link.variant(item.item_id)
    problem = link.problem
    if known is None:
        if item.archived:
            return None
        reason = problem.happened if problem else "It is new, and will be added to the listing of its matrix."
        return Told(LinkState.MISSING_IN_SHOP, reason, problem.remedy if problem else "")
    if problem and problem.code == LISTING_GONE:
        return Told(LinkState.DELETED_IN_SHOP, problem.happened, problem.remedy)
    if item.archived:
        return Told(
            LinkState.GONE_FROM_TILL,
            "The till has archived it, or has it no longer; its listing is off sale and left as it is.",
            "Nothing; or give the listing to another item with the action link.",
        )
    return Told(LinkState.LINKED, problem.happened if problem else "", problem.remedy if problem else "")


def _told_blocked(blocked: Blocked) -> Told:
    reason = blocked.reasons[0]
    state = LinkState.EMPTY_SKU if reason.code == "no_sku" else LinkState.MISSING_IN_SHOP
    return Told(state, reason.happened, reason.remedy)


DUPLICATES = frozenset({"duplicate_sku_in_till", str(LinkState.DUPLICATE)})
"""Codes of problems that say the same: found while linking, or only when the shop refused a second listing."""


def _told_unlinked(item: Item, stand: Stand) -> Told:
    match stand.verdict:
        case Stuck() as stuck:
            return Told(stuck.state, stuck.happened, stuck.remedy)
        case Found() as found if item.item_id in found.refs:
            return Told(LinkState.WAITING, f"It will be linked, by {found.because}.", "")
    problem = stand.link.problem
    if problem is not None:
        state = LinkState.DUPLICATE if problem.code in DUPLICATES else LinkState.MISSING_IN_SHOP
        return Told(state, problem.happened, problem.remedy)
    if not stand.surveyed:
        return Told(
            LinkState.MISSING_IN_SHOP, "What the shop has already is not known yet.", "Wait for the first sync."
        )
    return Told(LinkState.MISSING_IN_SHOP, "The shop has nothing of it; it will be created.", "")


def _row(keeper: ShopKeeper, item: Item, stand: Stand, told: Told, listed: Mapping[str, ListedProduct]) -> LinkAnswer:
    ref = _ref(item, stand)
    product = listed.get(_product_id(stand)) if ref else None
    shown = product.variant(ref) if product and ref else None
    return LinkAnswer(
        merchant=keeper.merchant.merchant_id,
        connection=keeper.shop_id,
        system=keeper.connection.system,
        state=told.state,
        product=item.product_key,
        item=item.item_id,
        name=item.description,
        sku=sku_of(item, keeper.settings),
        gtin=item.ean or item.upc,
        options=" / ".join(value for value in item.attributes if value),
        listing=str(ref) if ref else "",
        listing_name=product.name if product else "",
        listing_sku=shown.sku if shown else "",
        listing_gtin=shown.gtin if shown else "",
        listing_options=" / ".join(shown.options) if shown else "",
        reason=told.reason,
        remedy=told.remedy,
        decision=str(stand.choice.action) if stand.choice else "",
    )


def listing_row(
    keeper: ShopKeeper, product: ListedProduct, variant: ListedVariant, told: Told, decision: str
) -> LinkAnswer:
    """Give the row of a listing that no item is linked with."""
    return LinkAnswer(
        merchant=keeper.merchant.merchant_id,
        connection=keeper.shop_id,
        system=keeper.connection.system,
        state=told.state,
        product="",
        item="",
        name="",
        sku="",
        gtin="",
        options="",
        listing=str(variant.ref),
        listing_name=product.name,
        listing_sku=variant.sku,
        listing_gtin=variant.gtin,
        listing_options=" / ".join(variant.options),
        reason=told.reason,
        remedy=told.remedy,
        decision=decision,
    )
