"""What WooCommerce says when it refuses, and which family of error that is (facts/woocommerce.md, "Errors").

Messages are translated into the shop's language, so only codes are looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
from tillbridge.systems.woocommerce.api.json_text import read_json

CANNOT = "woocommerce_rest_cannot_"
NOT_AUTHENTICATED = "woocommerce_rest_authentication_error"
NO_ROUTE = "rest_no_route"
DUPLICATE_SKU = "product_invalid_sku"
UNAUTHORISED, FORBIDDEN, NOT_FOUND, TOO_LARGE = 401, 403, 404, 413

LONGEST_MESSAGE = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error as the shop words it; ``resource_id`` names what stands in the way, where the shop says so."""

    code: str
    message: str = ""
    status: int = 0
    resource_id: str = ""
    params: tuple[str, ...] = field(default=())

    @property
    def told(self) -> str:
        """Give what the shop said, or its code where it said nothing."""
        return self.message or self.code

    @property
    def listing_gone(self) -> bool:
        """Tell whether what was to be changed is no longer there."""
        return self.code in {
            "woocommerce_rest_product_invalid_id",
            "woocommerce_rest_product_variation_invalid_id",
            "woocommerce_rest_product_variation_invalid_parent",
        }

    @property
    def sku_taken(self) -> bool:
        """Tell whether another listing that is not in the trash has the SKU."""
        return self.code == DUPLICATE_SKU

    @property
    def sku_blocked(self) -> bool:
        """Tell whether the shop's own table of SKUs objects: one is in the trash, or being created this moment."""
        return self.code in {"woocommerce_rest_product_not_created", "woocommerce_rest_product_variation_not_created"}

    @property
    def bad_image(self) -> bool:
        """Tell whether a picture could not be fetched."""
        return self.code in {"woocommerce_product_image_upload_error", "woocommerce_variation_image_upload_error"}

    @property
    def image_gone(self) -> bool:
        """Tell whether a picture known by its id is no longer in the media library."""
        return self.code in {"woocommerce_product_invalid_image_id", "woocommerce_variation_invalid_image_id"}

    @property
    def term_exists(self) -> bool:
        """Tell whether a category, term or brand of this name exists; then ``resource_id`` is its id."""
        return self.code == "term_exists" and bool(self.resource_id)

    @property
    def attribute_gone(self) -> bool:
        """Tell whether terms were asked of an attribute that no longer exists."""
        return self.code in {"woocommerce_rest_taxonomy_invalid", "woocommerce_rest_invalid_attribute"}


class RefusedError(ItemRejectedError):
    """A refusal that concerns what was asked, not who asked."""

    def __init__(self, refusal: Refusal, subject: Subject) -> None:
        """Say what the shop said, in its own language and shortened."""
        told = f": {refusal.message}" if refusal.message else ""
        super().__init__(
            f"The shop refused it ({refusal.code}{told}).", code=refusal.code or "refused", subject=subject
        )
        self.refusal = refusal


def refusal_in(said: Json) -> Refusal | None:
    """Read ``{"code", "message", "data"}``; ``data`` may be an object, a number or missing."""
    if not isinstance(said, Mapping) or not isinstance(said.get("code"), str | int):
        return None
    data = said.get("data")
    details: Mapping[str, Json] = data if isinstance(data, dict) else {"status": data}
    status, params = details.get("status"), details.get("params")
    return Refusal(
        code=str(said["code"]),
        message=str(said.get("message") or "")[:LONGEST_MESSAGE],
        status=status if isinstance(status, int) else 0,
        resource_id=str(details.get("resource_id") or ""),
        params=tuple(params) if isinstance(params, dict) else (),
    )


def refused(answer: Answer) -> Refusal | None:
    """Read the refusal of a whole answer; ``None`` when it is none in WooCommerce's form."""
    if answer.ok:
        return None
    try:
        return refusal_in(read_json(answer))
    except NoJsonError:
        return None


def failure_of(answer: Answer) -> TillbridgeError:
    """Choose the family of a 4xx answer."""
    refusal = refused(answer)
    if answer.status == TOO_LARGE:
        return SystemDownError(f"{answer.place} was refused as too large.", code="Http413", subject=answer.subject)
    if refusal is None:
        return _no_word_of_woocommerce(answer)
    subject = answer.subject
    match answer.status:
        case 401:
            return _unauthorised(refusal, subject)
        case 403:
            return MissingRightError(
                "The key's user may not manage the shop.",
                remedy="Create the key for a user whose role is Administrator or Shop manager, and connect again.",
                code="WrongRole",
                subject=subject,
            )
        case 404 if refusal.code == NO_ROUTE:
            return MisconfiguredSystemError(
                "WordPress answers, but WooCommerce does not.",
                remedy="Activate the WooCommerce plugin in WordPress, under Plugins.",
                code="NoWooCommerce",
                subject=subject,
            )
        case _:
            return RefusedError(refusal, subject)


def _unauthorised(refusal: Refusal, subject: Subject) -> TillbridgeError:
    if refusal.code == NOT_AUTHENTICATED:
        return UnauthorisedError(
            "The shop refuses the key: it does not know it, its secret is wrong, or it may only read.",
            remedy="Create a new key with the permission Read/Write in WooCommerce > Settings > Advanced > REST API.",
            code="KeyRefused",
            subject=subject,
        )
    return UnauthorisedError(
        "The shop does not know the key: it, or its user, was deleted, or the host hides the key from WordPress.",
        remedy="Connect the shop again; if that fails too, ask the host to pass on the Authorization header.",
        code="KeyUnknown",
        subject=subject,
    )


def _no_word_of_woocommerce(answer: Answer) -> TillbridgeError:
    """Sort a 4xx that some other program wrote: a firewall, a cache, a page of WordPress.

    The address that worked before answers a page only when permalinks were changed or the site moved. All else may be
    a firewall that dislikes one product's text: transport trouble, which makes batches smaller.
    """
    if answer.status == NOT_FOUND:
        return MisconfiguredSystemError(
            f"{answer.place} is not there: the site has moved, or its permalinks were set to plain.",
            remedy="In WordPress choose any permalinks but plain, under Settings > Permalinks.",
            code="NoApi",
            subject=answer.subject,
        )
    return stopped(answer, "WooCommerce", "If it stays so, let the host's firewall pass requests to /wp-json/wc/v3.")
