"""Who ordered, and where it goes. Personal data: it is read when it is needed, and never stored or logged by us."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address. ``country`` is a code of two letters (ISO 3166-1) where the shop knows it."""

    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)
    company: str = field(default="", repr=False)
    street: str = field(default="", repr=False)
    street_more: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    state: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    country: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who pays. ``may_mail`` and ``may_call`` are the consent the shop holds; ``None`` where it keeps none.

    The till's own flags say the opposite, and forbid everything unless they are set (facts/lightspeed.md, "Customer").
    ``account`` is the shop's id of somebody who is registered there, "" of a guest, and where no desk needs it.
    """

    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: Address = field(default_factory=Address, repr=False)
    account: str = field(default="", repr=False)
    may_mail: bool | None = None
    may_call: bool | None = None


def private_texts(buyer: Buyer, *addresses: Address | None) -> frozenset[str]:
    """List the texts that tell who somebody is, and where they live; not the state or the country."""
    told = {buyer.email, buyer.phone}
    for one in (buyer.address, *addresses):
        if one is not None:
            told |= {one.first_name, one.last_name, one.company, one.street, one.street_more, one.city, one.postcode}
            told |= {one.phone, f"{one.first_name} {one.last_name}"}
    return frozenset(text.strip() for text in told if text.strip())
