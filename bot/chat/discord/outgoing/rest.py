"""Discord's REST API, with the bot's own rights."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

import aiohttp
import discord
from discord.http import HTTPClient, Route
from discord.utils import snowflake_time

from bot.chat.discord.outgoing.cards import Rendered
from bot.chat.discord.outgoing.components import Json, custom_ids, to_json
from bot.chat.discord.outgoing.interaction_client import FAILURES
from bot.chat.kit.limits import RecentValues
from bot.chat.kit.tasks import retried
from bot.chat.platform_interface import Lost, Posted
from bot.identity import MessageRef, Place

PAGE = 100
NO_ACCESS = {
    10003,  # UNKNOWN_CHANNEL
    10004,  # UNKNOWN_GUILD
    50001,  # MISSING_ACCESS
    50013,  # MISSING_PERMISSIONS
}
GONE = {
    10008,  # UNKNOWN_MESSAGE
    50083,  # THREAD_ARCHIVED
    160005,  # THREAD_LOCKED
}
_MESSAGES = "/channels/{channel_id}/messages"
_MESSAGE = _MESSAGES + "/{message_id}"
_REACTIONS = _MESSAGE + "/reactions/{emoji}"
_GUILD = "/guilds/{guild_id}"
_log = logging.getLogger(__name__)


class BotRest:
    def __init__(self, login_timeout_s: float) -> None:
        self.me = ""  # the bot's own user id
        self.application = 0
        self._login_timeout_s = login_timeout_s
        self._logged_in = asyncio.Event()
        self._dm_channels: RecentValues[str, str] = RecentValues(10_000)

    def log_in(self, client: discord.Client) -> None:
        self._http = client.http
        self.application = client.application_id or 0
        self.me = str(client.user.id if client.user else 0)
        self._logged_in.set()

    def log_out(self) -> None:
        self._logged_in.clear()

    async def logged_in(self) -> HTTPClient:
        async with asyncio.timeout(self._login_timeout_s):
            await self._logged_in.wait()
        return self._http

    async def post(self, place: Place, rendered: Rendered, key: str, under: str = "") -> Posted:
        """Within minutes, the same card with the same key is posted once."""
        body = rendered.body()
        nonce = _nonce(f"{place.channel} {key} {to_json(body)}")
        if under:
            nonce["message_reference"] = {"message_id": under, "fail_if_not_exists": False}
        message = await self._create_message(place.channel, {**body, **nonce}, rendered)
        return _posted(place, message)

    async def find(self, place: Place, rendered: Rendered) -> Posted | None:
        """With all of these buttons."""
        ids = custom_ids(rendered.components)
        try:
            path = _MESSAGES + "?limit=50"
            messages = await self._request("GET", path, channel_id=place.channel)
        except Lost:
            return None
        for message in messages:
            is_mine = message.get("author", {}).get("id") == self.me
            if ids and is_mine and ids <= custom_ids(message.get("components") or ()):
                return _posted(place, message)
        return None

    async def edit(self, message: MessageRef, rendered: Rendered) -> None:
        await self._request("PATCH", _MESSAGE, rendered.body(), rendered, **_ids(message))

    async def add_reaction(self, message: MessageRef, emoji: str) -> None:
        await self._request("PUT", _REACTIONS + "/@me", **_ids(message), emoji=emoji)

    async def remove_reaction(self, message: MessageRef, emoji: str, user: str) -> None:
        path = _REACTIONS + "/{user_id}"
        await self._request("DELETE", path, **_ids(message), emoji=emoji, user_id=user)

    async def users_who_reacted(self, message: MessageRef, emoji: str) -> AsyncIterator[Json]:
        path = _REACTIONS + f"?limit={PAGE}&after={{after}}"
        after = "0"
        while True:
            where = {**_ids(message), "emoji": emoji, "after": after}
            users: list[Json] = await self._request("GET", path, **where) or []
            for user in users:
                yield user
            if len(users) < PAGE:
                return
            after = users[-1]["id"]

    async def reactions(self, message: MessageRef) -> Sequence[Json]:
        payload = await self._request("GET", _MESSAGE, **_ids(message))
        return (payload or {}).get("reactions") or ()

    async def member(self, place: Place, user: str) -> Json:
        path = _GUILD + "/members/{user_id}"
        return await self._request("GET", path, guild_id=place.community, user_id=user) or {}

    async def owner(self, place: Place) -> str:
        guild = await self._request("GET", _GUILD, guild_id=place.community)
        return str(guild["owner_id"])

    async def direct_message(self, user: str, rendered: Rendered, key: str = "") -> bool:
        """False where they take none. Within minutes, once for each key."""
        try:
            channel = self._dm_channels.get(user)
            if channel is None:
                recipient = {"recipient_id": user}
                opened = await self._request("POST", "/users/@me/channels", recipient)
                channel = str(opened["id"])
                self._dm_channels[user] = channel
            nonce = _nonce(f"{channel} {key}") if key else {}
            await self._create_message(channel, {**rendered.body(), **nonce}, rendered)
        except FAILURES as error:
            _log.info("no direct message: %s", error)
            return False
        return True

    async def put_commands(self, commands: list[Json]) -> None:
        http = await self.logged_in()
        await http.bulk_upsert_global_commands(self.application, commands)

    async def _create_message(self, channel: str, body: Json, rendered: Rendered) -> Any:
        return await self._request("POST", _MESSAGES, body, rendered, channel_id=channel)

    async def _request(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        rendered: Rendered | None = None,
        /,
        **where: str,
    ) -> Any:
        """None where the message is gone."""
        http = await self.logged_in()

        async def attempt() -> Any:
            try:
                return await http.request(Route(method, path, **where), **_content(body, rendered))
            except discord.HTTPException as error:
                if error.code in NO_ACCESS:
                    raise Lost(str(error)) from error
                if error.code in GONE:
                    return None
                raise

        failures = (discord.DiscordServerError, aiohttp.ClientError, OSError, TimeoutError)
        return await retried(attempt, (0.5, 1.0, 2.0), *failures)


def _content(body: Json | None, rendered: Rendered | None) -> dict[str, Any]:
    if body is None:
        return {}
    if rendered is None or not rendered.attachments:
        return {"json": body}
    files = [
        {
            "name": f"files[{number}]",
            "value": attachment.content,
            "filename": attachment.name,
            "content_type": "application/octet-stream",
        }
        for number, attachment in enumerate(rendered.attachments)
    ]
    return {"form": [{"name": "payload_json", "value": to_json(body)}, *files]}


def _posted(place: Place, message: Json) -> Posted:
    return Posted(MessageRef(place, str(message["id"])), snowflake_time(int(message["id"])))


def _nonce(seed: str) -> Json:
    nonce = hashlib.sha256(seed.encode()).hexdigest()[:25]
    return {"nonce": nonce, "enforce_nonce": True}


def _ids(message: MessageRef) -> dict[str, str]:
    return {"channel_id": message.place.channel, "message_id": message.id}
