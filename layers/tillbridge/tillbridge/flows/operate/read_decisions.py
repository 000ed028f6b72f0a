"""Read the lines of a file of decisions against what the till and one shop have; whatever is wrong is said by line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tillbridge.domain.catalogue import Item, matrix_key
from tillbridge.domain.choice import Action, Choice, listing_key
from tillbridge.domain.listing import ListedProduct
from tillbridge.domain.product import LISTING_GONE, Link, ListingRef
from tillbridge.flows.operate.link_answers import LoadRow
from tillbridge.flows.shopkeeper import ShopKeeper

PRODUCT = re.compile(r"[IM][0-9]{1,19}")
ITEM = re.compile(r"[0-9]{1,19}")
MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one column of one line, and what to write there instead."""

    line: int
    column: str
    happened: str
    remedy: str

    def __str__(self) -> str:
        """Render for people."""
        return f"Line {self.line}, column {self.column}: {self.happened} {self.remedy}"


class WrongLineError(Exception):
    """One line cannot be taken; it never leaves this module."""

    def __init__(self, column: str, happened: str, remedy: str) -> None:
        super().__init__(happened)
        self.column, self.happened, self.remedy = column, happened, remedy


@dataclass(slots=True)
class Decided:
    """What the lines say of one product or listing so far, and where it was first said."""

    line: int
    action: Action
    product_id: str = ""
    variants: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What the lines of one shop speak of: items, products that exist, listings as last met, and links."""

    items: Mapping[str, Item]
    products: frozenset[str]
    listed: Mapping[str, ListedProduct]
    links: Mapping[str, Link]
    choices: Mapping[str, Choice]
    owners: Mapping[ListingRef, str]  # listing -> product key of the item it is linked with, unless that is archived


def read_decisions(keeper: ShopKeeper, rows: Sequence[LoadRow], wrong: list[Wrong]) -> list[Choice]:
    """Give a decision per product or listing; what is wrong is added to ``wrong``."""
    known = _known(keeper, rows)
    decided: dict[str, Decided] = {}
    for row in rows:
        try:
            _take(row, known, decided)
        except WrongLineError as error:
            wrong.append(Wrong(row.line, error.column, error.happened, error.remedy))
    wrong += _taken_twice(decided) + _taken_away(decided, known)
    now = keeper.clock.now()
    return [
        Choice(key=key, action=one.action, product_id=one.product_id, variants=one.variants, decided_at=now)
        for key, one in decided.items()
    ]


def _known(keeper: ShopKeeper, rows: Sequence[LoadRow]) -> Known:
    named = {row.product for row in rows if PRODUCT.fullmatch(row.product)}
    ids = {row.item for row in rows if ITEM.fullmatch(row.item)}
    items = dict(keeper.mirror.items(keeper.till_id, ids | {key[1:] for key in named if key.startswith("I")}))
    matrices = keeper.mirror.matrices(keeper.till_id, {key[1:] for key in named if key.startswith("M")})
    products = {item.product_key for item in items.values()} | set(map(matrix_key, matrices))
    sighted = keeper.sightings.get(keeper.shop_id, {_product_id(row.listing) for row in rows if row.listing})
    listed = {name: sighting.listed for name, sighting in sighted.items()}
    at = keeper.shelves.at(keeper.shop_id, {variant.ref for one in listed.values() for variant in one.variants})
    owners = keeper.mirror.items(keeper.till_id, set(at.values()))
    return Known(
        items=items,
        products=frozenset(products),
        listed=listed,
        links=keeper.links.get(keeper.shop_id, products),
        choices=keeper.choices.get(keeper.shop_id, products),
        owners={
            ref: owners[item].product_key for ref, item in at.items() if item in owners and not owners[item].archived
        },
    )


def _product_id(listing: str) -> str:
    return listing.partition("/")[0] or listing


def _take(row: LoadRow, known: Known, decided: dict[str, Decided]) -> None:
    action = _action(row)
    key = _key(row, known)
    _check(row, action, key, known)
    mine = decided.setdefault(key, Decided(row.line, action))
    if mine.action is not action:
        raise WrongLineError(
            "action",
            f"{key} is to be {mine.action} by line {mine.line}, and {action} here.",
            "Give all its lines one action.",
        )
    if action is not Action.LINK:
        return
    product_id, _, variant_id = row.listing.partition("/")
    if mine.product_id not in {"", product_id}:
        raise WrongLineError(
            "listing",
            f"{key} is listing {mine.product_id} by line {mine.line}, and another here.",
            "Give all its lines one listing; its variants stand behind the slash.",
        )
    mine.product_id = product_id
    if variant_id:
        mine.variants[row.item] = variant_id


def _action(row: LoadRow) -> Action:
    try:
        return Action(row.action.strip().lower())
    except ValueError:
        raise WrongLineError(
            "action",
            f"{row.action[:32]!r} is no action.",
            f"Write one of {', '.join(Action)}, or leave it empty to decide nothing.",
        ) from None


def _key(row: LoadRow, known: Known) -> str:
    """Find out what a line is about: a product, by its key or one of its items, or a listing alone."""
    if not row.product and not row.item:
        return _listing_alone(row, known)
    item = _item(row, known)
    key = row.product or (item.product_key if item else "")
    if not PRODUCT.fullmatch(key):
        raise WrongLineError(
            "product", f"{key[:32]!r} is no key of a product.", "Write it as `tillbridge links` shows it: I42 or M7."
        )
    if key not in known.products:
        raise WrongLineError(
            "product",
            f"The till has no product {key}.",
            "Take the key from `tillbridge links`; what the till got a moment ago is there after its next poll.",
        )
    if item is not None and item.product_key != key:
        raise WrongLineError(
            "item",
            f"Item {item.item_id} belongs to {item.product_key}, not to {key}.",
            f"Write {item.product_key} as the product, or leave the product empty.",
        )
    return key


def _item(row: LoadRow, known: Known) -> Item | None:
    if not row.item:
        return None
    if not ITEM.fullmatch(row.item):
        raise WrongLineError(
            "item",
            f"{row.item[:32]!r} is no id of an item.",
            "Write the number that `tillbridge links --csv` gives as its item.",
        )
    if row.item not in known.items:
        raise WrongLineError(
            "item",
            f"The till has no item {row.item}.",
            "Take the id from `tillbridge links --csv`; what the till got a moment ago is there after its next poll.",
        )
    return known.items[row.item]


def _listing_alone(row: LoadRow, known: Known) -> str:
    if not row.listing:
        raise WrongLineError(
            "product",
            "Neither a product nor an item nor a listing is named.",
            "Name one of them, or leave the action empty.",
        )
    return listing_key(_listed(row, known).product_id)


def _listed(row: LoadRow, known: Known) -> ListedProduct:
    product_id, _, variant_id = row.listing.partition("/")
    listed = known.listed.get(product_id)
    if listed is None:
        raise WrongLineError(
            "listing",
            f"The shop shows no listing {row.listing[:64]!r}.",
            "Take it from `tillbridge links --csv`; a new one is met by `tillbridge sync --full`.",
        )
    if variant_id and listed.variant(ListingRef(product_id, variant_id)) is None:
        raise WrongLineError(
            "listing", f"Listing {product_id} has no variant {variant_id[:64]!r}.", _its_variants(listed)
        )
    return listed


def _its_variants(listed: ListedProduct) -> str:
    """Say which variants a listing has; a long list is cut."""
    ids = [variant.ref.variant_id for variant in listed.variants if variant.ref.variant_id]
    if not ids:
        return f"It has none: write {listed.product_id} alone."
    more = ", ..." if len(ids) > MOST_NAMED else ""
    return f"Write one of those it has: {', '.join(ids[:MOST_NAMED])}{more}."


def _check(row: LoadRow, action: Action, key: str, known: Known) -> None:
    """See whether a decision can be followed at all."""
    link = known.links.get(key, Link(product_key=key))
    alone = key.startswith("L")
    if alone and action not in {Action.IGNORE, Action.AUTO}:
        raise WrongLineError(
            "product",
            f"To {action}, a product or item is needed, and only a listing is named.",
            "Name the product or item as well.",
        )
    if alone and action is Action.IGNORE and (owner := _owner(key[1:], known)):
        raise WrongLineError(
            "listing", f"Listing {key[1:]} is linked with {owner}.", f"Give {owner} the action {Action.UNLINK} instead."
        )
    repeated = key in known.choices and known.choices[key].action is Action.CREATE
    if action is Action.CREATE and link.product_id and not _gone(link) and not repeated:
        raise WrongLineError(
            "action",
            f"{key} has listing {link.product_id} already.",
            "Delete that in the shop first, or leave this action empty.",
        )
    if action is Action.LINK:
        _check_link(row, key, known)


def _gone(link: Link) -> bool:
    return link.problem is not None and link.problem.code == LISTING_GONE


def _owner(product_id: str, known: Known) -> str:
    owners = (known.owners.get(variant.ref) for variant in known.listed[product_id].variants)
    return next((owner for owner in owners if owner), "")


def _check_link(row: LoadRow, key: str, known: Known) -> None:
    if not row.listing:
        raise WrongLineError("listing", "It is empty.", "Name the listing to link with.")
    listed = _listed(row, known)
    if not listed.variants:
        raise WrongLineError(
            "listing",
            f"Listing {listed.product_id} is of a kind that no item can be.",
            "Name a simple product, or one with variants.",
        )
    if listed.variable is not key.startswith("M"):
        kinds = ("a product with variants", "a simple product")
        shop, till = kinds if listed.variable else reversed(kinds)
        raise WrongLineError(
            "listing",
            f"Listing {listed.product_id} is {shop} in the shop, and {key} {till} in the till.",
            f"Name a listing that is {till}.",
        )
    if "/" in row.listing and not row.item:
        raise WrongLineError("item", "It is empty.", "Say which item is that variant.")


def _taken_twice(decided: Mapping[str, Decided]) -> list[Wrong]:
    """Find listings, and variants of listings, that are given to two."""
    wrong: list[Wrong] = []
    first: dict[str, str] = {}
    for key, one in decided.items():
        if one.action is not Action.LINK:
            continue
        if first.setdefault(one.product_id, key) != key:
            wrong.append(
                Wrong(
                    one.line,
                    "listing",
                    f"Listing {one.product_id} is given to {first[one.product_id]} too.",
                    "Give it to one of them.",
                )
            )
        if len(set(one.variants.values())) < len(one.variants):
            wrong.append(
                Wrong(
                    one.line,
                    "listing",
                    f"Two items of {key} are given one variant.",
                    "Give each item a variant of its own.",
                )
            )
    return wrong


def _taken_away(decided: Mapping[str, Decided], known: Known) -> list[Wrong]:
    """Find listings that belong to products of which the file says nothing."""
    return [
        Wrong(
            one.line,
            "listing",
            f"Listing {one.product_id} is linked with {owner}.",
            f"Give {owner} the action {Action.UNLINK} in this file as well.",
        )
        for key, one in decided.items()
        if one.action is Action.LINK
        and (owner := _owner(one.product_id, known)) not in {"", key}
        and owner not in decided
    ]
