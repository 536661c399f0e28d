"""Posts, edits and replies: rendered, stored, then delivered."""

from dataclasses import dataclass

from bot.chat.card import Card
from bot.chat.platform_interface import Posted
from bot.chat.web import markup
from bot.chat.web.cards import RenderedCard, render
from bot.chat.web.chat import Chat
from bot.chat.web.feed import Feed
from bot.chat.web.http.display_names import BOT
from bot.identity import MessageRef, Person, Place
from bot.model.web_chat import WebMessage

PLATFORM = "web"
COMMUNITY = "web"


@dataclass
class Messages:
    chat: Chat
    feed: Feed

    async def post(
        self, channel: str, card: Card, key: str, reader: str | None = None
    ) -> WebMessage:
        rendered = await self._render(card)
        return await self._store(key, channel, rendered.html, rendered.text, reader=reader)

    async def post_from(self, person: Person, channel: str, text: str, key: str) -> WebMessage:
        return await self._store(key, channel, markup.person_message(text), text, person)

    async def post_command(self, person: Person, channel: str, text: str, key: str) -> WebMessage:
        html = markup.typed_command(text)
        return await self._store(key, channel, html, text, person, person.id)

    async def edit(self, message_id: int, card: Card) -> WebMessage | None:
        rendered = await self._render(card)
        message = await self.chat.storage.change(message_id, html=rendered.html, text=rendered.text)
        await self.feed.deliver_new()
        return message

    async def replace(self, message_id: int, card: Card, key: str) -> WebMessage | None:
        """As `edit`, once for each key."""
        rendered = await self._render(card)
        message = await self.chat.storage.replace(
            message_id, key=key, html=rendered.html, text=rendered.text, at=self.chat.now()
        )
        await self.feed.deliver_new()
        return message

    async def _render(self, card: Card) -> RenderedCard:
        rendered = render(card)
        for digest, data in rendered.files.items():
            await self.chat.storage.keep(digest, data)
        return rendered

    async def _store(
        self,
        key: str,
        channel: str,
        html: str,
        text: str,
        speaker: Person | None = None,
        reader: str | None = None,
    ) -> WebMessage:
        message = await self.chat.storage.add_message(
            key=key,
            channel=channel,
            reader=reader,
            speaker=speaker.id if speaker else None,
            author=speaker.name if speaker else BOT,
            html=html,
            text=text,
            at=self.chat.now(),
        )
        await self.feed.deliver_new()
        return message


def place_of(channel: str) -> Place:
    return Place(PLATFORM, COMMUNITY, channel)


def message_ref(message: WebMessage) -> MessageRef:
    return MessageRef(place_of(message.channel), str(message.id))


def posted(message: WebMessage) -> Posted:
    return Posted(message_ref(message), message.at)


@dataclass
class WebReply:
    """Keys its messages by act and number, so that a repeated act finds them again."""

    messages: Messages
    act_key: str
    person_id: str
    channel: str
    pressed: WebMessage | None = None
    count: int = 0
    shown: WebMessage | None = None

    async def show(self, card: Card, key: str = "") -> Posted:
        if self.shown is None:
            key = post_key(key) if key else self._next_key()
            self.shown = await self.messages.post(self.channel, card, key)
        else:
            self.shown = await self.messages.edit(self.shown.id, card) or self.shown
        return posted(self.shown)

    async def whisper(self, card: Card) -> Posted:
        key = self._next_key()
        return posted(await self.messages.post(self.channel, card, key, self.person_id))

    async def replace(self, card: Card) -> Posted:
        if self.pressed is None or self.pressed.reader != self.person_id:
            return await self.whisper(card)
        replaced = await self.messages.replace(self.pressed.id, card, self._next_key())
        message = replaced or self.pressed
        return Posted(message_ref(message), message.replaced_at or message.at)

    def _next_key(self) -> str:
        self.count += 1
        return f"{self.act_key}:{self.count}"


def post_key(key: str) -> str:
    """No act's key begins like this."""
    return f"post {key}"
