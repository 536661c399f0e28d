"""Custom ids: our action itself, told apart where a message has it twice, marked where a line must be typed first."""

import re
from collections.abc import Container, Mapping

_ENTRY = "write/"
_FORM = "form/"
_COMMAND = "command/"
_TWICE = re.compile(r"~[0-9]+\Z")


def told_apart(action: str, known: Container[str]) -> str:
    """The action as an id that no other part of the message has."""
    name, number = action, 1
    while name in known:
        number += 1
        name = f"{action}~{number}"
    return name


def action_of(custom_id: str) -> str:
    return _TWICE.sub("", custom_id)


def as_entry(action: str) -> str:
    """A button that asks for a line to be typed."""
    return _ENTRY + action


def is_entry(custom_id: str) -> bool:
    return custom_id.startswith(_ENTRY)


def as_form(custom_id: str, opened: str) -> str:
    """The form behind such a button: each one that is opened has a name of its own."""
    return f"{_FORM}{opened}/{custom_id.removeprefix(_ENTRY)}"


def form_action(custom_id: str) -> str | None:
    """The action that a sent form carries; None where it is not ours."""
    kind, _, rest = custom_id.partition("/")
    opened, _, action = rest.partition("/")
    return action_of(action) if f"{kind}/" == _FORM and opened and action else None


def as_command(name: str, args: Mapping[str, str], opened: str) -> str:
    """The form behind a command whose longest argument is still to be written."""
    return "/".join([f"{_COMMAND}{opened}", name, *(f"{key}:{value}" for key, value in args.items())])


def form_command(custom_id: str) -> tuple[str, dict[str, str]] | None:
    """The command that a sent form carries, and what was given to it before; None where it carries none."""
    kind, *rest = custom_id.split("/")
    if f"{kind}/" != _COMMAND or len(rest) < len(("opened", "name")):
        return None
    _, name, *given = rest
    pairs = (each.partition(":") for each in given)
    return name, {key: value for key, _, value in pairs}
