"""Rich text, which can be cut to a number of letters."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.chat.card import (
    Block,
    Choice,
    Code,
    Countdown,
    Facts,
    File,
    Input,
    Mono,
    Options,
    Picture,
    ShownOption,
    Spans,
    Strong,
    Table,
    Text,
    outcome,
    text_of,
)
from bot.chat.kit.text_layout import YOU, aligned_rows, longest_part, truncated, with_text
from bot.chat.platform_interface import Say
from bot.chat.slack.outgoing.mrkdwn import ELLIPSIS, name_of, one_line, short_line, slack_text
from bot.chat.slack.payload import Json

MOST_LETTERS = 10_000
LETTER_MAX = 20
FACT_MAX = 500
SHORT_FACT = 24
STYLES = {Strong: "bold", Mono: "code"}


@dataclass(frozen=True, slots=True)
class Piece:
    """`write(n)`: elements with at most `n` letters."""

    length: int
    write: Callable[[int], list[Json]]
    preformatted: bool = False


def text_element(text: str, style: str = "") -> Json:
    styles = {"style": {style: True}} if style else {}
    return {"type": "text", "text": text, **styles}


def from_spans(spans: Spans, *, before: str = "", after: str = "") -> Piece:
    shown = [with_text(span, slack_text(text_of((span,)))) for span in spans]
    length = len(text_of(shown))

    def write(n: int) -> list[Json]:
        kept = shown if n >= length else [*truncated(shown, n), ELLIPSIS]
        texts = [text_element(text_of((span,)), STYLES.get(type(span), "")) for span in kept]
        return _without_empty([text_element(before, "bold"), *texts, text_element(after)])

    return Piece(length, write)


def from_elements(elements: Sequence[Json]) -> Piece:
    length = sum(len(element.get("text", "")) for element in elements)

    def write(n: int) -> list[Json]:
        if n >= length:
            return _without_empty(elements)
        kept = []
        for element in elements:
            if n <= 0:
                break
            text = element.get("text", "")
            kept.append({**element, "text": text[:n]} if text else element)
            n -= len(text)
        return _without_empty([*kept, text_element(ELLIPSIS)])

    return Piece(length, write)


def from_lines(lines: Sequence[str], say_more: Callable[[int], str]) -> Piece:
    """`say_more` words how many lines were left out."""

    def write(n: int) -> list[Json]:
        kept: list[str] = []
        for line in lines:
            n -= len(line) + 1
            if n < -1:
                kept.append(say_more(len(lines) - len(kept)))
                break
            kept.append(line)
        return [text_element("\n".join(kept) or ELLIPSIS)]

    return Piece(len("\n".join(lines)), write, preformatted=True)


def rich_text(pieces: Sequence[Piece], most: int = MOST_LETTERS) -> Json:
    longest = longest_part([piece.length for piece in pieces], most)
    elements: list[Json] = []
    for piece in pieces:
        written = piece.write(piece.length if longest is None else min(longest, piece.length))
        if piece.preformatted:
            elements.append({"type": "rich_text_preformatted", "elements": written})
        elif elements and elements[-1]["type"] == "rich_text_section":
            elements[-1]["elements"] += [text_element("\n"), *written]
        else:
            elements.append({"type": "rich_text_section", "elements": written})
    return {"type": "rich_text", "elements": elements}


def _without_empty(elements: Iterable[Json]) -> list[Json]:
    # Slack refuses empty texts.
    kept = [element for element in elements if element["type"] != "text" or element["text"]]
    return kept or [text_element(ELLIPSIS)]


def pieces_of(block: Block, say: Say, *, by_reaction: bool) -> Iterator[Piece]:
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
            date = {
                "type": "date",
                "timestamp": int(block.until.timestamp()),
                "format": "{time_secs}",
                "fallback": f"{block.until:%H:%M:%S} UTC",
            }
            yield from_elements([text_element(say("slack_until")), date])
        case Choice() | Input():
            yield from_spans((block.label,))
        case _:
            assert_never(block)


def _option(option: ShownOption, *, by_reaction: bool) -> Piece:
    letter = short_line(option.letter, LETTER_MAX)
    answer = from_spans(option.spans, before=f"{letter}: ", after=outcome(option))
    why = from_spans((": ", *option.why) if option.why else ())
    emoji = [{"type": "emoji", "name": name_of(option.letter)}, text_element(" ")]

    def write(n: int) -> list[Json]:
        left = n - answer.length
        return [
            *(emoji if by_reaction else ()),
            *answer.write(n),
            *(why.write(left) if option.why and left > 0 else ()),
        ]

    return Piece(answer.length + why.length, write)


def _facts(facts: Facts) -> Piece:
    is_short = all(len(value) <= SHORT_FACT for _, value in facts.pairs)
    elements: list[Json] = []
    for label, value in facts.pairs:
        elements += [
            text_element(" · " if is_short else "\n"),
            text_element(f"{one_line(label)}: ", "bold"),
            text_element(short_line(slack_text(value), FACT_MAX)),
        ]
    return from_elements(elements[1:])


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
        elements: list[Json] = []
        for header, cell in zip(headers, row, strict=True):
            mark = ", " if elements else "• "
            elements += map(text_element, (mark, f"{header} ", cell), ("", "bold", ""))
        you = f" {YOU}" if number == table.marked else ""
        yield from_elements([*elements, text_element(you)])
