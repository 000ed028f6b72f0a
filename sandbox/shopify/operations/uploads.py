"""Staged uploads: places where an app puts files that have no address yet (facts/shopify.md, sections 7 and 9)."""

from collections.abc import Mapping, Sequence

from sandbox.common.json_types import JsonObject
from sandbox.shopify.catalogue.files import UPLOADS
from sandbox.shopify.info import SHOP_ID
from sandbox.shopify.operations.model import StagedUpload
from sandbox.shopify.web.context import Context
from sandbox.shopify.web.errors import refuse
from sandbox.shopify.web.resolving import Input, mutation

_SIZED = frozenset({"VIDEO", "MODEL_3D"})


@mutation
def staged_uploads_create(_root: object, context: Context, input: Sequence[Input]) -> Mapping[str, object]:
    """Make a place for each file."""
    for place, entry in enumerate(input):
        if entry["resource"] in _SIZED and entry.get("fileSize") is None:
            raise refuse("file size is required for this resource", "input", str(place), "fileSize")
    return {"stagedTargets": [_target(context, entry) for entry in input], "userErrors": []}


def _target(context: Context, entry: Input) -> JsonObject:
    shop = context.shop
    kind = "bulk" if entry["resource"] == "BULK_MUTATION_VARIABLES" else "files"
    key = f"tmp/{SHOP_ID}/{kind}/{shop.random.getrandbits(64):016x}/{entry['filename']}"
    method = entry.get("httpMethod") or "PUT"
    address = f"{shop.home_url}{UPLOADS}"
    if method == "PUT":
        parameters = {"content_type": entry["mimeType"], "acl": "private"}
    else:
        parameters = {"key": key, "Content-Type": entry["mimeType"], "success_action_status": "201", "policy": "e30="}
    shop.uploads[key] = StagedUpload(key, entry["resource"], entry["filename"], entry["mimeType"], method, parameters)
    return {
        "url": address if method == "POST" else f"{address}{key}",
        "resourceUrl": f"{address}{key}",
        "parameters": [{"name": name, "value": value} for name, value in parameters.items()],
    }
