"""Components V2, within Discord's limits."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from bot.chat.card import Choice, Style
from bot.chat.discord.outgoing.markdown import NOTHING, one_line

Json = dict[str, Any]

MAX_OPTION = 100
BUTTONS_IN_ROW = 5

_STYLES: dict[Style, int] = {
    "normal": 2,  # SECONDARY
    "primary": 1,
    "quiet": 2,
    "danger": 4,
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


def described(alt: str) -> Json:
    return {"description": alt} if alt else {}


def row(*components: Json) -> Json:
    return {"type": 1, "components": [*components]}  # ACTION_ROW


def button_rows(buttons: Sequence[Json], room: int) -> list[Json]:
    # Each row takes the room of a component too.
    number = len(buttons)
    while number and number + -(-number // BUTTONS_IN_ROW) > room:
        number -= 1
    starts = range(0, number, BUTTONS_IN_ROW)
    return [row(*buttons[start : min(number, start + BUTTONS_IN_ROW)]) for start in starts]


def button(label: str, custom_id: str, style: Style) -> Json:
    return {
        "type": 2,  # BUTTON
        "style": _STYLES[style],
        "label": _line(label, 80),
        "custom_id": custom_id,
    }


def select(choice: Choice, custom_id: str) -> Json:
    labels: dict[str, str] = {}
    for value, label in choice.options:
        labels.setdefault(shortened(value, MAX_OPTION) or NOTHING, _line(label, MAX_OPTION))
    options = [{"value": value, "label": label} for value, label in labels.items()][:25]
    menu = {
        "type": 3,  # STRING_SELECT
        "custom_id": custom_id,
        "placeholder": _line(choice.label, 150),
        "min_values": 1,
        "max_values": len(options),
        "options": options,
    }
    return row(menu)


def shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + NOTHING


def _line(text: str, limit: int) -> str:
    return shortened(one_line(text), limit) or NOTHING
