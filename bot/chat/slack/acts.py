"""What people do on Slack, carried to the conversation: heard first, acknowledged in time, answered."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.chat.actions import is_entry, wanted_file
from bot.chat.card import Card, Text
from bot.chat.memory import Memory
from bot.chat.port import Command, Hear, Leaving, Posted
from bot.chat.promises import Promises
from bot.chat.slack import click as clicks
from bot.chat.slack import form, snippets
from bot.chat.slack.click import PLATFORM, Click
from bot.chat.slack.desk import Desk
from bot.chat.slack.ears import Ack
from bot.chat.slack.pace import Pace, Recent
from bot.chat.slack.reply import FAILURES, LetterReply, SlackReply
from bot.chat.slack.wire import Json
from bot.chat.slack.workspaces import Workspaces
from bot.commands import PRESSED, VERBS, Verb
from bot.errors import UserError
from bot.identity import MessageRef, Place

Sources = Callable[[], Mapping[str, Sequence[str]]]
Show = Callable[[Place, Card, str, str], Awaitable[Posted]]
Change = Callable[[MessageRef, Card], Awaitable[None]]

LIFE = timedelta(minutes=25)
"""So long a click can still be answered after it was acknowledged: its address lives for half an hour."""
MANY = 20_000
_FORMS = {verb.name: verb for verb in VERBS if verb.admin and verb.arguments}
_ALL_BY_FORM = {verb.name for verb in VERBS if any(argument.person for argument in verb.arguments)}
"""What has nothing to say to whoever asks without words, so that the form is the whole answer."""
_GUARDED = {verb.name for verb in VERBS if verb.admin} | set(PRESSED) | {"stop", "help"}
"""What is answered differently for whoever looks after the workspace."""
_log = logging.getLogger(__name__)


class Acts:
    """`show` posts a card once for each key; `change` replaces a card."""

    def __init__(
        self,
        desk: Desk,
        workspaces: Workspaces,
        memory: Memory,
        sources: Sources,
        hear: Hear,
        show: Show,
        change: Change,
        now: Callable[[], datetime],
        pace: Pace,
    ) -> None:
        self._desk, self._workspaces, self._memory, self._sources = desk, workspaces, memory, sources
        self._hear, self._show, self._change, self._now, self._pace = hear, show, change, now, pace
        self._promises = Promises("promised ", LIFE, memory, now)
        self._heard = Recent(MANY)
        self._answering: dict[str, asyncio.Task[None]] = {}
        self._busy: set[asyncio.Task[None]] = set()

    # Each of these acknowledges what it is told, and raises nothing into the library

    async def commanded(self, told: Json, ack: Ack) -> None:
        await self._taken({"kind": "command", "told": told}, ack)

    async def pressed(self, told: Json, ack: Ack) -> None:
        if is_entry(str(told["actions"][0].get("action_id") or "")):
            await self._ask_for_line(told)
            await ack()
        else:
            await self._taken({"kind": "press", "told": told}, ack)

    async def sent(self, told: Json, ack: Ack) -> None:
        await self._taken({"kind": "sent", "told": told}, ack)

    async def chosen(self, told: Json, ack: Ack) -> None:
        if told.get("message"):
            await self._taken({"kind": "chosen", "told": told}, ack)
        else:
            await ack()

    def happened(self, told: Json) -> None:
        self._go(self._happen(told))

    async def keep_promises(self) -> None:
        """Answer what a bot that is no more had only acknowledged."""
        for kept in await self._promises.broken():
            click = await self._read(kept, self._now())
            if click is None or click.id in self._answering:
                continue
            await self._hear_out(click, self._reply(click))
            await self._promises.keep(click.id)

    async def finish(self) -> None:
        """Answers under way get a moment; what they did is safe in any case."""
        if self._busy:
            await asyncio.wait(self._busy, timeout=self._pace.last_words)
        for task in self._busy:
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)

    # Answering

    async def _taken(self, kept: Json, ack: Ack) -> None:
        """Acknowledged when what was done is safe, or when that takes too long: then it is promised first."""
        try:
            click = await self._read(kept, self._now())
            if click is not None:
                await self._answer(click, kept)
        except Exception:  # noqa: BLE001 (whatever it is, the library must not hear of it)
            _log.exception("something that Slack told could not be read")
        await ack()

    async def _answer(self, click: Click, kept: Json) -> None:
        if click.id in self._answering:
            await asyncio.wait({self._answering[click.id]}, timeout=self._pace.patience)
            return
        if not self._heard.is_new(f"act {click.id}"):
            return
        reply = self._reply(click)
        hearing = self._go(self._hear_out(click, reply))
        self._answering[click.id] = hearing
        hearing.add_done_callback(lambda _: self._answering.pop(click.id, None))
        begun = asyncio.create_task(reply.begun.wait())
        await asyncio.wait({hearing, begun}, timeout=self._pace.patience, return_when=asyncio.FIRST_COMPLETED)
        begun.cancel()
        if not reply.begun.is_set() and not hearing.done():
            await self._promises.make(click.id, kept)
            hearing.add_done_callback(lambda done: done.cancelled() or self._go(self._promises.keep(click.id)))

    async def _read(self, kept: Json, at: datetime) -> Click | None:
        told = kept["told"]
        match kept["kind"]:
            case "command":
                click = await self._command(told, at)
            case "press":
                click = clicks.press(told)
            case "sent":
                click = clicks.sent(told, at, self._desk.fetch)
            case _:
                click = clicks.on_message(told, at)
        return await self._placed(click) if click else None

    async def _command(self, told: Json, at: datetime) -> Click | None:
        """A command that is not understood is answered here; one that lacks its words gets a form for them."""
        try:
            click = clicks.command(told, self._sources(), at)
        except UserError as error:
            unread = self._reply(clicks.unread(told, at))
            self._go(self._whisper(unread, str(error)))
            return None
        event = click.event
        if isinstance(event, Command) and event.name == "run" and not event.args.get("code"):
            await self._open(click.team, told, form.code(form.of_command(click, _verb("run"), ("code", "device"))))
            return None
        if isinstance(event, Command) and event.name in _FORMS and not event.args:
            await self._ask_for_settings(click, told, _FORMS[event.name])
            return (
                None if event.name in _ALL_BY_FORM and await self._desk.keepers.has(click.team, click.user) else click
            )
        return click

    async def _placed(self, click: Click) -> Click:
        """As it goes on: what was pressed at home belongs to the direct messages; admins are known as such."""
        event, place = click.event, click.place
        if click.at_home:
            place = Place(PLATFORM, click.team, await self._desk.channels.letters(click.team, click.user))
        admin = click.name in _GUARDED and await self._desk.keepers.has(click.team, click.user)
        person = replace(event.person, admin=admin)
        if isinstance(event, Command) and (chosen := event.args.get("admins", "")):
            given = {**event.args, "admins": await self._named(click.team, chosen)}
            event = replace(event, args=given)
        return replace(click, place=place, event=replace(event, place=place, person=person))

    async def _named(self, team: str, chosen: str) -> str:
        """Whom an admin chose, with a name for people to read; nobody is the workspace itself."""
        if chosen == clicks.NOBODY:
            return team
        return chosen if " " in chosen else f"{chosen} {await self._desk.keepers.name(team, chosen)}"

    def _reply(self, click: Click) -> SlackReply:
        async def show(card: Card, key: str) -> Posted:
            return await self._show(click.place, card, key or click.id, click.id)

        return SlackReply(self._desk.wire, self._desk.channels, click, show, self._change, self._now)

    async def _hear_out(self, click: Click, reply: SlackReply) -> None:
        try:
            await self._hear(click.event, reply)
        except FAILURES as error:
            _log.warning("a click could not be answered: %s", error)
        self._desk.homes.touch(click.team, click.user, self._hear)

    async def _whisper(self, reply: SlackReply, said: str) -> None:
        try:
            await reply.whisper(Card("That did not work", (Text((said,)),), tone="bad"))
        except FAILURES as error:
            _log.warning("a command could not be answered: %s", error)

    # Forms

    async def _ask_for_line(self, told: Json) -> None:
        click = clicks.press({**told, "actions": [{**told["actions"][0], "type": "button"}]})
        about = form.origin(told, click.on if click else None)
        file = wanted_file(str(told["actions"][0]["action_id"]))
        await self._open(click.team if click else "", told, form.line(form.label_of(told), about, file))

    async def _ask_for_settings(self, click: Click, told: Json, verb: Verb) -> None:
        """The bones at once; whether they may, and what can be chosen, takes longer to find out than a form waits."""
        about = form.of_command(click, verb, (argument.name for argument in verb.arguments))
        opened = await self._open(click.team, told, form.bones(verb, about))
        if opened:
            self._go(self._fill(click, opened, form.choices(verb, about, dict(self._sources()))))

    async def _fill(self, click: Click, opened: str, view: Json) -> None:
        try:
            if await self._desk.keepers.has(click.team, click.user):
                await self._desk.wire.ask(click.team, "views_update", view_id=opened, view=view)
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

    # What happens by itself

    async def _happen(self, told: Json) -> None:
        name = str(told.get("event_id") or "")
        try:
            if not snippets.concerns(told.get("event") or {}):
                return
            if self._heard.is_new(name) and await self._memory.first(f"event {name}", self._now()):
                await self._event(str(told.get("team_id") or ""), told.get("event") or {})
        except FAILURES as error:
            _log.warning("an event of Slack could not be answered: %s", error)
        except Exception:  # noqa: BLE001 (one strange event must not keep the next from being heard)
            _log.exception("an event of Slack could not be read")

    async def _event(self, team: str, event: Json) -> None:
        match event.get("type"):
            case "reaction_added":
                await self._desk.reactions.added(team, event, self._hear)
            case "message" if event.get("subtype") == snippets.CHANGED:
                await self._rewritten(team, event)
            case "message" if event.get("subtype") == snippets.GONE:
                await self._hear(
                    snippets.removed(team, event, await self._me(team), self._now()), _unanswered(team, self._now())
                )
            case "app_mention" | "message" if not event.get("subtype") and not event.get("bot_id"):
                await self._said(team, event)
            case "app_home_opened" if event.get("tab", "home") == "home":
                await self._desk.homes.open(team, str(event["user"]), self._hear)
            case "app_uninstalled":
                await self._workspaces.gone(team, "uninstalled")
            case "tokens_revoked" if (event.get("tokens") or {}).get("bot"):
                await self._workspaces.gone(team, "tokens revoked")
            case "user_change" if (event.get("user") or {}).get("deleted"):
                await self._left(team, str(event["user"]["id"]))

    async def _said(self, team: str, event: Json) -> None:
        """A mention comes as two events; together they are one act."""
        if not self._heard.is_new(f"said {event['channel']}:{event['ts']}"):
            return
        try:
            click = clicks.said(team, event, self._sources())
        except UserError as error:
            place = Place(PLATFORM, team, str(event["channel"]))
            told = {"team_id": team, "user_id": event["user"], "channel_id": place.channel, "trigger_id": event["ts"]}
            await self._whisper(self._reply(clicks.unread(told, self._now())), str(error))
            return
        placed = await self._placed(click)
        await self._hear_out(placed, self._reply(placed))

    async def _rewritten(self, team: str, event: Json) -> None:
        click = snippets.rewritten(team, event, await self._me(team), self._sources())
        if click is not None:
            await self._hear_out(click, self._reply(click))

    async def _me(self, team: str) -> str:
        known = await self._workspaces.find(team)
        return known.user if known else ""

    async def _left(self, team: str, user: str) -> None:
        leaving = Leaving(secrets.token_hex(8), clicks.person_of(team, user), Place(PLATFORM, team, ""), self._now())
        await self._hear(leaving, _unanswered(team, self._now()))

    def _go(self, doing: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(doing)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        return task


def _unanswered(team: str, at: datetime) -> LetterReply:
    """For what happens without anybody who waits for an answer."""

    async def nobody(_: Card) -> None:
        return None

    return LetterReply(nobody, Posted(MessageRef(Place(PLATFORM, team, ""), ""), at))


def _verb(name: str) -> Verb:
    return next(verb for verb in VERBS if verb.name == name)
