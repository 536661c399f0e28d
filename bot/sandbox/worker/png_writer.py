"""Writes PNG from bare pixels."""

import re
import struct
import zlib

from bot.sandbox.limits import Limits

NAME = re.compile(r"(\d)-(\d{1,5})x(\d{1,5})")
SIGNATURE = b"\x89PNG\r\n\x1a\n"
BIT_DEPTH = 8
RGBA = 6


def size_from_name(name: str, limits: Limits) -> tuple[int, int] | None:
    # Width and height in a file's name, where a picture of that size is allowed.
    match = NAME.fullmatch(name)
    if match is None:
        return None
    width = int(match[2])
    height = int(match[3])
    return (width, height) if 0 < width * height <= limits.picture_pixels else None


def encode(width: int, height: int, pixels: bytes) -> bytes:
    # `pixels` are rows of red, green, blue and alpha, one byte each.
    row = 4 * width
    if len(pixels) != row * height:
        raise ValueError(f"{len(pixels)} bytes are no picture of {width} × {height}")
    rows = b"".join(b"\0" + pixels[at : at + row] for at in range(0, len(pixels), row))
    header = struct.pack(">IIBBBBB", width, height, BIT_DEPTH, RGBA, 0, 0, 0)
    chunks = {b"IHDR": header, b"IDAT": zlib.compress(rows, 6), b"IEND": b""}
    return SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks.items())


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
