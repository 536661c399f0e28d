"""The form behind a button that asks for a line to be typed."""

from collections.abc import Iterator
from typing import Any

import discord

from bot.chat.discord.cards import Json

TITLE = 45
LONGEST = 500
_LABEL, _LINE, _SHORT = 18, 4, 1


def form(custom_id: str, message: discord.Message | None, pressed: str) -> Json:
    """One line, under the words of the button that was pressed."""
    said = next((label for name, label in _buttons(message.components if message else ()) if name == pressed), "")
    title = (said or "Your answer")[:TITLE]
    line = {"type": _LINE, "custom_id": "words", "style": _SHORT, "required": True, "max_length": LONGEST}
    return {
        "custom_id": custom_id,
        "title": title,
        "components": [{"type": _LABEL, "label": title, "component": line}],
    }


def _buttons(components: Any) -> Iterator[tuple[str, str]]:
    for each in components:
        if isinstance(each, discord.Button):
            yield str(each.custom_id), str(each.label or "")
        yield from _buttons(getattr(each, "children", ()))
