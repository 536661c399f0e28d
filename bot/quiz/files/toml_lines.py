"""Where a key stands in a TOML text: tomllib tells values, not lines."""

import re
from collections import Counter

Path = tuple[str | int, ...]

QUOTED = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
TABLE = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of the value at this path, or of the nearest thing around it."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 0


def found_lines(text: str) -> dict[Path, int]:
    """The line of each key and table, by its path; an array of tables counts its tables from 0."""
    lines: dict[Path, int] = {}
    tables: Counter[str] = Counter()
    prefix: Path = ()
    depth = 0
    for number, row in enumerate(_blanked(text).split("\n"), 1):
        if depth <= 0 and (table := TABLE.match(row)):
            prefix = _prefix(table, tables)
            lines.setdefault(prefix, number)
            lines.setdefault(tuple(table[2].split(".")), number)
            continue
        if depth <= 0 and (key := KEY.match(row)):
            lines.setdefault((*prefix, *(part.strip() for part in key[1].split("."))), number)
        depth = max(0, depth + sum(map(row.count, "[{")) - sum(map(row.count, "]}")))
    return lines


def _prefix(table: re.Match[str], tables: Counter[str]) -> Path:
    name = table[2]
    if table[1] == "[":
        return tuple(name.split("."))
    tables[name] += 1
    return (*name.split("."), tables[name] - 1)


def _blanked(text: str) -> str:
    """The text without the inside of its strings and comments, its line breaks kept."""
    return QUOTED.sub(lambda found: "\n" * found[0].count("\n"), text.replace("\r\n", "\n"))
