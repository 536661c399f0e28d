"""Kinds of images."""

PNG = b"\x89PNG\r\n\x1a\n"


def media_type(content: bytes) -> str | None:
    if content.startswith(PNG):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
