"""Writes question files."""

import json
from collections.abc import Mapping
from typing import Any


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
