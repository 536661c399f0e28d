"""Answers to interactions, by their token."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import aiohttp
import discord

from bot import __version__
from bot.chat.discord.outgoing.cards import Attachment
from bot.chat.discord.outgoing.components import Json, to_json
from bot.chat.kit.files import read_all
from bot.chat.kit.tasks import retried
from bot.chat.platform_interface import Lost

ORIGINAL = "@original"
PAUSES_S = (0.1, 0.3, 0.8)  # before each new attempt: a callback must arrive within 3 s
TIMEOUT_S = 2.5
MAX_RATE_LIMIT_S = 30.0


class Refused(Exception):  # noqa: N818 (an answer, which callers judge)
    """`code` is Discord's error code."""

    def __init__(self, status: int, code: int, text: str) -> None:
        super().__init__(f"{status} ({code}): {text}")
        self.code = code


class Unsure(Exception):  # noqa: N818 (an answer, which callers judge)
    """It may have been done or not."""


FAILURES = (Refused, Unsure, Lost, discord.DiscordException, aiohttp.ClientError, OSError)


class CallbackOutcome(StrEnum):
    SENT = "sent"
    # Another process was first, or this one, when an interaction came twice.
    SENT_BY_ANOTHER = "sent by another"
    EXPIRED = "expired"


def open_session() -> aiohttp.ClientSession:
    # Many clicks at once must not begin with as many handshakes.
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": f"DiscordBot (https://torchproof.example, {__version__})"},
        timeout=aiohttp.ClientTimeout(sock_connect=TIMEOUT_S, sock_read=TIMEOUT_S),
    )


@dataclass(frozen=True, slots=True)
class InteractionClient:
    """`webhook`: application/token."""

    session: aiohttp.ClientSession
    api: str

    async def callback(
        self,
        interaction: str,
        token: str,
        kind: int,
        data: Json | None = None,
        files: Sequence[Attachment] = (),
        *,
        with_response: bool = False,
    ) -> tuple[CallbackOutcome, str]:
        """With the id of the message that it made."""
        path = f"/interactions/{interaction}/{token}/callback"
        if with_response:
            path += "?with_response=true"
        body = {"type": kind} if data is None else {"type": kind, "data": data}
        attempts = 0

        async def attempt() -> Json:
            nonlocal attempts
            attempts += 1
            return await self._request("POST", path, body, files)

        try:
            payload = await retried(attempt, PAUSES_S, Unsure)
        except Refused as refusal:
            match refusal.code:
                case 10062:  # UNKNOWN_INTERACTION
                    return CallbackOutcome.EXPIRED, ""
                case 40060:  # INTERACTION_ALREADY_ACKNOWLEDGED
                    was_sent = attempts > 1  # by an attempt that seemed to fail
                    outcome = CallbackOutcome.SENT if was_sent else CallbackOutcome.SENT_BY_ANOTHER
                    return outcome, ""
            raise
        made = payload.get("interaction") or {}
        message = (payload.get("resource") or {}).get("message") or {}
        made_id = made.get("response_message_id") or message.get("id") or ""
        return CallbackOutcome.SENT, str(made_id)

    async def edit(
        self, webhook: str, message: str, body: Json, files: Sequence[Attachment]
    ) -> Json:
        return await self._repeatable(
            "PATCH", f"/webhooks/{webhook}/messages/{message}", body, files
        )

    async def get_original(self, webhook: str) -> Json:
        return await self._repeatable("GET", f"/webhooks/{webhook}/messages/{ORIGINAL}")

    async def delete_original(self, webhook: str) -> None:
        await self._repeatable("DELETE", f"/webhooks/{webhook}/messages/{ORIGINAL}")

    async def follow_up(self, webhook: str, body: Json, files: Sequence[Attachment]) -> Json:
        """Never repeated: nothing would keep it from being there twice."""
        return await self._request("POST", f"/webhooks/{webhook}?wait=true", body, files)

    async def download(self, url: str) -> bytes:
        """Discord's CDN is not told who asks."""
        try:
            async with self.session.get(url, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise Refused(response.status, 0, "no file")
                return await read_all(response.content.iter_any())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unsure(type(error).__name__) from error

    async def _repeatable(
        self, method: str, path: str, body: Json | None = None, files: Sequence[Attachment] = ()
    ) -> Json:
        return await retried(lambda: self._request(method, path, body, files), PAUSES_S, Unsure)

    async def _request(
        self, method: str, path: str, body: Json | None, files: Sequence[Attachment]
    ) -> Json:
        while True:
            try:
                status, text = await self._send(method, path, body, files)
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                raise Unsure(type(error).__name__) from error
            payload = _parsed(text)
            wait = payload.get("retry_after") if status == HTTPStatus.TOO_MANY_REQUESTS else None
            if wait is not None and float(wait) <= MAX_RATE_LIMIT_S:
                await asyncio.sleep(float(wait))
            elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise Unsure(f"status {status}")
            elif status >= HTTPStatus.BAD_REQUEST:
                reason = f"{payload.get('message', text[:200])} {payload.get('errors', '')}"
                raise Refused(status, int(payload.get("code") or 0), reason)
            else:
                return payload

    async def _send(
        self, method: str, path: str, body: Json | None, files: Sequence[Attachment]
    ) -> tuple[int, str]:
        content: Any = None
        headers = None
        if body is not None and files:
            content = _form(body, files)
        elif body is not None:
            content = to_json(body).encode(errors="replace")
            headers = {"Content-Type": "application/json"}
        async with self.session.request(
            method, self.api + path, data=content, headers=headers
        ) as response:
            return response.status, await response.text()


def _form(body: Json, files: Sequence[Attachment]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", to_json(body), content_type="application/json")
    for number, file in enumerate(files):
        form.add_field(
            f"files[{number}]",
            file.content,
            filename=file.name,
            content_type="application/octet-stream",
        )
    return form


def _parsed(text: str) -> Json:
    try:
        payload = json.loads(text or "{}")
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}
