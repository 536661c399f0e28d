"""Validators of single settings."""

import re
from functools import partial
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

SQLITE = "sqlite+aiosqlite:///"


def split(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))


def _zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        raise ValueError("write a time zone such as Europe/Berlin or UTC") from None
    return zone


def _channels(names: str) -> str:
    channels = split(names)
    if not channels or not all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", name) for name in channels):
        raise ValueError("write channel names of a-z, 0-9 and hyphens, separated by commas")
    return names


def _web_address(url: str) -> str:
    parts = urlsplit(url) if _is_address(url) else None
    origin = f"{parts.scheme}://{parts.netloc}".lower() if parts else ""
    is_origin = re.fullmatch(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]+)?", origin)
    if url and (not is_origin or url.lower().rstrip("/") != origin):
        raise ValueError(
            "write it as https://quiz.example.org, with nothing behind the name but perhaps a port"
        )
    return origin.removesuffix(":443" if origin.startswith("https") else ":80")


def _database_url(url: str) -> str:
    if url.startswith("sqlite+aiosqlite:"):
        return _sqlite_url(url)
    if url and not url.startswith("postgresql+psycopg://"):
        raise ValueError("begin with sqlite+aiosqlite:/// or postgresql+psycopg://")
    if not _is_address(url):
        raise ValueError("write it as postgresql+psycopg://user:password@host:5432/database")
    return url


def _sqlite_url(url: str) -> str:
    file = url.removeprefix(SQLITE)
    if file == url or not file or file.startswith(("file:", ":memory:")):
        raise ValueError(
            "SQLite needs a file, for what is in memory is lost: "
            f"{SQLITE}/home/me/quiz.db, or leave it empty"
        )
    if "?" in file or "#" in file:
        raise ValueError(
            "write a ? in a path of SQLite as %3F, a # as %23 and a % as %25; it takes no options"
        )
    return url


def _shards(shards: str) -> str:
    found = re.fullmatch(r"(?:([0-9]{1,4})(?:-([0-9]{1,4}))?/)?([1-9][0-9]{0,3})", shards)
    if found:
        first = int(found[1] or 0)
        last = int(found[2] or first)
        if first <= last < int(found[3]):
            return shards
    raise ValueError(
        "write how many shards there are, such as 4, or which of them run here, such as 0-1/4"
    )


def _url(scheme: str, url: str) -> str:
    if not re.match(f"{scheme}s?://", url) or not _is_address(url):
        raise ValueError(f"begin with {scheme}s://, and name a server")
    return url


def _workers(names: str) -> str:
    if not all(name.startswith(("http://", "https://", "/", "./")) for name in split(names)):
        raise ValueError(
            "write paths of sockets (beginning with / or ./) and http(s) addresses, "
            "with commas between"
        )
    return names


def _is_address(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


Zone = Annotated[str, AfterValidator(_zone)]
Channels = Annotated[str, AfterValidator(_channels)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
Shards = Annotated[str, AfterValidator(_shards)]
HttpUrl = Annotated[str, AfterValidator(partial(_url, "http"))]
WebsocketUrl = Annotated[str, AfterValidator(partial(_url, "ws"))]
Workers = Annotated[str, AfterValidator(_workers)]
