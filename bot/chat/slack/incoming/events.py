"""The Events API: messages, reactions, and changes of members."""

import logging
import secrets
from dataclasses import dataclass

from bot.chat.kit.limits import SeenKeys
from bot.chat.kit.storage import PendingAcks
from bot.chat.kit.tasks import BackgroundTasks
from bot.chat.platform_interface import Leaving, Snippet
from bot.chat.slack.clients import Clients
from bot.chat.slack.incoming import message_events
from bot.chat.slack.incoming.answering import Answering
from bot.chat.slack.incoming.interactions import RESPONSE_URL_LIFE
from bot.chat.slack.payload import Json, part, person_of, place_of, team_of, text
from bot.chat.slack.shared import Core, logged_failures
from bot.chat.slack.web_api import FAILURES
from bot.errors import UserError
from bot.identity import MessageRef

MOST_KNOWN = 20_000
_log = logging.getLogger(__name__)


@dataclass
class Events:
    _core: Core
    _clients: Clients
    _answering: Answering
    _tasks: BackgroundTasks

    def __post_init__(self) -> None:
        # Slack repeats nothing that was received, so some events are stored until handled.
        self._unhandled = PendingAcks(
            "told ", RESPONSE_URL_LIFE, self._core.storage, self._core.now
        )
        self._seen = SeenKeys(MOST_KNOWN)

    async def receive(self, body: Json) -> None:
        self._tasks.start(self._receive(body))

    async def resume(self) -> None:
        for body in await self._unhandled.unanswered():
            self._tasks.start(self._handle(body))

    async def _receive(self, body: Json) -> None:
        event_id = text(body, "event_id")
        event = part(body, "event")
        if not message_events.is_relevant(event) or not self._seen.is_new(event_id):
            return
        with logged_failures("an event could not be stored"):
            if await self._core.storage.claim(f"event {event_id}", self._core.now()):
                if message_events.is_lost_if_missed(event):
                    await self._unhandled.add(event_id, body)
                await self._handle(body)

    async def _handle(self, body: Json) -> None:
        event = part(body, "event")
        try:
            with logged_failures("an event could not be answered"):
                await self._dispatch(team_of(body), event)
        except Exception:  # noqa: BLE001 (one strange event must not stop the next)
            _log.exception("an event could not be read")
        if message_events.is_lost_if_missed(event):
            await self._unhandled.remove(text(body, "event_id"))

    async def _dispatch(self, team: str, event: Json) -> None:
        subtype = event.get("subtype")
        match event.get("type"):
            case "reaction_added":
                await self._clients.reactions.reaction_added(team, event)
            case "message" if subtype == "message_changed":
                await self._message_changed(team, event, await self._bot_user(team))
            case "message" if subtype == "message_deleted":
                bot_user = await self._bot_user(team)
                removed = message_events.read_deletion(team, event, bot_user, self._core.now())
                await self._core.storage.claim(_gone(removed.message), self._core.now())
                await self._core.hear_unanswered(removed, team)
            case "app_mention" | "message" if message_events.is_written(event):
                await self._message_written(team, event, await self._bot_user(team))
            case "app_home_opened" if event.get("tab", "home") == "home":
                await self._clients.home_tabs.open(team, str(event["user"]))
            case "app_uninstalled":
                await self._uninstalled(team)
            case "tokens_revoked" if part(event, "tokens").get("bot"):
                await self._uninstalled(team)
            case "user_change":
                await self._user_changed(team, part(event, "user"))

    async def _bot_user(self, team: str) -> str:
        return await self._clients.workspaces.bot_user(team)

    async def _message_written(self, team: str, event: Json, bot_user: str) -> None:
        if not message_events.is_addressed(bot_user, event):
            return
        if not self._seen.is_new(f"said {event['channel']}:{event['ts']}"):
            return
        try:
            interaction = message_events.read(team, event, self._core.sources())
        except UserError as error:
            await self._answering.refuse(message_events.command(team, event, "", {}), error)
            return
        # A message may arrive after the event that it was deleted or lost its code.
        snippet = interaction.event
        gone = _gone(snippet.message) if isinstance(snippet, Snippet) else ""
        if not gone or await self._core.storage.get(gone) is None:
            await self._answering.answer(interaction)

    async def _message_changed(self, team: str, event: Json, bot_user: str) -> None:
        interaction = message_events.read_edit(team, event, bot_user, self._core.sources())
        if interaction is None:
            return
        snippet = interaction.event
        if isinstance(snippet, Snippet) and not snippet.code:
            await self._core.storage.claim(_gone(snippet.message), self._core.now())
        await self._answering.answer(interaction)

    async def _uninstalled(self, team: str) -> None:
        # Slack may tell it late, when the bot is installed again: its token decides.
        try:
            await self._clients.api.call(team, "auth_test")
        except FAILURES as error:
            _log.info("workspace %s removed the bot: %s", team, error)
        else:
            _log.info("workspace %s was said to have removed the bot, and has it", team)

    async def _user_changed(self, team: str, user: Json) -> None:
        user_id = str(user["id"])
        self._clients.admins.forget(team, user_id)
        if user.get("deleted"):
            person = person_of(team, user_id)
            leaving = Leaving(secrets.token_hex(8), person, place_of(team), self._core.now())
            await self._core.hear_unanswered(leaving, team)
        else:
            await self._clients.names.user_changed(team, user)


def _gone(message: MessageRef) -> str:
    return f"gone {message.place.community} {message.place.channel} {message.id}"
