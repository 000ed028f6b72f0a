"""Keeps categories, tags, brands, global attributes and their terms."""

from collections.abc import Callable

from sandbox.woocommerce.catalogue.model import GlobalAttribute, Term
from sandbox.woocommerce.texts import collated, slug, term_name

CATEGORIES, TAGS, BRANDS = "product_cat", "product_tag", "product_brand"
HIERARCHICAL = frozenset({CATEGORIES, BRANDS})


class TermStore:
    """All terms by taxonomy; whoever changes it holds the shop's lock."""

    def __init__(self, next_id: Callable[[], int]) -> None:
        """Begin with the category that products without one fall into."""
        self._next_id = next_id
        self._terms: dict[str, dict[int, Term]] = {}
        self._by_name: dict[tuple[str, int, str], int] = {}
        self._slugs: set[tuple[str, str]] = set()
        self.attributes: dict[int, GlobalAttribute] = {}
        self.uncategorized = self.add(CATEGORIES, "Uncategorized")

    def of(self, taxonomy: str) -> list[Term]:
        return list(self._terms.get(taxonomy, {}).values())

    def get(self, taxonomy: str, term_id: int) -> Term | None:
        return self._terms.get(taxonomy, {}).get(term_id)

    def named(self, taxonomy: str, name: str, parent: int = 0) -> Term | None:
        """Find a term by name, without regard to case; only hierarchical taxonomies tell parents apart."""
        term_id = self._by_name.get(_name_key(taxonomy, name, parent))
        return None if term_id is None else self._terms[taxonomy][term_id]

    def with_slug(self, taxonomy: str, wanted: str) -> Term | None:
        return next((term for term in self.of(taxonomy) if term.slug == wanted), None)

    def add(self, taxonomy: str, name: str, *, wanted_slug: str = "", parent: int = 0) -> Term:
        """Add a term; its slug gets a suffix where another term has it."""
        stored = term_name(name)
        term = Term(self._next_id(), taxonomy, stored, "", parent)
        term.slug = self._free_slug(taxonomy, slug(wanted_slug or stored))
        self._terms.setdefault(taxonomy, {})[term.id] = term
        self._by_name.setdefault(_name_key(taxonomy, stored, parent), term.id)
        return term

    def named_or_added(self, taxonomy: str, name: str) -> Term:
        """Find a term by name or add it, as happens to options and tags that a product brings along."""
        return self.named(taxonomy, name) or self.add(taxonomy, name)

    def rename(self, term: Term, *, name: str, wanted_slug: str, parent: int) -> None:
        """Give a term another name, slug or parent."""
        self._forget(term)
        term.name, term.parent = term_name(name), parent
        term.slug = self._free_slug(term.taxonomy, slug(wanted_slug or term.name))
        self._by_name.setdefault(_name_key(term.taxonomy, term.name, parent), term.id)

    def remove(self, term: Term) -> None:
        """Delete a term; its children move up to its parent."""
        self._forget(term)
        del self._terms[term.taxonomy][term.id]
        for child in self.of(term.taxonomy):
            if child.parent == term.id:
                self.rename(child, name=child.name, wanted_slug=child.slug, parent=term.parent)

    def _forget(self, term: Term) -> None:
        key = _name_key(term.taxonomy, term.name, term.parent)
        if self._by_name.get(key) == term.id:
            del self._by_name[key]
        self._slugs.discard((term.taxonomy, term.slug))

    def _free_slug(self, taxonomy: str, wanted: str) -> str:
        candidate, number = wanted, 1
        while (taxonomy, candidate) in self._slugs:
            number += 1
            candidate = f"{wanted}-{number}"
        self._slugs.add((taxonomy, candidate))
        return candidate

    def below(self, taxonomy: str, term_id: int) -> set[int]:
        """Collect a term's id and those of all terms under it."""
        found, waiting = {term_id}, [term_id]
        while waiting:
            parent = waiting.pop()
            children = [term.id for term in self.of(taxonomy) if term.parent == parent and term.id not in found]
            found.update(children)
            waiting.extend(children)
        return found

    def ordered(self, attribute: GlobalAttribute, term_ids: tuple[int, ...]) -> list[Term]:
        """List an attribute's terms in its own order, whatever order they were given in."""
        known = self._terms.get(attribute.slug, {})
        terms = [known[term_id] for term_id in term_ids if term_id in known]
        return sorted(terms, key=lambda term: _term_order(attribute.order_by, term))

    def attribute_with_slug(self, wanted: str) -> GlobalAttribute | None:
        return next((attribute for attribute in self.attributes.values() if attribute.slug == wanted), None)


def _name_key(taxonomy: str, name: str, parent: int) -> tuple[str, int, str]:
    return taxonomy, parent if taxonomy in HIERARCHICAL else 0, collated(term_name(name))


def _term_order(order_by: str, term: Term) -> tuple[float, str]:
    match order_by:
        case "id":
            return term.id, ""
        case "name":
            return 0, term.name.casefold()
        case "name_num":
            number = term.name.split(" ")[0]
            return (float(number) if number.replace(".", "", 1).isdigit() else 0), term.name
        case _:
            return term.menu_order, term.name.casefold()
