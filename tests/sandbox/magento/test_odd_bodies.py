"""Whatever is sent, the stand-in answers as the shop does: a result, or a refusal in JSON."""

import random
import re
from typing import Any

import pytest

from sandbox.magento.routes import ENDPOINTS
from sandbox.magento.web.schema import fields_of

VALUES: dict[str, list[Any]] = {
    "str": ["", "A", "2", "size", "default", "x" * 70, "image/png", "ALL GROUPS"],
    "int": [0, 1, 2, 4, -1, 10**6, "5", 10],
    "float": [0, 2.5, -3, "4"],
    "bool": [True, False, "1"],
    "any": ["x", 5, [], {}, ["2"]],
    "{}": [{}, []],
}
PARTS = ["1", "2", "A", "size", "default", "website", "base", "4", "none"]


def made_up(draw: random.Random, kind: str, depth: int = 0) -> Any:
    kind = kind.rstrip("?")
    if draw.random() < 0.08:
        return None
    if kind.startswith("["):
        return [made_up(draw, kind[1:-1], depth + 1) for _ in range(draw.choice([0, 1, 2]))]
    if kind in VALUES:
        return draw.choice(VALUES[kind])
    fields = fields_of(kind) if depth < 4 else {}
    share = 0.9 if len(fields) < 10 else 0.35
    return {name: made_up(draw, inner, depth + 1) for name, inner in fields.items() if draw.random() < share}


@pytest.mark.parametrize("seed", range(4))
def test_nothing_breaks_it(api: Any, seed: int) -> None:
    draw = random.Random(seed)
    api.product("A", 50)
    api.order(("A", 2), paid=True)
    api.order(("A", 2))
    api.switch(bearer=True)
    headers = {"Authorization": f"Bearer {'t' * 32}"}
    for endpoint in draw.choices(ENDPOINTS, k=250):
        path = re.sub(r"\{\w+\}", lambda _: draw.choice(PARTS), endpoint.rule)
        body = {name: made_up(draw, kind) for name, kind in endpoint.args.items()}
        answer = api.client.open(f"/rest/all{path}", method=endpoint.method, json=body, headers=headers)
        assert answer.status_code in {200, 400, 401, 404}, f"{endpoint.method} {path} {body}"
        assert answer.mimetype == "application/json"
