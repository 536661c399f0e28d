"""Opening modals: within the 3 seconds that a trigger_id lasts."""

import asyncio
from dataclasses import dataclass

from bot.chat.slack.clients import Clients
from bot.chat.slack.incoming.interaction_payloads import read_press
from bot.chat.slack.outgoing.modals import Modals, command_metadata, press_metadata
from bot.chat.slack.payload import Json, team_of, text
from bot.chat.slack.shared import Core, Interaction, logged_failures
from bot.commands import RUN, VERBS

WITH_MODAL = {verb.name: verb for verb in VERBS if verb.admin and verb.arguments}
# Without arguments these have no other answer.
MODAL_ONLY = {verb.name for verb in VERBS if any(argument.person for argument in verb.arguments)}
# If the check takes longer, a modal that asks to wait is opened meanwhile.
ADMIN_CHECK_S = 1.0


@dataclass
class ModalTriggers:
    _core: Core
    _clients: Clients

    def __post_init__(self) -> None:
        self._modals = Modals(self._core.say)

    async def open_for_button(self, payload: Json) -> None:
        button = {**payload["actions"][0], "type": "button"}
        pressed = read_press({**payload, "actions": [button]})
        metadata = press_metadata(payload, pressed.private_card if pressed else None)
        await self._open(payload, self._modals.for_button(payload, metadata))

    async def open_for_command(self, interaction: Interaction, payload: Json) -> bool:
        """False where the command is to be answered besides."""
        if interaction.action == RUN.name:
            metadata = command_metadata(interaction, RUN.name, ("code", "device"))
            await self._open(payload, self._modals.run_code(metadata))
            return True
        verb = WITH_MODAL[interaction.action]
        names = [argument.name for argument in verb.arguments]
        metadata = command_metadata(interaction, verb.name, names)
        modal = self._modals.for_command(verb, metadata, self._core.sources())
        checking = asyncio.ensure_future(self._is_admin(interaction))
        done, _ = await asyncio.wait({checking}, timeout=ADMIN_CHECK_S)
        if not done:
            view_id = await self._open(
                payload, self._modals.note(verb, metadata, "slack_one_moment")
            )
            if not await checking:
                modal = self._modals.note(verb, metadata, "slack_admins_only")
            if view_id:
                with logged_failures("a modal could not be updated"):
                    await self._clients.api.call(
                        interaction.team, "views_update", view_id=view_id, view=modal
                    )
        elif checking.result():
            await self._open(payload, modal)
        return verb.name in MODAL_ONLY and await checking

    async def _is_admin(self, interaction: Interaction) -> bool:
        if await self._clients.admins.has(interaction.team, interaction.user):
            return True
        return await self._core.is_named_admin(interaction.event.person, interaction.place)

    async def _open(self, payload: Json, modal: Json) -> str:
        with logged_failures("a modal could not be opened"):
            answer = await self._clients.api.call(
                team_of(payload),
                "views_open",
                retry=False,
                trigger_id=str(payload["trigger_id"]),
                view=modal,
            )
            return text(answer, "view", "id")
        return ""
