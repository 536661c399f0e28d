"""Writes a question file as people do: plain keys first, tables last."""

import json
from collections.abc import Mapping
from typing import Any


def toml(values: Mapping[str, Any]) -> str:
    """A list of tables becomes one [[table]] for each."""
    tables = {key: value for key, value in values.items() if _is_tables(value)}
    lines = [f"{key} = {_value(value)}" for key, value in values.items() if key not in tables]
    for key, parts in tables.items():
        for part in parts:
            lines += ["", f"[[{key}]]"]
            lines += [f"{name} = {_value(value)}" for name, value in part.items()]
    return "\n".join(lines) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {_value(part)}' for key, part in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value)


def _text(text: str) -> str:
    if "\n" in text.strip("\n") and "'''" not in text and not text.endswith("'"):
        return f"'''\n{text}\n'''"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
