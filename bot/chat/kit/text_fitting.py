"""Cutting text to the room for it."""

from collections.abc import Iterable, Sequence

from bot.chat.card import Span, Spans, text_of


def longest_part(lengths: Sequence[int], room: int) -> int | None:
    """How long any part may be; None if all fit. The longest give way first."""
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
    kept: list[Span] = []
    for span in spans:
        text = text_of((span,))[: max(0, limit)]
        limit -= len(text)
        if text:
            kept.append(with_text(span, text))
    return tuple(kept)


def with_text(span: Span, text: str) -> Span:
    return text if isinstance(span, str) else type(span)(text)
