"""How interactions are answered, stage by stage."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from discord.utils import snowflake_time

from bot.chat.card import Card
from bot.chat.discord.incoming.interactions import Interaction
from bot.chat.discord.outgoing.cards import EPHEMERAL, Attachment, Rendered, render
from bot.chat.discord.outgoing.components import Json
from bot.chat.discord.outgoing.interaction_client import (
    ORIGINAL,
    CallbackOutcome,
    InteractionClient,
)
from bot.chat.platform_interface import Posted
from bot.identity import MessageRef

BY_TOKEN = "by-token "  # noqa: S105 (a prefix)
DEFERRED_UPDATE_MESSAGE = 6
_log = logging.getLogger(__name__)

LayReactions = Callable[[MessageRef, Card], None]


class Stage(StrEnum):
    UNACKNOWLEDGED = "unacknowledged"
    DEFERRED_EPHEMERAL = "deferred ephemeral"
    DEFERRED_PUBLIC = "deferred public"
    # The original response is the card that was pressed.
    UPDATING = "updating"
    ANSWERED = "answered"
    ANSWERED_BY_ANOTHER = "answered by another"
    EXPIRED = "expired"


@dataclass(slots=True)
class DiscordReply:
    """`post` and `write` stand in once the interaction has expired."""

    client: InteractionClient
    interaction: Interaction
    post: Callable[[Card, str], Awaitable[Posted]]
    write: Callable[[Card], Awaitable[bool]]
    lay_reactions: LayReactions
    deferred: bool = False  # by a process that stopped
    stage: Stage = Stage.UNACKNOWLEDGED
    shown: Posted | None = None
    shown_address: str = ORIGINAL
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        if self.deferred:
            self.stage = self._deferred_stage

    async def show(self, card: Card, key: str = "") -> Posted:
        async with self.lock:
            rendered = render(card)
            if self.shown is not None:
                await self._edit(self.shown_address, rendered)
                return self.shown
            self.shown_address, message = await self._send(rendered)
            if self.stage is Stage.EXPIRED:
                self.shown = await self.post(card, key)
            else:
                if not message:
                    original = await self.client.get_original(self.interaction.webhook)
                    message = str(original.get("id", ""))
                ref = MessageRef(self.interaction.event.place, message)
                if self.interaction.is_guest:
                    ref = interaction_message_ref(self.interaction, self.shown_address)
                self.shown = Posted(ref, snowflake_time(int(message)))
        if not self.interaction.is_guest:
            self.lay_reactions(self.shown.message, card)
        return self.shown

    async def whisper(self, card: Card) -> Posted:
        async with self.lock:
            address, _ = await self._send(render(card), EPHEMERAL)
            return await self._private(card, address)

    async def replace(self, card: Card) -> Posted:
        async with self.lock:
            rendered = render(card)
            address = ORIGINAL
            match self.stage if self.interaction.is_on_ephemeral else None:
                case Stage.UNACKNOWLEDGED:
                    await self._callback(
                        7,  # UPDATE_MESSAGE
                        Stage.UPDATING,
                        rendered.body(),
                        rendered.attachments,
                    )
                case Stage.UPDATING:
                    await self._edit(ORIGINAL, rendered)
                case _:
                    address, _ = await self._send(rendered, EPHEMERAL)
            return await self._private(card, address)

    @property
    def is_unacknowledged(self) -> bool:
        return self.stage is Stage.UNACKNOWLEDGED and not self.lock.locked()

    async def defer(self) -> None:
        async with self.lock:
            if self.stage is not Stage.UNACKNOWLEDGED:
                return
            stage = self._deferred_stage
            if stage is Stage.UPDATING:
                await self._callback(DEFERRED_UPDATE_MESSAGE, stage)
            else:
                flags = EPHEMERAL if stage is Stage.DEFERRED_EPHEMERAL else 0
                # DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE
                await self._callback(5, stage, {"flags": flags})

    async def finish(self) -> None:
        # No client may go on showing that the bot is thinking.
        async with self.lock:
            if self.stage is Stage.UNACKNOWLEDGED and self.interaction.is_on_message:
                await self._callback(DEFERRED_UPDATE_MESSAGE, Stage.UPDATING)
            elif self.stage in (Stage.DEFERRED_EPHEMERAL, Stage.DEFERRED_PUBLIC):
                await self.client.delete_original(self.interaction.webhook)

    @property
    def _deferred_stage(self) -> Stage:
        if self.interaction.is_on_ephemeral:
            return Stage.UPDATING
        return Stage.DEFERRED_PUBLIC if self.interaction.is_public else Stage.DEFERRED_EPHEMERAL

    async def _private(self, card: Card, address: str) -> Posted:
        if self.stage is Stage.EXPIRED:
            await self.write(card)
        return Posted(interaction_message_ref(self.interaction, address), datetime.now(UTC))

    async def _send(self, rendered: Rendered, flags: int = 0) -> tuple[str, str]:
        """Where the webhook has the message (`@original` or an id), and its id."""
        body = rendered.body(flags)
        files = rendered.attachments
        match self.stage:
            case Stage.UNACKNOWLEDGED:
                message = await self._callback(
                    4,  # CHANNEL_MESSAGE_WITH_SOURCE
                    Stage.ANSWERED,
                    body,
                    files,
                    with_response=not flags,
                )
                return ORIGINAL, message
            case Stage.DEFERRED_PUBLIC | Stage.DEFERRED_EPHEMERAL:
                if (self.stage is Stage.DEFERRED_EPHEMERAL) == bool(flags):
                    message = await self._edit(ORIGINAL, rendered)
                    self.stage = Stage.ANSWERED
                    return ORIGINAL, message
                # It was deferred to be seen by others than this card is for.
                await self.client.delete_original(self.interaction.webhook)
                self.stage = Stage.ANSWERED
            case Stage.ANSWERED_BY_ANOTHER | Stage.EXPIRED:
                return ORIGINAL, ""
        payload = await self.client.follow_up(self.interaction.webhook, body, files)
        message = str(payload.get("id") or "")
        return message or ORIGINAL, message

    async def _callback(
        self,
        kind: int,
        stage: Stage,
        data: Json | None = None,
        files: Sequence[Attachment] = (),
        *,
        with_response: bool = False,
    ) -> str:
        outcome, message = await self.client.callback(
            self.interaction.event.id,
            self.interaction.token,
            kind,
            data,
            files,
            with_response=with_response,
        )
        match outcome:
            case CallbackOutcome.SENT:
                self.stage = stage
            case CallbackOutcome.SENT_BY_ANOTHER:
                self.stage = Stage.ANSWERED_BY_ANOTHER
            case CallbackOutcome.EXPIRED:
                self.stage = Stage.EXPIRED
                _log.warning(
                    "a click of %s came too late to be answered", self.interaction.event.at
                )
        return message

    async def _edit(self, address: str, rendered: Rendered) -> str:
        payload = await self.client.edit(
            self.interaction.webhook, address, rendered.body(), rendered.attachments
        )
        return str(payload.get("id", ""))


def interaction_message_ref(interaction: Interaction, address: str) -> MessageRef:
    # The token reaches it while it lives.
    return MessageRef(interaction.event.place, f"{BY_TOKEN}{interaction.webhook}/{address}")


def webhook_of(message: MessageRef) -> tuple[str, str] | None:
    """None for a message in a channel."""
    if not message.id.startswith(BY_TOKEN):
        return None
    webhook, _, address = message.id.removeprefix(BY_TOKEN).rpartition("/")
    return webhook, address
