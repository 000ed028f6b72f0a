"""The pages that Shopify sends browsers to. What it signs is verified before anything else (invariant 7)."""

from dataclasses import dataclass

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent

from tillbridge.runtime.connect_pages import Answer, ConnectPages
from tillbridge.runtime.pages import web
from tillbridge.runtime.pages.render import told_page


@dataclass(frozen=True, slots=True)
class ShopifyPages:
    """The pages below ``/connect/shopify``."""

    pages: ConnectPages

    def callback(self, event: APIGatewayProxyEvent) -> Answer:
        """Take the browser back from the shop."""
        return self.pages.done(self.pages.doors.shopify.come_back(web.query_of(event), web.browser_of(event)))

    def app(self, event: APIGatewayProxyEvent) -> Answer:
        """Answer the app's own address: somebody installs it, or opens it, in the shop's admin.

        Without an invitation nobody knows whose shop it is, so that nothing is begun here.
        """
        connection = self.pages.doors.shopify.begun_elsewhere(web.query_of(event))
        if connection is not None:
            return self.pages.page(
                told_page(
                    "This shop is connected",
                    f"{connection.account_name or connection.account_id} is kept in step with its till.",
                    "There is nothing to do here. If something does not work, tell your provider.",
                )
            )
        return self.pages.page(
            told_page(
                "Begin with your provider's link",
                "Nothing has been connected yet: Tillbridge has to know which till this shop belongs to.",
                "Open the link that your provider sent you, and enter this shop there. If you have none, ask your"
                " provider for an invitation.",
            )
        )
