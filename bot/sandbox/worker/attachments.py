"""What a run left: pictures, files and observations."""

import json
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bot.sandbox.limits import MB, Limits
from bot.sandbox.protocol import OutputFile, OutputPicture, Value
from bot.sandbox.worker import png_writer

# Images leave a run as pixels. A file that claims to be one is not handed back.
IMAGES = re.compile(r".*\.(png|jpe?g|gif|webp|bmp|svg|ico|tiff?|avif|heic)", re.DOTALL)
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
            size = png_writer.size_from_name(name, self.limits)
            if name != path and size:
                length = 4 * size[0] * size[1]
                pixels = _read(descriptor, length + 1)
                if len(pixels) == length:
                    yield OutputPicture(f"{name[0]}.png", png_writer.encode(*size, pixels))

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
            values = tuple(_value(value) for value in payload["values"][:MAX_VALUES])
            peak = payload.get("peak_mb")
            device = str(payload.get("device", ""))[:MAX_NAME]
            return Observations(values, float(peak) if peak is not None else None, device)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return Observations()


def _value(payload: Any) -> Value:
    shown = str(payload.get("shown", ""))
    error = str(payload.get("error", ""))
    return Value(shown[:20_000], error[:300])


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
