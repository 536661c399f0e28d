"""What happens, brought to everyone who may see it, in the order it happened."""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.chat.web.shelf import Note, Shelf

_AT_ONCE = 200
_MOST_WAITING = 4 * 1024 * 1024
"""Characters that may wait for one browser; a slower one is dropped and catches up when it comes back."""


class Seat:
    """One open page of a person."""

    def __init__(self, person: str, drop: Callable[[], None]) -> None:
        self.person = person
        self.drop = drop
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._waiting = 0

    def tell(self, frame: dict[str, Any]) -> None:
        written = json.dumps(frame, separators=(",", ":"))
        self._waiting += len(written)
        if self._waiting <= _MOST_WAITING:
            self._outbox.put_nowait(written)
        else:
            self.drop()

    async def next(self) -> str:
        """The frame to send now."""
        frame = await self._outbox.get()
        self._waiting -= len(frame)
        return frame

    def show(self, notes: Sequence[Note]) -> None:
        mine = [written(note, self.person) for note in notes if note.reader in {None, self.person}]
        if mine:
            self.tell({"kind": "notes", "notes": mine})


class Feed:
    """Reads on from the last version it brought. Whoever writes rings; nothing is brought out of order."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._seats: set[Seat] = set()
        self._lock = asyncio.Lock()
        self._brought = 0

    async def begin(self) -> None:
        self._brought = await self._shelf.latest()

    async def ring(self) -> None:
        async with self._lock:
            more = True
            while more:
                notes = await self._shelf.since(self._brought, _AT_ONCE)
                more = len(notes) == _AT_ONCE
                self._bring(notes)

    def _bring(self, notes: Sequence[Note]) -> None:
        for seat in tuple(self._seats):
            seat.show(notes)
        if notes:
            self._brought = notes[-1].version

    def sit(self, seat: Seat) -> None:
        self._seats.add(seat)

    def rise(self, seat: Seat) -> None:
        self._seats.discard(seat)

    def of(self, person: str) -> list[Seat]:
        return [seat for seat in self._seats if seat.person == person]

    def tell(self, person: str, frame: dict[str, Any]) -> None:
        for seat in self.of(person):
            seat.tell(frame)


def written(note: Note, person: str) -> dict[str, Any]:
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


def instant(at: datetime) -> float:
    """Milliseconds since 1970, as browsers count."""
    return at.timestamp() * 1000
