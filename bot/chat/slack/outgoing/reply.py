"""How the conversation answers one click: in private at the address that it brought, in public in its place."""

import logging
from asyncio import Event, Lock
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.chat.card import Card
from bot.chat.port import Lost, Posted
from bot.chat.slack.incoming.payloads import Act, by_url, is_direct, standing, url_of
from bot.chat.slack.outgoing.cards import Rendered, render
from bot.chat.slack.outgoing.messages import Messages
from bot.chat.slack.web_api import Json, Refused, Unsure, WebApi
from bot.identity import MessageRef

FAILURES = (Refused, Unsure, Lost, OSError, TimeoutError)
"""Whatever Slack or the road to it does; the act that is answered has happened in any case."""
ELSEWHERE = "✉️ I wrote to you directly: look under Apps → Torchproof."
_log = logging.getLogger(__name__)

Show = Callable[[Card, str], Awaitable[Posted]]
Change = Callable[[MessageRef, Card], Awaitable[None]]


class SlackReply:
    """`show` says it in the place, once for each key; `change` replaces what stands."""

    def __init__(
        self,
        wire: WebApi,
        channels: Messages,
        click: Act,
        show: Show,
        change: Change,
        now: Callable[[], datetime],
        begun: Event,
    ) -> None:
        """`begun` is set when what was done is safe and is answered now: it may be acknowledged."""
        self._wire, self._channels, self._click = wire, channels, click
        self._show, self._change, self._now = show, change, now
        self._shown: Posted | None = None
        self._turn = Lock()
        self._begun = begun

    async def show(self, card: Card, key: str = "") -> Posted:
        self._begun.set()
        async with self._turn:
            if self._shown is not None:
                await self._change(self._shown.message, card)
                return self._shown
            self._shown = await self._show(card, key)
            return self._shown

    async def whisper(self, card: Card) -> Posted:
        self._begun.set()
        async with self._turn:
            return await self._whisper(render(card))

    async def replace(self, card: Card) -> Posted:
        self._begun.set()
        async with self._turn:
            drawn = render(card)
            if self._click.on is None or not self._click.url:
                return await self._whisper(drawn)
            body = {**await self._channels.body(self._click.team, drawn), "replace_original": True}
            try:
                await self._wire.respond(self._click.url, body)
            except FAILURES as error:
                _log.info("a private card could not be changed at its address: %s", error)
                if url_of(self._click.on):
                    return await self._whisper(drawn)
                await self._change(self._click.on, card)
            return Posted(self._click.on, self._now())

    async def _whisper(self, drawn: Rendered) -> Posted:
        """What will change goes into a direct message, and so does what was asked for in one."""
        click = self._click
        said = is_direct(click.place.channel) and not click.url
        if click.lasting or click.at_home or said:
            try:
                written = await self._channels.write(click.place, click.user, drawn, click.thread)
            except FAILURES as error:
                _log.info("no direct message: %s", error)
            else:
                if standing(written.message)[0] != click.place.channel:
                    await self._point()
                return written
        if not click.url or not await self._respond(await self._channels.body(click.team, drawn)):
            await self._in_place(drawn)
        return Posted(by_url(click.place, ""), self._now())

    async def _point(self) -> None:
        """Say where to look."""
        click = self._click
        try:
            if not click.url or not await self._respond({"text": ELSEWHERE}):
                await self._channels.whisper(
                    click.place, click.user, Rendered([], ELSEWHERE), click.thread
                )
        except FAILURES as error:
            _log.info("nobody could be told where to look: %s", error)

    async def _in_place(self, drawn: Rendered) -> None:
        """The address is used up or gone, or there was none: a note in the channel, or a letter."""
        click = self._click
        try:
            await self._channels.whisper(click.place, click.user, drawn, click.thread)
        except FAILURES:
            await self._channels.write(click.place, click.user, drawn, click.thread)

    async def _respond(self, body: Json) -> bool:
        private = {"response_type": "ephemeral", "replace_original": False}
        there = {"thread_ts": self._click.thread} if self._click.thread else {}
        try:
            await self._wire.respond(self._click.url, {**private, **there, **body})
        except FAILURES as error:
            _log.info("a click could not be answered at its address: %s", error)
            return False
        return True


def unreachable(message: MessageRef) -> bool:
    """A note that was said and cannot be changed any more."""
    return message.id.startswith("by-url") and not url_of(message)
