"""Names of what can be pressed: our action itself, told apart where a message has it twice, marked where a line must be typed or a file chosen first."""

import re
from collections.abc import Container

_ENTRY, _FILE = "write/", "hand/"
_TWICE = re.compile(r"~[0-9]+\Z")


def told_apart(action: str, known: Container[str]) -> str:
    """The action as an id that no other part of the message has."""
    name, number = action, 1
    while name in known:
        number += 1
        name = f"{action}~{number}"
    return name


def action_of(name: str) -> str:
    return _TWICE.sub("", name)


def as_entry(action: str, *, file: str = "") -> str:
    """A button that asks for a line to be typed, or for a file whose name ends like this."""
    return f"{_FILE}{file.removeprefix('.')}/{action}" if file else _ENTRY + action


def is_entry(name: str) -> bool:
    return name.startswith((_ENTRY, _FILE))


def wanted_file(name: str) -> str:
    """How the name of the file ends that such a button asks for; empty where it asks for a line."""
    return f".{name.split('/')[1]}" if name.startswith(_FILE) else ""


def entry_action(name: str) -> str:
    """The action behind such a button, by which it is still told apart from others."""
    return name.split("/", 2)[2] if name.startswith(_FILE) else name.removeprefix(_ENTRY)
