"""Images and files: their type by their bytes, digest, size and safe name."""

import re
from hashlib import sha256

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_HEAD = 24
_LARGEST_SIDE = 20_000
_LONGEST_NAME = 80


def image_type(data: bytes) -> str | None:
    """The media type; None for anything that a browser might run."""
    if data.startswith(_PNG):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def file_name(name: str) -> str:
    """Safe in URLs, headers and file systems."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name)[-_LONGEST_NAME:].lstrip(".") or "file"


def pixel_size(data: bytes) -> dict[str, int]:
    """Width and height of a PNG: the page keeps the place free until it is loaded."""
    if not data.startswith(_PNG) or len(data) < _PNG_HEAD:
        return {}
    sides = {"width": int.from_bytes(data[16:20]), "height": int.from_bytes(data[20:24])}
    return sides if all(0 < side <= _LARGEST_SIDE for side in sides.values()) else {}
