"""Links: ``S#{shop}#LINK | {product key}``; those with a problem stand in ``gsi1`` too, oldest problem first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tillbridge.domain.product import Link
from tillbridge.store.codecs.links import link_content, read_link
from tillbridge.store.expressions import Condition, behind
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.moments import moment_text
from tillbridge.store.table import Table
from tillbridge.store.wire import Row


@dataclass(frozen=True, slots=True)
class StoredLinks:
    """Implements ``Links``."""

    table: Table

    def get(self, shop: str, product_keys: Iterable[str]) -> Mapping[str, Link]:
        """Find links."""
        pk = partition("S", shop, "LINK")
        rows = self.table.get_close(Key(pk, part(key)) for key in product_keys)
        return {link.product_key: link for link in map(_link, rows.values())}

    def put(self, shop: str, links: Iterable[Link]) -> None:
        """Store links."""
        self.table.write(_row(shop, link) for link in links)

    def every(self, shop: str, after: str = "", limit: int | None = None) -> Iterator[Link]:
        """Go through links in the order of their keys as texts, beginning after a key, in constant memory."""
        return map(_link, self.table.query(partition("S", shop, "LINK"), behind(after), limit=limit))

    def troubled(self, shop: str) -> Iterator[Link]:
        """List the links that carry a problem. The index lags behind a change by a fraction of a second."""
        return map(_link, self.table.query(partition("S", shop, "PROBLEM"), index="gsi1"))

    def count(self, shop: str) -> int:
        """Count links that have a listing. Reads every link: for a status page, not for every minute."""
        return self.table.count(partition("S", shop, "LINK"), Condition("attribute_exists(product_id)"))


def _row(shop: str, link: Link) -> Row:
    row: dict[str, object] = {
        "pk": partition("S", shop, "LINK"),
        "sk": part(link.product_key),
        "content": link_content(link),
    }
    if link.product_id:
        row["product_id"] = link.product_id
    if link.problem:
        row["gsi1pk"] = partition("S", shop, "PROBLEM")
        row["gsi1sk"] = f"{moment_text(link.problem.since)}#{part(link.product_key)}"
    return row


def _link(row: Row) -> Link:
    return read_link(Fields.of_content(row))
