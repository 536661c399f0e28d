"""What people do on Slack, carried to the conversation: heard first, acknowledged in time, answered."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.chat.card import Card, Text
from bot.chat.kit.custom_ids import opens_form
from bot.chat.kit.pending_acks import PendingAcks
from bot.chat.kit.private_message import PrivateMessageReply
from bot.chat.kit.storage import Storage
from bot.chat.port import Command, Hear, Leaving, Posted, Renamed, Snippet
from bot.chat.slack.clients import Clients
from bot.chat.slack.incoming import message_events
from bot.chat.slack.incoming import payloads as clicks
from bot.chat.slack.incoming.listeners import Ack
from bot.chat.slack.incoming.modal_triggers import FORMS, ModalTriggers
from bot.chat.slack.incoming.payloads import PLATFORM, Act
from bot.chat.slack.outgoing.reply import FAILURES, SlackReply
from bot.chat.slack.timeouts import SeenEvents, Timeouts
from bot.chat.slack.web_api import Json
from bot.chat.slack.workspaces import Workspaces
from bot.commands import find_action
from bot.errors import UserError
from bot.identity import MessageRef, Place

Show = Callable[[Act, Card, str], Awaitable[Posted]]
Change = Callable[[MessageRef, Card], Awaitable[None]]

LIFE = timedelta(minutes=25)
"""So long a click can still be answered after it was acknowledged: its address lives for half an hour."""
MANY = 20_000
_log = logging.getLogger(__name__)


class Acts:
    """`show` posts a card once for each key; `change` replaces a card."""

    def __init__(
        self,
        desk: Clients,
        asking: ModalTriggers,
        workspaces: Workspaces,
        memory: Storage,
        sources: Callable[[], clicks.Sources],
        hear: Hear,
        show: Show,
        change: Change,
        now: Callable[[], datetime],
        pace: Timeouts,
    ) -> None:
        self._desk, self._asking, self._workspaces = desk, asking, workspaces
        self._memory, self._sources = memory, sources
        self._hear, self._show, self._change, self._now, self._pace = hear, show, change, now, pace
        self._promises = PendingAcks("promised ", LIFE, memory, now)
        self._told = PendingAcks("told ", LIFE, memory, now)
        self._heard = SeenEvents(MANY)
        self._answering: dict[str, asyncio.Task[None]] = {}
        self._busy: set[asyncio.Task[None]] = set()

    # Each of these acknowledges what it is told, and raises nothing into the library

    async def commanded(self, told: Json, ack: Ack) -> None:
        await self._taken("command", told, ack)

    async def pressed(self, told: Json, ack: Ack) -> None:
        if opens_form(str(told["actions"][0].get("action_id") or "")):
            asking = self._go(self._asking.line(told))
            await asyncio.wait({asking}, timeout=self._pace.patience)
            await ack()
        else:
            await self._taken("press", told, ack)

    async def sent(self, told: Json, ack: Ack) -> None:
        await self._taken("sent", told, ack)

    async def chosen(self, told: Json, ack: Ack) -> None:
        if told.get("message"):
            await self._taken("chosen", told, ack)
        else:
            await ack()

    def happened(self, told: Json) -> None:
        self._go(self._happen(told))

    async def keep_promises(self) -> None:
        """Answer what a bot that is no more had only acknowledged."""
        for kept in await self._promises.unanswered():
            click = self._read(kept)
            if click is None or click.id in self._answering:
                continue
            await self._carry_out(click, kept, asyncio.Event())
            await self._promises.remove(click.id)

    async def take_up(self) -> None:
        """At the start: what a bot that is no more was told, and had not come to. Slack tells nothing twice once it was heard."""
        for told in await self._told.unanswered():
            self._go(self._listen(told))

    async def finish(self) -> None:
        """Answers under way get a moment; what they did is safe in any case."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=self._pace.last_words)
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)

    # Answering

    async def _taken(self, kind: str, told: Json, ack: Ack) -> None:
        """Acknowledged when what was done is safe, or when that takes too long: then it is promised first."""
        kept = {"kind": kind, "told": told, "at": self._now().isoformat()}
        try:
            click = self._read(kept)
            if click is not None:
                await self._answer(click, kept)
        except Exception:  # noqa: BLE001 (whatever it is, the library must not hear of it)
            _log.exception("something that Slack told could not be read")
        await ack()

    async def _answer(self, click: Act, kept: Json) -> None:
        if click.id in self._answering:
            await asyncio.wait({self._answering[click.id]}, timeout=self._pace.patience)
            return
        if not self._heard.is_new(f"act {click.id}"):
            return
        safe = asyncio.Event()
        hearing = self._go(self._carry_out(click, kept, safe))
        self._answering[click.id] = hearing
        hearing.add_done_callback(lambda _: self._answering.pop(click.id, None))
        begun = asyncio.create_task(safe.wait())
        await asyncio.wait(
            {hearing, begun}, timeout=self._pace.patience, return_when=asyncio.FIRST_COMPLETED
        )
        begun.cancel()
        if not safe.is_set() and not hearing.done():
            await self._promises.add(click.id, kept)
            hearing.add_done_callback(
                lambda done: done.cancelled() or self._go(self._promises.remove(click.id))
            )

    def _read(self, kept: Json) -> Act | None:
        """As of when it was heard: an answer that was promised is not late because it is given later."""
        told, at = kept["told"], datetime.fromisoformat(kept["at"])
        match kept["kind"]:
            case "command":
                return self._command(told, at)
            case "press":
                return clicks.press(told)
            case "sent":
                return clicks.sent(told, at, self._desk.fetch)
            case _:
                return clicks.on_message(told, at)

    def _command(self, told: Json, at: datetime) -> Act | None:
        """A command that is not understood is answered here."""
        try:
            return clicks.command(told, self._sources(), at)
        except UserError as error:
            unread = clicks.unread(told, at)
            if self._heard.is_new(f"act {unread.id}"):
                self._go(self._refuse(unread, error))
            return None

    async def _carry_out(self, click: Act, kept: Json, safe: asyncio.Event) -> None:
        try:
            if not await self._is_asked(click, kept["told"]):
                placed = await self._placed(click)
                await self._hear_out(placed, self._reply(placed, safe))
        except FAILURES as error:
            _log.warning("a click could not be answered: %s", error)
        except Exception:  # noqa: BLE001 (one strange act must not keep the next from being answered)
            _log.exception("something that was done on Slack could not be carried out")

    async def _is_asked(self, click: Act, told: Json) -> bool:
        """Whether a form asks for the words that a command lacks, and nothing else is to be said."""
        if "command" not in told or not isinstance(event := click.event, Command):
            return False
        if event.name == "run" and not event.args.get("code"):
            await self._asking.code(click, told)
            return True
        return event.name in FORMS and not event.args and await self._asking.settings(click, told)

    async def _placed(self, click: Act) -> Act:
        """As it goes on: what was pressed at home belongs to the direct messages; admins are known as such."""
        event, place = click.event, click.place
        if click.at_home:
            place = Place(
                PLATFORM, click.team, await self._desk.channels.letters(click.team, click.user)
            )
        asked = find_action(click.name)
        admin = (asked.admin or asked.admin_aware) and await self._desk.keepers.has(
            click.team, click.user
        )
        known = self._desk.names.of(click.team, click.user)
        person = replace(
            event.person, admin=admin, name=known or event.person.name, stopgap=not known
        )
        if isinstance(event, Command) and (chosen := event.args.get("admins", "")):
            given = {**event.args, "admins": await self._named(click.team, chosen)}
            event = replace(event, args=given)
        return replace(click, place=place, event=replace(event, place=place, person=person))

    async def _named(self, team: str, chosen: str) -> str:
        """Whom an admin chose, with a name for people to read; nobody is the workspace itself."""
        if chosen == clicks.NOBODY:
            return team
        user, _, said = chosen.partition(" ")
        return f"{user} {await self._desk.keepers.name(team, user, said)}"

    def _reply(self, click: Act, safe: asyncio.Event) -> SlackReply:
        async def show(card: Card, key: str) -> Posted:
            return await self._show(click, card, key or click.id)

        return SlackReply(
            self._desk.wire, self._desk.channels, click, show, self._change, self._now, safe
        )

    async def _hear_out(self, click: Act, reply: SlackReply) -> None:
        try:
            await self._hear(click.event, reply)
        except FAILURES as error:
            _log.warning("a click could not be answered: %s", error)
        self._desk.names.check(click.team, click.user, click.event.person.sure_name)
        self._desk.homes.touch(click.team, click.user, self._hear)

    async def _refuse(self, click: Act, error: UserError) -> None:
        try:
            reply = self._reply(click, asyncio.Event())
            await reply.whisper(Card("That did not work", (Text((str(error),)),), tone="bad"))
        except FAILURES as failure:
            _log.warning("a command could not be answered: %s", failure)

    # What happens by itself

    async def _happen(self, told: Json) -> None:
        name = str(told.get("event_id") or "")
        if not message_events.concerns(told.get("event") or {}) or not self._heard.is_new(name):
            return
        try:
            if await self._memory.claim(f"event {name}", self._now()):
                if message_events.is_alone(told.get("event") or {}):
                    await self._told.add(name, told)
                await self._listen(told)
        except FAILURES as error:
            _log.warning("an event of Slack could not be kept: %s", error)

    async def _listen(self, told: Json) -> None:
        event = told.get("event") or {}
        try:
            await self._event(clicks.team_of(told), event)
        except FAILURES as error:
            _log.warning("an event of Slack could not be answered: %s", error)
        except Exception:  # noqa: BLE001 (one strange event must not keep the next from being heard)
            _log.exception("an event of Slack could not be read")
        if message_events.is_alone(event):
            await self._told.remove(str(told.get("event_id") or ""))

    async def _event(self, team: str, event: Json) -> None:
        match event.get("type"):
            case "reaction_added":
                await self._desk.reactions.added(team, event, self._hear)
            case "message" if event.get("subtype") == message_events.CHANGED:
                await self._rewritten(team, event)
            case "message" if event.get("subtype") == message_events.GONE:
                await self._removed(team, event)
            case "app_mention" | "message" if message_events.is_said(event):
                await self._said(team, event)
            case "app_home_opened" if event.get("tab", "home") == "home":
                await self._desk.homes.open(team, str(event["user"]), self._hear)
            case "app_uninstalled":
                await self._taken_out(team)
            case "tokens_revoked" if (event.get("tokens") or {}).get("bot"):
                await self._taken_out(team)
            case "user_change":
                await self._altered(team, event.get("user") or {})

    async def _said(self, team: str, event: Json) -> None:
        """A mention comes as two events; together they are one act."""
        if not message_events.is_to(await self._me(team), event):
            return
        if not self._heard.is_new(f"said {event['channel']}:{event['ts']}"):
            return
        try:
            click = clicks.said(team, event, self._sources())
        except UserError as error:
            await self._refuse(clicks.unheard(team, event), error)
            return
        if (
            not isinstance(click.event, Snippet)
            or await self._memory.get(_gone(click.event.message)) is None
        ):
            placed = await self._placed(click)
            await self._hear_out(placed, self._reply(placed, asyncio.Event()))

    async def _rewritten(self, team: str, event: Json) -> None:
        click = message_events.rewritten(team, event, await self._me(team), self._sources())
        if click is not None and isinstance(click.event, Snippet):
            if not click.event.code:
                await self._memory.claim(_gone(click.event.message), self._now())
            placed = await self._placed(click)
            await self._hear_out(placed, self._reply(placed, asyncio.Event()))

    async def _removed(self, team: str, event: Json) -> None:
        """Remembered as well: the message itself may be on its way still."""
        removed = message_events.removed(team, event, await self._me(team), self._now())
        await self._memory.claim(_gone(removed.message), self._now())
        await self._hear(removed, _unanswered(team, self._now()))

    async def _me(self, team: str) -> str:
        known = await self._workspaces.find(team)
        return known.user if known else ""

    async def _taken_out(self, team: str) -> None:
        """Slack may tell it late, when the bot is back already: its token knows."""
        try:
            await self._desk.wire.ask(team, "auth_test")
        except FAILURES as error:
            _log.info("workspace %s has let the bot go: %s", team, error)
        else:
            _log.info("workspace %s was said to have let the bot go, and has it", team)

    async def _altered(self, team: str, member: Json) -> None:
        user, at = str(member["id"]), self._now()
        self._desk.keepers.forget(team, user)
        if member.get("deleted"):
            leaving = Leaving(
                secrets.token_hex(8), clicks.person_of(team, user), Place(PLATFORM, team, ""), at
            )
            await self._hear(leaving, _unanswered(team, at))
        else:
            await self._desk.names.changed(team, member)

    def _go(self, doing: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(doing)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        return task


def renaming(hear: Hear, now: Callable[[], datetime]) -> Callable[[str, str, str], Awaitable[None]]:
    """Tell the conversation what somebody is called."""

    async def mended(team: str, user: str, name: str) -> None:
        event = Renamed(secrets.token_hex(8), clicks.person_of(team, user, name), now())
        await hear(event, _unanswered(team, now()))

    return mended


def _gone(message: MessageRef) -> str:
    return f"gone {message.place.community} {message.place.channel} {message.id}"


def _unanswered(team: str, at: datetime) -> PrivateMessageReply:
    """For what happens without anybody who waits for an answer."""

    async def nobody(_: Card) -> None:
        return None

    return PrivateMessageReply(nobody, Posted(MessageRef(Place(PLATFORM, team, ""), ""), at))
