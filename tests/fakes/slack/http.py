"""Signed HTTP: what is sent to the bot's own address."""

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.delivery import Gone
from tests.fakes.slack.payloads import VERIFICATION
from tests.fakes.slack.refusals import Refusal
from tests.fakes.slack.world import SIGNING, Json, World

PATIENCE_S = 20


def signed(secret: str, stamp: str, body: str) -> str:
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return f"v0={digest}"


class Http:
    def __init__(self, world: World) -> None:
        self.world = world
        self._session: aiohttp.ClientSession | None = None
        self.sent: list[Json] = []
        """Every request and its status."""

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def carry(self, kind: str, payload: Json, attempt: int, why: str) -> Any:
        body, form = _body(kind, payload)
        more = (
            {}
            if not attempt
            else {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": _reason(why)}
        )
        status, headers, text = await self.send(body, form, more)
        if status != 200:
            raise Gone("http_error", again="X-Slack-No-Retry" not in headers)
        return _answer(headers.get("Content-Type", ""), text)

    async def send(
        self, body: str, form: str, more: dict[str, str], *, secret: str = SIGNING, age: float = 0.0
    ) -> tuple[int, dict[str, str], str]:
        """One request, signed; so many seconds old."""
        self._session = self._session or aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(PATIENCE_S)
        )
        stamp = str(int(time.time() - age))
        headers = {
            "Content-Type": form,
            "X-Slack-Request-Timestamp": stamp,
            "User-Agent": "Slackbot 1.0",
        }
        headers |= {"X-Slack-Signature": signed(secret, stamp, body), **more}
        try:
            async with self._session.post(
                self.world.app.request_url, data=body.encode(), headers=headers
            ) as answer:
                text = await answer.text()
        except (aiohttp.ClientError, TimeoutError, OSError):
            await asyncio.sleep(0)
            raise Gone("connection_failed") from None
        self.sent.append(
            {"status": answer.status, "type": form, "retry": more.get("X-Slack-Retry-Num", "")}
        )
        return answer.status, dict(answer.headers), text

    async def verify(self) -> None:
        """An address is taken once it says the challenge back."""
        body = json.dumps(
            {"token": VERIFICATION, "challenge": "3eZbrw1aB", "type": "url_verification"}
        )
        status, _, text = await self.send(body, "application/json", {})
        if status != 200 or "3eZbrw1aB" not in text:
            raise Refusal("url_verification_failed", f"{status} {text[:80]}")


def _reason(why: str) -> str:
    return "http_timeout" if why == "timeout" else why


def _body(kind: str, payload: Json) -> tuple[str, str]:
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


def _answer(kind: str, text: str) -> Any:
    if not text.strip():
        return None
    return json.loads(text) if "json" in kind else text
