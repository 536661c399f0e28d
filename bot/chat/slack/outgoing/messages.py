"""What the bot does in its own right: messages in channels, letters to people, reactions under messages."""

import asyncio
import logging
from typing import Any

from bot.chat.port import Lost, Posted
from bot.chat.slack.incoming.payloads import direct, standing, time_of
from bot.chat.slack.outgoing.cards import Rendered
from bot.chat.slack.outgoing.file_uploads import FileUploads
from bot.chat.slack.timeouts import TokenBucket
from bot.chat.slack.web_api import GONE, Json, Refused, Unsure, WebApi
from bot.identity import MessageRef, Place

NO_ACCESS = GONE | {
    "is_archived", "restricted_action", "restricted_action_read_only_channel", "missing_scope",
    "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "ekm_access_denied", "no_permission",
}  # fmt: skip
"""Slack's words for: no access, no permission, no such channel, no such workspace."""
NOT_THERE = frozenset(
    {
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "not_reactable",
        "no_reaction",
    }
)
OUTSIDE = "not_in_channel"
UNSEEN = frozenset({"channel_not_found"})
"""What Slack says of private channels to whoever is not in them."""
UNREADY = frozenset({"invalid_blocks", "invalid_attachments"})
"""Slack refuses a message whose figure it has not looked at yet."""
READY_S = (0.3, 0.7, 1.5, 3.0)
EVENT = "torchproof_card"
LOOK_BACK, WHOLE_THREAD = 50, 500
"""How many messages are looked through for one of the bot's own: Slack tells a thread from its beginning."""
MANY = 10_000
"""Direct channels that are remembered."""
UPDATES, BURST = 50 / 60, 8
"""How many changes of messages a workspace takes in a second, and at once."""
_log = logging.getLogger(__name__)


class Uninvited(Lost):
    """A channel that the bot is not in, and cannot come into by itself."""


class Messages:
    def __init__(self, wire: WebApi, files: FileUploads) -> None:
        self._wire, self._files = wire, files
        self._letters: dict[tuple[str, str], str] = {}
        self._budgets: dict[str, TokenBucket] = {}

    async def post(self, place: Place, drawn: Rendered, key: str, thread: str = "") -> Posted:
        """A new message. Slack knows no repeats, so whoever is unsure looks for it before saying it again."""
        try:
            return await self._post(place, drawn, key, thread)
        except Unsure:
            found = await self.find(place, key, thread)
            if found is None:
                raise
            return found

    async def _post(self, place: Place, drawn: Rendered, key: str, thread: str) -> Posted:
        about = {"metadata": {"event_type": EVENT, "event_payload": {"key": key}}, **_under(thread)}
        try:
            said = await self._say(place, place.channel, drawn, **about)
        except Refused as refusal:
            if refusal.code != OUTSIDE:
                raise
            await self._join(place)
            said = await self._say(place, place.channel, drawn, **about)
        return Posted(MessageRef(place, str(said["ts"])), time_of(said["ts"]))

    async def find(self, place: Place, key: str, thread: str = "") -> Posted | None:
        """The message that was posted under this key."""
        where = {"ts": thread, "limit": WHOLE_THREAD} if thread else {"limit": LOOK_BACK}
        method = "conversations_replies" if thread else "conversations_history"
        try:
            recent = await self._ask(
                place, method, channel=place.channel, include_all_metadata=True, **where
            )
        except (Lost, Refused) as error:
            _log.info("what stands in %s cannot be read: %s", place.channel, error)
            return None
        for each in recent.get("messages") or ():
            about = each.get("metadata") or {}
            if (
                about.get("event_type") == EVENT
                and (about.get("event_payload") or {}).get("key") == key
            ):
                return Posted(MessageRef(place, str(each["ts"])), time_of(each["ts"]))
        return None

    async def edit(self, message: MessageRef, drawn: Rendered) -> None:
        """A change of a message that stands."""
        channel, ts = standing(message)
        try:
            await self._with_files(message.place, drawn, "chat_update", channel=channel, ts=ts)
        except Refused as refusal:
            if refusal.code not in NOT_THERE:
                raise
            _log.info("a message is there no more: %s", refusal)

    async def room(self, message: MessageRef, *, at_once: bool) -> None:
        """Returns when the workspace has room for a change; whoever changes at once takes it from the others."""
        budget = self._budgets.setdefault(message.place.community, TokenBucket(UPDATES, BURST))
        await budget.spend(at_once=at_once)

    async def write(self, place: Place, user: str, drawn: Rendered, thread: str = "") -> Posted:
        """A direct message about something in a place; Lost where the person takes none."""
        channel = await self.letters(place.community, user)
        said = await self._say(
            place, channel, drawn, **_under(thread if channel == place.channel else "")
        )
        return Posted(direct(place, channel, str(said["ts"])), time_of(said["ts"]))

    async def letters(self, team: str, user: str) -> str:
        """The channel of direct messages with somebody."""
        if (team, user) not in self._letters:
            if len(self._letters) > MANY:
                self._letters.clear()
            opened = await self._ask(Place("slack", team, ""), "conversations_open", users=user)
            self._letters[team, user] = str(opened["channel"]["id"])
        return self._letters[team, user]

    async def whisper(self, place: Place, user: str, drawn: Rendered, thread: str = "") -> None:
        """A note in a channel that only one person sees; nothing reaches it afterwards."""
        to = {"channel": place.channel, "user": user, **_under(thread)}
        await self._with_files(place, drawn, "chat_postEphemeral", again=False, **to)

    async def body(self, team: str, drawn: Rendered) -> Json:
        blocks = await self.blocks(team, drawn)
        return {"text": drawn.text, **({"blocks": blocks} if blocks else {})}

    async def blocks(self, team: str, drawn: Rendered) -> list[Json]:
        return drawn.with_files(await self._files.kept(team, drawn.attachments))

    async def put_emoji(self, message: MessageRef, name: str) -> None:
        channel, ts = standing(message)
        try:
            await self._ask(
                message.place, "reactions_add", channel=channel, timestamp=ts, name=name
            )
        except Refused as refusal:
            if refusal.code != "already_reacted":
                raise

    async def reactions(self, message: MessageRef) -> list[Json]:
        """Which emoji stand under a message, each with who put it there."""
        channel, ts = standing(message)
        try:
            found = await self._ask(
                message.place, "reactions_get", channel=channel, timestamp=ts, full=True
            )
        except Refused as refusal:
            if refusal.code in NOT_THERE:
                return []
            raise
        return list((found.get("message") or {}).get("reactions") or ())

    async def _join(self, place: Place) -> None:
        """Slack's public channels let a bot in; the others have to invite it."""
        try:
            await self._ask(place, "conversations_join", channel=place.channel)
        except (Refused, Lost) as error:
            raise Uninvited(str(error)) from None

    async def _say(self, place: Place, channel: str, drawn: Rendered, **more: Any) -> Json:
        quiet = {"unfurl_links": False, "unfurl_media": False}
        return await self._with_files(
            place, drawn, "chat_postMessage", again=False, channel=channel, **quiet, **more
        )

    async def _with_files(self, place: Place, drawn: Rendered, method: str, **given: Any) -> Json:
        """A message with its figures; right after it was given them, Slack may not know them yet."""
        body = await self.body(place.community, drawn)
        for pause in READY_S if drawn.attachments else ():
            try:
                return await self._ask(place, method, **body, **given)
            except Refused as refusal:
                if refusal.code not in UNREADY:
                    raise
            await asyncio.sleep(pause)
        if drawn.attachments:
            body = {**body, "blocks": drawn.with_files({})}
        return await self._ask(place, method, **body, **given)

    async def _ask(self, place: Place, method: str, *, again: bool = True, **given: Any) -> Json:
        try:
            return await self._wire.ask(place.community, method, again=again, **given)
        except Refused as refusal:
            if refusal.code in UNSEEN:
                raise Uninvited(str(refusal)) from refusal
            if refusal.code in NO_ACCESS:
                raise Lost(str(refusal)) from refusal
            raise


def _under(thread: str) -> Json:
    return {"thread_ts": thread} if thread else {}
