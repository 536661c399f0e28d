"""How the conversation answers one click: by its one callback, and by edits and follow-ups where more is to be said."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from enum import StrEnum

from bot.chat.card import Card
from bot.chat.discord.cards import EPHEMERAL, Rendered, render
from bot.chat.discord.interaction_client import InteractionClient, Outcome
from bot.chat.discord.interactions import Interaction
from bot.chat.discord.snowflakes import time_of
from bot.chat.port import Posted
from bot.identity import MessageRef

BY_TOKEN = "by-token "  # noqa: S105 (the word before one)
MESSAGE, THINKING, QUIETLY, CHANGE = 4, 5, 6, 7
ORIGINAL = "@original"
_log = logging.getLogger(__name__)

Post = Callable[[Card, str], Awaitable[Posted]]
Write = Callable[[Card], Awaitable[bool]]
Lay = Callable[[MessageRef, Card], None]


class Stage(StrEnum):
    """How far the answer is."""

    FRESH = "fresh"
    WAITED_ALONE = "waited alone"
    """Acknowledged with a note that only the person sees."""
    WAITED_OPENLY = "waited openly"
    WAITED_QUIETLY = "waited quietly"
    """Acknowledged without a word; the card that was pressed still stands."""
    SAID = "said"
    TAKEN = "taken"
    LATE = "late"


_STAGES = {Outcome.SAID: Stage.SAID, Outcome.TAKEN: Stage.TAKEN, Outcome.LATE: Stage.LATE}


class DiscordReply:
    """`post` says it in the place itself, `write` to the person directly; both for clicks that can be answered no more."""

    def __init__(
        self,
        wire: InteractionClient,
        click: Interaction,
        post: Post,
        write: Write,
        lay: Lay,
        *,
        promised: bool = False,
    ) -> None:
        """`promised`: the click was acknowledged before, by a bot that is no more."""
        self._wire, self._click = wire, click
        self._post, self._write, self._lay = post, write, lay
        self._stage = Stage.FRESH
        self._original_is_pressed = False
        self._shown: Posted | None = None
        self._shown_as = ORIGINAL
        self._turn = asyncio.Lock()
        if promised:
            self._stage, self._original_is_pressed = self._waited(), click.on_private

    async def show(self, card: Card, key: str = "") -> Posted:
        async with self._turn:
            drawn = render(card)
            if self._shown is not None:
                await self._wire.edit(
                    self._click.webhook, self._shown_as, drawn.body(), drawn.attachments
                )
                return self._shown
            self._shown = await self._show(card, drawn, key)
        if not self._click.is_guest:
            self._lay(self._shown.message, card)
        return self._shown

    async def whisper(self, card: Card) -> Posted:
        async with self._turn:
            return await self._whisper(card)

    async def replace(self, card: Card) -> Posted:
        async with self._turn:
            drawn = render(card)
            if self._stage is Stage.FRESH and self._click.on_private:
                await self._call(CHANGE, drawn)
                self._original_is_pressed = True
            elif self._stage is Stage.WAITED_QUIETLY or (
                self._stage is Stage.SAID and self._original_is_pressed
            ):
                await self._wire.edit(
                    self._click.webhook, ORIGINAL, drawn.body(), drawn.attachments
                )
                self._stage = Stage.SAID
            else:
                return await self._whisper(card)
            if self._stage is Stage.LATE:
                await self._write(card)
            return self._private(ORIGINAL)

    @property
    def is_fresh(self) -> bool:
        return self._stage is Stage.FRESH and not self._turn.locked()

    async def wait(self) -> None:
        """Acknowledge now what is not answered yet."""
        async with self._turn:
            if self._stage is not Stage.FRESH:
                return
            stage = self._waited()
            kind = QUIETLY if stage is Stage.WAITED_QUIETLY else THINKING
            body = (
                None
                if kind == QUIETLY
                else {"flags": EPHEMERAL if stage is Stage.WAITED_ALONE else 0}
            )
            self._original_is_pressed = kind == QUIETLY
            outcome, _ = await self._wire.answer(
                self._click.id, self._click.token, kind, body, (), told=False
            )
            self._stage = stage if outcome is Outcome.SAID else _STAGES[outcome]

    async def end(self) -> None:
        """Nothing more will be said; no click is left spinning."""
        async with self._turn:
            if self._stage is Stage.FRESH and self._click.on_message:
                await self._call(QUIETLY, None)
            elif self._stage in (Stage.WAITED_ALONE, Stage.WAITED_OPENLY):
                await self._wire.delete(self._click.webhook)

    def _waited(self) -> Stage:
        """In which way this click is acknowledged when it must wait."""
        if self._click.on_private:
            return Stage.WAITED_QUIETLY
        return Stage.WAITED_OPENLY if self._click.in_public else Stage.WAITED_ALONE

    async def _show(self, card: Card, drawn: Rendered, key: str) -> Posted:
        made, webhook = "", self._click.webhook
        if self._stage is Stage.FRESH:
            made = await self._call(MESSAGE, drawn, told=True)
        elif self._stage is Stage.WAITED_OPENLY:
            made = str(
                (await self._wire.edit(webhook, ORIGINAL, drawn.body(), drawn.attachments)).get(
                    "id", ""
                )
            )
            self._stage = Stage.SAID
        elif self._stage is not Stage.LATE:
            if self._stage is Stage.WAITED_ALONE:
                await self._wire.delete(webhook)
                self._stage = Stage.SAID
            if self._stage is not Stage.TAKEN:
                made = str(
                    (await self._wire.add(webhook, drawn.body(), drawn.attachments)).get("id", "")
                )
                self._shown_as = made
        if self._stage is Stage.LATE:
            return await self._post(card, key)
        return self._public(made or str((await self._wire.read(webhook)).get("id", "")))

    async def _whisper(self, card: Card) -> Posted:
        drawn, webhook = render(card), self._click.webhook
        if self._stage is Stage.FRESH:
            await self._call(MESSAGE, drawn, flags=EPHEMERAL)
        elif self._stage is Stage.WAITED_ALONE:
            await self._wire.edit(webhook, ORIGINAL, drawn.body(), drawn.attachments)
            self._stage = Stage.SAID
        elif self._stage not in (Stage.TAKEN, Stage.LATE):
            if self._stage is Stage.WAITED_OPENLY:
                await self._wire.delete(webhook)
                self._stage = Stage.SAID
            said = await self._wire.add(webhook, drawn.body(EPHEMERAL), drawn.attachments)
            return self._private(str(said.get("id") or ORIGINAL))
        if self._stage is Stage.LATE:
            await self._write(card)
        return self._private(ORIGINAL)

    async def _call(
        self, kind: int, drawn: Rendered | None, flags: int = 0, *, told: bool = False
    ) -> str:
        body = drawn.body(flags) if drawn else None
        files = drawn.attachments if drawn else ()
        outcome, made = await self._wire.answer(
            self._click.id, self._click.token, kind, body, files, told=told
        )
        self._stage = _STAGES[outcome]
        if outcome is Outcome.LATE:
            _log.warning("a click of %s came too late to be answered", self._click.at)
        return made

    def _public(self, made: str) -> Posted:
        """As a message of the place; where the bot is a guest, by the token that alone reaches it."""
        if self._click.is_guest:
            return Posted(by_token(self._click, self._shown_as), time_of(made))
        return Posted(MessageRef(self._click.place, made), time_of(made))

    def _private(self, message: str) -> Posted:
        return Posted(by_token(self._click, message), datetime.now(UTC))


def by_token(click: Interaction, message: str) -> MessageRef:
    """A message that only the click's own token reaches, for as long as that lives."""
    return MessageRef(click.place, f"{BY_TOKEN}{click.webhook}/{message}")


def webhook_of(message: MessageRef) -> tuple[str, str] | None:
    """The address of a message that is reached by a token; None for those that stand in the open."""
    if not message.id.startswith(BY_TOKEN):
        return None
    webhook, _, last = message.id.removeprefix(BY_TOKEN).rpartition("/")
    return webhook, last
