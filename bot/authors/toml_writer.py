"""Writing a question file: plain keys first, tables last, as people write them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any


def toml(values: Mapping[str, Any]) -> str:
    """Texts, numbers, truths, lists and inline tables; a list of tables becomes one [[table]] each."""
    tables = {key: value for key, value in values.items() if _is_tables(value)}
    rows = [f"{key} = {_value(value)}" for key, value in values.items() if key not in tables]
    for key, parts in tables.items():
        for part in parts:
            rows += [
                "",
                f"[[{key}]]",
                *(f"{name} = {_value(value)}" for name, value in part.items()),
            ]
    return "\n".join(rows) + "\n"


def _is_tables(value: Any) -> bool:
    return (
        isinstance(value, Sequence)
        and bool(value)
        and all(isinstance(part, Mapping) for part in value)
    )


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(part)}' for key, part in value.items())} }}"
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)


def _text(text: str) -> str:
    """A quoted text; one of several lines in a block, where nothing in it speaks against that."""
    if "\n" in text.strip("\n") and "'''" not in text and not text.endswith("'"):
        return f"'''\n{text}\n'''"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
