"""A web chat on a free port with a scripted conversation, and the people who use it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Self

import aiohttp

from bot.chat.card import Button, Card, Text
from bot.chat.platform_interface import Command, Event, Hear, Leaving, Press, Reaction, Reply
from bot.chat.web.chat import Chat
from bot.chat.web.http.address import Address
from bot.chat.web.platform import WebPlatform
from bot.phrases.say import say
from bot.store.sql.all_tables import metadata
from bot.store.sql.database import Database
from bot.store.web_chat import WebChat

DEADLINE_S = 10
SECRET = b"a secret for the tests"
SOURCES = {"packs": ("rnn-text-generation", "gates"), "zones": ("Europe/Berlin", "UTC")}

Script = Callable[[Event, Reply], Awaitable[None]]


async def quizmaster(event: Event, reply: Reply) -> None:
    """What the conversation says unless a test says otherwise."""
    match event:
        case Command(name="challenge"):
            buttons = (Button("A", "answer:a"), Button("Joined", "join"))
            await reply.show(Card("A question for all", (Text(("Who knows?",)),), buttons))
        case Command(name=name):
            await reply.whisper(Card(f"About {name}", (), (Button("Start", "start"),)))
        case Press(action="start"):
            await reply.replace(Card("Turned over", (), (Button("Next", "next"),)))
        case Press(action=action, values=values):
            await reply.whisper(Card(f"You pressed {action}", (Text((", ".join(values),)),)))
        case Reaction(emoji=emoji, added=added):
            await reply.whisper(Card(f"{emoji} {'given' if added else 'taken back'}"))
        case Leaving(person=person):
            await reply.show(Card(f"{person.name} left"))


class Group:
    """One chat that can be stopped and started again on the same port and the same file."""

    def __init__(
        self,
        file: Path,
        password: str = "",
        host: str = "127.0.0.1",
        public: str = "",
        secret: bytes = SECRET,
        url: str = "",
    ) -> None:
        self.url = url or f"sqlite+aiosqlite:///{file}"
        self.file, self.password, self.host, self.public, self.secret = (
            file,
            password,
            host,
            public,
            secret,
        )
        self.port = 0
        self.heard: list[Event] = []
        self.script: Script = quizmaster
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> Self:
        self.database = Database(self.url)
        async with self.database.transaction() as act:
            await act.run_sync(metadata.create_all)
        self.storage = WebChat(self.database)
        self.platform = self.web(self.port)
        self._running = asyncio.create_task(self.platform.run(self.hear))
        ready = asyncio.create_task(self.platform.ready.wait())
        await asyncio.wait(
            [self._running, ready], return_when=asyncio.FIRST_COMPLETED, timeout=DEADLINE_S
        )
        if self._running.done():
            ready.cancel()
            await self._running
        self.port = int(self.platform.local_url.rpartition(":")[2])
        return self

    def web(self, port: int) -> WebPlatform:
        chat = Chat(
            storage=self.storage,
            channels=("general", "rnn"),
            sources=lambda: SOURCES,
            address=Address(self.host, self.public),
            now=lambda: datetime.now(UTC),
            say=say,
        )
        return WebPlatform(chat, port=port, password=self.password, secret=self.secret)

    async def stop(self) -> None:
        assert self._running is not None
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        await self.database.close()

    @property
    def address(self) -> str:
        return self.platform.address

    @property
    def hear(self) -> Hear:
        async def hear(event: Event, reply: Reply) -> None:
            self.heard.append(event)
            await self.script(event, reply)

        return hear


@asynccontextmanager
async def gathering(file: Path, **wishes: Any) -> AsyncIterator[Group]:
    group = await Group(file, **wishes).start()
    try:
        yield group
    finally:
        await group.stop()


class Line:
    """A live connection, as the page has it."""

    numbers = count()

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.notes: dict[int, dict[str, Any]] = {}

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next frame of a kind; messages on the way are kept."""
        while True:
            frame = await asyncio.wait_for(self.socket.receive_json(), DEADLINE_S)
            for note in frame.get("notes", ()):
                assert (
                    note["id"] not in self.notes
                    or self.notes[note["id"]]["version"] <= note["version"]
                )
                self.notes[note["id"]] = note
            if frame["kind"] == kind:
                return dict(frame)

    async def until(self, words: str) -> dict[str, Any]:
        """The message that says these words, which is there or arrives."""
        while True:
            for note in self.notes.values():
                if words in note["text"]:
                    return note
            await self.hear("notes")

    async def send(self, **frame: Any) -> str:
        act = frame.setdefault("id", f"act-of-the-tests-{next(self.numbers)}")
        await self.socket.send_str(json.dumps(frame))
        return str(act)

    async def say(self, text: str, channel: str = "general", **rest: Any) -> str:
        """Types a line and waits until it is done."""
        return await self.done(await self.send(kind="line", channel=channel, text=text, **rest))

    async def press(self, note: dict[str, Any], action: str, **rest: Any) -> str:
        frame = {
            "kind": "press",
            "channel": note["channel"],
            "message": str(note["id"]),
            "action": action,
            **rest,
        }
        return await self.done(await self.send(**frame))

    async def done(self, act: str) -> str:
        while (await self.hear("done"))["id"] != act:
            pass
        return act

    @property
    def texts(self) -> list[str]:
        return [note["text"] for _, note in sorted(self.notes.items())]

    @property
    def version(self) -> int:
        return max((note["version"] for note in self.notes.values()), default=0)


class Guest:
    """A browser without a page: it keeps its cookies."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def get(self, path: str, **rest: Any) -> tuple[int, str]:
        async with self.session.get(f"{self.group.address}{path}", **rest) as response:
            return response.status, await response.text(errors="replace")

    async def post(self, path: str, origin: str | None = None, **rest: Any) -> tuple[int, str]:
        headers = {"Origin": self.group.address if origin is None else origin}
        async with self.session.post(
            f"{self.group.address}{path}", headers=headers, **rest
        ) as response:
            return response.status, await response.text()

    async def enter(self, name: str, password: str = "") -> tuple[int, str]:
        return await self.post("/enter", data={"name": name, "password": password})

    async def open(self, after: int = 0) -> Line:
        """A live connection that has been greeted."""
        headers = {"Origin": self.group.address}
        socket = await self.session.ws_connect(
            f"{self.group.address}/live?after={after}", headers=headers
        )
        line = Line(socket)
        welcome = await line.hear("welcome")
        for _ in welcome["channels"] if welcome["anew"] else ():
            await line.hear("past")
        return line
