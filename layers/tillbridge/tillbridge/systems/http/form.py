"""Forms that carry a file."""

from collections.abc import Sequence

from urllib3.filepost import encode_multipart_formdata


def form_with_file(fields: Sequence[tuple[str, str]], name: str, content: bytes, kind: str) -> tuple[bytes, str]:
    """Write a form whose last field is ``file``; gives the body and its Content-Type."""
    return encode_multipart_formdata([*fields, ("file", (name, content, kind))])
