"""How a connection can fail to come about. Each says what to do; nothing was changed (invariant 7)."""

from collections.abc import Sequence

from tillbridge.domain.errors import InputError, MissingRightError
from tillbridge.domain.merchant import Connection, System
from tillbridge.domain.shop_keys import ShopKeys

AGAIN = "Open the link once more and begin again; nothing has been changed."

LINK_USED = "InvitationUsed"
"""Code of the one refusal that is good news."""


def bad_link() -> InputError:
    """The link is not one that we signed: cut off, changed on its way, or made up."""
    return InputError(
        "invitation",
        "This link is not complete: a part of it got lost or was changed on its way.",
        remedy="Open it exactly as you received it; copy all of it if your mail program breaks it. If that does not"
        " help, ask your provider for a new one.",
        code="BadInvitation",
    )


def expired_link() -> InputError:
    """The invitation is ours and too old."""
    return InputError(
        "invitation",
        "This link is older than seven days, and has ended for your safety.",
        remedy="Ask your provider for a new one. What is connected already goes on working.",
        code="InvitationExpired",
    )


def used_link() -> InputError:
    """The invitation is ours and was used: only a connection that came about uses one up."""
    return InputError(
        "invitation",
        "This link was used already: what it was for has been connected.",
        remedy="There is nothing left to do. If the connection does not work any more, or if it was not you who used"
        " it, ask your provider for a new link.",
        code=LINK_USED,
    )


def other_browser() -> InputError:
    """The answer came to a browser that did not ask."""
    return InputError(
        "browser",
        "This was begun in another browser, or your browser does not keep cookies of this page.",
        remedy="Open the link in the browser that you want to use, allow cookies, and finish there.",
        code="OtherBrowser",
    )


def stale() -> InputError:
    """The answer is unknown, came twice, or came too late."""
    return InputError(
        "state",
        "This step was finished already, took longer than ten minutes, or was not begun here.",
        remedy=AGAIN,
        code="StaleAttempt",
    )


def denied(system: str) -> InputError:
    """The merchant said no."""
    return InputError(
        "approval",
        f"Nothing has been connected, because the access was not approved in {system}.",
        remedy="If that was a mistake, open the link once more and approve it; otherwise there is nothing to do.",
        code="Denied",
    )


def refused_by_vendor(system: str) -> InputError:
    """The vendor sent the browser back with an error of its own."""
    return InputError(
        "approval",
        f"{system} ended the authorisation with an error of its own.",
        remedy=f"{AGAIN} If it happens again, tell your provider.",
        code="VendorError",
    )


def bad_code(system: str) -> InputError:
    """The code is too old, used or not for us."""
    return InputError(
        "code",
        f"{system} did not take the approval: it lasts for a minute only and counts once.",
        remedy=AGAIN,
        code="BadCode",
    )


def missing_rights(missing: Sequence[str]) -> MissingRightError:
    """The employee who approved may not do what is needed."""
    return MissingRightError(
        "The employee who approved lacks rights.",
        missing=missing,
        remedy="Give the employee these rights in the till, or approve with an employee who has them.",
        code="MissingRights",
    )


def other_till(connected: Connection) -> InputError:
    """A merchant has one till, and it is another one."""
    name = connected.account_name or connected.account_id
    return InputError(
        "account",
        f"You approved another account than the one that is connected, which is {name}.",
        remedy=f"Log in to {name} and approve again, or have that account disconnected first.",
        code="OtherAccount",
    )


def no_keys() -> InputError:
    """The browser came back, but the keys never came."""
    return InputError(
        "keys",
        "The shop sent you back, but its keys did not arrive here.",
        remedy=f"{AGAIN} If it happens again, make a key by hand under WooCommerce > Settings > Advanced > REST API.",
        code="NoKeys",
    )


def weak_keys(permissions: str) -> InputError:
    """The keys do not suffice."""
    return InputError(
        "key_permissions",
        f"The key may only {permissions}, but stock and products have to be read and written.",
        remedy="Approve read and write access.",
        code="WeakKeys",
    )


def other_keys(system: System, keys: ShopKeys) -> InputError:
    """The keys are another system's."""
    return InputError(
        "keys",
        f"These are keys of {keys.system.value}, and not of {system.value}.",
        remedy=f"Run `tillbridge connect {keys.system.value}`, or give the keys of {system.value}.",
        code="OtherKeys",
    )


def wrong_system() -> InputError:
    """The invitation is for something else than the page it was used at."""
    return InputError(
        "invitation", "This link is for connecting another system.", remedy="Open the link itself.", code="WrongSystem"
    )


def wrong_shop(asked: str, came: str) -> InputError:
    """Another shop answered than the one that was asked, or than the one that the link is for."""
    return InputError(
        "shop",
        f"This link is for the shop {asked}, and it was used with {came or 'another one'}.",
        remedy=f"Use it with {asked}. For another shop, ask your provider for a link of its own.",
        code="WrongShop",
    )


def missing_scopes(system: str, missing: Sequence[str]) -> MissingRightError:
    """The merchant granted less than was asked for."""
    return MissingRightError(
        f"{system} did not grant everything that is needed.",
        missing=missing,
        remedy=f"Open the link once more and approve all of it. If {system} does not offer it, tell your provider: the"
        " app has to be allowed to ask for it.",
        code="MissingRights",
    )


def taken_shop(account: str) -> InputError:
    """Somebody else of this deployment has the shop: two would take turns in overwriting each other."""
    return InputError(
        "shop",
        f"{account} is connected already, and not by this link's merchant.",
        remedy="Ask your provider: that connection has to be ended first.",
        code="TakenShop",
    )


def not_expected(account: str) -> InputError:
    """Somebody approved the app at the vendor's, and nobody here waits for that account."""
    return InputError(
        "context",
        f"Nothing has been connected: Tillbridge has to know first which till {account} belongs to.",
        remedy="Open the link that your provider sent you, enter this shop there, and approve once more within an"
        " hour. If you have no link, ask your provider for one.",
        code="NotExpected",
    )


def no_activation() -> InputError:
    """The pop-up came, and what the shop's server should have brought before did not."""
    return InputError(
        "oauth_consumer_key",
        "The shop opened this page, but its keys did not arrive here, or are older than this link.",
        remedy="Check that the callback URL of the integration is the one that was shown, open your link again, and"
        " press Activate or Reauthorize in the shop's admin.",
        code="NoActivation",
    )
