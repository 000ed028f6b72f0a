"""Find listings for products that have none: what a person decided first, then the evidence of the last survey.

It only reads. A listing that was found is read once more from the shop, so that the link says what it shows now.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tillbridge.domain.choice import Action, Choice
from tillbridge.domain.desire import Desired
from tillbridge.domain.errors import TillbridgeError
from tillbridge.domain.judging import LinkState, Stuck
from tillbridge.domain.judging_products import Found, Given, Verdict, judge_given, judge_product
from tillbridge.domain.planning import Blocked, Nothing, Plan, Reason, Release
from tillbridge.domain.product import (
    LISTING_GONE,
    KnownVariant,
    Link,
    ListingRef,
    Product,
    ProductOutcome,
    ProductWrite,
)
from tillbridge.flows.evidence import Gathered, gather
from tillbridge.flows.shopkeeper import ShopKeeper
from tillbridge.flows.survey import GONE, GONE_REMEDY, expected, gone_told, surveyed, unseen


@dataclass(slots=True)
class Matches:
    """What came of it.

    ``found`` holds, by product key, links to listings that nobody has stored yet (``outcome.write.link`` is the link as
    it was). ``released`` are the links that lose their listings by it. ``links`` are known ones that have to be seen in
    another way: their listing is gone and is to be made anew. ``back`` are links whose listing was gone and is seen
    again. ``plans`` need no comparison any more. ``observed`` is what the shop was asked for of known links.
    """

    found: dict[str, ProductOutcome] = field(default_factory=dict)
    released: dict[str, Link] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    back: dict[str, Link] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    observed: Sequence[ListingRef] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One product that looks for a listing: its link as it is, and what its former listing has lost."""

    product: Product
    link: Link
    choice: Choice | None = None
    gone: frozenset[ListingRef] = frozenset()


def match_products(
    keeper: ShopKeeper, desired: Mapping[str, Desired], links: Mapping[str, Link], doubted: Collection[str] = ()
) -> Matches:
    """Match what needs it. ``doubted`` are products whose listing may be gone, as somebody noticed."""
    matches = Matches()
    choices = keeper.choices.get(keeper.shop_id, desired)
    for key in [key for key, choice in choices.items() if choice.leaves_alone]:
        matches.plans[key] = _leave_alone(key, links.get(key))
    suspects = [link for link in links.values() if link.product_id and _suspect(link, doubted)]
    missing, matches.observed = unseen(keeper, suspects), expected(suspects)
    matches.back = {
        link.product_key: replace(link, problem=None)
        for link in suspects
        if link.problem and link.problem.code == LISTING_GONE and link.product_key not in missing
    }
    cases = [case for case in _cases(desired, links, choices, missing) if case.product.key not in matches.plans]
    verdicts = judge(keeper, cases)
    wanted = [(case, verdict) for case in cases if isinstance(verdict := verdicts[case.product.key], Found)]
    for case in cases:
        _settle(matches, case, verdicts[case.product.key])
    _link(keeper, matches, wanted)
    return matches


def judge_unlinked(
    keeper: ShopKeeper, products: Iterable[Product], links: Mapping[str, Link], choices: Mapping[str, Choice]
) -> dict[str, Verdict]:
    """Say which listing each of these products without one has, by the last survey; nothing is asked of the shop."""
    cases = []
    for product in products:
        link = links.get(product.key, Link(product_key=product.key))
        cases.append(Case(product, link, _decided(link, choices.get(product.key))))
    return judge(keeper, cases)


def judge(keeper: ShopKeeper, cases: Sequence[Case]) -> dict[str, Verdict]:
    """Say which listing each product has, by the last survey; nothing is asked of the shop."""
    known = surveyed(keeper)
    chosen = {case.choice.product_id for case in cases if case.choice and case.choice.action is Action.LINK}
    looking = [case for case in cases if not _made_anew(case)]
    if not looking or known is None or (known.empty and not chosen):
        return {case.product.key: None for case in cases}
    gone = {ref for case in looking for ref in case.gone}
    gathered = gather(keeper, [case.product for case in looking], chosen, gone)
    verdicts = {case.product.key: _judge_one(case, gathered) for case in looking}
    return {case.product.key: verdicts.get(case.product.key) for case in cases}


def _decided(link: Link, choice: Choice | None) -> Choice | None:
    """Give a decision that was not carried out yet; what came of it is acknowledged later than it was made."""
    if choice is None or choice.leaves_alone:
        return choice
    if link.acknowledged_at and link.acknowledged_at >= choice.decided_at:
        return None
    return choice


def _leave_alone(key: str, link: Link | None) -> Plan:
    if link and (link.product_id or link.problem):
        return Release(link, "a person decided so")
    return Nothing(key)


def _cases(
    desired: Mapping[str, Desired],
    links: Mapping[str, Link],
    choices: Mapping[str, Choice],
    missing: Mapping[str, frozenset[ListingRef]],
) -> list[Case]:
    """List the products that look for a listing: new ones, those whose listing is gone, and decisions of people.

    A link that is in doubt (``attempted_at``) may have made a listing already: the shop's adapter looks for it.
    """
    cases: list[Case] = []
    for key, product in desired.items():
        if not isinstance(product, Product):
            continue
        link = links.get(key, Link(product_key=key))
        choice = _decided(link, choices.get(key))
        relink = choice is not None and choice.action is Action.LINK
        if (not link.product_id and not link.attempted_at) or key in missing or relink:
            cases.append(Case(product, link, choice, missing.get(key, frozenset())))
    return cases


def _suspect(link: Link, doubted: Collection[str]) -> bool:
    return link.product_key in doubted or (link.problem is not None and link.problem.code == LISTING_GONE)


def _made_anew(case: Case) -> bool:
    return case.choice is not None and case.choice.action is Action.CREATE


def _judge_one(case: Case, gathered: Gathered) -> Verdict:
    if case.choice and case.choice.action is Action.LINK:
        verdict = _judge_choice(case, case.choice, gathered)
    else:
        verdict = judge_product(case.product, gathered.items, gathered.evidence)
    if isinstance(verdict, Found) and case.gone and (left := _left_over(case, verdict)):
        return Stuck(
            LinkState.DELETED_IN_SHOP,
            f"Listing {verdict.product_id} could take its place, but has nothing for item {', '.join(left)}.",
            "Add what it lacks.",
        )
    return verdict


def _judge_choice(case: Case, choice: Choice, gathered: Gathered) -> Verdict:
    listed = gathered.named.get(choice.product_id)
    if listed is None:
        return Stuck(
            LinkState.MISSING_IN_SHOP,
            f"It is to be linked with listing {choice.product_id}, which the shop does not show.",
            "Name another with `tillbridge links --load`; one made a moment ago is met by `tillbridge sync --full`.",
        )
    refs = {item_id: ListingRef(choice.product_id, variant) for item_id, variant in choice.variants.items()}
    return judge_given(case.product, gathered.items, Given(listed, refs), gathered.evidence)


def _left_over(case: Case, found: Found) -> list[str]:
    """Name the items that had a listing before and would have none: what was deleted is not made anew unasked."""
    sold = {variant.item_id for variant in case.product.on_sale}
    return [known.item_id for known in case.link.variants if known.item_id in sold - found.refs.keys()]


def _settle(matches: Matches, case: Case, verdict: Verdict) -> None:
    """Deal with what was not found."""
    key = case.product.key
    if _made_anew(case):
        matches.links[key] = _what_is_left(case)
    elif isinstance(verdict, Stuck):
        matches.plans[key] = Blocked(key, (_reason(case, verdict),))
    elif verdict is None and case.gone:
        matches.plans[key] = _deleted(case)


def _reason(case: Case, stuck: Stuck) -> Reason:
    """Say why a product waits. That its listing is gone stays its code, by which it is looked for again."""
    if not case.gone:
        return Reason(str(stuck.state), stuck.happened, stuck.remedy)
    return Reason(LISTING_GONE, f"{gone_told(case.gone)} {stuck.happened}", f"{stuck.remedy} {GONE_REMEDY}")


def _deleted(case: Case) -> Blocked:
    happened = gone_told(case.gone) if case.gone else GONE
    return Blocked(case.product.key, (Reason(LISTING_GONE, happened, GONE_REMEDY),))


def _what_is_left(case: Case) -> Link:
    """Forget what the shop has no longer, so that it is made anew."""
    there = tuple(known for known in case.link.variants if known.ref not in case.gone)
    if there and case.link.product_id:
        return replace(case.link, variants=there)
    return Link(product_key=case.product.key, problem=case.link.problem)


def _link(keeper: ShopKeeper, matches: Matches, wanted: Sequence[tuple[Case, Found]]) -> None:
    """Read the listings that were found, and take over what the till has given up."""
    writes = [ProductWrite(product=case.product, link=_seed(case, found)) for case, found in wanted]
    cases = {case.product.key: case for case, _ in wanted}
    for outcomes in keeper.shop.link_products(writes) if writes else ():
        for outcome in outcomes:
            case = cases[outcome.write.product.key]
            if outcome.error is not None:
                _unreadable(matches, case, outcome.error)
            else:
                matches.found[case.product.key] = replace(outcome, write=replace(outcome.write, link=case.link))
    _take_over(keeper, matches, [found for case, found in wanted if case.product.key in matches.found])


def _seed(case: Case, found: Found) -> Link:
    variants = tuple(KnownVariant(item_id=item_id, ref=ref) for item_id, ref in found.refs.items())
    return Link(product_key=case.product.key, product_id=found.product_id, variants=variants)


def _unreadable(matches: Matches, case: Case, error: TillbridgeError) -> None:
    """A listing that vanished since the survey is no listing; anything else somebody has to mend."""
    key = case.product.key
    if error.code != LISTING_GONE:
        matches.plans[key] = Blocked(key, (Reason(error.code, error.happened, error.remedy),))
    elif case.gone or case.choice:
        matches.plans[key] = _deleted(case)


def _take_over(keeper: ShopKeeper, matches: Matches, founds: Iterable[Found]) -> None:
    """Let go of the links of items that the till has given up; what we took off sale for them comes back on sale."""
    by_item = {item_id: found for found in founds for item_id in found.from_items}
    items = keeper.mirror.items(keeper.till_id, by_item)
    links = keeper.links.get(keeper.shop_id, {item.product_key for item in items.values()})
    losing = {
        item.product_key: links[item.product_key]
        for item_id, item in items.items()
        if item.product_key in links and links[item.product_key].product_id == by_item[item_id].product_id
    }
    off_sale = {link.product_id for link in losing.values() if link.unpublished_by_us}
    for key, outcome in matches.found.items():
        if outcome.link.product_id in off_sale:
            matches.found[key] = replace(outcome, link=replace(outcome.link, unpublished_by_us=True))
    for key, link in losing.items():
        if key not in matches.found:
            matches.released[key] = link
