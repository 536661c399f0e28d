"""A process that claims what is due and goes about posting it.

It says how far it got and is killed there.

Run as `python -m tests.quizmaster.hanging_process URL QUESTIONS INSTANT`.
"""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from bot.app import build
from bot.chat.card import Card
from bot.chat.platform_interface import Posted
from bot.identity import Place
from bot.quiz.files.bank import load
from bot.store.sql.database import Database
from tests.stories.paper import NAME, PaperPlatform


class Stuck(PaperPlatform):
    """Takes a post and never answers."""

    async def post(self, place: Place, card: Card, key: str) -> Posted:
        sys.stdout.write(f"{place.channel} {key} {card.title}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
        raise AssertionError


async def main(url: str, questions: str, instant: str) -> None:
    now = datetime.fromisoformat(instant)
    asked = load(Path(questions))
    bot = build(Database(url), lambda: asked, {NAME: Stuck(lambda: now)}, "UTC", lambda: now)
    await bot.daily.claim()
    await bot.daily.post_due()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
