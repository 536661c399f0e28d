"""A bot that is killed in the middle of a question and started again.

Nothing is lost, nothing is doubled, and the clock is true.
"""

import asyncio
import os
import random
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.settings.settings import ROOT
from tests.stories.questions import bank
from tests.stories.stage import Seen
from tests.stories.web import Browser, WebMember

DEADLINE_S = 30


class Bot:
    """`python -m bot` in a folder of its own, always on the same port."""

    def __init__(self, folder: Path, **more: str) -> None:
        bank(folder / "questions")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.address = f"http://127.0.0.1:{self.port}"
        self._settings = {
            "TORCHPROOF_DATA_DIR": str(folder / "data"),
            "TORCHPROOF_QUESTIONS_DIR": str(folder / "questions"),
            "TORCHPROOF_WEB_PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            **more,
        }

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot"),
            cwd=ROOT,
            env={**os.environ, **self._settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert self.process.stdout
        said = ""
        async with asyncio.timeout(DEADLINE_S):
            while self.address not in said:
                line = (await self.process.stdout.readline()).decode()
                assert line, f"the bot did not start:\n{said}"
                said += line

    async def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        await self.process.communicate()


@asynccontextmanager
async def a_bot(folder: Path, **more: str) -> AsyncIterator[Bot]:
    bot = Bot(folder, **more)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.kill()


@asynccontextmanager
async def opened(browser: Browser) -> AsyncIterator[WebMember]:
    try:
        await browser.connect()
        yield WebMember(browser, "Ada")
    finally:
        await browser.close()


async def press_through_a_crash(
    bot: Bot, member: WebMember, label: str, words: str, delay_s: float
) -> None:
    """Press, kill the bot so many seconds later, start it again.

    Then send the act once more, as the page does.
    """
    deeds = member.deeds
    pressing = asyncio.create_task(member.press(label, on=words))
    await asyncio.wait([pressing], timeout=delay_s)
    await bot.kill()
    pressing.cancel()
    await asyncio.gather(pressing, return_exceptions=True)
    await bot.start()
    await member.browser.connect()
    await (member.repeat() if member.deeds > deeds else member.press(label, on=words))


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_pack_survives_kill_9_at_any_moment(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    async with a_bot(tmp_path) as bot:
        browser = Browser(bot.address)
        await browser.enter("Ada")
        async with opened(browser) as ada:
            await ada.type("/pack gates")
            await press_through_a_crash(bot, ada, "Start", "Gates", chance.uniform(0, 0.06))
            first = await ada.see("What a gate does")

            await press_through_a_crash(bot, ada, "B", "What a gate does", chance.uniform(0, 0.06))
            tried = await ada.see("Not that. 1 try left.")
            assert tried.id == first.id
            assert until(tried) == until(first), "the clock runs on as if nothing had been"

            await press_through_a_crash(bot, ada, "A", "What a gate does", chance.uniform(0, 0.06))
            assert (await ada.see("✓ Right")).id == first.id
            await ada.press("Next challenge")
            await ada.see("A sigmoid")
            await ada.type("/why")
            assert (await ada.newest()).count("What a gate does") == 1

            async with opened(Browser(bot.address, browser.cookies)) as reloaded:
                assert await reloaded.texts() == await ada.texts(), (
                    "a reload shows what was there, each message once"
                )


def until(seen: Seen) -> str:
    found = re.search(r"Until [\d:]+ UTC", seen.text)
    assert found
    return found[0]


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_two_bots_share_one_postgresql_and_one_data_folder(
    tmp_path: Path, database_url: str
) -> None:
    """Whoever came in at one of them is known at the other, and what is said there is seen here."""
    more = {"TORCHPROOF_DATABASE_URL": database_url, "TORCHPROOF_RUN": "off"}
    async with a_bot(tmp_path, **more) as one, a_bot(tmp_path, **more) as other:
        here = Browser(one.address)
        await here.enter("Ada")
        there = Browser(other.address, here.cookies)
        async with opened(here) as ada, opened(there) as ada_there:
            await ada.type("/challenge gates level:intermediate")
            await ada_there.see("Worth: up to")
