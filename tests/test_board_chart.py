"""The week's picture: drawn in a process of its own, whatever people are called."""

from io import BytesIO

import pytest
from PIL import Image

from bot import board_chart

HOSTILE = (
    "Ada",
    "x" * 100_000,
    "\u202egnp.exe",
    "漢字 🦜",
    "a\nb\x00",
    "",
    "e\u0301" * 50,
    '"}]',
    "\ud800",
)


async def test_a_board_becomes_a_picture_with_a_row_for_each_member() -> None:
    picture = await board_chart.draw("The week", [("Ada", 100), ("Bob", 0)])
    assert picture is not None
    with Image.open(BytesIO(picture)) as image:
        assert (image.format, image.size) == (
            "PNG",
            (board_chart.WIDTH, 2 * board_chart.MARGIN + 3 * board_chart.ROW_HEIGHT),
        )
        assert image.getpixel(
            (
                board_chart.MARGIN + board_chart.NAME_WIDTH + 5,
                board_chart.MARGIN + board_chart.ROW_HEIGHT + 15,
            )
        ) == (
            0xC8,
            0x40,
            0x1F,
        )


async def test_no_name_keeps_it_from_being_drawn() -> None:
    assert await board_chart.draw("x" * 100_000, [(name, 2**40) for name in HOSTILE]) is not None


@pytest.mark.parametrize("bars", [[("Ada", "many")]])
async def test_what_cannot_be_drawn_is_left_out(bars: list[tuple[str, int]]) -> None:
    assert await board_chart.draw("The week", bars) is None


async def test_a_rank_stands_before_a_name_that_is_written_from_the_right() -> None:
    """The first letters of both rows are the same: a digit and a point."""
    picture = await board_chart.draw("The week", [("2. \u05d3\u05d5\u05d3", 100), ("2. Dan", 100)])
    assert picture is not None
    with Image.open(BytesIO(picture)) as image:
        first, second = (_beginning(image, row) for row in (1, 2))
    assert first == second


async def test_what_is_never_seen_leaves_no_mark() -> None:
    hidden = await board_chart.draw("The week", [("1. A\u200dd\u202ea", 100)])
    assert hidden == await board_chart.draw("The week", [("1. Ada", 100)])


def _beginning(image: Image.Image, row: int) -> bytes:
    top = board_chart.MARGIN + board_chart.ROW_HEIGHT * row
    return image.crop(
        (board_chart.MARGIN, top, board_chart.MARGIN + 20, top + board_chart.ROW_HEIGHT)
    ).tobytes()
