"""What a browser gets before the end of a question: nothing that tells its key."""

import json
import re
from pathlib import Path

import pytest

from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.stories.questions import SECRETS, bank
from tests.stories.stage import Member
from tests.stories.web import WebMember, on_the_web

pytestmark = pytest.mark.parametrize("setting", [("web", "sqlite")])
RIGHT = re.compile(r"right|correct|solution|✓|\bkey\b", re.IGNORECASE)


def told(member: Member, since: int = 0) -> str:
    assert isinstance(member, WebMember)
    return "\n".join(member.browser.frames[since:])


def secrets_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text or secret in json.dumps(text)]


async def test_nothing_sent_before_the_close_tells_the_key_of_a_live_round(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    """Whatever somebody does who has not finished.

    Frames, history, and the files of the page hold none of it.
    """
    async with on_the_web(database, bank(tmp_path / "questions"), clock) as stage:
        ada, bob, cy = [await stage.enter(name) for name in ("Ada", "Bob", "Cy")]
        await ada.type("/challenge gates level:intermediate")
        await ada.press("B")
        for label in ("I’m in", "Hint (−20 %)", "👍", "Report"):
            await bob.press(label, on="Worth: up to")
        await cy.press("A", on="Worth: up to")
        await cy.see("✓ Right")
        await bob.see("3 members in, 1 finished")
        for line in ("/why", "/me", "/board"):
            await bob.type(line)
        await bob.texts()
        dot = await stage.enter("Dot")
        await dot.texts()
        for member in (ada, bob, dot):
            assert secrets_in(told(member)) == []
        options = re.findall(r"<li>.*?</li>", dot.browser.notes[min(dot.browser.notes)]["html"])
        assert len(options) == 4
        assert not any(RIGHT.search(html) for html in options)
        assert (
            len(
                {
                    re.sub(r'data-(action|letter)="[^"]*"|<span.*</span>', "", html)
                    for html in options
                }
            )
            == 1
        )
        for path in ("/", *(f"/page/{name}" for name in ("chat.js", "chat.css"))):
            async with dot.browser.session.get(stage.platform.address + path) as response:
                assert secrets_in(await response.text()) == []
        await stage.wait(92)
        await dot.see("(over)")
        assert secrets_in(told(dot)) == list(SECRETS)


async def test_nothing_sent_before_the_end_tells_the_key_of_a_pack_or_of_practice(
    database: Database, clock: Clock, tmp_path: Path
) -> None:
    async with on_the_web(database, bank(tmp_path / "questions"), clock) as stage:
        ada, bob = await stage.enter("Ada"), await stage.enter("Bob")
        await ada.type("/pack gates")
        await ada.press("Start")
        await bob.type("/practice gates level:intermediate")
        for member, hint in ((ada, "Hint (−20 %)"), (bob, "Hint (free)")):
            await member.press(hint)
            await member.press("B", on="What a gate does")
            await member.see("Not that. 1 try left.")
            await member.type("/why")
            await member.texts()
            assert secrets_in(told(member)) == []
            await member.press("A", on="What a gate does")
            await member.see("✓ Right")
            assert secrets_in(told(member))
