"""Components V2, within Discord's limits."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bot.chat.card import Choice, Style
from bot.chat.discord.outgoing.markdown import NOTHING, one_line

ACTION_ROW = 1
BUTTON = 2
STRING_SELECT = 3
TEXT_DISPLAY = 10
MEDIA_GALLERY = 12
FILE = 13
CONTAINER = 17
PRIMARY = 1
SECONDARY = 2
DANGER = 4

Json = dict[str, Any]

MAX_LABEL = 80
MAX_PLACEHOLDER = 150
MAX_OPTIONS = 25
MAX_OPTION = 100
BUTTONS_IN_ROW = 5

_STYLES: dict[Style, int] = {
    "normal": SECONDARY,
    "primary": PRIMARY,
    "quiet": SECONDARY,
    "danger": DANGER,
}
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def to_json(body: Json) -> str:
    return _ENCODER.encode(body)


def custom_ids(components: Iterable[Json]) -> set[str]:
    ids = set()
    for component in components:
        if component.get("custom_id"):
            ids.add(str(component["custom_id"]))
        ids |= custom_ids(component.get("components") or ())
    return ids


def count(component: Json) -> int:
    return 1 + len(component.get("components", ()))


def container(components: Sequence[Json], color: int) -> Json:
    return {"type": CONTAINER, "accent_color": color, "components": components}


def text_display(content: str) -> Json:
    return {"type": TEXT_DISPLAY, "content": content.strip() or NOTHING}


def gallery(name: str, alt: str) -> Json:
    item = {"media": {"url": f"attachment://{name}"}, **described(alt)}
    return {"type": MEDIA_GALLERY, "items": [item]}


def file(name: str) -> Json:
    return {"type": FILE, "file": {"url": f"attachment://{name}"}}


def described(alt: str) -> Json:
    return {"description": alt} if alt else {}


def row(components: Sequence[Json]) -> Json:
    return {"type": ACTION_ROW, "components": components}


def button_rows(buttons: Sequence[Json], room: int) -> list[Json]:
    # Each row takes the room of a component too.
    number = len(buttons)
    while number and number + -(-number // BUTTONS_IN_ROW) > room:
        number -= 1
    shown = buttons[:number]
    return [
        row(shown[start : start + BUTTONS_IN_ROW]) for start in range(0, number, BUTTONS_IN_ROW)
    ]


def button(label: str, custom_id: str, style: Style) -> Json:
    return {
        "type": BUTTON,
        "style": _STYLES[style],
        "label": shortened(one_line(label), MAX_LABEL) or NOTHING,
        "custom_id": custom_id,
    }


def select(choice: Choice, custom_id: str) -> Json:
    labels: dict[str, str] = {}
    for value, label in choice.options:
        text = shortened(one_line(label), MAX_OPTION) or NOTHING
        labels.setdefault(shortened(value, MAX_OPTION) or NOTHING, text)
    options = [{"value": value, "label": label} for value, label in labels.items()][:MAX_OPTIONS]
    menu = {
        "type": STRING_SELECT,
        "custom_id": custom_id,
        "placeholder": shortened(one_line(choice.label), MAX_PLACEHOLDER) or NOTHING,
        "min_values": 1,
        "max_values": len(options),
        "options": options,
    }
    return row([menu])


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + NOTHING
