"""Merchants: ``M#{merchant} | MERCHANT``, listed by the index ``gsi1`` under ``MERCHANTS``."""

from collections.abc import Sequence
from dataclasses import dataclass

from tillbridge.domain.errors import InputError, NotFoundError
from tillbridge.domain.merchant import Merchant
from tillbridge.store.codecs.people import merchant_content, read_merchant
from tillbridge.store.errors import ConditionFailedError
from tillbridge.store.expressions import ABSENT, PRESENT
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, partition
from tillbridge.store.table import Table
from tillbridge.store.wire import Row


@dataclass(frozen=True, slots=True)
class StoredMerchants:
    """Implements ``Merchants``."""

    table: Table

    def add(self, merchant: Merchant) -> None:
        """Add a merchant; ``InputError`` when the id is taken."""
        try:
            self.table.put(_row(merchant), ABSENT)
        except ConditionFailedError:
            if self.get(merchant.merchant_id) == merchant:
                return  # written by an earlier try whose answer was lost
            raise InputError(
                "merchant", f"There is a merchant {merchant.merchant_id} already.", remedy="Choose another id."
            ) from None

    def get(self, merchant_id: str) -> Merchant:
        """Find a merchant; ``NotFoundError``."""
        row = self.table.get(merchant_key(merchant_id))
        if row is None:
            raise no_merchant(merchant_id)
        return read_merchant(Fields.of_content(row))

    def list(self) -> Sequence[Merchant]:
        """List all merchants by id. One that was added this very second may still be missing."""
        return [read_merchant(Fields.of_content(row)) for row in self.table.query("MERCHANTS", index="gsi1")]

    def save(self, merchant: Merchant) -> None:
        """Replace a merchant's name and settings."""
        try:
            self.table.put(_row(merchant), PRESENT)
        except ConditionFailedError:
            raise no_merchant(merchant.merchant_id) from None


def merchant_key(merchant_id: str) -> Key:
    """Give the key of a merchant's row."""
    return Key(partition("M", merchant_id), "MERCHANT")


def no_merchant(merchant_id: str) -> NotFoundError:
    """Say that there is no such merchant."""
    return NotFoundError(
        "merchant", f"There is no merchant {merchant_id}.", remedy="`tillbridge merchant list` shows all of them."
    )


def _row(merchant: Merchant) -> Row:
    return {
        **merchant_key(merchant.merchant_id)._asdict(),
        "gsi1pk": "MERCHANTS",
        "gsi1sk": merchant.merchant_id,
        "content": merchant_content(merchant),
    }
