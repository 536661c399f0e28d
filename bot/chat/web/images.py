"""Digests, sizes and safe names of images and files."""

import re
from hashlib import sha256

from bot.chat.kit.files import PNG

_PNG_HEAD = 24
_LARGEST_SIDE = 20_000
_LONGEST_NAME = 80


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name)[-_LONGEST_NAME:].lstrip(".") or "file"


def pixel_size(data: bytes) -> dict[str, int]:
    if not data.startswith(PNG) or len(data) < _PNG_HEAD:
        return {}
    sides = {"width": int.from_bytes(data[16:20]), "height": int.from_bytes(data[20:24])}
    return sides if all(0 < side <= _LARGEST_SIDE for side in sides.values()) else {}
