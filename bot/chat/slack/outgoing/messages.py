"""Messages in channels, to members alone, and reactions."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.chat.card import Card
from bot.chat.kit.limits import RecentValues, TokenBuckets
from bot.chat.platform_interface import Lost, Posted, Say
from bot.chat.slack.outgoing.cards import Rendered, render
from bot.chat.slack.outgoing.files import Files
from bot.chat.slack.outgoing.mrkdwn import name_of
from bot.chat.slack.payload import (
    Json,
    channel_and_ts,
    direct_message_ref,
    part,
    place_of,
    text,
    time_of,
)
from bot.chat.slack.web_api import INVALID_TOKEN, ApiError, UncertainError, WebApi
from bot.identity import MessageRef, Place

NOT_IN_CHANNEL = "not_in_channel"
# Also what Slack says of a private channel that the bot is not in.
CHANNEL_NOT_FOUND = "channel_not_found"
NO_ACCESS = INVALID_TOKEN | {
    "ekm_access_denied",
    "is_archived",
    "missing_scope",
    "no_permission",
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
}
MESSAGE_GONE = frozenset(
    {
        "cant_update_message",
        "edit_window_closed",
        "message_not_found",
        "no_reaction",
        "not_reactable",
    }
)
# Slack refuses a message with a file that it has not processed yet.
FILE_NOT_READY = frozenset({"invalid_blocks", "invalid_attachments"})
FILE_PAUSES_S = (0.3, 0.7, 1.5, 3.0)
EVENT_TYPE = "torchproof_card"
HISTORY_LIMIT = 50
# Slack lists a thread from its beginning.
THREAD_LIMIT = 500
MOST_KNOWN = 10_000
UPDATES_PER_SECOND = 50 / 60
UPDATES_AT_ONCE = 8
_log = logging.getLogger(__name__)


class NotInvited(Lost):
    """The bot cannot join the channel by itself."""


@dataclass
class Messages:
    _api: WebApi
    _files: Files
    _say: Say

    def __post_init__(self) -> None:
        self._direct_channels = RecentValues[tuple[str, str], str](MOST_KNOWN)
        self._update_limit = TokenBuckets(UPDATES_PER_SECOND, UPDATES_AT_ONCE)

    async def post(self, place: Place, card: Card, key: str, thread_ts: str = "") -> Posted:
        try:
            return await self._post(place, card, key, thread_ts)
        except UncertainError:
            # Slack does not recognise repeats.
            if found := await self.find(place, key, thread_ts):
                return found
            raise

    async def find(self, place: Place, key: str, thread_ts: str = "") -> Posted | None:
        method = "conversations_history"
        where: Json = {"limit": HISTORY_LIMIT}
        if thread_ts:
            method = "conversations_replies"
            where = {"ts": thread_ts, "limit": THREAD_LIMIT}
        try:
            recent = await self._call(
                place, method, channel=place.channel, include_all_metadata=True, **where
            )
        except (Lost, ApiError) as error:
            _log.info("messages in %s cannot be read: %s", place.channel, error)
            return None
        for message in recent.get("messages") or ():
            metadata = part(message, "metadata")
            is_ours = text(metadata, "event_type") == EVENT_TYPE
            if is_ours and text(metadata, "event_payload", "key") == key:
                return _posted(place, message)
        return None

    async def edit(self, message: MessageRef, card: Card) -> None:
        channel, ts = channel_and_ts(message)
        to = {"channel": channel, "ts": ts}
        await self._send(message.place, card, "chat_update", tolerated=MESSAGE_GONE, **to)

    async def wait_for_update_limit(self, message: MessageRef, *, at_once: bool) -> None:
        """What is done at once delays the others."""
        await self._update_limit.spend(message.place.community, at_once=at_once)

    async def send_direct(
        self,
        place: Place,
        user: str,
        card: Card,
        thread_ts: str = "",
    ) -> Posted:
        """Lost where the member takes no messages."""
        channel = await self.direct_channel(place.community, user)
        thread = _in_thread(thread_ts if channel == place.channel else "")
        message = await self._post_message(place, channel, card, **thread)
        return Posted(
            direct_message_ref(place, channel, str(message["ts"])), time_of(message["ts"])
        )

    async def direct_channel(self, team: str, user: str) -> str:
        channel = self._direct_channels.get((team, user))
        if channel is None:
            opened = await self._call(place_of(team), "conversations_open", users=user)
            channel = str(opened["channel"]["id"])
            self._direct_channels[team, user] = channel
        return channel

    async def send_ephemeral(
        self, place: Place, user: str, content: Card | str, thread_ts: str = ""
    ) -> None:
        to = {"channel": place.channel, "user": user, **_in_thread(thread_ts)}
        await self._send(place, content, "chat_postEphemeral", retry=False, **to)

    async def respond(
        self, response_url: str, team: str, content: Card | str, **options: object
    ) -> None:
        rendered = self._render(content)
        files = await self._files.upload(team, rendered.attachments)
        body = {**options, **rendered.body(files)}
        await self._api.post(response_url, retry=False, json=body)

    async def blocks(self, team: str, card: Card, most: int) -> list[Json]:
        rendered = render(card, self._say, most)
        return rendered.with_files(await self._files.upload(team, rendered.attachments))

    async def add_reaction(self, message: MessageRef, emoji: str) -> None:
        channel, ts = channel_and_ts(message)
        await self._call(
            message.place,
            "reactions_add",
            tolerated={"already_reacted"},
            channel=channel,
            timestamp=ts,
            name=name_of(emoji),
        )

    async def reactions(self, message: MessageRef) -> list[Json]:
        channel, ts = channel_and_ts(message)
        found = await self._call(
            message.place,
            "reactions_get",
            tolerated=MESSAGE_GONE,
            channel=channel,
            timestamp=ts,
            full=True,
        )
        return list(part(found, "message").get("reactions") or ())

    async def _post(self, place: Place, card: Card, key: str, thread_ts: str) -> Posted:
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        options = {"metadata": metadata, **_in_thread(thread_ts)}
        try:
            message = await self._post_message(place, place.channel, card, **options)
        except ApiError as error:
            if error.code != NOT_IN_CHANNEL:
                raise
            try:
                await self._call(place, "conversations_join", channel=place.channel)
            except (ApiError, Lost) as refusal:
                raise NotInvited(str(refusal)) from None
            message = await self._post_message(place, place.channel, card, **options)
        return _posted(place, message)

    async def _post_message(self, place: Place, channel: str, card: Card, **options: Any) -> Json:
        return await self._send(
            place,
            card,
            "chat_postMessage",
            retry=False,
            channel=channel,
            unfurl_links=False,
            unfurl_media=False,
            **options,
        )

    async def _send(
        self,
        place: Place,
        content: Card | str,
        method: str,
        **args: Any,
    ) -> Json:
        rendered = self._render(content)
        files = await self._files.upload(place.community, rendered.attachments)
        for pause in FILE_PAUSES_S if rendered.attachments else ():
            try:
                return await self._call(place, method, **rendered.body(files), **args)
            except ApiError as error:
                if error.code not in FILE_NOT_READY:
                    raise
            await asyncio.sleep(pause)
        return await self._call(place, method, **rendered.body({}), **args)

    def _render(self, content: Card | str) -> Rendered:
        if isinstance(content, str):
            return Rendered([], content)
        return render(content, self._say)

    async def _call(
        self,
        place: Place,
        method: str,
        *,
        retry: bool = True,
        tolerated: Collection[str] = (),
        **args: Any,
    ) -> Json:
        try:
            return await self._api.call(place.community, method, retry=retry, **args)
        except ApiError as error:
            if error.code in tolerated:
                return {}
            if error.code == CHANNEL_NOT_FOUND:
                raise NotInvited(str(error)) from error
            if error.code in NO_ACCESS:
                raise Lost(str(error)) from error
            raise


def _in_thread(thread_ts: str) -> Json:
    return {"thread_ts": thread_ts} if thread_ts else {}


def _posted(place: Place, message: Json) -> Posted:
    ts = str(message["ts"])
    return Posted(MessageRef(place, ts), time_of(ts))
