"""What Magento says when it refuses, and which family of error that is (facts/magento.md, sections 1 and 2)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tillbridge.domain.errors import (
    ItemRejectedError,
    MisconfiguredSystemError,
    MissingRightError,
    Subject,
    SystemDownError,
    TillbridgeError,
    UnauthorisedError,
)
from tillbridge.systems.common.sending import stopped
from tillbridge.systems.http import Answer, Json, NoJsonError

BAD_REQUEST, UNAUTHORISED, FORBIDDEN, NOT_FOUND, TOO_LARGE = 400, 401, 403, 404, 413
LONGEST_MESSAGE = 300

_PLACEHOLDER = re.compile(r"%(\d+|[A-Za-z_]\w*)")
_REPORT = re.compile(r"Report ID: (webapi-\w+)")

SIGNATURE = "The signature is invalid"
NONCE_USED = "The nonce is already being used"
NONCE_WRONG = "An error occurred validating the nonce"

RIGHTS: Mapping[str, str] = {
    "Magento_Catalog::products": "Catalog > Inventory > Products",
    "Magento_Catalog::categories": "Catalog > Inventory > Categories",
    "Magento_Catalog::attributes_attributes": "Stores > Attributes > Product",
    "Magento_Catalog::sets": "Stores > Attributes > Attribute Set",
    "Magento_Sales::actions_view": "Sales > Operations > Orders > Actions > View",
    "Magento_Sales::shipment": "Sales > Operations > Shipments",
    "Magento_Sales::sales_creditmemo": "Sales > Operations > Credit Memos",
    "Magento_Sales::creditmemo": "Sales > Operations > Orders > Actions > Credit Memos",
    "Magento_Sales::ship": "Sales > Operations > Orders > Actions > Ship",
    "Magento_Customer::customer": "Customers",
    "Magento_Sales::comment": "Sales > Operations > Orders > Actions > Comment",
    "Magento_Backend::store": "Stores > Settings > All Stores",
    "Magento_Tax::manage_tax": "Stores > Taxes",
    "Magento_InventoryApi::source": "Stores > Inventory > Sources",
    "Magento_InventoryApi::stock": "Stores > Inventory > Stocks",
    "Magento_CatalogInventory::cataloginventory": "Catalog > Inventory",
    "Magento_Logging::system_magento_logging_bulk_operations": "System > Action Logs > Bulk Actions",
}
"""What Admin calls the resources of our work."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error as the shop words it. ``template`` has placeholders, ``told`` has them filled in."""

    status: int
    template: str
    told: str
    resources: str = ""
    limit: int = 0  # the most rows, where that is what it refused

    def says(self, *beginnings: str) -> bool:
        """Tell whether it is one of these messages."""
        return any(beginning.casefold() in self.template.casefold() for beginning in beginnings)

    @property
    def no_route(self) -> bool:
        """Tell whether the shop has no such call at all: a module is off, or older."""
        return self.status == NOT_FOUND and self.says("Request does not match any route")

    @property
    def gone(self) -> bool:
        """Tell whether what was meant is no longer there."""
        return self.status == NOT_FOUND and not self.no_route

    @property
    def too_many(self) -> bool:
        """Tell whether an array held more rows than the shop's input limits allow."""
        return self.says("Maximum items of type", "Maximum SearchCriteria pageSize")

    @property
    def url_key_taken(self) -> bool:
        """Tell whether another product has the address."""
        return self.says("URL key for specified store already exists")

    @property
    def there_already(self) -> bool:
        """Tell whether it asked for something that is so already."""
        return self.says("already attached", "already exist")

    @property
    def encoded_slash(self) -> bool:
        """Tell whether a web server refused an encoded slash before Magento saw it."""
        return self.template == ENCODED_SLASH


ENCODED_SLASH = "encoded slash"


class RefusedError(ItemRejectedError):
    """A refusal that concerns what was asked, not who asked."""

    def __init__(self, refusal: Refusal, subject: Subject) -> None:
        """Say what the shop said, shortened."""
        super().__init__(f"The shop refused it: {refusal.told}", code="refused", subject=subject)
        self.refusal = refusal


def refused(answer: Answer) -> Refusal | None:
    """Read the refusal of an answer; ``None`` when it is none in Magento's form."""
    if answer.ok:
        return None
    try:
        said = answer.json()
    except NoJsonError:
        return None
    if not isinstance(said, dict) or not isinstance(said.get("message"), str):
        return None
    return refusal_in(said, answer.status)


def refusal_in(said: Mapping[str, Json], status: int) -> Refusal:
    """Read ``{"message", "parameters", "errors"}`` and fill in the placeholders."""
    rows = said.get("errors")
    more = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    parts = [_filled(row.get("message"), row.get("parameters")) for row in (said, *more)]
    parameters = said.get("parameters")
    resources = parameters.get("resources") if isinstance(parameters, dict) else ""
    return Refusal(
        status=status,
        template=" ".join(str(row.get("message") or "") for row in (said, *more)),
        told=" ".join(dict.fromkeys(part for part in parts if part))[:LONGEST_MESSAGE],
        resources=str(resources or ""),
        limit=_number(parameters.get("max")) if isinstance(parameters, dict) else 0,
    )


def _filled(message: Json, parameters: Json) -> str:
    """Put parameters where they belong: by number, by name, and names paired with a list in their order."""
    values = list(parameters.values()) if isinstance(parameters, dict) else parameters
    in_order = iter(values if isinstance(values, list) else [])
    by_name = parameters if isinstance(parameters, dict) else {}

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name in by_name:
            return str(by_name[name])
        if name.isdecimal():
            return _at(values, int(name) - 1, found[0])
        return str(next(in_order, found[0]))

    return _PLACEHOLDER.sub(value, str(message or ""))


def _number(value: Json) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0


def _at(values: object, place: int, otherwise: str) -> str:
    known = isinstance(values, Sequence) and not isinstance(values, str) and 0 <= place < len(values)
    return str(values[place]) if known and isinstance(values, Sequence) else otherwise


def report_id(answer: Answer) -> str:
    """Find the number under which the shop's own log tells of a failure."""
    refusal = refused(answer)
    found = _REPORT.search(refusal.told) if refusal else None
    return found[1] if found else ""


def failure_of(answer: Answer, *, slashed: bool = False) -> TillbridgeError:
    """Choose the family of a 4xx answer. ``slashed`` says that the path held an encoded slash."""
    refusal = refused(answer)
    if answer.status == TOO_LARGE:
        return SystemDownError(f"{answer.place} was refused as too large.", code="Http413", subject=answer.subject)
    if refusal is None:
        return _no_word_of_magento(answer, slashed=slashed)
    if answer.status in {UNAUTHORISED, FORBIDDEN}:
        return _unauthorised(refusal, answer.subject)
    return RefusedError(refusal, answer.subject)


def _unauthorised(refusal: Refusal, subject: Subject) -> TillbridgeError:
    if refusal.resources and refusal.resources != "self":
        named = [RIGHTS.get(one.strip(), one.strip()) for one in refusal.resources.split(",")]
        return MissingRightError(
            "The integration lacks rights:",
            missing=named,
            remedy="In Admin, under System > Extensions > Integrations, tick them on the tab API and reauthorize it.",
            code="MissingRight",
            subject=subject,
        )
    if refusal.says(NONCE_USED):
        return SystemDownError("The shop took a request for one that it had seen.", code="NonceUsed", subject=subject)
    if refusal.says(NONCE_WRONG):
        return MisconfiguredSystemError(
            "The clock of the shop's server is more than ten minutes slow, so that it refuses every signature.",
            remedy="Ask the shop's host to set the clock of the server (NTP).",
            code="ClockSlow",
            subject=subject,
        )
    if refusal.says(SIGNATURE):
        return UnauthorisedError(
            "The shop does not accept our signature: a secret is wrong, or a proxy changes the address of requests.",
            remedy="Connect the shop again. If that fails too, ask the host whether scheme and host name of requests "
            "reach Magento as shoppers use them.",
            code="SignatureInvalid",
            subject=subject,
        )
    return UnauthorisedError(
        f"The shop does not accept the integration: {refusal.told}",
        remedy="In Admin, under System > Extensions > Integrations, see that it is active, and connect the shop again; "
        "if that fails too, ask the host to pass on the Authorization header.",
        code="IntegrationRefused",
        subject=subject,
    )


def _no_word_of_magento(answer: Answer, *, slashed: bool) -> TillbridgeError:
    """Sort a 4xx that some other program wrote: a web server, a firewall, a password page."""
    if answer.status == NOT_FOUND and slashed:
        told = "The web server refuses a slash in the address of a product."
        return RefusedError(Refusal(NOT_FOUND, ENCODED_SLASH, told), answer.subject)
    if answer.status == NOT_FOUND:
        return MisconfiguredSystemError(
            f"{answer.place} is not there: the shop has moved, or its address is another one.",
            remedy="Connect again with the address at which the shop's front page opens, without index.php.",
            code="NoApi",
            subject=answer.subject,
        )
    return stopped(
        answer, "Magento", "If it stays so, let the host's firewall or password protection pass requests to /rest."
    )
