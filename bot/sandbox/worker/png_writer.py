"""PNG from bare pixels, made outside the walls: no picture that a snippet wrote is ever read here."""

import re
import struct
import zlib

from bot.sandbox.limits import Limits

NAME = re.compile(r"(\d)-(\d{1,5})x(\d{1,5})")
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def size_in(name: str, limits: Limits) -> tuple[int, int] | None:
    """Width and height, as the harness wrote them into a file's name, if such a picture may be."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    width, height = int(found[2]), int(found[3])
    return (width, height) if 0 < width * height <= limits.picture_pixels else None


def png(width: int, height: int, pixels: bytes) -> bytes:
    """`pixels` are rows of red, green, blue and opacity, one byte each."""
    if len(pixels) != 4 * width * height:
        raise ValueError(f"{len(pixels)} bytes are no picture of {width} × {height}")
    rows = b"".join(
        b"\0" + pixels[start : start + 4 * width] for start in range(0, len(pixels), 4 * width)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        SIGNATURE
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows, 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )
