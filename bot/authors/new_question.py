"""Writes new questions."""

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.errors import OperatorError
from bot.quiz.files.drafts import LONGEST_NAME, PACK_FILE
from bot.quiz.files.schema import LONGEST_PACK, NAME

SKELETON = Path(__file__).with_name("skeleton.toml")


def create_question(root: Path, wanted: str) -> tuple[str, ...]:
    """Returns what was done."""
    pack, _, name = wanted.removesuffix(".toml").partition("/")
    if not all(re.fullmatch(NAME, part) and len(part) <= LONGEST_NAME for part in (pack, name)):
        raise OperatorError(
            f"{wanted[:80]} is no PACK/NAME: "
            "use small letters, digits and hyphens, such as gru/reset-gate."
        )
    path = root / pack / f"{name}.toml"
    if path.name == PACK_FILE:
        raise OperatorError(
            "A question cannot be called pack: pack.toml is the pack's own file. "
            "Choose another name."
        )
    if path.exists():
        raise OperatorError(
            f"{path} is there already; nothing was changed. Choose another name, or edit that file."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(SKELETON.read_bytes())
    return (
        f"Wrote {path}.",
        *add_to_order(root / pack, [name]),
        f"Next: python -m bot check --write {path}",
    )


def add_to_order(folder: Path, names: list[str]) -> tuple[str, ...]:
    path = folder / PACK_FILE
    if not path.exists():
        path.write_text(_pack_file(folder.name, names), encoding="utf-8")
        return (f"Wrote {path}: give it a title, a summary, a badge and an icon of its own.",)
    listing = ", ".join(names)
    text = _with_longer_order(path.read_text(encoding="utf-8"), names)
    if text is None:
        return (f"Add to `order` in {path}: {listing}.",)
    path.write_text(text, encoding="utf-8")
    return (f"Added {listing} to the order in {path}.",)


def _with_longer_order(text: str, names: list[str]) -> str | None:
    found = re.search(r"^order\s*=\s*\[[^\]#]*?(,?\s*)\]", text, re.MULTILINE)
    if found is None:
        return None
    added = ", ".join(f'"{name}"' for name in names)
    longer = f"{text[: found.start(1)]}, {added}{text[found.end(1) :]}"
    try:
        before = tomllib.loads(text)
        after = tomllib.loads(longer)
    except tomllib.TOMLDecodeError:
        return None
    return longer if after == {**before, "order": [*before["order"], *names]} else None


def _pack_file(name: str, questions: list[str]) -> str:
    title = name.replace("-", " ").capitalize()
    values = {
        "title": title,
        "summary": "What these questions are about, in a sentence.",
        "badge": f"{title} badge",
        "icon": "📘",
        "minutes": min(2 * len(questions), LONGEST_PACK),
        "order": questions,
    }
    return "#:schema ../pack.schema.json\n" + toml(values)


def toml(values: Mapping[str, Any]) -> str:
    # A list of tables becomes one [[table]] for each.
    plain: list[str] = []
    tables: list[str] = []
    for key, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            for table in value:
                tables += ["", f"[[{key}]]", *_lines(table)]
        else:
            plain += _lines({key: value})
    return "\n".join([*plain, *tables, ""])


def _lines(values: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in values.items()]


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(_lines(value))} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)


def _text(text: str) -> str:
    if "\n" in text.strip("\n") and "'''" not in text and not text.endswith("'"):
        return f"'''\n{text}\n'''"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
