"""The barest bot.

It sends requests and gateway frames as they are, for what no client library would send.
"""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.fakes.discord.guild import Discord, Member
from tests.fakes.discord.screen import Act
from tests.fakes.discord.world import Json

INTENTS = 1 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 13
"""Guilds, messages and reactions, there and in private: none of them privileged."""
AGENT = {"User-Agent": "DiscordBot (tests, 1)"}
DEADLINE_S = 10


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> int:
        """The service's own number of a refusal."""
        return int(self.body["code"])


class Gateway:
    """One connection; every frame it got is kept."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.events: list[Json] = []

    async def say(self, op: int, payload: Any) -> None:
        await self.socket.send_json({"op": op, "d": payload})

    async def next(self) -> Json:
        message = await self.socket.receive(timeout=DEADLINE_S)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        frame: Json = json.loads(message.data)
        self.events.append(frame)
        return frame

    async def hear(self, name: str) -> Json:
        """The payload of the next event of this name."""
        while (frame := await self.next())["t"] != name:
            pass
        return dict(frame["d"])

    async def closed(self) -> int:
        """The code with which the other side closes."""
        async with asyncio.timeout(DEADLINE_S):
            while not self.socket.closed:
                await self.socket.receive()
        return self.socket.close_code or 0

    async def identify(self, token: str, intents: int = INTENTS, **more: Any) -> None:
        assert (await self.next())["op"] == 10
        properties = {"os": "linux", "browser": "bare", "device": "bare"}
        await self.say(2, {"token": token, "intents": intents, "properties": properties, **more})

    @property
    def sequence(self) -> int:
        return max(frame["s"] or 0 for frame in self.events)


class Bare:
    def __init__(self, discord: Discord, session: aiohttp.ClientSession) -> None:
        self.discord, self._session = discord, session
        self.bot = discord.bot

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        files: Json | None = None,
        token: str = "",
        more: Json | None = None,
    ) -> Answer:
        headers = {"Authorization": f"Bot {token or self.discord.token}", **AGENT, **(more or {})}
        sent: Any = {"json": body} if body is not None else {}
        if files is not None:
            form = aiohttp.FormData()
            form.add_field("payload_json", json.dumps(body), content_type="application/json")
            for number, (name, content) in enumerate(files.items()):
                form.add_field(f"files[{number}]", io.BytesIO(content), filename=name)
            sent = {"data": form}
        async with self._session.request(
            method, self.discord.api + path, headers=headers, **sent
        ) as response:
            text = await response.text()
            is_json = response.headers.get("Content-Type") == "application/json"
            return Answer(response.status, json.loads(text) if is_json else text, response.headers)

    async def says(self, where: Member, content: str = "", **more: Any) -> Answer:
        return await self.ask(
            "POST", f"/channels/{where.channel}/messages", {"content": content, **more}
        )

    async def answers(self, event: Json, kind: int, **sent: Any) -> Answer:
        """The callback to an interaction, as its event told of it."""
        path = f"/interactions/{event['id']}/{event['token']}/callback"
        return await self.ask(
            "POST", path, {"type": kind, "data": sent} if sent else {"type": kind}
        )

    async def hooks(self, method: str, event: Json, rest: str = "", **sent: Any) -> Answer:
        """What follows: its own messages by the interaction's token."""
        return await self.ask(method, f"/webhooks/{self.bot}/{event['token']}{rest}", sent or None)

    @asynccontextmanager
    async def connected(self, **asked: Any) -> AsyncIterator[Gateway]:
        """A live session."""
        async with self.opened() as gateway:
            await gateway.identify(self.discord.token, **asked)
            await gateway.hear("READY")
            yield gateway

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Gateway]:
        async with self._session.ws_connect(self.discord.gateway + "?v=10&encoding=json") as socket:
            yield Gateway(socket)


@asynccontextmanager
async def bare(discord: Discord) -> AsyncIterator[Bare]:
    async with aiohttp.ClientSession() as session:
        yield Bare(discord, session)


def button(action: str, label: str = "A", **more: Any) -> Json:
    return {"type": 2, "style": 1, "label": label, "custom_id": action, **more}


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


async def pressed(gateway: Gateway, member: Member, action: str, on: str) -> tuple[Act, Json]:
    """A click that nobody has answered yet, and the event that tells the bot of it."""
    act = await member.click(action, on=on, wait=False)
    return act, await gateway.hear("INTERACTION_CREATE")
