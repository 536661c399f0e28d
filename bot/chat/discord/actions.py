"""Custom ids of forms: each one that is opened has a name of its own."""

from bot.chat.actions import action_of, entry_action

_FORM = "form/"


def as_form(custom_id: str, opened: str) -> str:
    """The form behind a button that asks for a line to be typed."""
    return f"{_FORM}{opened}/{entry_action(custom_id)}"


def form_action(custom_id: str) -> str | None:
    """The action that a sent form carries; None where it is not ours."""
    kind, _, rest = custom_id.partition("/")
    opened, _, action = rest.partition("/")
    return action_of(action) if f"{kind}/" == _FORM and opened and action else None
