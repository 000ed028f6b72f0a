"""Read JSON from hosts that print PHP's complaints before it (facts/woocommerce.md, "Errors")."""

import re
from dataclasses import replace

from tillbridge.systems.http import Answer, Json, NoJsonError

_LINE_OF_JSON = re.compile(rb"^[ \t]*[\[{]", re.MULTILINE)


def read_json(answer: Answer) -> Json:
    """Decode a body, passing over lines that precede the JSON; ``NoJsonError`` when there is none.

    Complaints end with a line break and WordPress writes its JSON in one line. What begins there must be whole to its
    last byte: a cut answer never decodes (invariant 1).
    """
    begins = _LINE_OF_JSON.search(answer.body)
    if begins is None or not answer.body[: begins.start()].strip():
        return answer.json()
    try:
        return replace(answer, body=answer.body[begins.start() :]).json()
    except NoJsonError:
        return answer.json()
