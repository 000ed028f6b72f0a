"""What people decided about links: ``S#{shop}#CHOICE | {product or listing}``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tillbridge.domain.choice import Choice
from tillbridge.store.codecs.listings import choice_content, read_choice
from tillbridge.store.fields import Fields
from tillbridge.store.keys import Key, part, partition
from tillbridge.store.table import Table


@dataclass(frozen=True, slots=True)
class StoredChoices:
    """Implements ``Choices``."""

    table: Table

    def get(self, shop: str, keys: Iterable[str]) -> Mapping[str, Choice]:
        """Find decisions by the key of a product or listing."""
        rows = self.table.get_many(_key(shop, key) for key in keys)
        found = (read_choice(Fields.of_content(row)) for row in rows.values())
        return {choice.key: choice for choice in found}

    def put(self, shop: str, choices: Iterable[Choice]) -> None:
        """Store decisions, in place of former ones."""
        self.table.write({**_key(shop, choice.key)._asdict(), "content": choice_content(choice)} for choice in choices)

    def remove(self, shop: str, keys: Iterable[str]) -> None:
        """Forget decisions."""
        self.table.write(deletes=[_key(shop, key) for key in keys])


def _key(shop: str, key: str) -> Key:
    return Key(partition("S", shop, "CHOICE"), part(key))
