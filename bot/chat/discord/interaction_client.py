"""What answers one interaction: its one callback, then edits and follow-ups by its token. All of it without the bot's own rights."""

import asyncio
import json
import logging
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import aiohttp

from bot import __version__
from bot.chat.discord.cards import Attachment, Json, as_json
from bot.chat.kit.uploads import read_all

PAUSES_S = (0.1, 0.3, 0.8)
"""Seconds before each new attempt; together less than an interaction lives without an answer."""
TIMEOUT_S = 2.5
CONNECTIONS = 64
JSON = {"Content-Type": "application/json"}
PATIENCE_S = 30.0
"""Seconds that Discord may ask to wait; if it asks for more, the request is given up."""
UNKNOWN_INTERACTION, ALREADY_ANSWERED = 10062, 40060
CALM = 429
_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What became of a callback."""

    SAID = "said"
    TAKEN = "taken"
    """Somebody else answered: another process, or this one when the same event came twice."""
    LATE = "late"


class Refused(Exception):  # noqa: N818 (an answer of Discord, which the callers judge)
    """Discord would not do it; `code` is its own number for why."""

    def __init__(self, status: int, code: int, said: str) -> None:
        super().__init__(f"{status} ({code}): {said}")
        self.status, self.code = status, code


class Unsure(Exception):  # noqa: N818 (as above)
    """The connection failed or Discord itself did, so that it may have been done or not."""


def session() -> aiohttp.ClientSession:
    """A few connections that are kept open: a storm of clicks must not begin with a storm of handshakes."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": f"DiscordBot (https://torchproof.example, {__version__})"},
        timeout=aiohttp.ClientTimeout(sock_connect=TIMEOUT_S, sock_read=TIMEOUT_S),
    )


class InteractionClient:
    def __init__(self, session: aiohttp.ClientSession, api: str) -> None:
        self._session, self._api = session, api

    async def answer(
        self,
        interaction: str,
        token: str,
        kind: int,
        body: Json | None,
        files: Sequence[Attachment],
        *,
        told: bool,
    ) -> tuple[Outcome, str]:
        """The one callback. With `told`, the id of the message it made comes back too, where Discord says it."""
        path = f"/interactions/{interaction}/{token}/callback" + (
            "?with_response=true" if told else ""
        )
        data = {"type": kind} if body is None else {"type": kind, "data": body}
        tried = 0
        while True:
            try:
                said = await self._once("POST", path, data, files)
            except Unsure:
                if tried == len(PAUSES_S):
                    raise
                await asyncio.sleep(PAUSES_S[tried])
                tried += 1
            except Refused as refusal:
                if refusal.code == ALREADY_ANSWERED:
                    return (Outcome.SAID if tried else Outcome.TAKEN), ""
                if refusal.code == UNKNOWN_INTERACTION:
                    return Outcome.LATE, ""
                raise
            else:
                return Outcome.SAID, _made(said)

    async def edit(
        self, webhook: str, message: str, body: Json, files: Sequence[Attachment]
    ) -> Json:
        """`webhook` is application and token, as in the address. Safe to repeat."""
        return await self._again("PATCH", f"/webhooks/{webhook}/messages/{message}", body, files)

    async def read(self, webhook: str, message: str = "@original") -> Json:
        return await self._again("GET", f"/webhooks/{webhook}/messages/{message}")

    async def delete(self, webhook: str, message: str = "@original") -> None:
        await self._again("DELETE", f"/webhooks/{webhook}/messages/{message}")

    async def add(self, webhook: str, body: Json, files: Sequence[Attachment]) -> Json:
        """One message more. Never repeated where it may have been said: nothing tells one from its double."""
        return await self._once("POST", f"/webhooks/{webhook}?wait=true", body, files)

    async def fetch(self, address: str) -> bytes:
        """A file from where Discord keeps it; without anything that says who asks."""
        try:
            async with self._session.get(address, allow_redirects=False) as response:
                if response.status != 200:  # noqa: PLR2004 (there it is, or it is not)
                    raise Refused(response.status, 0, "no file")
                return await read_all(response.content.iter_any())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unsure(type(error).__name__) from error

    async def _again(
        self, method: str, path: str, body: Json | None = None, files: Sequence[Attachment] = ()
    ) -> Json:
        for pause in PAUSES_S:
            try:
                return await self._once(method, path, body, files)
            except Unsure as error:
                _log.info("Discord did not take %s: %s; trying again", method, error)
                await asyncio.sleep(pause)
        return await self._once(method, path, body, files)

    async def _once(
        self, method: str, path: str, body: Json | None, files: Sequence[Attachment]
    ) -> Json:
        """One request that reached a verdict; what was merely asked to wait waits and asks again."""
        while True:
            try:
                status, text, wait = await self._send(method, path, body, files)
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                raise Unsure(type(error).__name__) from error
            if wait is not None and wait <= PATIENCE_S:
                await asyncio.sleep(wait)
            elif status >= 500:  # noqa: PLR2004 (every server error)
                raise Unsure(f"status {status}")
            elif status >= 400:  # noqa: PLR2004 (every other refusal)
                raise _refusal(status, text)
            else:
                return _read(text)

    async def _send(
        self, method: str, path: str, body: Json | None, files: Sequence[Attachment]
    ) -> tuple[int, str, float | None]:
        """Status, text, and for how long to wait where Discord asks to."""
        data: Any = None
        if files and body is not None:
            data = _form(body, files)
        elif body is not None:
            data = as_json(body).encode(errors="replace")
        headers = JSON if isinstance(data, bytes) else None
        async with self._session.request(
            method, self._api + path, data=data, headers=headers
        ) as response:
            text = await response.text()
            wait = _read(text).get("retry_after") if response.status == CALM else None
            return response.status, text, None if wait is None else float(wait)


def _form(body: Json, files: Sequence[Attachment]) -> aiohttp.FormData:
    inner = body.get("data", body)
    assert "attachments" in inner  # noqa: S101 (whoever hands over files has named them)
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", as_json(body), content_type="application/json")
    for number, each in enumerate(files):
        form.add_field(
            f"files[{number}]",
            each.content,
            filename=each.name,
            content_type="application/octet-stream",
        )
    return form


def _made(said: Json) -> str:
    """The id of the message that a callback made."""
    made = (said.get("interaction") or {}).get("response_message_id")
    return str(made or ((said.get("resource") or {}).get("message") or {}).get("id") or "")


def _read(text: str) -> Json:
    if not text:
        return {}
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _refusal(status: int, text: str) -> Refused:
    said = _read(text)
    return Refused(
        status,
        int(said.get("code") or 0),
        f"{said.get('message', text[:200])} {said.get('errors', '')}",
    )
