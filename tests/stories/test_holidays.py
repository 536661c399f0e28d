"""Days off out of a calendar's file, handed over as each platform lets people hand one over."""

import pytest

from tests.stories.stage import Stage
from tests.stories.test_daily import GATE, owned

CALENDAR = (
    "\ufeffBEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
    "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260303\r\nDTEND;VALUE=DATE:20260305\r\n"
    "SUMMARY:Carni\r\n val\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nDTSTART:20260306T100000Z\r\nDTEND:20260306T110000Z\r\n"
    "SUMMARY:A meeting\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n"
).encode()
DAY = 24 * 3600


async def test_the_file_of_a_calendar_keeps_its_days_off_and_what_was_left_out_is_told(
    stage: Stage,
) -> None:
    owner, ada, _ = await owned(stage)
    await owner.type(GATE)
    await owner.type("/holidays")
    await owner.see("No holidays")
    await owner.hand_over(CALENDAR)
    told = (await owner.see("2 days kept off.")).text
    assert "Day Tue 03 Mar 2026, Name Carnival" in told
    assert "1 (A meeting) left out because it has hours" in told
    await stage.wait(DAY + 3600)
    await stage.wait(DAY)
    assert sum("What a gate does" in text for text in await ada.texts()) == 0
    await stage.wait(DAY)
    await ada.see("What a gate does")


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"\x89PNG not at all", "That file is no calendar"),
        (b"BEGIN:VCALENDAR" + b"x" * 1_000_000, "That file is too large: I take 1 MB at most."),
        (b"BEGIN:VCALENDAR", "I found no day to come in that."),
    ],
)
async def test_a_file_that_is_no_use_is_answered_with_what_to_do(
    stage: Stage, content: bytes, remedy: str
) -> None:
    owner, *_ = await owned(stage)
    await owner.type("/holidays")
    await owner.see("No holidays")
    await owner.hand_over(content)
    await owner.see(remedy)


async def test_days_off_are_handed_over_by_admins_alone(stage: Stage) -> None:
    owner, ada, _ = await owned(stage)
    await ada.type("/help")
    await ada.forge("holidays:add", on="What I can do")
    assert "Only an admin of this place may use" in await ada.newest()
    await owner.type("/holidays")
    await owner.see("No holidays")
