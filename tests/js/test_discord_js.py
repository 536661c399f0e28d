"""The simulator, judged by a client that is not discord.py.

The client discord.js lives in it without noticing.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest

from tests.fakes.denied import Denied
from tests.fakes.discord.guild import Discord, Member
from tests.fakes.discord_server import process, visiting
from tests.js.client import Client, is_there, started

if not is_there("discord.js"):
    pytest.skip(
        "discord.js is not installed (make test tells why): its checks are left out",
        allow_module_level=True,
    )


@asynccontextmanager
async def running(discord: Discord) -> AsyncIterator[Client]:
    api = discord.api.removesuffix("/v10")
    async with started("discord.js", DISCORD_API=api, DISCORD_TOKEN=discord.token) as bot:
        await bot.tells("ready")
        yield bot


@asynccontextmanager
async def a_group() -> AsyncIterator[tuple[Discord, Client, Member, Member]]:
    with process() as address:
        async with visiting(address) as discord:
            guild = await discord.guild("Study group")
            ada, bob = await guild.join("Ada"), await guild.join("Bob")
            async with running(discord) as bot:
                yield discord, bot, ada, bob


async def test_discord_js_meets_what_it_expects() -> None:
    """Log in, sync, complete, ask, whisper, turn, fill in a form.

    Then choose, edit, react, follow up, report.
    """
    async with a_group() as (discord, bot, ada, bob):
        assert {command["name"] for command in await discord.tree()} == {
            "quiz",
            "talk",
            "Report question",
            "Run PyTorch",
        }
        assert [choice["value"] for choice in await ada.complete("quiz", "pack", "t")] == [
            "tensors",
            "training",
        ]

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


async def test_discord_js_follows_what_people_do_with_a_message() -> None:
    """Heard by mention, answered under it, changed when it is edited, gone when it is deleted.

    It is also pointed at in the menu.
    """
    async with a_group() as (discord, bot, ada, bob):
        hi = f"<@{discord.bot}>"
        message = await ada.writes(f"{hi} one")
        seen = await bob.finds("heard: one")
        assert (seen.shape["message_reference"]["message_id"], seen.pings) == (message, ())
        await discord.unfurl(message)
        await ada.rewrites(message, f"{hi} two")
        assert ((await bob.finds("heard: two")).id, (await bob.finds("heard: two")).edits) == (
            seen.id,
            1,
        )

        await ada.writes("print(1)")
        await bob.menu("Run PyTorch", on="print(1)")
        await ada.finds("print(1) of ada")

        await ada.erase(message)
        await discord.until(
            lambda known: seen.id not in str(known),
            "look",
            what="it gone",
            user=bob.id,
            channel=bob.channel,
        )
        olive = [await ada.writes(f"{number}") for number in range(2)]
        await ada.purge(*olive)
        assert (await bot.tells("purged"))["count"] == 2


async def test_discord_js_reconnects_and_misses_nothing() -> None:
    """Cut, closed, told to reconnect, told that its session is void.

    Every click is answered afterwards.
    """
    async with a_group() as (discord, bot, ada, _):
        await ada.slash("quiz", pack="tensors")
        cuts: list[Callable[[], Awaitable[None]]] = [
            discord.drop,
            partial(discord.drop, 4000),
            discord.reconnect,
        ]
        for resumed, cut in enumerate(cuts):
            await cut()
            await discord.resumed(resumed + 1)
            assert not (await ada.click("Private", on="A question")).failed
            await bot.tells("resumed")
        await discord.invalidate()
        await discord.identified(2)
        assert not (await ada.click("Private", on="A question")).failed
