"""The form behind a button that asks for a line to be typed."""

from collections.abc import Iterable, Iterator

from bot.chat.discord.cards import Json

TITLE = 45
LONGEST = 500
_LABEL, _LINE, _SHORT = 18, 4, 1


def form(custom_id: str, message: Json | None, pressed: str) -> Json:
    """One line, under the words of the button that was pressed."""
    labels = dict(_labels((message or {}).get("components") or ()))
    title = (labels.get(pressed) or "Your answer")[:TITLE]
    line = {"type": _LINE, "custom_id": "words", "style": _SHORT, "required": True, "max_length": LONGEST}
    return {
        "custom_id": custom_id,
        "title": title,
        "components": [{"type": _LABEL, "label": title, "component": line}],
    }


def _labels(components: Iterable[Json]) -> Iterator[tuple[str, str]]:
    for each in components:
        if each.get("custom_id") and each.get("label"):
            yield str(each["custom_id"]), str(each["label"])
        yield from _labels(each.get("components") or ())
