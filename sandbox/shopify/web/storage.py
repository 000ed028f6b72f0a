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
        return _store_form(shop)

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
            if row is None or row.result is None or row.expired(shop.now()):
                raise NotFound
            return Response(row.result, mimetype="application/jsonl")

    return blueprint


def _store_form(shop: Shop) -> Response:
    """Take a form: the parameters as they were given, the file last."""
    body = request.get_data(cache=True, parse_form_data=False)
    file, fields = request.files.get("file"), dict(request.form)
    if file is None or any(body.rfind(f'name="{name}"'.encode()) > body.find(b'name="file"') for name in fields):
        return _error("InvalidPolicyDocument", 400)
    upload = shop.uploads.get(fields.get("key", ""))
    if upload is None or fields != upload.parameters:
        return _error("AccessDenied", 403)
    return _store(shop, upload.key, file.read())


def _store(shop: Shop, key: str, content: bytes) -> Response:
    with shop.lock:
        upload = shop.uploads.get(key)
        if upload is None:
            return _error("AccessDenied", 403)
        if shop.switches.close_uploads:
            return _error("ExpiredToken", 400)
        upload.content = content
    return Response("", 201 if request.method == "POST" else 200)


def _error(code: str, status: int) -> Response:
    return Response(f"<Error><Code>{code}</Code></Error>", status, mimetype="application/xml")
