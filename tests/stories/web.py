"""The web chat itself, served on a free port, and browsers without a page."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from typing import Any

import aiohttp

from bot.app import Bot, build
from bot.chat.web.chat import Chat
from bot.chat.web.http.address import Address
from bot.chat.web.platform import WebPlatform
from bot.phrases.say import say
from bot.quiz.files.bank import Bank
from bot.store.sql.database import Database
from bot.store.web_chat import WebChat
from tests.conftest import Clock
from tests.stories.stage import (
    DEADLINE_S,
    FOREVER,
    Deed,
    Handing,
    Member,
    Pressing,
    Reacting,
    Seen,
    Stage,
    Typing,
    running,
)


class Browser:
    """Keeps its cookie, every frame it got, and each message as it stands now."""

    def __init__(self, address: str, cookies: aiohttp.CookieJar | None = None) -> None:
        self.address = address
        self.cookies = cookies or aiohttp.CookieJar(unsafe=True)
        self.session = aiohttp.ClientSession(cookie_jar=self.cookies)
        self.frames: list[str] = []
        self.notes: dict[int, dict[str, Any]] = {}
        self._changed = asyncio.Event()
        self._listening: asyncio.Task[None] | None = None

    async def enter(self, name: str, owner_link: str = "") -> None:
        if owner_link:
            async with self.session.get(owner_link) as response:
                assert response.status == 200
        async with self._post("/enter", name=name, password="") as response:
            assert response.status == 200

    async def leave(self) -> None:
        async with self._post("/leave"):
            pass

    def _post(self, path: str, **form: str) -> Any:
        return self.session.post(self.address + path, data=form, headers={"Origin": self.address})

    async def connect(self) -> None:
        """A live connection; one that knows messages asks only for what came after them."""
        after = max((note["version"] for note in self.notes.values()), default=0)
        self.socket = await self.session.ws_connect(
            f"{self.address}/live?after={after}", headers={"Origin": self.address}
        )
        self._listening = asyncio.create_task(self._listen())
        await self.frame("welcome")

    async def _listen(self) -> None:
        async for message in self.socket:
            self.frames.append(message.data)
            for note in json.loads(message.data).get("notes", ()):
                self.notes[note["id"]] = note
            self._ring()
        self._ring()

    def _ring(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def changed(self) -> None:
        await self._changed.wait()

    async def frame(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The frame of this kind with these fields, which came or comes."""
        read = 0
        async with asyncio.timeout(DEADLINE_S):
            while True:
                while read < len(self.frames):
                    frame: dict[str, Any] = json.loads(self.frames[read])
                    read += 1
                    if frame["kind"] == "refused" and frame.get("id") == fields.get("id"):
                        raise AssertionError(frame["text"])
                    if frame["kind"] == kind and fields.items() <= frame.items():
                        return frame
                await self.changed()

    async def send(self, **frame: Any) -> None:
        await self.socket.send_str(json.dumps(frame))

    async def hand_over(self, act: str, deed: Handing) -> None:
        about = {
            "id": act,
            "channel": deed.message.channel,
            "message": deed.message.id,
            "action": deed.action,
        }
        async with self.session.post(
            f"{self.address}/files",
            params=about,
            data=deed.content,
            headers={"Origin": self.address},
        ) as response:
            assert response.status == 202, await response.text()

    async def close(self) -> None:
        await self.session.close()
        if self._listening:
            await self._listening


class Parts(HTMLParser):
    """What can be pressed on a card."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.buttons: dict[str, str] = {}
        self.forms: dict[str, str] = {}
        self.file = ""
        self.emoji: list[str] = []
        self._action = ""
        self._label = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms[given["class"]] = given["data-action"]
        if tag == "input" and given.get("type") == "file":
            self.file = self.forms.pop("entry")
        if tag == "button" and "data-emoji" in given:
            self.emoji.append(given["data-emoji"])
        if tag == "button" and "data-action" in given:
            self._action, self._label = given["data-action"], ""
            if "data-letter" in given:
                self.buttons[given["data-letter"]] = self._action
                self._action = ""

    def handle_data(self, data: str) -> None:
        self._label += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._action:
            self.buttons[self._label.strip()] = self._action
            self._action = ""


class WebMember(Member):
    def __init__(self, browser: Browser, name: str) -> None:
        super().__init__(name)
        self.browser = browser
        self._clocks = 0

    def seen(self) -> Sequence[Seen]:
        return [_seen(note) for _, note in sorted(self.browser.notes.items())]

    async def changed(self) -> None:
        await self.browser.changed()

    async def up_to_date(self) -> None:
        """What was written before the time was asked for has arrived when the time is told."""
        if self.browser.socket.closed:
            return
        self._clocks += 1
        await self.browser.send(kind="clock", sent=self._clocks)
        await self.browser.frame("clock", sent=self._clocks)

    async def do(self, act: str, deed: Deed) -> None:
        self.browser.frames = [
            text for text in self.browser.frames if '"done"' not in text
        ]  # a repeat is done anew
        if isinstance(deed, Handing):
            await self.browser.hand_over(_act(act), deed)
        else:
            await self.browser.send(id=_act(act), **_fields(deed))
        await self.browser.frame("done", id=_act(act))

    async def leave(self) -> None:
        await self.browser.leave()


def _act(act: str) -> str:
    return act.encode().hex()[-64:]


def _fields(deed: Typing | Pressing | Reacting) -> dict[str, Any]:
    match deed:
        case Typing(channel, line):
            return {"kind": "line", "channel": channel, "text": line}
        case Pressing(message, action, values):
            frame = {
                "kind": "press",
                "channel": message.channel,
                "message": message.id,
                "action": action,
            }
            return {**frame, "values": list(values)} if values else frame
        case Reacting(message, emoji, added):
            frame = {
                "kind": "reaction",
                "channel": message.channel,
                "message": message.id,
                "emoji": emoji,
            }
            return {**frame, "added": added}


def _seen(note: dict[str, Any]) -> Seen:
    parts = Parts(note["html"])
    return Seen(
        id=str(note["id"]),
        channel=note["channel"],
        text=note["text"],
        private=note["private"],
        buttons=parts.buttons,
        boxes=parts.forms.get("choice", ""),
        entry=parts.forms.get("entry", ""),
        emoji=tuple(parts.emoji),
        file=parts.file,
    )


class WebStage(Stage):
    def __init__(self, bot: Bot, clock: Clock, platform: WebPlatform) -> None:
        super().__init__(bot, clock)
        self.platform = platform
        self._browsers: list[Browser] = []

    async def enter(self, name: str, *, admin: bool = False) -> WebMember:
        browser = Browser(self.platform.address)
        self._browsers.append(browser)
        await browser.enter(name, self.platform.owner_link if admin else "")
        await browser.connect()
        member = WebMember(browser, name)
        self.members.append(member)
        return member

    async def close(self) -> None:
        for browser in self._browsers:
            await browser.close()


@asynccontextmanager
async def on_the_web(
    database: Database, bank: Bank, clock: Clock, **more: Any
) -> AsyncIterator[WebStage]:
    chat = Chat(
        storage=WebChat(database),
        channels=("general", "rnn"),
        sources=lambda: {"packs": [pack.name for pack in bank.packs], "zones": ["Asia/Tokyo"]},
        address=Address("127.0.0.1"),
        now=clock.now,
        say=say,
    )
    platform = WebPlatform(chat, port=0, password="", secret=b"a secret for the stories")
    bot = build(
        database,
        lambda: bank,
        {platform.name: platform},
        "UTC",
        clock.now,
        pause=0,
        **{"outage": FOREVER, **more},
    )
    async with running(bot, platform.ready):
        stage = WebStage(bot, clock, platform)
        try:
            yield stage
        finally:
            await stage.close()
