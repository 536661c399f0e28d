"""TOML files and pictures of the questions folder."""

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.quiz.files.problems import Problem

KeyPath = tuple[str | int, ...]
LARGEST_TEXT = 64 * 1024
# Strings and comments.
OPAQUE = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
TABLE = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
KEY = re.compile(r"\s*([\w-]+(?:\s*\.\s*[\w-]+)*)\s*=")


class UnreadableError(Exception):
    def __init__(self, file: str, wrong: str, remedy: str, line: int = 0) -> None:
        self.problem = Problem(file, line, "", wrong, remedy)
        super().__init__(str(self.problem))


@dataclass(frozen=True, slots=True)
class TomlFile:
    file: str
    values: Mapping[str, Any]
    text: str

    def line(self, path: KeyPath) -> int:
        """Of the key, or of the nearest key around it."""
        lines = _key_lines(self.text)
        around = (path[:length] for length in range(len(path), 0, -1))
        return next((lines[key] for key in around if key in lines), 0)

    def problem(self, path: KeyPath, wrong: str, remedy: str) -> Problem:
        # As an author reads it: options[2].why_not, options counted from 1.
        parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path]
        field = "".join(parts).removeprefix(".")
        return Problem(self.file, self.line(path), field, wrong, remedy)


def read_toml(root: Path, path: Path) -> TomlFile:
    file = path.relative_to(root).as_posix()
    content = read_bytes(root, path, LARGEST_TEXT)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(file, "It is not UTF-8 text.", "Save it as UTF-8.", line) from error
    try:
        return TomlFile(file, tomllib.loads(text), text)
    except RecursionError as error:
        raise UnreadableError(file, "The nesting is too deep.", "Write it flat.") from error
    except ValueError as error:
        raise _syntax_error(file, text, str(error)) from error


def read_bytes(root: Path, path: Path, largest: int) -> bytes:
    file = path.relative_to(root).as_posix()
    if refusal := _refusal(root, path, largest):
        raise UnreadableError(file, *refusal)
    try:
        return path.read_bytes()
    except OSError as error:
        wrong = f"It cannot be read: {error.strerror}."
        raise UnreadableError(file, wrong, "Give the bot the right to read it.") from error


def _refusal(root: Path, path: Path, largest: int) -> tuple[str, str] | None:
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root.resolve()):
            remedy = "Copy the file itself into the pack."
            return "It is a link out of the folder of questions.", remedy
        if not real.is_file():
            return "It is no plain file.", "Put a file there."
        if real.stat().st_size > largest:
            return f"It is larger than {largest // 1024} KiB.", "Make it smaller."
    except (OSError, RuntimeError, ValueError):
        return "There is no such file.", "Add it, or mend its name."
    return None


def _syntax_error(file: str, text: str, message: str) -> UnreadableError:
    if place := re.search(r" \(at line (\d+), column \d+\)$", message):
        line = int(place[1])
        message = message[: place.start()]
    else:
        line = text.rstrip().count("\n") + 1
        message = message.removesuffix(" (at end of document)")
    remedy = "Mend the line, or the string opened above it."
    return UnreadableError(file, f"TOML cannot be read here: {message}.", remedy, line)


def _key_lines(text: str) -> dict[KeyPath, int]:
    lines: dict[KeyPath, int] = {}
    tables: Counter[str] = Counter()
    prefix: KeyPath = ()
    depth = 0
    text = OPAQUE.sub(lambda found: "\n" * found[0].count("\n"), text.replace("\r\n", "\n"))
    for number, row in enumerate(text.split("\n"), 1):
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
