"""New and changed messages for the open pages, by version."""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.chat.web.chat import ChatStorage
from bot.every import every
from bot.model.web_chat import WebMessage

_BATCH = 200
# Seconds between two looks for what another process wrote into the same database.
_POLL_S = 1.0
# Characters that may wait for one browser. A slower one is dropped and catches up later.
_MAX_PENDING = 4 * 1024 * 1024


class Subscriber:
    def __init__(self, person_id: str, ip: str, drop: Callable[[], None]) -> None:
        self.person_id = person_id
        self.ip = ip
        self.drop = drop
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._pending = 0

    def send(self, frame: dict[str, Any]) -> None:
        self.send_text(_compact(frame))

    def send_text(self, text: str) -> None:
        self._pending += len(text)
        if self._pending <= _MAX_PENDING:
            self._queue.put_nowait(text)
        else:
            self.drop()

    async def next_text(self) -> str:
        text = await self._queue.get()
        self._pending -= len(text)
        return text


class Feed:
    def __init__(self, storage: ChatStorage) -> None:
        self._storage = storage
        self._subscribers: set[Subscriber] = set()
        self._lock = asyncio.Lock()
        # The version up to which messages were delivered.
        self._delivered = 0

    async def poll(self) -> None:
        await every(_POLL_S, self.deliver_new)

    async def deliver_new(self) -> None:
        if not self._subscribers:
            return
        async with self._lock:
            more = True
            while more:
                messages = await self._storage.since(self._delivered, _BATCH)
                more = len(messages) == _BATCH
                self._deliver(messages)

    def _deliver(self, messages: Sequence[WebMessage]) -> None:
        # Serialized once for all subscribers who see the same.
        texts: dict[tuple[tuple[int, bool], ...], str] = {}
        for subscriber in tuple(self._subscribers):
            person_id = subscriber.person_id
            visible = [message for message in messages if message.reader in {None, person_id}]
            view = tuple((message.version, message.speaker == person_id) for message in visible)
            if not visible:
                continue
            if view not in texts:
                texts[view] = _compact(messages_frame(visible, person_id))
            subscriber.send_text(texts[view])
        if messages:
            self._delivered = messages[-1].version

    async def subscribe(self, subscriber: Subscriber) -> None:
        async with self._lock:
            if not self._subscribers:  # nothing was read meanwhile
                self._delivered = await self._storage.latest()
            self._subscribers.add(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        self._subscribers.discard(subscriber)

    def send_to(self, person_id: str, frame: dict[str, Any]) -> None:
        for subscriber in self._subscribers:
            if subscriber.person_id == person_id:
                subscriber.send(frame)


def messages_frame(messages: Sequence[WebMessage], person_id: str) -> dict[str, Any]:
    return {"kind": "notes", "notes": [message_json(message, person_id) for message in messages]}


def message_json(message: WebMessage, person_id: str) -> dict[str, Any]:
    return {
        "id": message.id,
        "version": message.version,
        "channel": message.channel,
        "author": message.author,
        "bot": message.speaker is None,
        "mine": message.speaker == person_id,
        "private": message.reader is not None,
        "html": message.html,
        "text": message.text,
        "at": message.at.astimezone(UTC).isoformat(timespec="milliseconds"),
    }


def milliseconds(at: datetime) -> float:
    """Since 1970."""
    return at.timestamp() * 1000


def _compact(frame: dict[str, Any]) -> str:
    return json.dumps(frame, separators=(",", ":"))
