"""What Lightspeed's token server is called, and which rights we ask for (facts/lightspeed.md, A1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of the server of 2024-07-31 below a base such as ``https://cloud.lightspeedapp.com``."""

    base: str

    @property
    def authorize(self) -> str:
        """Where the merchant's browser is sent."""
        return f"{self.base}/auth/oauth/authorize"

    @property
    def token(self) -> str:
        """Where codes and refresh tokens are exchanged for pairs."""
        return f"{self.base}/auth/oauth/token"

    @property
    def revoke(self) -> str:
        """Where a grant is given back."""
        return f"{self.base}/auth/oauth/revoke"


SCOPES = {
    "employee:inventory": "read the items, their pictures, categories, brands and price levels, and the stock of each"
    " location: this is what your web shops show",
    "employee:product_cost": "read products with variants, such as sizes and colours; Lightspeed shows them only"
    " together with cost prices, which are not kept",
}
"""The fewest scopes that the reading of a till needs, with what for. ``inventory`` covers ``inventory_read``."""

SELLING_SCOPES = {
    "employee:register": "write a sale for each web order, and a refund for what is given back",
    "employee:customers": "find or make the customer of a web order, and see which sales have been shipped",
}
"""The fewest scopes that selling needs besides, asked for when web orders are to become sales."""
