"""A person's act, carried to the conversation and answered, once at a time for each act."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.chat.card import Card, Text
from bot.chat.kit import typed_commands
from bot.chat.port import Command, Event, Hear, Leaving, Press, Reaction
from bot.chat.web import markup
from bot.chat.web.feed import Feed
from bot.chat.web.frames import Act, Line, Pressed, Ran
from bot.chat.web.messages import Messages, place_of, reference
from bot.chat.web.reply import WebReply
from bot.chat.web.storage import ChatStorage, StoredMessage
from bot.errors import UserError
from bot.identity import Person

_log = logging.getLogger(__name__)

NOT_YOURS = (
    "That card is not yours to answer, or it is gone. Type /help to see what you can do here."
)
NO_CODE = "There is no code to run in that message any more. Type /run and the code below it."
SORRY = "Something went wrong on our side, and it was noted. Please try again."
_LAST_WORDS_S = 2.0
"""Seconds that acts under way get to finish when the chat closes."""


class Actions:
    def __init__(
        self,
        shelf: ChatStorage,
        talk: Messages,
        feed: Feed,
        hear: Hear,
        sources: Callable[[], Mapping[str, Sequence[str]]],
        now: Callable[[], datetime],
    ) -> None:
        self._shelf, self._talk, self._feed = shelf, talk, feed
        self._hear, self._sources, self._now = hear, sources, now
        self._running: dict[str, asyncio.Task[None]] = {}

    async def take(self, person: Person, act: Act) -> None:
        """Words are said at once, in their order; what the bot must answer runs beside. Told as done at its end."""
        at, key = self._now(), f"{person.id}.{act.id}"
        if isinstance(act, Line) and not act.text.startswith("/"):
            await self._finish(person, act.id, self._talk.speak(person, act.channel, act.text, key))
            return
        if isinstance(act, Line):
            await self._talk.echo(person, act.channel, act.text, f"{key}:0")
        if key not in self._running:
            answering = self._finish(person, act.id, self._answer(person, act, key, at))
            self._running[key] = task = asyncio.create_task(answering)
            task.add_done_callback(lambda _: self._running.pop(key, None))

    async def leave(self, person: Person, channel: str) -> None:
        act = f"{person.id}.leave"
        leaving = Leaving(act, person, place_of(channel), self._now())
        try:
            await self._hear(leaving, WebReply(self._talk, act, person.id, channel))
        except Exception:  # noqa: BLE001 (whoever leaves must get out, whatever fails)
            _log.exception("leaving failed")

    async def close(self) -> None:
        """Lets the acts under way finish, and gives up on those that take long: their page sends them again."""
        tasks = list(self._running.values())
        if tasks:
            await asyncio.wait(tasks, timeout=_LAST_WORDS_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _finish(
        self, person: Person, act: str, answering: Coroutine[Any, Any, object]
    ) -> None:
        try:
            await answering
        except Exception:  # noqa: BLE001 (one act must not end the connection)
            _log.exception("an act failed")
            self._feed.tell(person.id, {"kind": "trouble", "text": SORRY})
        self._feed.tell(person.id, {"kind": "done", "id": act})

    async def _answer(self, person: Person, act: Act, key: str, at: datetime) -> None:
        pressed = await self._seen(person, act)
        reply = WebReply(self._talk, key, person.id, act.channel, pressed)
        try:
            await self._hear(self._event(person, act, key, at, pressed), reply)
        except UserError as error:
            title = "That was not understood" if isinstance(act, Line) else "That did not work"
            await reply.whisper(Card(title, (Text((str(error),)),), tone="bad"))

    async def _seen(self, person: Person, act: Act) -> StoredMessage | None:
        """The message an act is about, if this person may see it where they say it is."""
        if isinstance(act, Line):
            return None
        note = await self._shelf.find(act.message)
        visible = (
            note is not None and note.reader in {None, person.id} and note.channel == act.channel
        )
        return note if visible else None

    def _event(
        self, person: Person, act: Act, key: str, at: datetime, pressed: StoredMessage | None
    ) -> Event:
        place = place_of(act.channel)
        if isinstance(act, Line):
            name, args = typed_commands.parse(act.text, self._sources())
            return Command(key, person, place, name, at, args)
        if isinstance(act, Ran):
            return Command(key, person, place, "run", at, {"code": _code(pressed, act.block)})
        if pressed is None or pressed.speaker is not None:
            raise UserError(NOT_YOURS)
        if isinstance(act, Pressed):
            return Press(
                key, person, place, reference(pressed), act.action, at, act.values, act.upload
            )
        return Reaction(key, person, reference(pressed), act.emoji, act.added, at)


def _code(said: StoredMessage | None, block: int) -> str:
    """The block of code that stands in somebody's words."""
    code = markup.block(said.text, block) if said is not None and said.speaker is not None else None
    if code is None or not code.strip():
        raise UserError(NO_CODE)
    return code
