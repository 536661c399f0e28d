"""Finds the line of a key in a TOML text."""

import re
from collections import Counter

KeyPath = tuple[str | int, ...]

# Strings and comments.
OPAQUE = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
TABLE = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")


def line_of(text: str, path: KeyPath) -> int:
    # Or of the nearest key around it.
    lines = _key_lines(text)
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 0


def _key_lines(text: str) -> dict[KeyPath, int]:
    lines: dict[KeyPath, int] = {}
    tables: Counter[str] = Counter()
    prefix: KeyPath = ()
    depth = 0
    for number, row in enumerate(_without_strings(text).split("\n"), 1):
        if depth <= 0 and (table := TABLE.match(row)):
            name = table[2]
            prefix = tuple(name.split("."))
            lines.setdefault(prefix, number)
            if table[1] == "[[":
                prefix = (*prefix, tables[name])
                tables[name] += 1
                lines[prefix] = number
            continue
        if depth <= 0 and (key := KEY.match(row)):
            lines.setdefault((*prefix, *(part.strip() for part in key[1].split("."))), number)
        depth = max(0, depth + sum(map(row.count, "[{")) - sum(map(row.count, "]}")))
    return lines


def _without_strings(text: str) -> str:
    return OPAQUE.sub(lambda found: "\n" * found[0].count("\n"), text.replace("\r\n", "\n"))
