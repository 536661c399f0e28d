"""What this platform needs remembered, whoever remembers it."""

from datetime import datetime
from typing import Protocol


class Memory(Protocol):
    async def recall(self, name: str) -> str | None: ...

    async def remember(self, name: str, words: str, at: datetime) -> None: ...

    async def first(self, name: str, at: datetime) -> bool:
        """Whether nobody asked for this name before."""

    async def forget(self, before: datetime) -> None: ...
