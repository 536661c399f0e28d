"""What the bot does in its own right: messages in channels, reactions under them, letters to people."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route

from bot.chat.discord.cards import Json, Rendered, as_json, custom_ids
from bot.chat.discord.snowflakes import time_of
from bot.chat.port import Lost, Posted
from bot.identity import MessageRef, Place

PAUSES_S = (0.5, 1.0, 2.0)
LOOK_BACK = 50
A_PAGE = 100
MANY = 10_000
"""Direct channels that are remembered."""
NOWHERE: Mapping[str, str] = MappingProxyType({})
NO_ACCESS = {50001, 50013, 10003, 10004}
"""Discord's numbers for: no access, no permission, no such channel, no such server."""
UNKNOWN_MESSAGE = 10008
ARCHIVED = {50083, 160005}
_EMOJI = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}"
_log = logging.getLogger(__name__)

Door = Callable[[], Awaitable[HTTPClient]]
"""Waits until the bot is logged in."""


class BotRest:
    def __init__(self, door: Door) -> None:
        self._door = door
        self.me = ""
        self._letters: dict[str, str] = {}

    def known_as(self, bot: int) -> None:
        self.me = str(bot)

    async def post(self, place: Place, drawn: Rendered, key: str, under: str = "") -> Posted:
        """A new message, by itself or as a reply; said again within minutes, it is the same one."""
        body = {**drawn.body(), "nonce": _nonce(place, drawn, key), "enforce_nonce": True}
        if under:
            body["message_reference"] = {"message_id": under, "fail_if_not_exists": False}
        said = await self._ask(
            "POST",
            "/channels/{channel_id}/messages",
            body,
            drawn,
            where={"channel_id": place.channel},
        )
        return _posted(place, said)

    async def find(self, place: Place, drawn: Rendered) -> Posted | None:
        """The message that already stands with all of these buttons."""
        ids = custom_ids(drawn.components)
        try:
            recent = await self._ask(
                "GET",
                "/channels/{channel_id}/messages",
                params={"limit": LOOK_BACK},
                where={"channel_id": place.channel},
            )
        except Lost:
            return None
        mine = (each for each in recent if ids and each.get("author", {}).get("id") == self.me)
        found = next(
            (each for each in mine if ids <= custom_ids(each.get("components") or ())), None
        )
        return _posted(place, found) if found else None

    async def edit(self, message: MessageRef, drawn: Rendered) -> None:
        path = "/channels/{channel_id}/messages/{message_id}"
        await self._ask("PATCH", path, drawn.body(), drawn, where=_where(message))

    async def put_emoji(self, message: MessageRef, emoji: str) -> None:
        await self._ask("PUT", _EMOJI + "/@me", where=_where(message, emoji=emoji))

    async def take_emoji(self, message: MessageRef, emoji: str, person: str) -> None:
        await self._ask(
            "DELETE", _EMOJI + "/{person}", where=_where(message, emoji=emoji, person=person)
        )

    async def who_reacted(self, message: MessageRef, emoji: str) -> AsyncIterator[Json]:
        """The people whose emoji stands under a message."""
        after = "0"
        while True:
            params: Json = {"limit": A_PAGE, "after": after}
            people = (
                await self._ask("GET", _EMOJI, params=params, where=_where(message, emoji=emoji))
                or []
            )
            for person in people:
                yield person
            if len(people) < A_PAGE:
                return
            after = people[-1]["id"]

    async def emoji_under(self, message: MessageRef) -> list[Json]:
        """Which emoji stand under a message, each with how many, and whether one is the bot's own."""
        found = (
            await self._ask(
                "GET", "/channels/{channel_id}/messages/{message_id}", where=_where(message)
            )
            or {}
        )
        return list(found.get("reactions") or ())

    async def member(self, place: Place, person: str) -> Json:
        found: Json = await self._ask(
            "GET",
            "/guilds/{guild_id}/members/{user_id}",
            where={"guild_id": place.community, "user_id": person},
        )
        return found

    async def write(self, person: str, drawn: Rendered, key: str = "") -> bool:
        """A direct message; False where the person takes none. Said again within minutes by its key, it is the same."""
        try:
            if len(self._letters) > MANY:
                self._letters.clear()
            if person not in self._letters:
                opened = await self._ask("POST", "/users/@me/channels", {"recipient_id": person})
                self._letters[person] = str(opened["id"])
            channel = self._letters[person]
            once = {"nonce": _digest(f"{channel} {key}"), "enforce_nonce": True} if key else {}
            await self._ask(
                "POST",
                "/channels/{channel_id}/messages",
                {**drawn.body(), **once},
                drawn,
                where={"channel_id": channel},
            )
        except (Lost, discord.DiscordException, aiohttp.ClientError, OSError) as error:
            _log.info("no direct message: %s", error)
            return False
        return True

    async def put_commands(self, application: int, commands: list[Json]) -> None:
        http = await self._door()
        route = Route("PUT", "/applications/{application_id}/commands", application_id=application)
        await http.request(route, json=commands)

    async def keeper(self, place: Place) -> str:
        """Who owns the server of a place."""
        guild = await self._ask("GET", "/guilds/{guild_id}", where={"guild_id": place.community})
        return str(guild["owner_id"])

    async def _ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        drawn: Rendered | None = None,
        params: Json | None = None,
        where: Mapping[str, str] = NOWHERE,
    ) -> Any:
        """What went wrong on the way is tried again: whatever is asked here may safely be asked twice."""
        for pause in (*PAUSES_S, None):
            http = await self._door()
            try:
                return await http.request(
                    Route(method, path, **where), **_sent(body, drawn, params)
                )
            except discord.HTTPException as error:
                if error.code in NO_ACCESS:
                    raise Lost(str(error)) from error
                if error.code == UNKNOWN_MESSAGE or error.code in ARCHIVED:
                    return None
                if error.status < 500 or pause is None:  # noqa: PLR2004 (every server error)
                    raise
            except (aiohttp.ClientError, OSError, TimeoutError):
                if pause is None:
                    raise
            await asyncio.sleep(pause)
        return None


def _sent(body: Json | None, drawn: Rendered | None, params: Json | None) -> dict[str, Any]:
    if body is not None and drawn is not None and drawn.attachments:
        files = [
            {
                "name": f"files[{n}]",
                "value": each.content,
                "filename": each.name,
                "content_type": "application/octet-stream",
            }
            for n, each in enumerate(drawn.attachments)
        ]
        return {"form": [{"name": "payload_json", "value": as_json(body)}, *files]}
    return {
        name: value for name, value in (("json", body), ("params", params)) if value is not None
    }


def _posted(place: Place, said: Json) -> Posted:
    return Posted(MessageRef(place, str(said["id"])), time_of(said["id"]))


def _nonce(place: Place, drawn: Rendered, key: str) -> str:
    """The same for the same card under the same key; a bot with another memory has other cards."""
    return _digest(f"{place.channel} {key} {as_json(drawn.body())}")


def _digest(seed: str) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:25]


def _where(message: MessageRef, **more: str) -> dict[str, str]:
    return {"channel_id": message.place.channel, "message_id": message.id, **more}
