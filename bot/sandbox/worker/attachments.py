"""What a run left: pictures, files and observations."""

import json
import os
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.sandbox.limits import MB, Limits
from bot.sandbox.protocol import OutputFile, OutputPicture, Value

# Images leave a run as pixels. A file that claims to be one is not handed back.
IMAGES = re.compile(r".*\.(png|jpe?g|gif|webp|bmp|svg|ico|tiff?|avif|heic)", re.DOTALL)
PICTURE = re.compile(r"(\d)-(\d{1,5})x(\d{1,5})")
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_BIT_DEPTH = 8
PNG_RGBA = 6
MAX_NAME = 80
MAX_SUFFIX = 9
MAX_VALUES = 100


@dataclass(frozen=True, slots=True)
class Observations:
    values: tuple[Value, ...] = ()
    peak_mb: float | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class RunFiles:
    opened: dict[str, int]  # by the names that the supervisor gave
    limits: Limits

    def pictures(self) -> Iterator[OutputPicture]:
        return islice(self._pictures(), self.limits.pictures)

    def _pictures(self) -> Iterator[OutputPicture]:
        for path, descriptor in self.opened.items():
            name = path.removeprefix(".shown/")
            size = _picture_size(name, self.limits)
            if name != path and size:
                length = 4 * size[0] * size[1]
                pixels = _read(descriptor, length + 1)
                if len(pixels) == length:
                    yield OutputPicture(f"{name[0]}.png", encode_png(*size, pixels))

    def files(self) -> Iterator[OutputFile]:
        left = self.limits.files_mb * MB
        for path, descriptor in self.opened.items():
            if path.startswith("out/") and not IMAGES.fullmatch(path.lower()):
                content = _read(descriptor, left + 1)
                if len(content) <= left:
                    left -= len(content)
                    yield OutputFile(safe_name(path.removeprefix("out/")), content)

    def observations(self) -> Observations:
        descriptor = self.opened.get(".shown/values.json")
        if descriptor is None:
            return Observations()
        try:
            payload = json.loads(_read(descriptor, 4 * MB))
            values = tuple(
                Value(str(value.get("shown", ""))[:20_000], str(value.get("error", ""))[:300])
                for value in payload["values"][:MAX_VALUES]
            )
            peak = payload.get("peak_mb")
            device = str(payload.get("device", ""))[:MAX_NAME]
            return Observations(values, float(peak) if peak is not None else None, device)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return Observations()


def _read(descriptor: int, most: int) -> bytes:
    # A sparse file claims more than it holds, so the size is bounded while reading.
    with open(os.dup(descriptor), "rb") as file:
        file.seek(0)
        return file.read(most)


def safe_name(name: str) -> str:
    visible = "".join(
        character
        for character in unicodedata.normalize("NFC", name)
        if unicodedata.category(character)[0] in "LNPSZ"
    )
    safe = re.sub(r'[\\/:*?"<>|\s]+', "_", visible).strip("._")
    stem, dot, suffix = safe.rpartition(".")
    if dot and len(suffix) <= MAX_SUFFIX:
        return f"{stem[: MAX_NAME - len(suffix) - 1]}.{suffix}"
    return safe[:MAX_NAME] or "file"


def _picture_size(name: str, limits: Limits) -> tuple[int, int] | None:
    # Width and height in a file's name, where a picture of that size is allowed.
    match = PICTURE.fullmatch(name)
    if match is None:
        return None
    width = int(match[2])
    height = int(match[3])
    return (width, height) if 0 < width * height <= limits.picture_pixels else None


def encode_png(width: int, height: int, pixels: bytes) -> bytes:
    # `pixels` are rows of red, green, blue and alpha, one byte each.
    row = 4 * width
    if len(pixels) != row * height:
        raise ValueError(f"{len(pixels)} bytes are no picture of {width} × {height}")
    rows = b"".join(b"\0" + pixels[at : at + row] for at in range(0, len(pixels), row))
    header = struct.pack(">IIBBBBB", width, height, PNG_BIT_DEPTH, PNG_RGBA, 0, 0, 0)
    chunks = {b"IHDR": header, b"IDAT": zlib.compress(rows, 6), b"IEND": b""}
    return PNG_SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks.items())


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
