"""What a connection check found, in words for the merchant (facts/magento.md, sections 1 and 2)."""

from collections.abc import Sequence

from tillbridge.domain.errors import MisconfiguredSystemError, MissingRightError, Subject

NO_TLS = "The shop has no https: what it sends can be read on the way. Ask the host for a certificate."
TAX_UNKNOWN = (
    "Magento does not tell whether its prices include tax. See that the till's prices are kept as the setting Catalog "
    "Prices says, under Stores > Configuration > Sales > Tax."
)
SEVERAL_WEBSITES = (
    "The shop has several websites: {names}. Products and prices are written for all of them; a new product goes to "
    "every website."
)
SEVERAL_CURRENCIES = "The shop's websites have several base currencies: {names}. Prices are written as numbers of each."
OTHER_SOURCES = (
    "Other sources than {source} have stock as well: {names}. Their figures are left alone until the till's locations "
    "are mapped to sources."
)
SINGLE_STOCK = "The shop's inventory modules are off: each product has one figure, and locations cannot be mapped."
NO_BULKS = (
    "Large writes go one by one for a day. {why} Have the host run cron and the consumer async.operations.all, or take "
    "the shop out of the setting bulk_shops."
)
CLOCKS_DIFFER = "The clock of the shop's server is off by {minutes} minutes. Ask the host to set it (NTP)."


def without_bulks(why: str) -> tuple[str, ...]:
    """Say that bulks are wanted and not used, if they are not."""
    return (NO_BULKS.format(why=why),) if why else ()


def not_let_in(subject: Subject) -> MisconfiguredSystemError:
    """Say that nothing at all is allowed: what comes without its signature is nobody in particular."""
    return MisconfiguredSystemError(
        "The shop takes our requests for a stranger's: the host takes the Authorization header away, or the "
        "integration is not active, or has no rights at all.",
        remedy="In Admin, under System > Extensions > Integrations, see that the integration is active and has its "
        "rights on the tab API; if it is so, ask the host to pass the Authorization header on to PHP.",
        code="NotLetIn",
        subject=subject,
    )


def rights_missing(missing: Sequence[MissingRightError], subject: Subject) -> MissingRightError:
    """Name all rights that are missing at once."""
    named = list(dict.fromkeys(right for error in missing for right in error.missing))
    return MissingRightError(
        "The integration lacks rights:",
        missing=named,
        remedy=missing[0].remedy,
        code="MissingRight",
        subject=subject,
    )


def no_magento(subject: Subject) -> MisconfiguredSystemError:
    """Say that something answers there that is no Magento."""
    return MisconfiguredSystemError(
        "What answers at this address is no Magento 2 shop.",
        remedy="Connect again with the address at which the shop's front page opens, and its folder if it has one.",
        code="NoMagento",
        subject=subject,
    )
