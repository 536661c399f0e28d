"""Images, and files that people hand over."""

from collections.abc import AsyncIterable

from bot.chat.platform_interface import Upload
from bot.errors import UserError

LARGEST = 1_000_000  # bytes
PNG = b"\x89PNG\r\n\x1a\n"


def media_type(content: bytes) -> str | None:
    if content.startswith(PNG):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


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
