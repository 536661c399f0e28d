"""The connection to Discord: the library's client, told to keep little, and what it hands on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord.state import AutoShardedConnectionState, ConnectionState

from bot.chat.discord.cards import Json


@dataclass(frozen=True, slots=True)
class Shards:
    """How many parts the servers are dealt into, and which of them are served here."""

    count: int = 1
    here: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class GatewayEvents:
    """Whom to tell what is heard."""

    logged_in: Callable[["Listening"], Awaitable[None]]
    connected: Callable[["Listening"], Awaitable[None]]
    clicked: Callable[[Json], Awaitable[None]]
    reacted: Callable[[discord.RawReactionActionEvent], Awaitable[None]]
    left: Callable[[discord.RawMemberRemoveEvent], Awaitable[None]]
    written: Callable[[Json], Awaitable[None]]
    """A message that is new."""
    rewritten: Callable[[Json], Awaitable[None]]
    removed: Callable[[Json], Awaitable[None]]
    """One message or several that are gone."""


class _AsTold:
    """Interactions and messages are handed on as they came.

    Whatever is strange about one is its own affair, and the client makes no objects of what nobody looks at.
    """

    dispatch: Callable[..., Any]

    def parse_interaction_create(self, data: Any) -> None:
        self.dispatch("told", data)

    def parse_message_create(self, data: Any) -> None:
        self.dispatch("written", data)

    def parse_message_update(self, data: Any) -> None:
        self.dispatch("rewritten", data)

    def parse_message_delete(self, data: Any) -> None:
        self.dispatch("removed", data)

    def parse_message_delete_bulk(self, data: Any) -> None:
        self.dispatch("removed", data)


class _State(_AsTold, ConnectionState["Listening"]):
    pass


class _ShardedState(_AsTold, AutoShardedConnectionState["ListeningInShards"]):
    pass


class Listening(discord.Client):
    """One try at being connected. Whatever ends it, the next try begins with a new one."""

    ears: GatewayEvents
    apart: float
    _identified = 0.0

    def _get_state(self, **options: Any) -> Any:
        return _State(
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            **options,
        )

    async def setup_hook(self) -> None:
        await self.ears.logged_in(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 (the library names them)
        """Wait only for what is left of the time between two sessions."""
        clock = asyncio.get_running_loop().time
        left = self._identified + self.apart - clock()
        if self._identified and left > 0:
            await asyncio.sleep(left)
        self._identified = clock()

    async def on_connect(self) -> None:
        await self.ears.connected(self)

    async def on_told(self, interaction: Json) -> None:
        await self.ears.clicked(interaction)

    async def on_written(self, message: Json) -> None:
        await self.ears.written(message)

    async def on_rewritten(self, message: Json) -> None:
        await self.ears.rewritten(message)

    async def on_removed(self, gone: Json) -> None:
        await self.ears.removed(gone)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        await self.ears.reacted(payload)

    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        await self.ears.left(payload)


class ListeningInShards(Listening, discord.AutoShardedClient):
    """The same over several connections."""

    def _get_state(self, **options: Any) -> Any:
        return _ShardedState(
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            **options,
        )


def client(ears: GatewayEvents, shards: Shards, *, members: bool, apart: float) -> Listening:
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = (
        False  # a quiz has no voice to miss
    )
    options: dict[str, Any] = {
        "intents": intents(members=members),
        "max_messages": None,
        "member_cache_flags": discord.MemberCacheFlags.none(),
        "chunk_guilds_at_startup": False,
        "allowed_mentions": discord.AllowedMentions.none(),
        "max_ratelimit_timeout": 30.0,
    }
    if shards.count > 1:
        options |= {"shard_count": shards.count, "shard_ids": list(shards.here) or None}
        made: Listening = ListeningInShards(**options)
    else:
        made = Listening(**options)
    made.ears, made.apart = ears, apart
    return made


def intents(*, members: bool) -> discord.Intents:
    """None of them needs Discord's leave, unless an operator wants to know who leaves.

    Messages come without what is said in them, but for those that mention the bot or are written to it directly.
    """
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        guild_reactions=True,
        dm_reactions=True,
        members=members,
    )


def shards_of(text: str) -> Shards:
    """`4`: four parts, all here. `0-1/4`: the first two of four."""
    here, _, count = text.rpartition("/")
    first, _, last = here.partition("-")
    served: Sequence[int] = range(int(first), int(last or first) + 1) if here else ()
    return Shards(int(count or 1), tuple(served))
