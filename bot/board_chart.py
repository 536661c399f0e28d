"""A drawing of a board. It runs in a process of its own: `chart.py` reads lines of JSON and writes a PNG.

Who posts a picture once a week must not carry the library that draws it all week long.
"""

import asyncio
import json
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

WIDTH, MARGIN, ROW, NAMES, POINTS = 900, 32, 48, 260, 110
PAPER, INK, BAR, FAINT = "#ffffff", "#1f2933", "#c8401f", "#e4e7eb"
LONGEST = 80
DEADLINE_S = 20.0
Bar = tuple[str, int]


async def drawn(title: str, bars: Sequence[Bar]) -> bytes | None:
    """The picture; None where it cannot be drawn on this machine."""
    asked = json.dumps({"title": title, "bars": bars}).encode()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-I", str(Path(__file__))),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(DEADLINE_S):
            picture, _ = await process.communicate(asked)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return picture if process.returncode == 0 and picture else None


def _write(pen: Any, at: tuple[int, int], text: str, font: Any) -> None:
    """From left to right as a whole, so that a rank stands first; names in other directions keep theirs within it."""
    from PIL import features  # noqa: PLC0415 (as below)

    pen.text(at, text, INK, font, **({"direction": "ltr"} if features.check("raqm") else {}))


def paint(title: str, bars: Sequence[Bar]) -> bytes:
    from PIL import Image, ImageDraw  # noqa: PLC0415 (only the process that draws pays for it)

    image = Image.new("RGB", (WIDTH, 2 * MARGIN + ROW * (len(bars) + 1)), PAPER)
    pen, font, large = ImageDraw.Draw(image), _font(22), _font(26)
    _write(pen, (MARGIN, MARGIN), _fitting(title, large, WIDTH - 2 * MARGIN), large)
    most = max((points for _, points in bars), default=1) or 1
    for row, bar in enumerate(bars, 1):
        _row(pen, font, MARGIN + ROW * row, bar, most)
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _font(size: int) -> Any:
    """One that knows the letters of many languages, where there is one."""
    from PIL import ImageFont  # noqa: PLC0415 (as above)

    plots = find_spec("matplotlib")
    known = (
        Path(plots.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"
        if plots and plots.origin
        else None
    )
    for file in (known, "DejaVuSans.ttf"):
        with suppress(OSError):
            return ImageFont.truetype(str(file), size)
    return ImageFont.load_default(size)


def _row(pen: Any, font: Any, top: int, bar: Bar, most: int) -> None:
    name, points = bar
    left, right = MARGIN + NAMES, WIDTH - MARGIN - POINTS
    _write(pen, (MARGIN, top + 8), _fitting(name, font, NAMES - 16), font)
    pen.rectangle((left, top + 8, right, top + ROW - 12), FAINT)
    pen.rectangle(
        (left, top + 8, left + max(2, (right - left) * points // most), top + ROW - 12), BAR
    )
    _write(pen, (right + 16, top + 8), f"{points:,}", font)


def _fitting(text: str, font: Any, width: int) -> str:
    """As much of it as there is room for, in the letters that the font has; what is never seen is left out."""
    letters = (
        each
        for each in unicodedata.normalize("NFC", text[:LONGEST])
        if unicodedata.category(each) != "Cf"
    )
    known = "".join(letter if _has(font, letter) else "?" for letter in letters)
    while font.getlength(known) > width:
        known = known[:-2].rstrip() + "…"
    return known


def _has(font: Any, letter: str) -> bool:
    blank = letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))
    return letter.isprintable() and blank


if __name__ == "__main__":
    wanted = json.loads(sys.stdin.buffer.read())
    sys.stdout.buffer.write(
        paint(wanted["title"], [(name, points) for name, points in wanted["bars"]])
    )
