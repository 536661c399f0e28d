"""Cutting text to the room that a platform has for it."""

from collections.abc import Iterable, Sequence

from bot.chat.card import Span, Spans, text_of


def longest_part(lengths: Sequence[int], room: int) -> int | None:
    """How long any part may be so that all fit: the longest give way first. None: all fit whole."""
    if sum(lengths) <= room:
        return None
    longest = room
    spent = 0
    for number, length in enumerate(sorted(lengths)):
        longest = max(0, room - spent) // (len(lengths) - number)
        if length > longest:
            break
        spent += length
    return longest


def truncated(spans: Iterable[Span], limit: int) -> Spans:
    """At most so many letters; what is left of a span keeps its form."""
    kept: list[Span] = []
    for span in spans:
        text = text_of((span,))[: max(0, limit)]
        limit -= len(text)
        if text:
            kept.append(with_text(span, text))
    return tuple(kept)


def with_text(span: Span, text: str) -> Span:
    """Another text in the same form."""
    return text if isinstance(span, str) else type(span)(text)
