"""The hand-off of a WooCommerce shop's keys (facts/woocommerce.md, "Key hand-off")."""

from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from tillbridge.domain.errors import InputError
from tillbridge.domain.grant import Secret
from tillbridge.domain.shop_keys import HandedKeys, ShopKeys

APP_NAME = "Tillbridge"
SCOPE = "read_write"
PAGE = "/wc-auth/v1/authorize"


class WireKeys(BaseModel):
    """What the shop's server posts; ``user_id`` is the nonce that we gave along."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    user_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
    consumer_key: Annotated[str, StringConstraints(pattern=r"^ck_[A-Za-z0-9]{8,128}$")]
    consumer_secret: Annotated[str, StringConstraints(pattern=r"^cs_[A-Za-z0-9]{8,128}$")]
    key_permissions: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,32}$")]


def hand_off_link(public_url: str, address: str, nonce: str) -> str:
    """Give the shop's page on which its owner approves. The shop takes only a callback with https."""
    query = {
        "app_name": APP_NAME,
        "scope": SCOPE,
        "user_id": nonce,
        "return_url": f"{public_url}/connect/woocommerce/return",
        "callback_url": f"{public_url}/connect/woocommerce/keys",
    }
    return f"{address}{PAGE}?{urlencode(query)}"


def read_hand_off(body: str) -> HandedKeys:
    """Verify a delivery; ``InputError`` names the field and shows nothing of it."""
    try:
        wire = WireKeys.model_validate_json(body)
    except ValidationError as error:
        field = ".".join(map(str, error.errors(include_input=False, include_url=False)[0]["loc"])) or "body"
    else:
        keys = ShopKeys.woocommerce(Secret(wire.consumer_key), Secret(wire.consumer_secret))
        return HandedKeys(nonce=wire.user_id, keys=keys, permissions=wire.key_permissions)
    raise InputError(
        field,
        f"{field} is not as WooCommerce sends it.",
        remedy="Only a shop's own hand-off of keys is taken here.",
        code="BadHandOff",
    )
