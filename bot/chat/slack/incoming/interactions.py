"""Interactions: acknowledged in time, then answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.kit.custom_ids import opens_form
from bot.chat.kit.limits import SeenKeys
from bot.chat.kit.storage import PendingAcks
from bot.chat.kit.tasks import BackgroundTasks
from bot.chat.platform_interface import Command
from bot.chat.slack.clients import Clients
from bot.chat.slack.incoming import interaction_payloads as payloads
from bot.chat.slack.incoming.answering import Answering
from bot.chat.slack.incoming.modal_triggers import WITH_MODAL, ModalTriggers
from bot.chat.slack.payload import Json, text
from bot.chat.slack.shared import Core, Interaction, logged_failures
from bot.commands import RUN
from bot.errors import UserError

# Slack's lasts for half an hour.
RESPONSE_URL_LIFE = timedelta(minutes=25)
MOST_KNOWN = 20_000
_log = logging.getLogger(__name__)

Ack = Callable[[], Awaitable[object]]


@dataclass
class Interactions:
    _core: Core
    _clients: Clients
    _answering: Answering
    _tasks: BackgroundTasks

    def __post_init__(self) -> None:
        self._pending = PendingAcks(
            "promised ", RESPONSE_URL_LIFE, self._core.storage, self._core.now
        )
        self._modals = ModalTriggers(self._core, self._clients)
        self._seen = SeenKeys(MOST_KNOWN)
        self._current: dict[str, asyncio.Task[None]] = {}

    async def receive(self, ack: Ack, body: Json) -> None:
        if body.get("type") == "block_actions" and opens_form(
            text(body["actions"][0], "action_id")
        ):
            opening = self._tasks.start(self._modals.open_for_button(body))
            await asyncio.wait({opening}, timeout=self._core.timeouts.acknowledge)
        else:
            stored = {"told": body, "at": self._core.now().isoformat()}
            try:
                interaction = self._read(stored)
                if interaction is not None:
                    await self._start(interaction, stored)
            except Exception:  # noqa: BLE001 (the library must not see it)
                _log.exception("an interaction could not be read")
        await ack()

    async def answer_pending(self) -> None:
        for stored in await self._pending.unanswered():
            interaction = self._read(stored)
            if interaction is not None and interaction.id not in self._current:
                await self._answer(interaction, stored["told"], asyncio.Event())
                await self._pending.remove(interaction.id)

    def _read(self, stored: Json) -> Interaction | None:
        payload = stored["told"]
        # As of when it was received: an answer that waited is not late.
        at = datetime.fromisoformat(stored["at"])
        match payload.get("type", "command"):
            case "command":
                return self._read_command(payload, at)
            case "block_actions":
                return payloads.read_press(payload)
            case "view_submission":
                return payloads.read_submission(payload, at, self._clients.files.download)
            case "message_action":
                return payloads.read_shortcut(payload, at)
        return None

    def _read_command(self, payload: Json, at: datetime) -> Interaction | None:
        try:
            return payloads.read_slash_command(payload, at, self._core.sources())
        except UserError as error:
            unknown = payloads.slash_command(payload, at, "", {})
            if self._seen.is_new(unknown.id):
                self._tasks.start(self._answering.refuse(unknown, error))
            return None

    async def _start(self, interaction: Interaction, stored: Json) -> None:
        """Returns when it may be acknowledged."""
        act = interaction.id
        if act in self._current:
            await asyncio.wait({self._current[act]}, timeout=self._core.timeouts.acknowledge)
            return
        if not self._seen.is_new(act):
            return
        safe = asyncio.Event()
        answer = self._tasks.start(self._answer(interaction, stored["told"], safe))
        self._current[act] = answer
        answer.add_done_callback(lambda _: self._current.pop(act, None))
        is_safe = asyncio.create_task(safe.wait())
        await asyncio.wait(
            {answer, is_safe},
            timeout=self._core.timeouts.acknowledge,
            return_when=asyncio.FIRST_COMPLETED,
        )
        is_safe.cancel()
        if not safe.is_set() and not answer.done():
            await self._pending.add(act, stored)
            answer.add_done_callback(
                lambda done: done.cancelled() or self._tasks.start(self._pending.remove(act))
            )

    async def _answer(
        self,
        interaction: Interaction,
        payload: Json,
        safe: asyncio.Event,
    ) -> None:
        try:
            with logged_failures("an interaction could not be answered"):
                if not await self._opened_modal(interaction, payload):
                    await self._answering.answer(interaction, safe)
        except Exception:  # noqa: BLE001 (one strange interaction must not stop the next)
            _log.exception("an interaction failed")

    async def _opened_modal(self, interaction: Interaction, payload: Json) -> bool:
        event = interaction.event
        if "command" not in payload or not isinstance(event, Command):
            return False
        if event.name == RUN.name:
            lacks_arguments = not event.args.get("code")
        else:
            lacks_arguments = event.name in WITH_MODAL and not event.args
        return lacks_arguments and await self._modals.open_for_command(interaction, payload)
