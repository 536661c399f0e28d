"""Staying connected to the gateway."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import discord

from bot.chat.discord.doctor_check import REFUSED
from bot.chat.discord.incoming.gateway import GatewayClient
from bot.chat.discord.outgoing.rest import BotRest
from bot.chat.kit.tasks import reconnecting
from bot.errors import OperatorError

AUTHENTICATION_FAILED = 4004
INVALID_SHARD = 4010
SHARDING_REQUIRED = 4011
INVALID_API_VERSION = 4012
INVALID_INTENTS = 4013
DISALLOWED_INTENTS = 4014

_TOO_OLD = "This version of Torchproof is too old for Discord. Update it."
# What a person has to mend, by the code of the close event.
FATAL = {
    AUTHENTICATION_FAILED: (
        "Discord does not know this token any more. Copy a new one from the developer portal into "
        "TORCHPROOF_DISCORD_TOKEN."
    ),
    INVALID_SHARD: (
        "These shards do not exist. Mend TORCHPROOF_DISCORD_SHARDS, for example 4 or 0-1/4."
    ),
    SHARDING_REQUIRED: (
        "The bot is in too many servers for one connection. Set TORCHPROOF_DISCORD_SHARDS, for "
        "example to 4."
    ),
    INVALID_API_VERSION: _TOO_OLD,
    INVALID_INTENTS: _TOO_OLD,
    DISALLOWED_INTENTS: (
        "Discord refuses the members intent. Switch it on in the developer portal under Bot, or "
        "set TORCHPROOF_DISCORD_MEMBERS=off."
    ),
}
_log = logging.getLogger(__name__)


class GatewayConnection:
    def __init__(
        self,
        token: str,
        rest: BotRest,
        new_client: Callable[[], GatewayClient],
        before_stop: Callable[[], Awaitable[None]],
    ) -> None:
        self._token = token
        self._rest = rest
        self._new_client = new_client
        self._before_stop = before_stop
        self.ready = asyncio.Event()  # set while events arrive

    async def run(self, first_pause_s: float, longest_pause_s: float) -> None:
        await reconnecting(self._connect, first_pause_s, longest_pause_s)

    async def _connect(self) -> None:
        client = self._new_client()
        try:
            await client.login(self._token)
            self._rest.log_in(client)
            await client.connect()
        except discord.LoginFailure:
            raise OperatorError(REFUSED) from None
        except discord.PrivilegedIntentsRequired:
            raise OperatorError(FATAL[DISALLOWED_INTENTS]) from None
        except discord.ConnectionClosed as error:
            if error.code in FATAL:
                raise OperatorError(FATAL[error.code]) from None
            _log.warning("Discord closed the connection (%s); connecting anew", error.code)
        except asyncio.CancelledError:
            await self._before_stop()
            raise
        except Exception:  # noqa: BLE001 (the library lets out whatever a strange event did to it)
            _log.exception("the connection to Discord broke; connecting anew")
        finally:
            self.ready.clear()
            self._rest.log_out()
            await client.close()
