"""The gateway: discord.py's client, kept from caching."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord
from discord.state import AutoShardedConnectionState, ConnectionState

from bot.chat.discord.doctor_check import REFUSED
from bot.chat.discord.outgoing.rest import BotRest
from bot.errors import OperatorError

_TOO_OLD = "This version of Torchproof is too old for Discord. Update it."
# What a person has to mend, by the code of the close event.
FATAL = {
    4004: (  # AUTHENTICATION_FAILED
        "Discord does not know this token any more. Copy a new one from the developer portal into "
        "TORCHPROOF_DISCORD_TOKEN."
    ),
    4010: (  # INVALID_SHARD
        "These shards do not exist. Mend TORCHPROOF_DISCORD_SHARDS, for example 4 or 0-1/4."
    ),
    4011: (  # SHARDING_REQUIRED
        "The bot is in too many servers for one connection. Set TORCHPROOF_DISCORD_SHARDS, for "
        "example to 4."
    ),
    4012: _TOO_OLD,  # INVALID_API_VERSION
    4013: _TOO_OLD,  # INVALID_INTENTS
    4014: (  # DISALLOWED_INTENTS
        "Discord refuses the members intent. Switch it on in the developer portal under Bot, or "
        "set TORCHPROOF_DISCORD_MEMBERS=off."
    ),
}
_log = logging.getLogger(__name__)
Handlers = Mapping[str, Callable[..., Awaitable[None]]]


@dataclass(frozen=True, slots=True)
class Shards:
    count: int = 1
    here: tuple[int, ...] = ()


class _RawPayloads:
    """The library's objects would fail on unusual payloads."""

    dispatch: Callable[..., Any]

    def parse_interaction_create(self, data: Any) -> None:
        self.dispatch("interaction_payload", data)

    def parse_message_create(self, data: Any) -> None:
        self.dispatch("message_payload", data)

    def parse_message_update(self, data: Any) -> None:
        self.dispatch("update_payload", data)

    def parse_message_delete(self, data: Any) -> None:
        self.dispatch("delete_payload", data)

    parse_message_delete_bulk = parse_message_delete


class _State(_RawPayloads, ConnectionState["GatewayClient"]):
    pass


class _ShardedState(_RawPayloads, AutoShardedConnectionState["ShardedGatewayClient"]):
    pass


class GatewayClient(discord.Client):
    identify_interval: float
    _state_type: type[Any] = _State
    _identified_at = 0.0

    def _get_state(self, **options: Any) -> Any:
        return self._state_type(
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            **options,
        )

    async def before_identify_hook(self, *_: object, **__: object) -> None:
        """The library's own hook waits even when enough time has passed."""
        clock = asyncio.get_running_loop().time
        left = self._identified_at + self.identify_interval - clock()
        if self._identified_at and left > 0:
            await asyncio.sleep(left)
        self._identified_at = clock()


class ShardedGatewayClient(GatewayClient, discord.AutoShardedClient):
    _state_type = _ShardedState


def gateway_client(
    handlers: Handlers, shards: Shards, *, members: bool, identify_interval: float
) -> GatewayClient:
    discord.VoiceClient.warn_nacl = False
    discord.VoiceClient.warn_dave = False
    options: dict[str, Any] = {
        "intents": intents(members=members),
        "max_messages": None,
        "member_cache_flags": discord.MemberCacheFlags.none(),
        "chunk_guilds_at_startup": False,
        "allowed_mentions": discord.AllowedMentions.none(),
        "max_ratelimit_timeout": 30.0,
    }
    client: GatewayClient
    if shards.count > 1:
        options |= {"shard_count": shards.count, "shard_ids": list(shards.here) or None}
        client = ShardedGatewayClient(**options)
    else:
        client = GatewayClient(**options)
    client.identify_interval = identify_interval
    for event, handler in handlers.items():
        setattr(client, f"on_{event}", handler)
    return client


def intents(*, members: bool) -> discord.Intents:
    # Without the message content intent, only messages that mention the bot and direct messages
    # have text. Only `members` needs Discord's approval.
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        guild_reactions=True,
        dm_reactions=True,
        members=members,
    )


def parse_shards(text: str) -> Shards:
    """`4`: four shards, all here. `0-1/4`: the first two of four."""
    here, _, count = text.rpartition("/")
    first, _, last = here.partition("-")
    served: Sequence[int] = range(int(first), int(last or first) + 1) if here else ()
    return Shards(int(count or 1), tuple(served))


@dataclass(frozen=True, slots=True)
class GatewayConnection:
    token: str = field(repr=False)
    rest: BotRest
    new_client: Callable[[], GatewayClient]
    before_stop: Callable[[], Awaitable[None]]  # lets answers finish
    ready: asyncio.Event = field(default_factory=asyncio.Event)  # set while events arrive

    async def connect(self) -> None:
        client = self.new_client()
        try:
            await client.login(self.token)
            self.rest.log_in(client)
            await client.connect()
        except discord.LoginFailure:
            raise OperatorError(REFUSED) from None
        except discord.PrivilegedIntentsRequired:
            raise OperatorError(FATAL[4014]) from None
        except discord.ConnectionClosed as error:
            if error.code in FATAL:
                raise OperatorError(FATAL[error.code]) from None
            _log.warning("Discord closed the connection (%s); connecting anew", error.code)
        except asyncio.CancelledError:
            await self.before_stop()
            raise
        except Exception:  # noqa: BLE001 (the library lets out whatever a strange event did to it)
            _log.exception("the connection to Discord broke; connecting anew")
        finally:
            self.ready.clear()
            self.rest.log_out()
            await client.close()
