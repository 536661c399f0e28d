"""What this platform needs remembered, whoever remembers it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Storage(Protocol):
    async def recall(self, name: str) -> str | None: ...

    async def remember(self, name: str, words: str, at: datetime) -> None: ...

    async def drop(self, name: str) -> None: ...

    async def first(self, name: str, at: datetime) -> bool:
        """Whether nobody asked for this name before."""

    async def beginning(self, name: str) -> Sequence[tuple[str, str, datetime]]:
        """Name, words and instant of everything whose name begins like this."""

    async def forget(self, before: datetime) -> None:
        """Names without words that are older than this."""
