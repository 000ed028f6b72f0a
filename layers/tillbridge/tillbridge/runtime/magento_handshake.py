"""Keeps what a Magento activation brings as one secret text, and turns it into an access token later."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace

from tillbridge.domain.grant import Secret
from tillbridge.domain.merchant import System
from tillbridge.domain.shop_keys import KeyKind, ShopKeys
from tillbridge.runtime.credentials import Credentials
from tillbridge.runtime.first_contact import HURRY
from tillbridge.systems.http import HttpClient
from tillbridge.systems.magento.handshake import Activation, exchange


def posted(form: Mapping[str, str]) -> Activation:
    """Check a post; ``InputError`` names the field."""
    return Activation.posted(form)


def sealed(activation: Activation) -> Secret:
    """Write an activation as one secret."""
    return Secret(json.dumps(asdict(activation)))


def opened(told: Secret) -> Activation:
    """Read what ``sealed`` wrote."""
    return Activation(**json.loads(told.reveal()))


def way_back(told: Secret, success_call_back: str) -> str:
    """Check the address that closes the pop-up: the shop's own host, or nothing (an open redirect)."""
    return opened(told).way_back(success_call_back)


def handshake(credentials: Credentials, told: Secret) -> ShopKeys:
    """Exchange for the access token, at the address that the activation names; it was expected."""
    activation = opened(told)
    http = HttpClient(
        System.MAGENTO.value,
        "",
        policy=credentials.policy(http=activation.address.startswith("http://")),
        clock=credentials.clock,
        options=replace(HURRY, ca_bundle=credentials.settings.ca_bundle),
    )
    secrets = exchange(http, activation, credentials.clock)
    return ShopKeys(
        KeyKind.MAGENTO,
        {
            "consumer_key": Secret(secrets.consumer_key),
            "consumer_secret": Secret(secrets.consumer_secret),
            "access_token": Secret(secrets.access_token),
            "access_secret": Secret(secrets.access_secret),
        },
    )
