"""Forms put before people: a trigger opens one for three seconds, so what takes time is found out beside it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.chat.kit.custom_ids import file_suffix
from bot.chat.slack.clients import Clients
from bot.chat.slack.incoming import payloads as clicks
from bot.chat.slack.incoming.payloads import Act
from bot.chat.slack.outgoing import modals
from bot.chat.slack.outgoing.reply import FAILURES
from bot.chat.slack.web_api import Json
from bot.commands import VERBS
from bot.identity import Person, Place

Sources = Callable[[], Mapping[str, Sequence[str]]]
Admits = Callable[[Person, Place], Awaitable[bool]]

FORMS = {verb.name: verb for verb in VERBS if verb.admin and verb.arguments}
WHOLE = {verb.name for verb in VERBS if any(argument.person for argument in verb.arguments)}
"""What has nothing to say to whoever asks without words, so that the form is the whole answer."""
QUICK_S = 1.0
"""Who is known this soon to be let in gets the whole form at once; the others wait before its bones."""
_RUN = next(verb for verb in VERBS if verb.name == "run")
_log = logging.getLogger(__name__)


class ModalTriggers:
    """`admits` says whom an admin named; whom Slack vouches for is known without it."""

    def __init__(self, desk: Clients, sources: Sources, admits: Admits) -> None:
        self._desk, self._sources, self._admits = desk, sources, admits

    async def line(self, told: Json) -> None:
        """A line to type or a file to choose, for the button that was pressed."""
        click = clicks.press({**told, "actions": [{**told["actions"][0], "type": "button"}]})
        about = modals.origin(told, click.on if click else None)
        file = file_suffix(str(told["actions"][0]["action_id"]))
        await self._open(
            clicks.team_of(told), told, modals.line(modals.label_of(told), about, file)
        )

    async def code(self, click: Act, told: Json) -> None:
        await self._open(
            click.team, told, modals.code(modals.of_command(click, _RUN, ("code", "device")))
        )

    async def settings(self, click: Act, told: Json) -> bool:
        """The form of a verb, for whoever may use it; True where nothing more is to be said."""
        verb = FORMS[click.name]
        about = modals.of_command(click, verb, (argument.name for argument in verb.arguments))
        whole = modals.choices(verb, about, dict(self._sources()))
        finding = asyncio.ensure_future(self._lets_in(click))
        done, _ = await asyncio.wait({finding}, timeout=QUICK_S)
        if not done:
            await self._fill(
                click.team,
                told,
                modals.bones(verb, about),
                finding,
                whole,
                modals.shut(verb, about),
            )
        elif finding.result():
            await self._open(click.team, told, whole)
        return click.name in WHOLE and await finding

    async def _lets_in(self, click: Act) -> bool:
        admin = await self._desk.keepers.has(click.team, click.user)
        return admin or await self._admits(click.event.person, click.place)

    async def _fill(
        self,
        team: str,
        told: Json,
        bones: Json,
        finding: "asyncio.Future[bool]",
        whole: Json,
        shut: Json,
    ) -> None:
        opened = await self._open(team, told, bones)
        view = whole if await finding else shut
        try:
            if opened:
                await self._desk.wire.ask(team, "views_update", view_id=opened, view=view)
        except FAILURES as error:
            _log.warning("a form could not be filled: %s", error)

    async def _open(self, team: str, told: Json, view: Json) -> str:
        """The form's id; empty where Slack would not open it."""
        try:
            said = await self._desk.wire.ask(
                team, "views_open", again=False, trigger_id=str(told["trigger_id"]), view=view
            )
        except FAILURES as error:
            _log.warning("a form could not be opened: %s", error)
            return ""
        return str((said.get("view") or {}).get("id") or "")
