"""Opening modals. A trigger_id lasts three seconds, so nothing slow comes before."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.chat.kit.typed_commands import Sources
from bot.chat.port import Say
from bot.chat.slack.clients import Clients
from bot.chat.slack.incoming import block_actions
from bot.chat.slack.interaction import Interaction
from bot.chat.slack.outgoing.modals import Modals, command_metadata, press_metadata
from bot.chat.slack.payload import Json, team_of, text
from bot.chat.slack.web_api import FAILURES
from bot.commands import RUN, VERBS, Verb
from bot.identity import Person, Place

IsNamedAdmin = Callable[[Person, Place], Awaitable[bool]]

WITH_MODAL = {verb.name: verb for verb in VERBS if verb.admin and verb.arguments}
MODAL_ONLY = {verb.name for verb in VERBS if any(argument.person for argument in verb.arguments)}
"""Without arguments these have no other answer."""
ADMIN_CHECK_S = 1.0
"""If the check takes longer, a modal that asks to wait is opened meanwhile."""
_log = logging.getLogger(__name__)


class ModalTriggers:
    """`is_named_admin` knows whom other admins named; Slack knows the workspace's own."""

    def __init__(
        self,
        clients: Clients,
        sources: Callable[[], Sources],
        is_named_admin: IsNamedAdmin,
        say: Say,
    ) -> None:
        self._clients = clients
        self._sources = sources
        self._is_named_admin = is_named_admin
        self._modals = Modals(say)

    async def open_for_button(self, payload: Json) -> None:
        button = {**payload["actions"][0], "type": "button"}
        pressed = block_actions.read({**payload, "actions": [button]})
        metadata = press_metadata(payload, pressed.private_card if pressed else None)
        await self._open(payload, self._modals.for_button(payload, metadata))

    async def open_for_command(self, interaction: Interaction, payload: Json) -> bool:
        """False where the command is to be answered besides."""
        if interaction.action == RUN.name:
            metadata = command_metadata(interaction, RUN.name, ("code", "device"))
            await self._open(payload, self._modals.run_code(metadata))
            return True
        return await self._open_for_admin(interaction, payload, WITH_MODAL[interaction.action])

    async def _open_for_admin(self, interaction: Interaction, payload: Json, verb: Verb) -> bool:
        names = [argument.name for argument in verb.arguments]
        metadata = command_metadata(interaction, verb.name, names)
        modal = self._modals.for_command(verb, metadata, self._sources())
        checking = asyncio.ensure_future(self._is_admin(interaction))
        done, _ = await asyncio.wait({checking}, timeout=ADMIN_CHECK_S)
        if not done:
            view_id = await self._open(payload, self._modals.waiting(verb, metadata))
            if not await checking:
                modal = self._modals.admins_only(verb, metadata)
            await self._update(interaction.team, view_id, modal)
        elif checking.result():
            await self._open(payload, modal)
        return verb.name in MODAL_ONLY and await checking

    async def _is_admin(self, interaction: Interaction) -> bool:
        is_admin = await self._clients.admins.has(interaction.team, interaction.user)
        return is_admin or await self._is_named_admin(interaction.event.person, interaction.place)

    async def _update(self, team: str, view_id: str, modal: Json) -> None:
        if not view_id:
            return
        try:
            await self._clients.api.call(team, "views_update", view_id=view_id, view=modal)
        except FAILURES as error:
            _log.warning("a modal could not be updated: %s", error)

    async def _open(self, payload: Json, modal: Json) -> str:
        """The view's id; empty where Slack did not open it."""
        try:
            answer = await self._clients.api.call(
                team_of(payload),
                "views_open",
                retry=False,
                trigger_id=str(payload["trigger_id"]),
                view=modal,
            )
        except FAILURES as error:
            _log.warning("a modal could not be opened: %s", error)
            return ""
        return text(answer, "view", "id")
