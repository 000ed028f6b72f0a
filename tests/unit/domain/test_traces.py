"""What unanswered writes may have left in a shop's lists is known until it is acknowledged or taken away."""

from dataclasses import replace

import pytest

from tests.unit.systems.woocommerce.samples import mug
from tillbridge.domain.product import Link, ProductOutcome, ProductWrite
from tillbridge.domain.traces import traces_left, with_traces

pytestmark = pytest.mark.unit

MUGS, CUPS, BOWLS = '["Mugs"]', '["Cups"]', '["Bowls"]'
OWNED = frozenset({"category"})


def write(category: str, link: Link, owned: frozenset[str] = OWNED) -> ProductWrite:
    return ProductWrite(product=mug(category_path=(category,)), link=link, owned=owned)


def test_what_was_there_and_what_is_sent_is_kept() -> None:
    link = with_traces(write("Cups", Link(product_key="I42", product_id="17", fields={"category": MUGS})))

    assert link.traces == {"category": (MUGS, CUPS)}
    doubted = replace(link, fields={})
    assert with_traces(write("Bowls", doubted)).traces == {"category": (MUGS, CUPS, BOWLS)}
    assert doubted.put("category") == (MUGS, CUPS)


def test_what_the_shop_owns_and_what_is_nowhere_leaves_no_trace() -> None:
    link = Link(product_key="I42", product_id="17", fields={"category": MUGS})

    assert with_traces(write("Cups", link, frozenset())).traces == {}
    nowhere = ProductWrite(product=mug(), link=Link(product_key="I42"), owned=OWNED)
    assert with_traces(nowhere).traces == {}


@pytest.mark.parametrize(
    ("shown", "left"), [(CUPS, {}), (MUGS, {"category": (MUGS, CUPS)}), ("", {"category": (MUGS, CUPS)})]
)
def test_only_an_acknowledgement_ends_it(shown: str, left: dict[str, tuple[str, ...]]) -> None:
    link = Link(product_key="I42", product_id="17", fields={"category": MUGS})
    sent = write("Cups", link)
    after = replace(with_traces(sent), fields={"category": shown} if shown else {})

    assert traces_left(ProductOutcome(write=sent, link=after)) == left
