"""A picture of a leaderboard, drawn by this file as a program: JSON comes in, a PNG goes out.

In a process of its own, so that the bot need not hold the library that draws.
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

WIDTH = 900
MARGIN = 32
ROW_HEIGHT = 48
NAME_WIDTH = 260
POINTS_WIDTH = 110
PAPER_COLOR = "#ffffff"
INK_COLOR = "#1f2933"
BAR_COLOR = "#c8401f"
TRACK_COLOR = "#e4e7eb"
LONGEST_TEXT = 80
DEADLINE_S = 20.0
Bar = tuple[str, int]


async def draw(title: str, bars: Sequence[Bar]) -> bytes | None:
    # None where it cannot be drawn on this machine.
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-I", str(Path(__file__))),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    board = json.dumps({"title": title, "bars": bars}).encode()
    try:
        async with asyncio.timeout(DEADLINE_S):
            picture, _ = await process.communicate(board)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return picture if process.returncode == 0 and picture else None


def paint(title: str, bars: Sequence[Bar]) -> bytes:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, 2 * MARGIN + ROW_HEIGHT * (len(bars) + 1)), PAPER_COLOR)
    pen = ImageDraw.Draw(image)
    font = _font(22)
    title_font = _font(26)
    _write(pen, (MARGIN, MARGIN), _fit(title, title_font, WIDTH - 2 * MARGIN), title_font)
    most = max((points for _, points in bars), default=1) or 1
    for row, bar in enumerate(bars, 1):
        _paint_row(pen, font, MARGIN + ROW_HEIGHT * row, bar, most)
    png = BytesIO()
    image.save(png, "PNG", optimize=True)
    return png.getvalue()


def _font(size: int) -> Any:
    # DejaVu has the letters of many languages; matplotlib brings it along.
    from PIL import ImageFont

    files = ["DejaVuSans.ttf"]
    matplotlib = find_spec("matplotlib")
    if matplotlib and matplotlib.origin:
        files.insert(0, str(Path(matplotlib.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf"))
    for file in files:
        with suppress(OSError):
            return ImageFont.truetype(file, size)
    return ImageFont.load_default(size)


def _paint_row(pen: Any, font: Any, top: int, bar: Bar, most: int) -> None:
    name, points = bar
    left = MARGIN + NAME_WIDTH
    right = WIDTH - MARGIN - POINTS_WIDTH
    end = left + max(2, (right - left) * points // most)
    bottom = top + ROW_HEIGHT - 12
    _write(pen, (MARGIN, top + 8), _fit(name, font, NAME_WIDTH - 16), font)
    pen.rectangle((left, top + 8, right, bottom), TRACK_COLOR)
    pen.rectangle((left, top + 8, end, bottom), BAR_COLOR)
    _write(pen, (right + 16, top + 8), f"{points:,}", font)


def _write(pen: Any, at: tuple[int, int], text: str, font: Any) -> None:
    # Left to right as a whole, so that the rank stands first whatever way the name is written.
    from PIL import features

    direction = {"direction": "ltr"} if features.check("raqm") else {}
    pen.text(at, text, INK_COLOR, font, **direction)


def _fit(text: str, font: Any, width: int) -> str:
    fitted = ""
    for letter in unicodedata.normalize("NFC", text[:LONGEST_TEXT]):
        if unicodedata.category(letter) != "Cf":
            fitted += letter if _has(font, letter) else "?"
    while font.getlength(fitted) > width:
        fitted = fitted[:-2].rstrip() + "…"
    return fitted


def _has(font: Any, letter: str) -> bool:
    missing = bytes(font.getmask("\uffff"))
    shown = letter.isspace() or bytes(font.getmask(letter)) != missing
    return letter.isprintable() and shown


if __name__ == "__main__":
    board = json.loads(sys.stdin.buffer.read())
    bars = [(name, points) for name, points in board["bars"]]
    sys.stdout.buffer.write(paint(board["title"], bars))
