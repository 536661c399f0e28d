"""A request: somebody asked for something, and can be answered."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.chat.port import Command, Press, Reply
from bot.errors import UserError
from bot.model.people import Player

LONGEST = len(str(2**63))


@dataclass(frozen=True, slots=True)
class Request:
    """A command or a press, with the player behind it. A press brings the words of its action."""

    event: Command | Press
    player: Player
    reply: Reply
    words: tuple[str, ...] = ()

    @property
    def args(self) -> Mapping[str, str]:
        return self.event.args if isinstance(self.event, Command) else {}

    @property
    def values(self) -> tuple[str, ...]:
        return self.event.values if isinstance(self.event, Press) else ()

    def word(self, n: int) -> str:
        """The n-th word of the action, empty where it has none."""
        return self.words[n] if n < len(self.words) else ""

    def number(self, n: int) -> int:
        """The n-th word as a number; our own buttons always carry one there."""
        word = self.word(n)
        if not (word.isascii() and word.isdigit() and len(word) <= LONGEST and int(word) < 2**63):
            raise UserError("button_outdated")
        return int(word)


Answering = Callable[[Request], Awaitable[None]]
