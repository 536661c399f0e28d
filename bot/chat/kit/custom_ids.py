"""Custom ids of buttons, made from their actions."""

import re
from collections.abc import Container

_FORM = "write/"
_FILE_FORM = "hand/"
_NUMBER = re.compile(r"~[0-9]+\Z")


def numbered(action: str, taken: Container[str]) -> str:
    custom_id = action
    number = 1
    while custom_id in taken:
        number += 1
        custom_id = f"{action}~{number}"
    return custom_id


def without_number(custom_id: str) -> str:
    return _NUMBER.sub("", custom_id)


def form_custom_id(action: str, *, file: str = "") -> str:
    return f"{_FILE_FORM}{file.removeprefix('.')}/{action}" if file else _FORM + action


def opens_form(custom_id: str) -> bool:
    return custom_id.startswith((_FORM, _FILE_FORM))


def file_suffix(custom_id: str) -> str:
    return f".{custom_id.split('/')[1]}" if custom_id.startswith(_FILE_FORM) else ""


def action_of_form(custom_id: str) -> str:
    if custom_id.startswith(_FILE_FORM):
        return custom_id.split("/", 2)[2]
    return custom_id.removeprefix(_FORM)
