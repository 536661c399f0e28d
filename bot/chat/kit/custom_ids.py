"""Custom ids of buttons: the action itself, with a number or a mark where a platform needs one."""

import re
from collections.abc import Container

_FORM = "write/"
_FILE_FORM = "hand/"
_NUMBER = re.compile(r"~[0-9]+\Z")


def numbered(action: str, taken: Container[str]) -> str:
    """An id of its own for an action that a message has more than once."""
    custom_id = action
    number = 1
    while custom_id in taken:
        number += 1
        custom_id = f"{action}~{number}"
    return custom_id


def without_number(custom_id: str) -> str:
    return _NUMBER.sub("", custom_id)


def form_button(action: str, *, file: str = "") -> str:
    """The id of a button that opens a form for a line of text, or for a file such as `.ics`."""
    return f"{_FILE_FORM}{file.removeprefix('.')}/{action}" if file else _FORM + action


def opens_form(custom_id: str) -> bool:
    return custom_id.startswith((_FORM, _FILE_FORM))


def file_suffix(custom_id: str) -> str:
    """The suffix of the file that the form asks for; empty where it asks for text."""
    return f".{custom_id.split('/')[1]}" if custom_id.startswith(_FILE_FORM) else ""


def action_of_form(custom_id: str) -> str:
    """The action that the form sends, with its number."""
    if custom_id.startswith(_FILE_FORM):
        return custom_id.split("/", 2)[2]
    return custom_id.removeprefix(_FORM)
