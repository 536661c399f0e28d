"""Forms: behind a button that asks for a line to be typed, and behind a command that asks for many."""

from collections.abc import Iterable, Iterator

from bot.chat.discord.cards import Json
from bot.chat.kit.custom_ids import file_suffix
from bot.commands import VERBS, Argument

TITLE, PLACEHOLDER = 45, 100
LONGEST, LONGEST_TEXT = 500, 4000
_LABEL, _LINE, _UPLOAD, _SHORT, _PARAGRAPH = 18, 4, 19, 1, 2


def form(custom_id: str, message: Json | None, pressed: str) -> Json:
    """One line or one file, under the words of the button that was pressed."""
    labels = dict(_labels((message or {}).get("components") or ()))
    title = (labels.get(pressed) or "Your answer")[:TITLE]
    if file_suffix(pressed):
        return _form(custom_id, title, title, {"type": _UPLOAD, "min_values": 1, "max_values": 1})
    return _form(custom_id, title, title, {"style": _SHORT, "max_length": LONGEST})


def text_form(custom_id: str, command: str, argument: Argument) -> Json:
    """Many lines, for the argument of a command that was left out."""
    summary = next(verb.summary for verb in VERBS if verb.name == command)
    field = {
        "style": _PARAGRAPH,
        "max_length": LONGEST_TEXT,
        "placeholder": argument.example[:PLACEHOLDER],
    }
    return _form(custom_id, summary[:TITLE], argument.name.capitalize(), field)


def _form(custom_id: str, title: str, label: str, field: Json) -> Json:
    line = {"type": _LINE, "custom_id": "words", "required": True, **field}
    return {
        "custom_id": custom_id,
        "title": title,
        "components": [{"type": _LABEL, "label": label, "component": line}],
    }


def _labels(components: Iterable[Json]) -> Iterator[tuple[str, str]]:
    for each in components:
        if each.get("custom_id") and each.get("label"):
            yield str(each["custom_id"]), str(each["label"])
        yield from _labels(each.get("components") or ())
