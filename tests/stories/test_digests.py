"""The week looked back upon, again and again in a channel where hardly anything else is said."""

from tests.stories.stage import Stage
from tests.stories.test_daily import GATE, dailies, owned

HOUR, DAY = 3600, 24 * 3600


async def test_every_week_with_a_daily_has_a_digest_of_its_own(stage: Stage) -> None:
    """Ends of dailies and digests of other weeks lead to the same board.

    None of them stands for another.
    """
    owner, ada, bob = await owned(stage)
    await owner.type("/digest switch:on")
    await owner.type(GATE.replace("open:12h", "days:mon open:12h"))
    for week, member in enumerate((ada, bob, owner), 1):  # to each of them the question is new
        await stage.wait(HOUR)
        await dailies(member, week, "Time: 12 h")
        await member.press("A", on="Time: 12 h")
        await stage.wait(13 * HOUR)
        await ada.see("(over)")
        await stage.count()
        await stage.wait(7 * DAY - 14 * HOUR)
        await stage.look()
        assert len([text for text in await ada.texts() if "The week from Mon" in text]) == week
    await owner.type("/settings zone:Asia/Tokyo")
    await owner.type("/digest")
    assert "It comes on Mon 30 Mar" in await owner.newest()
    await stage.wait(7 * DAY - 9 * HOUR)
    await (
        stage.look()
    )  # nine in Tokyo: a week without points was quiet, and the next Monday is seven days away
    await owner.type("/digest")
    assert "It comes on Mon 6 Apr" in await owner.newest()
    await ada.press("This week’s board", on="The week from Mon")
    await stage.well()
