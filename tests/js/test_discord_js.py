"""The simulator, judged by a client that is not discord.py: discord.js lives in it without noticing."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.denied import Denied
from tests.fakes.discord.guild import Discord, Member
from tests.fakes.discord_server import process, visiting

HERE = Path(__file__).resolve().parent
DEADLINE_S = 20

if not shutil.which("node") or not (HERE / "node_modules" / "discord.js").is_dir():
    pytest.skip("discord.js is not installed (make test tells why): its checks are left out", allow_module_level=True)


class Bot:
    """`bot.js`, as a process; each line it writes is something that happened to it."""

    def __init__(self, running: asyncio.subprocess.Process) -> None:
        self._running = running

    async def tells(self, event: str) -> dict[str, Any]:
        """The next thing of this kind that happens, or happened."""
        assert self._running.stdout
        async with asyncio.timeout(DEADLINE_S):
            while True:
                line = await self._running.stdout.readline()
                told: dict[str, Any] = json.loads(line)
                assert told["event"] in {event, "ready", "reaction", "resumed"}, told
                if told["event"] == event:
                    return told

    async def end(self) -> None:
        assert self._running.stdin
        self._running.stdin.close()
        await asyncio.wait_for(self._running.wait(), DEADLINE_S)


@asynccontextmanager
async def running(discord: Discord) -> AsyncIterator[Bot]:
    known = {
        "PATH": os.environ["PATH"],
        "DISCORD_API": discord.api.removesuffix("/v10"),
        "DISCORD_TOKEN": discord.token,
    }
    pipe = asyncio.subprocess.PIPE
    bot = Bot(await asyncio.create_subprocess_exec("node", HERE / "bot.js", stdin=pipe, stdout=pipe, env=known))
    try:
        await bot.tells("ready")
        yield bot
    finally:
        await bot.end()


@asynccontextmanager
async def a_group() -> AsyncIterator[tuple[Discord, Bot, Member, Member]]:
    with process() as address:
        async with visiting(address) as discord:
            guild = await discord.guild("Study group")
            ada, bob = await guild.join("Ada"), await guild.join("Bob")
            async with running(discord) as bot:
                yield discord, bot, ada, bob


async def test_discord_js_meets_what_it_expects() -> None:
    """Log in, sync, complete, ask, whisper, turn, fill in a form, choose, edit, react, follow up, report."""
    async with a_group() as (discord, bot, ada, bob):
        assert {command["name"] for command in await discord.tree()} == {"quiz", "talk", "Report question"}
        assert [choice["value"] for choice in await ada.complete("quiz", "pack", "t")] == ["tensors", "training"]

        await ada.slash("quiz", pack="tensors")
        await bob.click("Private", on="A question of tensors")
        assert [seen.private for seen in await bob.sees()] == [False, True]
        assert len(await ada.sees()) == 1

        act = await ada.choose("a", "c", on="A question of tensors")
        assert act.answer == 5
        await ada.finds("chosen: a and c")

        act = await ada.click("Form", on="A question of tensors")
        await ada.submit(act, "3.14")
        await ada.finds("sent: 3.14")

        await ada.click("Turn", on="A question of tensors")
        with pytest.raises(Denied, match="disabled"):
            await bob.click("over", on=await bob.finds("The question has turned"))

        await ada.slash("talk")
        await ada.finds("done", lambda seen: seen.private)
        said = await bob.finds("second", lambda seen: "🇦" in seen.reactions)
        await bob.react("🇦", on=said)
        assert (await bot.tells("reaction"))["user"] == bob.id
        assert (await bob.finds("second")).reactions == {"🇦": ("torchproof",)}

        await bob.menu("Report question", on="second")
        await bob.finds(f"reported {said.id}")


async def test_discord_js_reconnects_and_misses_nothing() -> None:
    """Cut, closed, told to reconnect, told that its session is void: every click is answered afterwards."""
    async with a_group() as (discord, bot, ada, _):
        await ada.slash("quiz", pack="tensors")
        cuts: list[Callable[[], Awaitable[None]]] = [discord.drop, partial(discord.drop, 4000), discord.reconnect]
        for resumed, cut in enumerate(cuts):
            await cut()
            await discord.resumed(resumed + 1)
            assert not (await ada.click("Private", on="A question")).failed
            await bot.tells("resumed")
        await discord.invalidate()
        await discord.identified(2)
        assert not (await ada.click("Private", on="A question")).failed
