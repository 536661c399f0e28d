from collections.abc import AsyncIterator

import pytest

from bot.chat.discord.platform import DiscordPlatform
from tests.chat.discord.scene import Talk, served
from tests.fakes.discord.guild import Discord, Guild, Member


@pytest.fixture
async def guild(discord: Discord) -> Guild:
    return await discord.guild("Study group")


@pytest.fixture
async def ada(guild: Guild) -> Member:
    return await guild.join("Ada")


@pytest.fixture
async def bob(guild: Guild) -> Member:
    return await guild.join("Bob")


@pytest.fixture
async def talk() -> Talk:
    return Talk()


@pytest.fixture
async def bot(discord: Discord, guild: Guild, talk: Talk) -> AsyncIterator[DiscordPlatform]:  # noqa: ARG001 (it is there first)
    async with served(discord, talk) as bot:
        yield bot
