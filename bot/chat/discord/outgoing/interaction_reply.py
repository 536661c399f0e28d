"""How interactions are answered, stage by stage."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum

from bot.chat.card import Card
from bot.chat.discord.incoming.interactions import Interaction
from bot.chat.discord.outgoing.cards import EPHEMERAL, Rendered, render
from bot.chat.discord.outgoing.interaction_client import (
    CHANNEL_MESSAGE_WITH_SOURCE,
    DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE,
    DEFERRED_UPDATE_MESSAGE,
    ORIGINAL,
    UPDATE_MESSAGE,
    CallbackOutcome,
    InteractionClient,
)
from bot.chat.discord.snowflakes import time_of
from bot.chat.port import Posted
from bot.identity import MessageRef

BY_TOKEN = "by-token "  # noqa: S105 (a prefix)
_log = logging.getLogger(__name__)

Post = Callable[[Card, str], Awaitable[Posted]]
Write = Callable[[Card], Awaitable[bool]]
Step = Callable[[Rendered, int], Awaitable[tuple[str, str]]]
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


class Act(StrEnum):
    SHOW = "show"
    WHISPER = "whisper"
    REPLACE = "replace"


class DiscordReply:
    """`post` and `write` stand in once the interaction has expired."""

    def __init__(
        self,
        client: InteractionClient,
        interaction: Interaction,
        post: Post,
        write: Write,
        lay_reactions: LayReactions,
        *,
        deferred: bool = False,
    ) -> None:
        # `deferred`: it was acknowledged before, by a process that stopped.
        self._client = client
        self._interaction = interaction
        self._post = post
        self._write = write
        self._lay_reactions = lay_reactions
        self._stage = self._deferred_stage() if deferred else Stage.UNACKNOWLEDGED
        self._shown: Posted | None = None
        self._shown_address = ORIGINAL
        self._lock = asyncio.Lock()

    async def show(self, card: Card, key: str = "") -> Posted:
        async with self._lock:
            rendered = render(card)
            if self._shown is not None:
                await self._edit(self._shown_address, rendered)
                return self._shown
            self._shown_address, message = await self._step(Act.SHOW, rendered)
            if self._stage is Stage.EXPIRED:
                self._shown = await self._post(card, key)
            else:
                if not message:
                    original = await self._client.get_original(self._interaction.webhook)
                    message = str(original.get("id", ""))
                self._shown = self._public(message)
        if not self._interaction.is_guest:
            self._lay_reactions(self._shown.message, card)
        return self._shown

    async def whisper(self, card: Card) -> Posted:
        async with self._lock:
            return await self._answer_privately(Act.WHISPER, card)

    async def replace(self, card: Card) -> Posted:
        async with self._lock:
            can_replace = (
                self._interaction.is_on_ephemeral and (self._stage, Act.REPLACE) in self._steps()
            )
            return await self._answer_privately(Act.REPLACE if can_replace else Act.WHISPER, card)

    @property
    def is_unacknowledged(self) -> bool:
        return self._stage is Stage.UNACKNOWLEDGED and not self._lock.locked()

    async def defer(self) -> None:
        async with self._lock:
            if self._stage is not Stage.UNACKNOWLEDGED:
                return
            stage = self._deferred_stage()
            if stage is Stage.UPDATING:
                await self._callback(DEFERRED_UPDATE_MESSAGE, None, stage)
            else:
                flags = EPHEMERAL if stage is Stage.DEFERRED_EPHEMERAL else 0
                await self._callback(
                    DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE, None, stage, data={"flags": flags}
                )

    async def finish(self) -> None:
        # No client may go on showing that the bot is thinking.
        async with self._lock:
            if self._stage is Stage.UNACKNOWLEDGED and self._interaction.is_on_message:
                await self._callback(DEFERRED_UPDATE_MESSAGE, None, Stage.UPDATING)
            elif self._stage in (Stage.DEFERRED_EPHEMERAL, Stage.DEFERRED_PUBLIC):
                await self._client.delete_original(self._interaction.webhook)

    def _deferred_stage(self) -> Stage:
        if self._interaction.is_on_ephemeral:
            return Stage.UPDATING
        return Stage.DEFERRED_PUBLIC if self._interaction.is_public else Stage.DEFERRED_EPHEMERAL

    async def _answer_privately(self, act: Act, card: Card) -> Posted:
        address, _ = await self._step(act, render(card))
        if self._stage is Stage.EXPIRED:
            await self._write(card)
        return Posted(by_token(self._interaction, address), datetime.now(UTC))

    def _steps(self) -> Mapping[tuple[Stage, Act], Step]:
        # In the stages that are missing, nothing more can be sent by the token.
        return {
            (Stage.UNACKNOWLEDGED, Act.SHOW): self._respond,
            (Stage.UNACKNOWLEDGED, Act.WHISPER): self._respond,
            (Stage.UNACKNOWLEDGED, Act.REPLACE): self._update_pressed,
            (Stage.DEFERRED_PUBLIC, Act.SHOW): self._fill_deferred,
            (Stage.DEFERRED_PUBLIC, Act.WHISPER): self._drop_deferred,
            (Stage.DEFERRED_EPHEMERAL, Act.SHOW): self._drop_deferred,
            (Stage.DEFERRED_EPHEMERAL, Act.WHISPER): self._fill_deferred,
            (Stage.UPDATING, Act.SHOW): self._follow_up,
            (Stage.UPDATING, Act.WHISPER): self._follow_up,
            (Stage.UPDATING, Act.REPLACE): self._edit_pressed,
            (Stage.ANSWERED, Act.SHOW): self._follow_up,
            (Stage.ANSWERED, Act.WHISPER): self._follow_up,
        }

    # Each step returns where the webhook has the message (`@original` or an id) and its id.

    async def _step(self, act: Act, rendered: Rendered) -> tuple[str, str]:
        step = self._steps().get((self._stage, act))
        if step is None:
            return ORIGINAL, ""
        return await step(rendered, EPHEMERAL if act is Act.WHISPER else 0)

    async def _respond(self, rendered: Rendered, flags: int) -> tuple[str, str]:
        message = await self._callback(
            CHANNEL_MESSAGE_WITH_SOURCE, rendered, Stage.ANSWERED, flags, with_response=not flags
        )
        return ORIGINAL, message

    async def _update_pressed(self, rendered: Rendered, flags: int) -> tuple[str, str]:
        return ORIGINAL, await self._callback(UPDATE_MESSAGE, rendered, Stage.UPDATING, flags)

    async def _edit_pressed(self, rendered: Rendered, _: int) -> tuple[str, str]:
        return ORIGINAL, await self._edit(ORIGINAL, rendered)

    async def _fill_deferred(self, rendered: Rendered, _: int) -> tuple[str, str]:
        message = await self._edit(ORIGINAL, rendered)
        self._stage = Stage.ANSWERED
        return ORIGINAL, message

    async def _drop_deferred(self, rendered: Rendered, flags: int) -> tuple[str, str]:
        # It was deferred to be seen by others than this card is for.
        await self._client.delete_original(self._interaction.webhook)
        self._stage = Stage.ANSWERED
        return await self._follow_up(rendered, flags)

    async def _follow_up(self, rendered: Rendered, flags: int) -> tuple[str, str]:
        payload = await self._client.follow_up(
            self._interaction.webhook, rendered.body(flags), rendered.attachments
        )
        message = str(payload.get("id") or "")
        return message or ORIGINAL, message

    async def _callback(
        self,
        kind: int,
        rendered: Rendered | None,
        stage: Stage,
        flags: int = 0,
        *,
        data: dict[str, int] | None = None,
        with_response: bool = False,
    ) -> str:
        outcome, message = await self._client.callback(
            self._interaction.id,
            self._interaction.token,
            kind,
            rendered.body(flags) if rendered else data,
            rendered.attachments if rendered else (),
            with_response=with_response,
        )
        if outcome is CallbackOutcome.EXPIRED:
            _log.warning("a click of %s came too late to be answered", self._interaction.event.at)
        self._stage = {
            CallbackOutcome.SENT: stage,
            CallbackOutcome.SENT_BY_ANOTHER: Stage.ANSWERED_BY_ANOTHER,
            CallbackOutcome.EXPIRED: Stage.EXPIRED,
        }[outcome]
        return message

    async def _edit(self, address: str, rendered: Rendered) -> str:
        payload = await self._client.edit(
            self._interaction.webhook, address, rendered.body(), rendered.attachments
        )
        return str(payload.get("id", ""))

    def _public(self, message: str) -> Posted:
        if self._interaction.is_guest:
            ref = by_token(self._interaction, self._shown_address)
        else:
            ref = MessageRef(self._interaction.event.place, message)
        return Posted(ref, time_of(message))


def by_token(interaction: Interaction, address: str) -> MessageRef:
    # The token reaches it while it lives.
    return MessageRef(interaction.event.place, f"{BY_TOKEN}{interaction.webhook}/{address}")


def webhook_of(message: MessageRef) -> tuple[str, str] | None:
    """None for a message in a channel."""
    if not message.id.startswith(BY_TOKEN):
        return None
    webhook, _, address = message.id.removeprefix(BY_TOKEN).rpartition("/")
    return webhook, address
