"""List how items and listings are linked, portion by portion: a till of any size is never held as a whole."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, islice

from tillbridge.domain.catalogue import Item, matrix_key
from tillbridge.domain.choice import Action, listing_key
from tillbridge.domain.judging import Evidence, LinkState
from tillbridge.domain.judging_products import all_keys
from tillbridge.domain.listing import ListedProduct, ListedVariant
from tillbridge.domain.matching import keys_shown
from tillbridge.domain.merchant import Connection, Merchant
from tillbridge.flows.operate.link_answers import LinkAnswer
from tillbridge.flows.operate.link_rows import Told, listing_row, product_rows
from tillbridge.flows.operate.paging import Asked, Stop, in_portions
from tillbridge.flows.operate.register import Portion, Register
from tillbridge.flows.ports import Deadline
from tillbridge.flows.shopkeeper import ShopKeeper

KeeperOf = Callable[[Connection, Deadline], ShopKeeper | None]

CHUNK = 100

Walk = Iterator[tuple[str, Sequence[LinkAnswer]]]
"""Rows, each portion of them with the key behind which the list goes on."""


@dataclass(frozen=True, slots=True)
class LinkDesk:
    """Reads the mirror, links, decisions and the last survey; no shop is asked anything."""

    register: Register
    keeper_of: KeeperOf

    def list(
        self, merchant_id: str | None, state: LinkState | None, after: str | None, deadline: Deadline
    ) -> Portion[LinkAnswer]:
        """List the items of a merchant, or of everybody, shop by shop, and then what the shops have besides."""

        def stops(merchant: Merchant, place: str) -> Iterator[Stop[LinkAnswer]]:
            for stop in self._stops(merchant, place, deadline):
                rows = tuple(row for row in stop.rows if state is None or row.state is state)
                yield Stop(stop.place, rows)

        return in_portions(Asked(self.register, merchant_id, after, deadline), stops)

    def _stops(self, merchant: Merchant, place: str, deadline: Deadline) -> Iterator[Stop[LinkAnswer]]:
        """Go through the shops and their parts; a place is ``{shop}/{part}/{key}``."""
        keepers = [self.keeper_of(shop, deadline) for shop in self.register.shops(merchant)]
        parts = [
            (f"{keeper.shop_id}/{part}/", walk, keeper) for keeper in keepers if keeper for part, walk in WALKS.items()
        ]
        for prefix, walk, keeper in dropwhile(lambda part: not place.startswith(part[0]), parts) if place else parts:
            for key, rows in walk(keeper, place.removeprefix(prefix) if place.startswith(prefix) else ""):
                yield Stop(f"{prefix}{key}", tuple(rows))


def _matrices(keeper: ShopKeeper, after: str) -> Walk:
    remaining = keeper.mirror.every_matrix(keeper.till_id, after)
    while chunk := [matrix.matrix_id for matrix in islice(remaining, CHUNK)]:
        variants = keeper.mirror.variants(keeper.till_id, chunk)
        items = {matrix_key(matrix_id): variants[matrix_id] for matrix_id in chunk}
        yield chunk[-1], list(product_rows(keeper, items))


def _items(keeper: ShopKeeper, after: str) -> Walk:
    remaining = keeper.mirror.every_item(keeper.till_id, after)
    while chunk := list(islice(remaining, CHUNK)):
        items: Mapping[str, Sequence[Item]] = {one.product_key: [one] for one in chunk if not one.matrix_id}
        yield chunk[-1].item_id, list(product_rows(keeper, items))


def _listings(keeper: ShopKeeper, after: str) -> Walk:
    remaining = keeper.sightings.every(keeper.shop_id, after)
    while chunk := [sighting.listed for sighting in islice(remaining, CHUNK)]:
        yield chunk[-1].product_id, list(_unlinked(keeper, chunk))


WALKS = {"matrices": _matrices, "items": _items, "listings": _listings}


def _unlinked(keeper: ShopKeeper, listed: Sequence[ListedProduct]) -> Iterator[LinkAnswer]:
    """Give the rows of the variants that no item is linked with."""
    refs = [variant.ref for product in listed for variant in product.variants]
    owned = keeper.shelves.at(keeper.shop_id, refs)
    free = [(product, one) for product in listed for one in product.variants if one.ref not in owned]
    keys = all_keys(product for product, _ in free)
    carriers = keeper.mirror.carrying(keeper.till_id, sorted(keys, key=str))
    evidence = Evidence(settings=keeper.settings, carriers=carriers)
    choices = keeper.choices.get(keeper.shop_id, {listing_key(product.product_id) for product, _ in free})
    for product, variant in free:
        choice = choices.get(listing_key(product.product_id))
        ignored = choice is not None and choice.action is Action.IGNORE
        told = IGNORED if ignored else _told(evidence, variant)
        yield listing_row(keeper, product, variant, told, str(choice.action) if choice else "")


IGNORED = Told(LinkState.IGNORED, "A person decided so.", "To change that, load the action auto.")


def _told(evidence: Evidence, variant: ListedVariant) -> Told:
    """Say why a listing is linked with no item, and what to do."""
    if not keys_shown(variant):
        return Told(
            LinkState.EMPTY_SKU,
            "The listing has neither SKU nor UPC or EAN.",
            "Give it the SKU of its item in the shop, or link or ignore it by hand.",
        )
    best = evidence.best(variant)
    names = ", ".join(item.item_id for item in best)
    if len(best) > 1:
        return Told(
            LinkState.DUPLICATE,
            f"Items {names} of the till carry its SKU or code.",
            "Give each item its own in the till, or link one of them by hand.",
        )
    if best:
        return Told(LinkState.WAITING, f"Item {names} carries its SKU or code; the row of that item says more.")
    archived = sorted({item.item_id for key in keys_shown(variant) for item in evidence.carriers.get(key, ())})
    if archived:
        return Told(
            LinkState.MISSING_IN_TILL,
            f"Item {', '.join(archived)} of the till, which carries its SKU or code, is archived.",
            "Take it off sale in the shop, bring the item back in the till, or ignore the listing.",
        )
    return Told(
        LinkState.MISSING_IN_TILL,
        "No item of the till carries its SKU or code.",
        "Add the item in the till, correct the SKU, or link or ignore the listing by hand.",
    )
