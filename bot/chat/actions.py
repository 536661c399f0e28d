"""Names of what can be pressed: our action itself, told apart where a message has it twice, marked where a line must be typed first."""

import re
from collections.abc import Container

_ENTRY = "write/"
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


def as_entry(action: str) -> str:
    """A button that asks for a line to be typed."""
    return _ENTRY + action


def is_entry(name: str) -> bool:
    return name.startswith(_ENTRY)


def entry_action(name: str) -> str:
    """The action behind such a button, by which it is still told apart from others."""
    return name.removeprefix(_ENTRY)
