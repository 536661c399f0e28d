"""What people do on a page, as events."""

import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat.card import Card, Text
from bot.chat.kit import typed_commands
from bot.chat.kit.tasks import BackgroundTasks
from bot.chat.platform_interface import Command, Event, Hear, Leaving, Press, Reaction
from bot.chat.web import markup
from bot.chat.web.chat import Chat
from bot.chat.web.feed import Feed
from bot.chat.web.frames import Act, ButtonPress, EmojiReaction, MessageAct, RunCode, TypedLine
from bot.chat.web.messages import Messages, WebReply, message_ref, place_of
from bot.commands import RUN
from bot.errors import UserError
from bot.identity import Person
from bot.model.web_chat import WebMessage

log = logging.getLogger(__name__)

# Seconds that running acts get to finish when the chat closes.
_CLOSING_S = 2.0


@dataclass
class Actions:
    chat: Chat
    messages: Messages
    feed: Feed
    hear: Hear
    tasks: BackgroundTasks = field(default_factory=BackgroundTasks)

    async def perform(self, person: Person, act: Act) -> None:
        at = self.chat.now()
        key = f"{person.id}.{act.id}"
        if isinstance(act, TypedLine) and not act.text.startswith("/"):
            posting = self.messages.post_from(person, act.channel, act.text, key)
            await self._finish(person, act.id, posting)
            return
        if isinstance(act, TypedLine):
            await self.messages.post_command(person, act.channel, act.text, f"{key}:0")
        if not self.tasks.is_running(key):
            answering = self._answer(person, act, key, at)
            self.tasks.start(self._finish(person, act.id, answering), key)

    async def leave(self, person: Person, channel: str) -> None:
        key = f"{person.id}.leave"
        event = Leaving(key, person, place_of(channel), self.chat.now())
        try:
            await self.hear(event, WebReply(self.messages, key, person.id, channel))
        except Exception:  # whoever leaves must get out, whatever fails
            log.exception("leaving failed")

    async def close(self) -> None:
        await self.tasks.close(_CLOSING_S)

    async def _finish(self, person: Person, act_id: str, work: Awaitable[object]) -> None:
        try:
            await work
        except Exception:  # one act must not end the connection
            log.exception("an act failed")
            self.feed.send_to(person.id, {"kind": "trouble", "text": self.chat.say("web_failure")})
        self.feed.send_to(person.id, {"kind": "done", "id": act_id})

    async def _answer(self, person: Person, act: Act, key: str, at: datetime) -> None:
        pressed = await self._pressed_message(person, act)
        reply = WebReply(self.messages, key, person.id, act.channel, pressed)
        try:
            await self.hear(self._event(person, act, key, at, pressed), reply)
        except UserError as error:
            is_line = isinstance(act, TypedLine)
            title = self.chat.say("web_line_not_understood" if is_line else "web_press_failed")
            text = self.chat.say(error.reason, **error.values)
            await reply.whisper(Card(title, (Text((text,)),), tone="bad"))

    async def _pressed_message(self, person: Person, act: Act) -> WebMessage | None:
        if not isinstance(act, MessageAct):
            return None
        message = await self.chat.storage.find(act.message)
        if message is None or message.channel != act.channel:
            return None
        return message if message.reader in {None, person.id} else None

    def _event(
        self, person: Person, act: Act, key: str, at: datetime, pressed: WebMessage | None
    ) -> Event:
        place = place_of(act.channel)
        match act:
            case TypedLine(text=text):
                name, args = typed_commands.parse(text, self.chat.sources())
                return Command(key, person, place, name, at, args)
            case RunCode(block=block):
                return Command(key, person, place, RUN.name, at, {"code": _code(pressed, block)})
            case _ if pressed is None or pressed.speaker is not None:
                raise UserError("web_not_your_card")
            case ButtonPress(action=action, values=values, upload=upload):
                message = message_ref(pressed)
                return Press(key, person, place, message, action, at, values, upload)
            case EmojiReaction(emoji=emoji, added=added):
                return Reaction(key, person, message_ref(pressed), emoji, added, at)
            case _:
                raise TypeError(act)


def _code(message: WebMessage | None, block: int) -> str:
    if message is not None and message.speaker is not None:
        code = markup.code_block(message.text, block)
        if code and code.strip():
            return code
    raise UserError("web_no_code")
