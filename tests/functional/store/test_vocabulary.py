"""The ids that a shop has for names."""

from tillbridge.store.table import Table
from tillbridge.store.vocabulary import StoredVocabulary


def test_what_has_no_name_has_no_id(table: Table) -> None:
    vocabulary = StoredVocabulary(table, "s")
    vocabulary.put("brand", {"Northfell": "3"})
    assert vocabulary.get("brand", "Northfell") == "3"
    assert vocabulary.get("brand", "") is None
