"""Custom ids of forms: each one that is opened has a name of its own."""

from collections.abc import Mapping

from bot.chat.kit.custom_ids import action_of_form, without_number

_FORM = "form/"
_COMMAND = "command/"


def as_form(custom_id: str, opened: str) -> str:
    """The form behind a button that asks for a line to be typed."""
    return f"{_FORM}{opened}/{action_of_form(custom_id)}"


def form_action(custom_id: str) -> str | None:
    """The action that a sent form carries; None where it is not ours."""
    kind, _, rest = custom_id.partition("/")
    opened, _, action = rest.partition("/")
    return without_number(action) if f"{kind}/" == _FORM and opened and action else None


def as_command(name: str, args: Mapping[str, str], opened: str) -> str:
    """The form behind a command whose longest argument is still to be written."""
    return "/".join(
        [f"{_COMMAND}{opened}", name, *(f"{key}:{value}" for key, value in args.items())]
    )


def form_command(custom_id: str) -> tuple[str, dict[str, str]] | None:
    """The command that a sent form carries, and what was given to it before; None where it carries none."""
    kind, *rest = custom_id.split("/")
    if f"{kind}/" != _COMMAND or len(rest) < len(("opened", "name")):
        return None
    _, name, *given = rest
    pairs = (each.partition(":") for each in given)
    return name, {key: value for key, _, value in pairs}
