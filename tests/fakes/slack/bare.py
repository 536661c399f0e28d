"""The barest Slack bot: calls and frames as they are, for what no client library would send."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.fakes.slack.workspace import Slack, Workspace
from tests.fakes.slack.world import Json

DEADLINE_S = 10


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def error(self) -> str:
        return str(self.body.get("error", ""))


class Line:
    """One connection by socket; every envelope it got is kept."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.envelopes: list[Json] = []

    async def next(self) -> Json:
        message = await self.socket.receive(timeout=DEADLINE_S)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        frame: Json = json.loads(message.data)
        self.envelopes.append(frame)
        return frame

    async def hear(self, kind: str) -> Json:
        """The next envelope of a kind, or of an event of this kind."""
        while True:
            frame = await self.next()
            if kind in {frame["type"], frame.get("payload", {}).get("event", {}).get("type")}:
                return frame

    async def acknowledge(self, envelope: Json, payload: Any = None) -> None:
        told = {"envelope_id": envelope["envelope_id"]}
        await self.socket.send_json(told if payload is None else {**told, "payload": payload})


class Bare:
    def __init__(self, slack: Slack, home: Workspace, session: aiohttp.ClientSession) -> None:
        self.slack, self.home, self._session = slack, home, session

    async def ask(self, method: str, *, token: str | None = None, **sent: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.home.token if token is None else token}"}
        async with self._session.post(
            self.slack.api + method, json=sent, headers=headers
        ) as response:
            text = await response.text()
            is_json = response.content_type == "application/json"
            return Answer(response.status, json.loads(text) if is_json else text, response.headers)

    async def says(self, text: str = "", channel: str = "general", **more: Any) -> Answer:
        return await self.ask(
            "chat.postMessage", channel=self.home.channels[channel], text=text, **more
        )

    async def responds(self, url: str, **sent: Any) -> Answer:
        async with self._session.post(url, json=sent) as response:
            return Answer(response.status, {"error": await response.text()}, response.headers)

    async def uploads(self, name: str, content: bytes, **more: Any) -> str:
        """The id of a file that is whole."""
        begun = await self.ask(
            "files.getUploadURLExternal", filename=name, length=len(content), **more
        )
        async with self._session.post(begun.body["upload_url"], data=content) as response:
            assert response.status == 200
        assert (
            await self.ask("files.completeUploadExternal", files=[{"id": begun.body["file_id"]}])
        ).body["ok"]
        return str(begun.body["file_id"])

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Line]:
        """A live connection."""
        url = (await self.ask("apps.connections.open", token=self.slack.app_token)).body["url"]
        async with self._session.ws_connect(url) as socket:
            line = Line(socket)
            assert (await line.next())["type"] == "hello"
            yield line


@asynccontextmanager
async def bare(slack: Slack, home: Workspace) -> AsyncIterator[Bare]:
    async with aiohttp.ClientSession() as session:
        yield Bare(slack, home, session)


def words(text: str = "x") -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action: str, label: str = "A", **more: Any) -> Json:
    return {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": label},
        **more,
    }


def row(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def modal(*blocks: Json, **more: Any) -> Json:
    title = {"type": "plain_text", "text": "Your answer"}
    return {"type": "modal", "title": title, "submit": title, "blocks": list(blocks), **more}


def field(block: str = "answer", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "line", **more}
    return {
        "type": "input",
        "block_id": block,
        "label": {"type": "plain_text", "text": "A number"},
        "element": element,
    }
