"""Whatever a till and a shop hold: no listing is given away twice, and the order of rows decides nothing."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.domain.samples import item, settings, variant
from tests.unit.domain.test_judging import CODE, OTHER_CODE, Scene, shirt, simple
from tillbridge.domain.judging import Stuck
from tillbridge.domain.judging_products import Found, Verdict
from tillbridge.domain.settings import MatchField

SKUS = st.sampled_from(["", "A", "a ", "B", "C", CODE])


CODES = st.sampled_from(["", CODE, OTHER_CODE, f"0{OTHER_CODE}"])


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    items = [
        item(
            str(number),
            custom_sku=draw(SKUS),
            manufacturer_sku=draw(SKUS),
            ean=draw(CODES),
            archived=draw(st.integers(0, 5)) == 0,
        )
        for number in range(1, draw(st.integers(1, 5)) + 1)
    ]
    items += [
        variant(str(number), draw(st.sampled_from(["Red", "Blue", "Green"])), custom_sku=draw(SKUS), ean=draw(CODES))
        for number in range(11, 11 + draw(st.integers(0, 3)))
    ]
    listed = [simple(str(number), draw(SKUS), draw(CODES)) for number in range(100, 100 + draw(st.integers(0, 4)))]
    rows = draw(st.lists(st.tuples(SKUS, st.tuples(st.sampled_from(["Red", "Blue", "red "]))), max_size=3))
    listed += [shirt("200", *rows)] if rows else []
    order = draw(st.permutations(list(MatchField)))
    chosen = settings(match_by=tuple(order[: draw(st.integers(1, 5))]))
    refs = [one.ref for product in listed for one in product.variants]
    linked = {ref: draw(st.sampled_from(items)).item_id for ref in refs if draw(st.integers(0, 4)) == 0}
    return Scene(items, listed, chosen, linked)


def judged(scene: Scene) -> dict[str, Verdict]:
    keys = {one.product_key for one in scene.items if not one.archived}
    found: dict[str, Verdict] = {}
    for key in sorted(keys):
        try:
            found[key] = scene.judge(key)
        except AssertionError:
            continue  # it cannot be shown at all, for instance for want of options
    return found


@given(scenes())
def test_no_listing_ever_goes_to_two_items(scene: Scene) -> None:  # invariant 8
    verdicts = judged(scene)
    refs = [ref for verdict in verdicts.values() if isinstance(verdict, Found) for ref in verdict.refs.values()]
    assert len(refs) == len(set(refs))
    living = {one.item_id for one in scene.items if not one.archived}
    for verdict in verdicts.values():
        if isinstance(verdict, Found):
            assert {ref.product_id for ref in verdict.refs.values()} == {verdict.product_id}
            for item_id, ref in verdict.refs.items():
                assert scene.linked.get(ref, item_id) not in living - {item_id}, "taken from a living item"
        if isinstance(verdict, Stuck):
            assert verdict.happened.endswith(".")
            assert verdict.remedy.endswith(".")


@given(scenes(), st.randoms())
def test_the_order_of_rows_decides_nothing(scene: Scene, random: Any) -> None:
    shuffled = Scene(list(scene.items), list(scene.listed), scene.settings, scene.linked)
    random.shuffle(shuffled.items)
    random.shuffle(shuffled.listed)
    kinds = {key: (type(verdict), getattr(verdict, "refs", None)) for key, verdict in judged(scene).items()}
    assert {key: (type(one), getattr(one, "refs", None)) for key, one in judged(shuffled).items()} == kinds
