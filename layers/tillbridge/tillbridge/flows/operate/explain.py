"""Explain one item: what the till says, what each shop should show and shows, and why."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from tillbridge.domain.catalogue import Item, Matrix, Reference
from tillbridge.domain.errors import NotFoundError
from tillbridge.domain.merchant import Connection, Merchant
from tillbridge.flows.operate.explain_shop import explain_in_shop
from tillbridge.flows.operate.item_answers import ItemAnswer, LevelAnswer, PriceAnswer, TillItem
from tillbridge.flows.operate.register import Register
from tillbridge.flows.ports import Deadline, Mirror
from tillbridge.flows.shopkeeper import ShopKeeper

KeeperOf = Callable[[Connection, Deadline], ShopKeeper | None]

MOST_ITEMS = 10
PRODUCT_KEY = re.compile(r"[IM][0-9]{1,19}")
ITEM_ID = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class ExplainDesk:
    """Reads the mirror and, for what is observed, the shops themselves. It writes nothing."""

    register: Register
    mirror: Mirror
    keeper_of: KeeperOf

    def explain(self, merchant_id: str | None, name: str, deadline: Deadline) -> Sequence[ItemAnswer]:
        """Explain the items that carry this SKU in any SKU field, or the one with this key (I42, M7) or id (42)."""
        merchant = self.register.merchant(merchant_id)
        till = self.register.till(merchant).connection_id
        reference = self.mirror.reference(till)
        if reference is None:
            raise NotFoundError(
                "sku",
                f"The till of merchant {merchant.merchant_id} has not been read yet.",
                remedy=f"Read it: tillbridge sync --merchant {merchant.merchant_id} --wait.",
            )
        items = self._find(merchant, till, name)
        matrices = self.mirror.matrices(till, {item.matrix_id for item in items if item.matrix_id})
        keepers = [keeper for shop in self.register.shops(merchant) if (keeper := self.keeper_of(shop, deadline))]
        answers: list[ItemAnswer] = []
        for item in items:
            matrix = matrices.get(item.matrix_id or "")
            in_till = self._in_till(till, item, matrix, reference, keepers)
            in_shops = tuple(explain_in_shop(keeper, item, matrix, reference) for keeper in keepers)
            answers.append(ItemAnswer(merchant=merchant.merchant_id, till=in_till, shops=in_shops))
        return answers

    def _find(self, merchant: Merchant, till: str, name: str) -> Sequence[Item]:
        ids = list(self.mirror.find_by_sku(till, name))[:MOST_ITEMS] or self._ids_of_key(till, name)
        items = self.mirror.items(till, ids)
        if not items:
            raise NotFoundError(
                "sku",
                f"No item of merchant {merchant.merchant_id} carries the SKU {name!r}.",
                remedy="Give it as the till has it (custom SKU, UPC, EAN, manufacturer or system SKU), or a key: I42.",
            )
        return [items[item_id] for item_id in ids if item_id in items]

    def _ids_of_key(self, till: str, name: str) -> Sequence[str]:
        if PRODUCT_KEY.fullmatch(name) and name.startswith("M"):
            return [item.item_id for item in self.mirror.variants(till, [name[1:]]).get(name[1:], ())][:MOST_ITEMS]
        if PRODUCT_KEY.fullmatch(name):
            return [name[1:]]
        return [name] if ITEM_ID.fullmatch(name) else []

    def _in_till(
        self, till: str, item: Item, matrix: Matrix | None, reference: Reference, keepers: Sequence[ShopKeeper]
    ) -> TillItem:
        return TillItem(
            item=item.item_id,
            product=item.product_key,
            description=item.description,
            system_sku=item.system_sku,
            custom_sku=item.custom_sku,
            manufacturer_sku=item.manufacturer_sku,
            upc=item.upc,
            ean=item.ean,
            item_type=str(item.item_type),
            archived=item.archived,
            gone=item.gone,
            publish_to_web=item.publish_to_web,
            matrix=item.matrix_id,
            options=tuple(value for value in item.attributes if value),
            prices=_prices(item, matrix, reference),
            stock=self._levels(till, item, reference, keepers),
            updated_at=item.updated_at,
        )

    def _levels(
        self, till: str, item: Item, reference: Reference, keepers: Sequence[ShopKeeper]
    ) -> tuple[LevelAnswer, ...]:
        places = reference.locations
        stock = self.mirror.stock(till, [item.item_id], sorted(places))[item.item_id]
        mapped = set(chain.from_iterable(keeper.stock_rule().locations for keeper in keepers))
        return tuple(
            LevelAnswer(
                location=level.location_id,
                name=places[level.location_id].name,
                on_hand=level.on_hand,
                sellable=level.sellable,
                updated_at=level.updated_at,
                counted=level.location_id in mapped,
            )
            for level in stock.levels.values()
        )


def _prices(item: Item, matrix: Matrix | None, reference: Reference) -> tuple[PriceAnswer, ...]:
    """List the prices, a variant's own before its matrix's."""
    prices = {**(matrix.prices if matrix else {}), **item.prices}
    names = reference.price_levels
    return tuple(
        PriceAnswer(level=level, name=names[level].name if level in names else "", amount=amount)
        for level, amount in sorted(prices.items())
    )
