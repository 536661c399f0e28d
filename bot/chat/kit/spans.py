"""Spans, letter by letter: what every platform does when it has less room than words."""

from collections.abc import Iterable

from bot.chat.card import Mono, Span, Spans, Strong


def bare(span: Span) -> str:
    return span if isinstance(span, str) else span.text


def reworded(span: Span, text: str) -> Span:
    """Other words, of the same kind."""
    match span:
        case Mono():
            return Mono(text)
        case Strong():
            return Strong(text)
        case str():
            return text


def first(parts: Iterable[Span], n: int) -> Spans:
    """So many letters of them; what is left of a span stays what it was."""
    kept: list[Span] = []
    for part in parts:
        text = bare(part)[: max(0, n)]
        n -= len(text)
        if text:
            kept.append(reworded(part, text))
    return tuple(kept)
