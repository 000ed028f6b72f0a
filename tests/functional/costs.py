"""What a push is foretold to cost, and what it costs."""

from collections.abc import Sequence
from dataclasses import replace

from tests.conformance.front import Front, codes
from tests.unit.systems.woocommerce.samples import mug, shirt
from tillbridge.domain.planning import Write, plan_product
from tillbridge.domain.product import Link, Product, ProductWrite
from tillbridge.domain.settings import DEFAULT_OWNERS, MerchantSettings, Owner
from tillbridge.systems.shop import Work

ALL_TILL = MerchantSettings(owners=dict.fromkeys(DEFAULT_OWNERS, Owner.TILL))


def planned(front: Front, products: Sequence[Product], settings: MerchantSettings = ALL_TILL) -> list[ProductWrite]:
    """Plan as the catalogue lane does; no attempt is noted."""
    links = [front.links.get(product.key, Link(product_key=product.key)) for product in products]
    plans = [plan_product(product, link, settings) for product, link in zip(products, links, strict=True)]
    return [plan.write for plan in plans if isinstance(plan, Write)]


def foretold(front: Front, products: Sequence[Product], settings: MerchantSettings = ALL_TILL) -> int:
    """Ask for the cost, and see that nothing was asked of the shop and nothing kept."""
    front.forget_calls()
    before = dict(front.vocabulary.ids)
    shop, rounds = front.shop(), [Work(writes=planned(front, products, settings))]
    told = shop.cost(rounds)
    assert shop.cost(rounds) == told
    assert (front.calls(), front.vocabulary.ids) == ([], before)
    return told


def spent(front: Front, products: Sequence[Product], settings: MerchantSettings = ALL_TILL) -> int:
    front.forget_calls()
    assert not codes(front.push(*products, settings=settings))
    return len(front.calls())


def assortment(front: Front, simple: int = 3, matrices: int = 2) -> list[Product]:
    """Everything that takes a call: categories on two levels, brands, options, pictures of products and variants."""
    pictures = [front.gallery.picture(f"p{number}") for number in range(4)]
    mugs = [
        mug(
            str(number),
            category_path=("Kitchen", f"Shelf {number % 2}"),
            brand=f"Brand {number % 3}",
            images=tuple(pictures[: number % 3]),
        )
        for number in range(1, simple + 1)
    ]
    shirts = [shirt(str(900 + number)) for number in range(matrices)]
    pictured = [
        replace(
            product,
            images=(pictures[3],),
            variants=tuple(replace(one, image=pictures[place % 2]) for place, one in enumerate(product.variants)),
        )
        for product in shirts[::2]
    ]
    return [*mugs, *pictured, *shirts[1::2]]
