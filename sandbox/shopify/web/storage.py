"""The addresses beside the API: staged uploads, the shop's files, results of bulk operations."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from sandbox.shopify.catalogue.files import FILES, UPLOADS, state_of
from sandbox.shopify.operations.results import RESULTS, settle
from sandbox.shopify.shop import Shop


def storage_blueprint(shop: Shop) -> Blueprint:
    """Build the addresses of uploads, files and results."""
    blueprint = Blueprint("shopify_storage", __name__)

    @blueprint.put(f"{UPLOADS}<path:key>")
    def put_upload(key: str) -> Response:
        return _store(shop, key, request.get_data())

    @blueprint.post(UPLOADS)
    def post_upload() -> Response:
        """Take a form: the parameters as they were given, the file last."""
        file = request.files.get("file")
        if file is None or list(request.form)[:1] != ["key"]:
            return Response("<Error><Code>InvalidPolicyDocument</Code></Error>", 400, mimetype="application/xml")
        return _store(shop, request.form["key"], file.read())

    @blueprint.get(f"{FILES}<int:number>/<name>")
    def show_file(number: int, name: str) -> Response:
        with shop.lock:
            row = shop.files.get(number)
            ready = row is not None and row.filename == name and state_of(shop, row) == "READY"
            if row is None or not ready:
                raise NotFound
            return Response(row.content, mimetype=row.mime_type or "application/octet-stream")

    @blueprint.get(f"{RESULTS}<int:number>.jsonl")
    def show_result(number: int) -> Response:
        with shop.lock:
            settle(shop)
            row = shop.bulk.get(number)
            if row is None or row.result is None:
                raise NotFound
            return Response(row.result, mimetype="application/jsonl")

    return blueprint


def _store(shop: Shop, key: str, content: bytes) -> Response:
    with shop.lock:
        upload = shop.uploads.get(key)
        if upload is None:
            return Response("<Error><Code>AccessDenied</Code></Error>", 403, mimetype="application/xml")
        upload.content = content
    return Response("", 201 if request.method == "POST" else 200)
