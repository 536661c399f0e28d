"""Posts and edits messages: rendered, stored, then delivered."""

from bot.chat.card import Card
from bot.chat.port import Posted
from bot.chat.web import markup
from bot.chat.web.cards import RenderedCard, render
from bot.chat.web.chat import Chat
from bot.chat.web.feed import Feed
from bot.chat.web.http.display_names import BOT
from bot.identity import MessageRef, Person, Place
from bot.model.web_chat import WebMessage

PLATFORM = "web"
COMMUNITY = "web"


class Messages:
    def __init__(self, chat: Chat, feed: Feed) -> None:
        self._chat = chat
        self._storage = chat.storage
        self._feed = feed

    async def post(
        self, channel: str, card: Card, key: str, reader: str | None = None
    ) -> WebMessage:
        """The bot posts a card, once for each key."""
        rendered = await self._render(card)
        return await self._store(key, channel, rendered.html, rendered.text, reader=reader)

    async def post_from(self, person: Person, channel: str, text: str, key: str) -> WebMessage:
        return await self._store(key, channel, markup.person_message(text), text, person)

    async def post_command(self, person: Person, channel: str, text: str, key: str) -> WebMessage:
        """The command that a person typed, shown to them alone."""
        html = markup.typed_command(text)
        return await self._store(key, channel, html, text, person, person.id)

    async def edit(self, message_id: int, card: Card) -> WebMessage | None:
        rendered = await self._render(card)
        message = await self._storage.change(message_id, html=rendered.html, text=rendered.text)
        await self._feed.deliver_new()
        return message

    async def replace(self, message_id: int, card: Card, key: str) -> WebMessage | None:
        """As `edit`, once for each key."""
        rendered = await self._render(card)
        message = await self._storage.replace(
            message_id, key=key, html=rendered.html, text=rendered.text, at=self._chat.now()
        )
        await self._feed.deliver_new()
        return message

    async def _render(self, card: Card) -> RenderedCard:
        rendered = render(card)
        for digest, data in rendered.files.items():
            await self._storage.keep(digest, data)
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
        message = await self._storage.say(
            key=key,
            channel=channel,
            reader=reader,
            speaker=speaker.id if speaker else None,
            author=speaker.name if speaker else BOT,
            html=html,
            text=text,
            at=self._chat.now(),
        )
        await self._feed.deliver_new()
        return message


def place_of(channel: str) -> Place:
    return Place(PLATFORM, COMMUNITY, channel)


def message_ref(message: WebMessage) -> MessageRef:
    return MessageRef(place_of(message.channel), str(message.id))


def posted(message: WebMessage) -> Posted:
    return Posted(message_ref(message), message.at)
