"""The texts of a card as pieces of rich text."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from bot.chat.card import (
    Block,
    Choice,
    Code,
    Countdown,
    Facts,
    File,
    Input,
    Options,
    Picture,
    ShownOption,
    Table,
    Text,
    outcome,
)
from bot.chat.kit.text_layout import YOU, aligned_rows
from bot.chat.port import Say
from bot.chat.slack.outgoing.emoji import name_of
from bot.chat.slack.outgoing.mrkdwn import one_line, short_line, slack_text
from bot.chat.slack.outgoing.rich_text import (
    Piece,
    from_elements,
    from_lines,
    from_spans,
    text_element,
)
from bot.chat.slack.payload import Json

LETTER_MAX = 20
FACT_MAX = 500
SHORT_FACT = 24


def pieces_of(block: Block, say: Say, *, by_reaction: bool) -> Iterator[Piece]:
    """With `by_reaction`, options have the emoji that people answer with."""
    match block:
        case Text():
            yield from_spans(block.spans)
        case Code():
            lines = block.text.strip("\n").split("\n")
            yield from_lines(lines, lambda count: say("slack_more_lines", count=count))
        case Options():
            yield from (_option(option, by_reaction=by_reaction) for option in block.items)
        case Facts():
            yield _facts(block)
        case Table():
            yield from _table(block, say)
        case Picture():
            yield from_spans((say("slack_figure", alt=block.alt),))
        case File():
            yield from_spans((say("slack_not_attached", label=block.label),))
        case Countdown():
            yield _countdown(block, say)
        case Choice() | Input():
            yield from_spans((block.label,))
        case _:
            assert_never(block)


def _countdown(countdown: Countdown, say: Say) -> Piece:
    date = {
        "type": "date",
        "timestamp": int(countdown.until.timestamp()),
        "format": "{time_secs}",
        "fallback": f"{countdown.until:%H:%M:%S} UTC",
    }
    return from_elements([text_element(say("slack_until")), date])


def _option(option: ShownOption, *, by_reaction: bool) -> Piece:
    letter = short_line(option.letter, LETTER_MAX)
    answer = from_spans(option.spans, before=f"{letter}: ", after=outcome(option))
    why = from_spans((": ", *option.why) if option.why else ())
    emoji: list[Json] = []
    if by_reaction:
        emoji = [{"type": "emoji", "name": name_of(option.letter)}, text_element(" ")]

    def write(n: int) -> list[Json]:
        left = n - answer.length
        return [*emoji, *answer.write(n), *(why.write(left) if option.why and left > 0 else ())]

    return Piece(answer.length + why.length, write)


def _facts(facts: Facts) -> Piece:
    is_short = all(len(value) <= SHORT_FACT for _, value in facts.pairs)
    elements: list[Json] = []
    for label, value in facts.pairs:
        if elements:
            elements.append(text_element(" · " if is_short else "\n"))
        elements += [
            text_element(f"{one_line(label)}: ", bold=True),
            text_element(short_line(slack_text(value), FACT_MAX)),
        ]
    return from_elements(elements)


def _table(table: Table, say: Say) -> Iterator[Piece]:
    headers, *rows = (
        [one_line(slack_text(cell)) for cell in row] for row in (table.headers, *table.rows)
    )
    if table.caption.strip():
        yield from_spans((), before=one_line(table.caption))
    marked_line = None if table.marked is None else table.marked + 1
    if lines := aligned_rows([headers, *rows], marked_line):
        yield from_lines(lines, lambda count: say("slack_more_rows", count=count))
        return
    for number, row in enumerate(rows):
        yield _listed_row(headers, row, marked=number == table.marked)


def _listed_row(headers: Sequence[str], row: Sequence[str], *, marked: bool) -> Piece:
    elements = [text_element("• ")]
    for header, cell in zip(headers, row, strict=True):
        if len(elements) > 1:
            elements.append(text_element(", "))
        elements += [text_element(f"{header} ", bold=True), text_element(cell)]
    if marked:
        elements.append(text_element(f" {YOU}"))
    return from_elements(elements)
