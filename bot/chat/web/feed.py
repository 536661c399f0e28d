"""What happens, brought to everyone who may see it, in the order it happened."""

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.chat.web.storage import ChatStorage, StoredMessage

_log = logging.getLogger(__name__)

_AT_ONCE = 200
_LOOK_S = 1.0
"""Seconds between two looks for what another process wrote into the same database."""
_MOST_WAITING = 4 * 1024 * 1024
"""Characters that may wait for one browser; a slower one is dropped and catches up when it comes back."""


class Subscriber:
    """One open page of a person."""

    def __init__(self, person: str, drop: Callable[[], None]) -> None:
        self.person = person
        self.drop = drop
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._waiting = 0

    def tell(self, frame: dict[str, Any]) -> None:
        self.hand(json.dumps(frame, separators=(",", ":")))

    def hand(self, frame: str) -> None:
        self._waiting += len(frame)
        if self._waiting <= _MOST_WAITING:
            self._outbox.put_nowait(frame)
        else:
            self.drop()

    async def next(self) -> str:
        """The frame to send now."""
        frame = await self._outbox.get()
        self._waiting -= len(frame)
        return frame


class Feed:
    """Reads on from the last version it brought. Whoever writes rings; nothing is brought out of order."""

    def __init__(self, shelf: ChatStorage) -> None:
        self._shelf = shelf
        self._seats: set[Subscriber] = set()
        self._lock = asyncio.Lock()
        self._brought = 0

    async def watch(self) -> None:
        """Until cancelled, looks for what nobody rang for."""
        while True:
            await asyncio.sleep(_LOOK_S)
            try:
                await self.ring()
            except Exception:  # noqa: BLE001 (one look must not end the next)
                _log.exception("the latest messages could not be read; the next look tries again")

    async def ring(self) -> None:
        if not self._seats:
            return
        async with self._lock:
            more = True
            while more:
                notes = await self._shelf.since(self._brought, _AT_ONCE)
                more = len(notes) == _AT_ONCE
                self._bring(notes)

    def _bring(self, notes: Sequence[StoredMessage]) -> None:
        frames: dict[tuple[tuple[int, bool], ...], str] = {}
        for seat in tuple(self._seats):
            mine = [note for note in notes if note.reader in {None, seat.person}]
            same = tuple((note.version, note.speaker == seat.person) for note in mine)
            if mine:  # written once for all who see the same, however many wait for it
                seat.hand(frames.get(same) or frames.setdefault(same, _frame(mine, seat.person)))
        if notes:
            self._brought = notes[-1].version

    async def sit(self, seat: Subscriber) -> None:
        """From now on it is told what happens. While nobody sits here, nothing is read."""
        async with self._lock:
            if not self._seats:
                self._brought = await self._shelf.latest()
            self._seats.add(seat)

    def rise(self, seat: Subscriber) -> None:
        self._seats.discard(seat)

    def of(self, person: str) -> list[Subscriber]:
        return [seat for seat in self._seats if seat.person == person]

    def tell(self, person: str, frame: dict[str, Any]) -> None:
        for seat in self.of(person):
            seat.tell(frame)


def written(note: StoredMessage, person: str) -> dict[str, Any]:
    """A message as the page of this person gets it."""
    return {
        "id": note.id,
        "version": note.version,
        "channel": note.channel,
        "author": note.author,
        "bot": note.speaker is None,
        "mine": note.speaker == person,
        "private": note.reader is not None,
        "html": note.html,
        "text": note.text,
        "at": note.at.astimezone(UTC).isoformat(timespec="milliseconds"),
    }


def _frame(notes: Sequence[StoredMessage], person: str) -> str:
    told = {"kind": "notes", "notes": [written(note, person) for note in notes]}
    return json.dumps(told, separators=(",", ":"))


def instant(at: datetime) -> float:
    """Milliseconds since 1970, as browsers count."""
    return at.timestamp() * 1000
