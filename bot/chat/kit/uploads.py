"""Files that people hand over."""

from collections.abc import AsyncIterable

from bot.chat.port import Upload
from bot.errors import UserError

LARGEST = 1_000_000  # bytes


def check_size(size: int) -> None:
    if size > LARGEST:
        raise UserError("upload_too_large", megabytes=LARGEST // 1_000_000)


async def read_all(chunks: AsyncIterable[bytes]) -> bytes:
    # The size that was announced may be wrong.
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        check_size(len(content))
    return bytes(content)


async def received_upload(chunks: AsyncIterable[bytes]) -> Upload:
    """If it is too large, reading it says so."""
    content = b""
    refusal: UserError | None = None
    try:
        content = await read_all(chunks)
    except UserError as error:
        refusal = error

    async def read() -> bytes:
        if refusal:
            raise refusal
        return content

    return Upload("", read)
