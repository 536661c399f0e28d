"""What a run left in its folders, as the keeper opened it: pictures, files and values, each with its bounds."""

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

IMAGES = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".webp",
    ".bmp",
    ".svg",
    ".ico",
    ".tif",
    ".tiff",
    ".avif",
    ".heic",
)
"""Images leave a run as pixels; a file that claims to be one stays behind."""
LONGEST_NAME, LONGEST_ENDING = 80, 9


@dataclass(frozen=True, slots=True)
class Noted:
    """What the harness noted: values of probes, and on a GPU its name and the peak of its memory."""

    values: tuple[Value, ...] = ()
    peak_mb: float | None = None
    device: str = ""


class RunFiles:
    """The open files of one ended run, by the names that the keeper gave."""

    def __init__(self, files: dict[str, int], limits: Limits) -> None:
        self._files = files
        self._limits = limits

    def close(self) -> None:
        for descriptor in self._files.values():
            os.close(descriptor)
        self._files = {}

    def pictures(self) -> Iterator[OutputPicture]:
        return islice(self._pictures(), self._limits.pictures)

    def _pictures(self) -> Iterator[OutputPicture]:
        for path, descriptor in self._files.items():
            size = png_writer.size_in(path.removeprefix(".shown/"), self._limits)
            if path.startswith(".shown/") and size:
                pixels = _content(descriptor, 4 * size[0] * size[1] + 1)
                if len(pixels) == 4 * size[0] * size[1]:
                    yield OutputPicture(
                        f"{path.removeprefix('.shown/')[0]}.png", png_writer.png(*size, pixels)
                    )

    def files(self) -> Iterator[OutputFile]:
        left = self._limits.files_mb * MB
        for path, descriptor in self._files.items():
            if path.startswith("out/") and not path.lower().endswith(IMAGES):
                content = _content(descriptor, left + 1)
                if len(content) <= left:
                    left -= len(content)
                    yield OutputFile(plain_name(path.removeprefix("out/")), content)

    def noted(self) -> Noted:
        descriptor = self._files.get(".shown/values.json")
        if descriptor is None:
            return Noted()
        try:
            found = json.loads(_content(descriptor, 4 * MB))
            values = tuple(_value(each) for each in found["values"][:100])
            peak = found.get("peak_mb")
            device = str(found.get("device", ""))[:LONGEST_NAME]
            return Noted(values, float(peak) if peak is not None else None, device)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return Noted()


def _value(told: Any) -> Value:
    return Value(shown=str(told.get("shown", ""))[:20_000], error=str(told.get("error", ""))[:300])


def _content(descriptor: int, most: int) -> bytes:
    """A sparse file claims more than it holds, so it is read only up to a bound."""
    with open(os.dup(descriptor), "rb") as file:
        file.seek(0)
        return file.read(most)


def plain_name(name: str) -> str:
    """A name that every file system takes and no reader is fooled by."""
    letters = "".join(
        each
        for each in unicodedata.normalize("NFC", name)
        if unicodedata.category(each)[0] in "LNPSZ"
    )
    plain = re.sub(r'[\\/:*?"<>|\s]+', "_", letters).strip("._")
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= LONGEST_ENDING:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return plain[:LONGEST_NAME] or "file"
