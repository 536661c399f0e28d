from collections.abc import AsyncIterator

import pytest

from tests.fakes.discord.bare import Bare, Gateway, bare
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
async def bot(discord: Discord) -> AsyncIterator[Bare]:
    async with bare(discord) as bot:
        yield bot


@pytest.fixture
async def gateway(bot: Bare, ada: Member, bob: Member) -> AsyncIterator[Gateway]:  # noqa: ARG001 — they are there first
    """A live session, with Ada and Bob in the guild already."""
    async with bot.connected() as gateway:
        yield gateway
