"""Every declared command and action has somebody who answers it."""

from dataclasses import fields
from typing import Any

from bot.commands import ACTIONS, HELP, VERBS
from bot.conversation.hear import Conversation


class Anybody:
    """Stands for each part of the conversation."""

    def __getattr__(self, name: str) -> "Anybody":
        return self


def test_every_command_is_answered() -> None:
    assert set(conversation().commands) | {HELP.name} == {verb.name for verb in VERBS}


def test_every_press_is_declared() -> None:
    presses = set(conversation().presses)
    assert presses <= set(ACTIONS)
    assert set(ACTIONS) - presses <= {verb.name for verb in VERBS}


def conversation() -> Conversation:
    parts: list[Any] = [Anybody()] * len(fields(Conversation))
    return Conversation(*parts)
