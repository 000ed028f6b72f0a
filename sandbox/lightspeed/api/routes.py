"""The addresses of API V3: who asks, what it costs, whether it may pass, and the answer with its headers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count

from flask import Blueprint, Response, request

from sandbox.common.instrument import charge, name_route
from sandbox.lightspeed.api.account import account_details, account_list, session
from sandbox.lightspeed.api.body import read_body
from sandbox.lightspeed.api.cost import old_cost
from sandbox.lightspeed.api.endpoint import Endpoint, Job
from sandbox.lightspeed.api.errors import ApiError, forbidden, no_such_resource, not_allowed
from sandbox.lightspeed.api.target import Target, parse_target
from sandbox.lightspeed.limits import BURST
from sandbox.lightspeed.oauth.caller import Caller, identify
from sandbox.lightspeed.oauth.errors import OAuthError
from sandbox.lightspeed.state import Lightspeed
from sandbox.lightspeed.wire import ERROR_TYPE, JSON_TYPE, XML_TYPE, Json, encode, encode_xml

_METHODS = ["GET", "POST", "PUT", "DELETE"]
_FREE_READ = 1.0


def api_blueprint(state: Lightspeed, endpoints: Mapping[str, Endpoint]) -> Blueprint:
    """Serve API V3."""
    blueprint = Blueprint("lightspeed_api", __name__)
    rays = count(1)

    @blueprint.route("/API/V3/<path:path>", methods=_METHODS)
    @blueprint.route("/API/<any('Session', 'Session.json'):path>", methods=_METHODS)
    def answer(path: str) -> Response:
        with state.lock:
            response = _Request(state, endpoints, path).answer()
        response.headers["Cf-Ray"] = f"{next(rays):016x}-SBX"
        return response

    return blueprint


@dataclass(frozen=True, slots=True)
class _Request:
    """One request on its way through the stages."""

    state: Lightspeed
    endpoints: Mapping[str, Endpoint]
    path: str

    def answer(self) -> Response:
        try:
            caller = identify(self.state, request)
        except OAuthError as error:
            return _respond(error.status, error.body(), JSON_TYPE)
        except ApiError as error:
            return _respond(error.status, error.body(), ERROR_TYPE)
        headers = {"X-LS-Acct-Id": str(self.state.settings.account_id), "X-LS-OAuth-Client-Id": caller.client_number}
        job = self._priced(caller)
        charge(job.cost)
        verdict = self.state.limiter.admit(caller.connection, job.cost)
        headers |= verdict.headers
        if verdict.refused_by is not None:
            return _respond(HTTPStatus.TOO_MANY_REQUESTS, _refusal(verdict.refused_by), ERROR_TYPE, headers)
        try:
            body = job.run()
        except ApiError as error:
            return _respond(error.status, error.body(), ERROR_TYPE, headers)
        if _wants_xml(self.path):
            return Response(encode_xml("Answer", body), content_type=XML_TYPE, headers=headers)
        return _respond(HTTPStatus.OK, body, JSON_TYPE, headers)

    def _priced(self, caller: Caller) -> Job:
        """Understand the request; what cannot be understood costs like the plainest one and is refused later."""
        try:
            job = self._job(caller)
        except ApiError as error:
            job = Job(_FREE_READ, _raiser(error))
        if not self.state.settings.rules.prices_of_2026:
            return Job(old_cost(request.method), job.run)
        return job

    def _job(self, caller: Caller) -> Job:
        target = parse_target(self.path)
        name_route(target.resource)
        if target.resource in {"Session", "Account"}:
            return self._own(target, caller)
        if target.account_id != str(self.state.settings.account_id):
            raise forbidden(f"This token is not for account '{target.account_id}'.")
        endpoint = self.endpoints.get(target.resource)
        if endpoint is None:
            raise no_such_resource(self.path)
        needed = endpoint.rights(request.method)
        if needed and not needed & caller.rights:
            raise forbidden(
                f"{request.method} {target.resource} needs one of these rights: {', '.join(sorted(needed))}."
            )
        return self._of_resource(endpoint, target)

    def _of_resource(self, endpoint: Endpoint, target: Target) -> Job:
        raw_query = request.query_string.decode("latin-1")
        if request.method != "GET":
            body = read_body(request.get_data(), endpoint.name)
            return endpoint.write(request.method, target.row_id, body, raw_query, target.act)
        if target.act:
            raise not_allowed(request.method, f"{target.resource}/{target.act}")
        if target.row_id is not None:
            return endpoint.read_one(target.row_id, raw_query)
        owner = "" if target.owner is None else "{}={}".format(*target.owner)
        return endpoint.read_many("&".join(part for part in (raw_query, owner) if part), self._url())

    def _own(self, target: Target, caller: Caller) -> Job:
        if request.method != "GET":
            raise not_allowed(request.method, target.resource)
        if target.resource == "Session":
            return Job(_FREE_READ, lambda: session(self.state, caller))
        if target.row_id is None:
            return Job(_FREE_READ, lambda: account_list(self.state))
        if target.row_id != str(self.state.settings.account_id):
            raise forbidden(f"This token is not for account '{target.row_id}'.")
        return Job(_FREE_READ, lambda: account_details(self.state))

    def _url(self) -> str:
        """Give the address of the list, for the links to its neighbouring pages."""
        host = self.state.next_host or public_url(self.state)
        return f"{host.rstrip('/')}/API/V3/{self.path}"


def public_url(state: Lightspeed) -> str:
    """Give the address under which the client reaches the stand-in, without a slash at the end."""
    return (state.settings.public_url or request.host_url).rstrip("/")


def _raiser(error: ApiError) -> Callable[[], Json]:
    def run() -> Json:
        raise error

    return run


def _refusal(refused_by: str) -> Json:
    """Build the body of a 429, which is not documented but for the words about bursts."""
    limit = "burst rate limit exceeded" if refused_by == BURST else "rate limit exceeded"
    status = HTTPStatus.TOO_MANY_REQUESTS
    return ApiError(status, f"{status.phrase}: {limit}.", "RateLimitExceededException").body()


def _wants_xml(path: str) -> bool:
    """What is accepted beats the extension; without either the answer is XML."""
    accepted = request.accept_mimetypes
    best = accepted.best_match([JSON_TYPE, XML_TYPE], default=JSON_TYPE)
    undecided = not accepted or accepted.quality(JSON_TYPE) == accepted.quality(XML_TYPE)
    return not path.endswith(".json") if undecided else best == XML_TYPE


def _respond(status: int, body: Json, content_type: str, headers: Mapping[str, str] | None = None) -> Response:
    return Response(encode(body), status, content_type=content_type, headers=dict(headers or {}))
