"""A file that somebody chooses in a form, on its way from a test to a simulator."""

from base64 import b64decode, b64encode
from typing import Any
from zlib import compress, decompress


def packed_file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "packed": b64encode(compress(content)).decode()}


def content_of(file: dict[str, Any]) -> bytes:
    return decompress(b64decode(file["packed"]))
