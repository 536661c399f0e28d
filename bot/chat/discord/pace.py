"""How long things are waited for, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    patience: float = 1.8
    """After so long without an answer a click is acknowledged, and the answer comes when it is there."""
    settling: float = 4.0
    """Another process may take so long to say what it had begun to say."""
    between: float = 1.0
    """The first pause between two connections; each one after it is twice as long, up to `longest`."""
    longest: float = 60.0
    apart: float = 5.0
    """Discord takes one new session in this time."""
    login: float = 8.0
    """Whoever has something to say waits so long for the bot to be logged in."""
    last_words: float = 2.0
    """Answers under way get so long to finish when the bot stops."""
