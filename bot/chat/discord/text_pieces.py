"""Pieces of text, each of which knows how to say less when a message has no more room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat.card import Spans, text_of
from bot.chat.discord.markdown import NOTHING
from bot.chat.kit.text_fitting import longest_part, truncated

MORE = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """`write(n)` is its text with at most `n` units of what it is made of (letters, lines, rows); `whole` is all."""

    whole: int
    write: Callable[[int], str]

    @property
    def text(self) -> str:
        return self.write(self.whole)

    def within(self, limit: int) -> str:
        """As much of it as fits into so many characters."""
        if len(self.text) <= limit:
            return self.text
        few, many = 0, self.whole
        while few < many:
            middle = (few + many + 1) // 2
            few, many = (middle, many) if len(self.write(middle)) <= limit else (few, middle - 1)
        least = self.write(few)
        return least if len(least) <= limit else NOTHING[:limit]


def fixed(text: str) -> Piece:
    """All of it or a mark that something is missing."""
    return Piece(1, lambda n: text if n else MORE)


def words(parts: Spans, form: Callable[[Spans], str]) -> Piece:
    """Spans, cut at a letter; the marks around what is left stay whole."""
    length = len(text_of(parts))
    return Piece(
        length, lambda n: form(parts) if n >= length else form((*truncated(parts, n), MORE))
    )


def lines(of: Sequence[str], form: Callable[[str], str], more: Callable[[int], str]) -> Piece:
    """Lines of which the last ones can be left out, with a word of how many."""
    return Piece(
        len(of),
        lambda n: (
            form("\n".join(of)) if n >= len(of) else form("\n".join((*of[:n], more(len(of) - n))))
        ),
    )


def fitted(pieces: Sequence[Piece], room: int) -> list[str]:
    """All pieces within so many characters: what is too much is taken from the longest ones."""
    texts = [piece.text for piece in pieces]
    most = longest_part([len(text) for text in texts], room)
    return texts if most is None else [piece.within(most) for piece in pieces]
