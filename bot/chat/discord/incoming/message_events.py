"""Code in messages to the bot."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Any

from bot.chat.card import Card
from bot.chat.discord.incoming.interactions import PLATFORM, person_of, place_in
from bot.chat.discord.snowflakes import time_of
from bot.chat.kit.code_fences import fenced
from bot.chat.port import Posted, Removed, Snippet
from bot.identity import MessageRef, Person

DEFAULT = 0
REPLY = 19

Json = dict[str, Any]
Post = Callable[[Card, str], Awaitable[Posted]]
Edit = Callable[[MessageRef, Card], Awaitable[None]]


def new_snippet(payload: Json, me: str) -> Snippet | None:
    snippet = _snippet(payload, me, time_of(payload["id"]))
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
        fenced(str(payload.get("content") or "")),
        at,
        time_of(message.id),
    )


def _is_for_bot(payload: Json, me: str) -> bool:
    author = payload.get("author") or {}
    if not author or author.get("bot") or payload.get("webhook_id"):
        return False
    if payload.get("type") not in {DEFAULT, REPLY}:
        return False
    mentions = payload.get("mentions") or ()
    return not payload.get("guild_id") or any(str(user["id"]) == me for user in mentions)


class MessageReply:
    """`refuse` posts within a rate limit."""

    def __init__(self, act: str, post: Post, refuse: Post, edit: Edit) -> None:
        self._act = act
        self._post = post
        self._refuse = refuse
        self._edit = edit
        self._posted: Posted | None = None

    async def show(self, card: Card, key: str = "") -> Posted:
        if self._posted is None:
            self._posted = await self._post(card, key or self._act)
        else:
            await self._edit(self._posted.message, card)
        return self._posted

    async def whisper(self, card: Card) -> Posted:
        return await self._refuse(card, self._act)

    async def replace(self, card: Card) -> Posted:
        return await self.whisper(card)
