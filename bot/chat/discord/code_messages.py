"""Code in messages: what people say to the bot by mentioning it or in direct messages, and what they do with it later."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime

from bot.chat.card import Card
from bot.chat.discord.cards import Json
from bot.chat.discord.interactions import PLATFORM, person_of, place_in
from bot.chat.discord.snowflakes import time_of
from bot.chat.kit.code_fences import fenced
from bot.chat.port import Posted, Removed, Snippet
from bot.identity import MessageRef, Person

TALK, ANSWER = 0, 19
"""The kinds of message that people write: by itself, or as a reply to another one."""

Post = Callable[[Card, str], Awaitable[Posted]]
Edit = Callable[[MessageRef, Card], Awaitable[None]]


def written(told: Json, me: str) -> Snippet | None:
    """A new message; None for all that is no code for the bot."""
    code = fenced(_content(told)) if _is_for(told, me) else ""
    return _snippet(told, code, time_of(told["id"])) if code else None


def rewritten(told: Json, me: str) -> Snippet | None:
    """A message that was edited. Without a time it was not: then Discord itself added a picture of a link."""
    edited = told.get("edited_timestamp")
    return (
        _snippet(told, fenced(_content(told)), datetime.fromisoformat(edited))
        if edited and _is_for(told, me)
        else None
    )


def removed(told: Json, me: str, at: datetime) -> Iterator[Removed]:
    place = place_in(told.get("guild_id"), told["channel_id"])
    for message in told.get("ids") or [told["id"]]:
        yield Removed(
            f"{message}:removed", Person(PLATFORM, me, ""), MessageRef(place, str(message)), at
        )


def _content(told: Json) -> str:
    return str(told.get("content") or "")


def _is_for(told: Json, me: str) -> bool:
    author = told.get("author") or {}
    if (
        not author
        or author.get("bot")
        or told.get("webhook_id")
        or told.get("type") not in {TALK, ANSWER}
    ):
        return False
    return not told.get("guild_id") or any(
        str(each["id"]) == me for each in told.get("mentions") or ()
    )


def _snippet(told: Json, code: str, at: datetime) -> Snippet:
    place = place_in(told.get("guild_id"), told["channel_id"])
    person = person_of(told["author"], told.get("member") or {})
    message = MessageRef(place, str(told["id"]))
    act = f"{message.id}:{told.get('edited_timestamp') or 'written'}"
    return Snippet(act, person, place, message, code, at, time_of(message.id))


class MessageReply:
    """How code in a message is answered: under it, for everyone. There is nothing more private than that."""

    def __init__(self, act: str, post: Post, refuse: Post, edit: Edit) -> None:
        """`refuse` posts as well, as often as that is wise."""
        self._act, self._post, self._refuse, self._edit = act, post, refuse, edit
        self._shown: Posted | None = None

    async def show(self, card: Card, key: str = "") -> Posted:
        if self._shown is None:
            self._shown = await self._post(card, key or self._act)
        else:
            await self._edit(self._shown.message, card)
        return self._shown

    async def whisper(self, card: Card) -> Posted:
        return await self._refuse(card, self._act)

    async def replace(self, card: Card) -> Posted:
        return await self.whisper(card)
