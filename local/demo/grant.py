"""The merchant's grant: renewed when the till refuses its token, told and mended when it is revoked."""

from dataclasses import dataclass

from local.demo.goods import Article
from local.demo.opening import press_on
from local.demo.post import PostBox
from local.demo.sale import sell
from local.demo.shop_window import ShopWindow
from local.demo.story import MERCHANT, OWNER, Story

LOST, FOUND = "Please connect Lightspeed Retail again", "Lightspeed Retail works again"


@dataclass(frozen=True, slots=True)
class Granted:
    """Has the till end tokens and grants."""

    story: Story

    def is_renewed(self, article: Article) -> None:
        """End the access token before its time: whoever meets that renews it once, and stock goes on arriving."""
        story, stage = self.story, self.story.stage
        connection = self._connection()
        before, asked = stage.token_version(connection), stage.token_calls()
        story.say(
            f"\nThe access token in the vault, version {before}, has most of its hour left. The till ends it now."
        )
        stage.till("revoke", client=stage.app["id"], only_access=True)
        sell(story, article)
        after, calls = stage.token_version(connection), stage.token_calls() - asked
        story.hold(after == before + 1, f"the vault holds version {after}", f"it was {before} and is {after}")
        story.hold(calls == 1, "the token server was asked exactly once", f"it was asked {calls} times")

    def is_revoked(self, article: Article) -> None:
        """Revoke the grant, and come back through the mail's link: what was sold meanwhile arrives."""
        self._lose(article)
        self._come_back(article)

    def _lose(self, article: Article) -> None:
        story, stage, post = self.story, self.story.stage, self._post()
        story.say("\nThe merchant revokes the access at the till, then sells one more of " + str(article) + ".")
        stage.till("revoke", client=stage.app["id"])
        stage.till("sell", item=article.item_id, shop=article.place, quantity=1)
        story.arrives(f"one mail has gone out, “{LOST}”,", post.subjects, [LOST])
        stage.tillbridge("status", "--merchant", MERCHANT, live=True)
        (merchant,) = stage.answer("status", "--merchant", MERCHANT, quietly=True)
        till = next(one for one in merchant["connections"] if one["connection"]["system"] == "lightspeed")
        state, cause, evidence = till["connection"]["state"], till["connection"]["cause"], till["evidence"]
        told = state == "broken" and "revoked in the till" in cause and "has been revoked" in evidence
        story.hold(told, "work pauses, and the bridge says why and what shows it", f"{state}: {cause} {evidence}")
        seen = ShopWindow(stage).quantity(article.sku)
        story.hold(seen == article.shown, f"the shop still shows {article.shown}: the sale waits", f"it shows {seen}")

    def _come_back(self, article: Article) -> None:
        story, browser, post = self.story, self.story.stage.browser, self._post()
        story.say("\nThe merchant opens the mail's link and approves.")
        press_on(browser, browser.open(post.link()), "Approve")
        left = article.shown - 1
        story.arrives(f"the sale is in the shop, which shows {left},", lambda: self._shown(article), left)
        story.arrives(f"one more mail has gone out, “{FOUND}”,", post.subjects, [LOST, FOUND])

    def _shown(self, article: Article) -> int:
        return ShopWindow(self.story.stage).quantity(article.sku)

    def _post(self) -> PostBox:
        return PostBox(self.story.stage, OWNER)

    def _connection(self) -> str:
        rows = self.story.stage.answer("connections", "--merchant", MERCHANT, quietly=True)
        return next(str(row["connection"]) for row in rows if row["system"] == "lightspeed")
