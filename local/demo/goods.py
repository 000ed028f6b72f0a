"""What the demo plays with: articles that till and shop agree about, each used for one step only. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from local.demo.comparison import Row, sku_in_shop, stock_in_shop


@dataclass(frozen=True, slots=True)
class Article:
    """An item of the till with its listing; ``place`` is a location that has some, a ``simple`` one is no variant."""

    item_id: int
    name: str
    sku: str
    place: int
    shown: int
    price: Decimal
    simple: bool

    def __str__(self) -> str:
        return f"{self.name} ({self.sku})"


class Goods:
    """Gives articles away, each once."""

    def __init__(self, items: Iterable[Row], listings: Mapping[str, Row]) -> None:
        """Choose what the shop shows right and more than one of, under an SKU that nothing else has."""
        live = [item for item in items if not item["archived"]]
        used = Counter(map(sku_in_shop, live))
        self._left = [
            _article(item, listings[sku])
            for item in live
            if used[sku := sku_in_shop(item)] == 1 and "," not in sku and _plenty(item, listings.get(sku))
        ]

    def take(self, number: int) -> list[Article]:
        """Give so many articles, or as many as are left."""
        taken, self._left = self._left[:number], self._left[number:]
        return taken

    def one(self) -> Article:
        """Give any article. Raises IndexError when none is left."""
        return self.take(1)[0]

    def at(self, place: int, number: int) -> list[Article]:
        """Give so many articles that a location has, or as many as are left."""
        found = [article for article in self._left if article.place == place][:number]
        self._left = [article for article in self._left if article not in found]
        return found

    def simple(self) -> Article:
        """Give an article that is a product of its own. Raises StopIteration when none is left."""
        found = next(article for article in self._left if article.simple)
        self._left.remove(found)
        return found


def _plenty(item: Row, listing: Row | None) -> bool:
    stock = stock_in_shop(item)
    if listing is None or stock is None or not listing["regular_price"]:
        return False
    return stock > 1 and bool(listing["stock_quantity"] == stock)


def _article(item: Row, listing: Row) -> Article:
    return Article(
        item_id=int(item["itemID"]),
        name=item["description"],
        sku=sku_in_shop(item),
        place=int(next(place for place, quantity in item["stock"].items() if int(quantity) > 0)),
        shown=int(listing["stock_quantity"]),
        price=Decimal(listing["regular_price"]),
        simple=item["itemMatrixID"] == "0",
    )
