"""Files that people hand over: how large they may be, and reading no more of one than that."""

from collections.abc import AsyncIterable

from bot.chat.port import Upload
from bot.errors import UserError

LARGEST = 1_000_000
"""Bytes."""
TOO_LARGE = f"That file is too large: I take {LARGEST // 1_000_000} MB at most. Export fewer days, or write the dates."


async def whole(parts: AsyncIterable[bytes]) -> bytes:
    """All of it, as long as it is not too large; whatever its sender said of its size."""
    read = bytearray()
    async for part in parts:
        read += part
        if len(read) > LARGEST:
            raise UserError(TOO_LARGE)
    return bytes(read)


async def arrived(parts: AsyncIterable[bytes]) -> Upload:
    """A file that comes with the act itself; one that is too large is told of when it is read."""
    try:
        data = await whole(parts)
    except UserError as error:
        refusal = error

        async def refuse() -> bytes:
            raise refusal

        return Upload("", refuse)

    async def read() -> bytes:
        return data

    return Upload("", read)
