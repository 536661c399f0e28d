"""Code in messages to the bot."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from discord.utils import snowflake_time

from bot.chat.card import Card
from bot.chat.discord.incoming.interactions import PLATFORM, person_of, place_in
from bot.chat.kit.code_fences import code_in_fence
from bot.chat.platform_interface import Posted, Removed, Snippet
from bot.identity import MessageRef, Person

Json = dict[str, Any]
Post = Callable[[Card, str], Awaitable[Posted]]


def new_snippet(payload: Json, me: str) -> Snippet | None:
    snippet = _snippet(payload, me, snowflake_time(int(payload["id"])))
    return snippet if snippet and snippet.code else None


def edited_snippet(payload: Json, me: str) -> Snippet | None:
    # Without a time, nobody edited it: Discord added the preview of a link.
    edited = payload.get("edited_timestamp")
    return _snippet(payload, me, datetime.fromisoformat(edited)) if edited else None


def removed_messages(payload: Json, me: str, at: datetime) -> Iterator[Removed]:
    place = place_in(payload.get("guild_id"), payload["channel_id"])
    for message in payload.get("ids") or [payload["id"]]:
        ref = MessageRef(place, str(message))
        yield Removed(f"{message}:removed", Person(PLATFORM, me, ""), ref, at)


def _snippet(payload: Json, me: str, at: datetime) -> Snippet | None:
    if not _is_for_bot(payload, me):
        return None
    place = place_in(payload.get("guild_id"), payload["channel_id"])
    message = MessageRef(place, str(payload["id"]))
    return Snippet(
        f"{message.id}:{payload.get('edited_timestamp') or 'written'}",
        person_of(payload["author"], payload.get("member") or {}),
        place,
        message,
        code_in_fence(str(payload.get("content") or "")),
        at,
        snowflake_time(int(message.id)),
    )


def _is_for_bot(payload: Json, me: str) -> bool:
    author = payload.get("author") or {}
    if not author or author.get("bot") or payload.get("webhook_id"):
        return False
    if payload.get("type") not in {0, 19}:  # DEFAULT, REPLY
        return False
    mentions = payload.get("mentions") or ()
    return not payload.get("guild_id") or any(str(user["id"]) == me for user in mentions)


@dataclass(slots=True)
class MessageReply:
    """`refuse` posts within a rate limit."""

    act: str
    post: Post
    refuse: Post
    edit: Callable[[MessageRef, Card], Awaitable[None]]
    posted: Posted | None = None

    async def show(self, card: Card, key: str = "") -> Posted:
        if self.posted is None:
            self.posted = await self.post(card, key or self.act)
        else:
            await self.edit(self.posted.message, card)
        return self.posted

    async def whisper(self, card: Card) -> Posted:
        return await self.refuse(card, self.act)

    replace = whisper
