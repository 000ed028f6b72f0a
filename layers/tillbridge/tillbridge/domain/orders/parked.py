"""Why an order cannot become a sale as things are. Each reason says what the merchant can do."""

from tillbridge.domain.errors import ItemRejectedError


class OrderParkedError(ItemRejectedError):
    """An order waits for a person; its units stay reserved meanwhile."""


class UnlinkedLineError(OrderParkedError):
    """A product of the order is linked with no item, and the merchant wants to wait for that."""


class ForeignCurrencyError(OrderParkedError):
    """The order is in a currency for which there is no rate."""


class FiguresDisagreeError(OrderParkedError):
    """The shop's own figures do not add up to its total."""


class TaxDiffersError(OrderParkedError):
    """The till would work out another tax than the shop has charged."""


class PaymentMissingError(OrderParkedError):
    """A payment is of a kind that no type of the till is chosen for, or the payments do not come to the total."""


class NotMappedError(OrderParkedError):
    """A sale has to point at something that the merchant has not chosen, or that is archived."""


class NothingSoldError(OrderParkedError):
    """Units are to be given back that no sale of ours has sold."""
