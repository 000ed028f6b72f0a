"""Sends documents to a stand-in as an app does, in this process."""

from typing import Any

from sandbox.shopify.app import build_app
from sandbox.shopify.settings import App
from sandbox.shopify.shop import Shop

APP = App("contract-app", "contract-secret")
VERSION = "2026-07"


class Api:
    """Sends documents as the app does, in this process."""

    def __init__(self, shop: Shop) -> None:
        self.client = build_app(shop).test_client()
        self.token = shop.issue(APP).value

    def send(self, text: str, variables: Any = None) -> Any:
        answer = self.client.post(
            f"/admin/api/{VERSION}/graphql.json",
            json={"query": text, "variables": variables or {}},
            headers={"X-Shopify-Access-Token": self.token},
        )
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        assert "errors" not in answer.json, answer.json["errors"]
        return answer.json["data"]
