"""Every declared command and action has somebody who answers it."""

from typing import cast

from bot.commands import ACTIONS, HELP, VERBS
from bot.conversation.router import Router


class Anybody:
    """Stands for each part of the conversation."""

    def __getattr__(self, name: str) -> "Anybody":
        return self


def test_every_command_is_answered() -> None:
    assert set(router().commands()) | {HELP.name} == {verb.name for verb in VERBS}


def test_every_press_is_declared() -> None:
    presses = set(router().presses())
    assert presses <= set(ACTIONS)
    assert set(ACTIONS) - presses <= {verb.name for verb in VERBS}


def router() -> Router:
    return Router(*[cast("object", Anybody())] * len(Router.__dataclass_fields__))  # type: ignore[arg-type]
