"""Saying things: rendered, remembered, then brought to everyone who may see them."""

from collections.abc import Callable
from datetime import datetime

from bot.chat.card import Card
from bot.chat.port import Posted
from bot.chat.web import markup
from bot.chat.web.cards import Rendered, render
from bot.chat.web.display_names import BOT
from bot.chat.web.feed import Feed
from bot.chat.web.storage import ChatStorage, StoredMessage
from bot.identity import MessageRef, Person, Place

PLATFORM = COMMUNITY = "web"


class Messages:
    def __init__(self, shelf: ChatStorage, feed: Feed, now: Callable[[], datetime]) -> None:
        self._shelf, self._feed, self._now = shelf, feed, now

    async def say(
        self, channel: str, card: Card, key: str, reader: str | None = None
    ) -> StoredMessage:
        """The bot says it, once for each key."""
        drawn = await self._draw(card)
        return await self._put(key, channel, drawn.html, drawn.text, reader=reader)

    async def speak(self, person: Person, channel: str, text: str, key: str) -> StoredMessage:
        """A person says it to everyone."""
        return await self._put(key, channel, markup.line(text), text, speaker=person)

    async def echo(self, person: Person, channel: str, text: str, key: str) -> StoredMessage:
        """What a person asked of the bot, shown to them alone."""
        html = markup.echo(text)
        return await self._put(key, channel, html, text, speaker=person, reader=person.id)

    async def change(self, message: int, card: Card) -> StoredMessage | None:
        drawn = await self._draw(card)
        note = await self._shelf.change(message, html=drawn.html, text=drawn.text)
        await self._feed.ring()
        return note

    async def replace(self, message: int, card: Card, key: str) -> StoredMessage | None:
        drawn = await self._draw(card)
        note = await self._shelf.replace(
            message, key=key, html=drawn.html, text=drawn.text, at=self._now()
        )
        await self._feed.ring()
        return note

    async def _draw(self, card: Card) -> Rendered:
        drawn = render(card)
        for digest, data in drawn.pictures.items():
            await self._shelf.keep(digest, data)
        return drawn

    async def _put(
        self,
        key: str,
        channel: str,
        html: str,
        text: str,
        *,
        speaker: Person | None = None,
        reader: str | None = None,
    ) -> StoredMessage:
        note = await self._shelf.say(
            key=key,
            channel=channel,
            reader=reader,
            speaker=speaker.id if speaker else None,
            author=speaker.name if speaker else BOT,
            html=html,
            text=text,
            at=self._now(),
        )
        await self._feed.ring()
        return note


def place_of(channel: str) -> Place:
    return Place(PLATFORM, COMMUNITY, channel)


def reference(note: StoredMessage) -> MessageRef:
    return MessageRef(place_of(note.channel), str(note.id))


def posted(note: StoredMessage) -> Posted:
    return Posted(reference(note), note.at)


def turned(note: StoredMessage) -> Posted:
    return Posted(reference(note), note.turned_at or note.at)
