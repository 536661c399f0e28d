"""Components of a message or a modal: walked, numbered and made ready for people."""

from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.world import Json, World

ROW, BUTTON, SELECT, INPUT = 1, 2, 3, 4
SECTION, WORDS, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = (
    9,
    10,
    11,
    12,
    13,
    14,
    17,
    18,
)
UPLOAD, RADIOS, TICKS, TICK = 19, 21, 22, 23
SELECTS = {SELECT, 5, 6, 7, 8}
LINK, SHOP = 5, 6


def walk(components: list[Any], path: str = "components") -> Iterator[tuple[str, Json]]:
    """Every component with its path, parents first."""
    for number, part in enumerate(components):
        if isinstance(part, dict):
            yield from _branch(part, f"{path}.{number}")


def _branch(part: Json, path: str) -> Iterator[tuple[str, Json]]:
    yield path, part
    if isinstance(part.get("components"), list):
        yield from walk(part["components"], f"{path}.components")
    for key in ("accessory", "component"):
        if isinstance(part.get(key), dict):
            yield from _branch(part[key], f"{path}.{key}")


def placed(world: World, components: list[Json], attachments: list[Json]) -> list[Json]:
    """As the service keeps them: numbered, with defaults, with files in their places."""
    taken = {part["id"] for _, part in walk(components) if part.get("id")}
    free = (number for number in range(1, 10_000) if number not in taken)
    return [_placed(world, part, attachments, free) for part in components]


def _placed(world: World, part: Json, attachments: list[Json], free: Iterator[int]) -> Json:
    kept = {key: value for key, value in part.items() if value is not None}
    kept["id"] = kept.get("id") or next(free)
    kept |= {key: value for key, value in _defaults(part).items() if key not in kept}
    if "components" in kept:
        kept["components"] = [
            _placed(world, each, attachments, free) for each in kept["components"]
        ]
    for key in ("accessory", "component"):
        if key in kept:
            kept[key] = _placed(world, kept[key], attachments, free)
    for key in ("media", "file"):
        if key in kept:
            kept[key] = _media(world, kept[key], attachments)
    if "items" in kept:
        kept["items"] = [_item(world, each, attachments) for each in kept["items"]]
    return kept


def _defaults(part: Json) -> Json:
    defaults: dict[int, Json] = {
        SELECT: {"min_values": 1, "max_values": 1},
        THUMBNAIL: {"description": None, "spoiler": False},
        FILE: {"name": None, "size": None, "spoiler": False},
        SEPARATOR: {"spacing": 1, "divider": True},
        CONTAINER: {"accent_color": None, "spoiler": False},
    }
    return defaults.get(part["type"], {})


def _item(world: World, item: Json, attachments: list[Json]) -> Json:
    media = _media(world, item["media"], attachments)
    return {
        "media": media,
        "description": item.get("description"),
        "spoiler": item.get("spoiler") or False,
    }


def _media(world: World, media: Json, attachments: list[Json]) -> Json:
    url = media["url"]
    for attachment in attachments:
        if url in (f"attachment://{attachment['filename']}", attachment["url"]):
            same: Json = {
                key: attachment[key]
                for key in ("url", "proxy_url", "content_type")
                if key in attachment
            }
            return {"id": world.ids.next(), "attachment_id": attachment["id"], **same}
    return {"id": world.ids.next(), "url": url, "proxy_url": url}


def interactive(components: list[Json]) -> list[Json]:
    """What a person can press or choose in, in reading order."""
    return [part for _, part in walk(components) if "custom_id" in part]
