"""The week's picture: drawn in a process of its own, whatever people are called."""

from io import BytesIO

import pytest
from PIL import Image

from bot import chart

HOSTILE = ("Ada", "x" * 100_000, "\u202egnp.exe", "漢字 🦜", "a\nb\x00", "", "e\u0301" * 50, '"}]', "\ud800")


async def test_a_board_becomes_a_picture_with_a_row_for_each_member() -> None:
    picture = await chart.drawn("The week", [("Ada", 100), ("Bob", 0)])
    assert picture is not None
    with Image.open(BytesIO(picture)) as image:
        assert (image.format, image.size) == ("PNG", (chart.WIDTH, 2 * chart.MARGIN + 3 * chart.ROW))
        assert image.getpixel((chart.MARGIN + chart.NAMES + 5, chart.MARGIN + chart.ROW + 15)) == (0xC8, 0x40, 0x1F)


async def test_no_name_keeps_it_from_being_drawn() -> None:
    assert await chart.drawn("x" * 100_000, [(name, 2**40) for name in HOSTILE]) is not None


@pytest.mark.parametrize("bars", [[("Ada", "many")]])
async def test_what_cannot_be_drawn_is_left_out(bars: list[tuple[str, int]]) -> None:
    assert await chart.drawn("The week", bars) is None
