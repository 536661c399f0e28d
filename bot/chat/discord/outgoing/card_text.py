"""The text of cards, in pieces that can be cut."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
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
    Options,
    Picture,
    ShownOption,
    Spans,
    Table,
    Text,
    outcome,
    text_of,
)
from bot.chat.discord.outgoing.markdown import (
    NOTHING,
    code_block,
    escaped,
    one_line,
    small,
    spans_markdown,
    strong,
)
from bot.chat.kit.text_layout import YOU, aligned_rows, longest_part, truncated

# Longer values are listed below each other.
MAX_SHORT_FACT = 24


@dataclass(frozen=True, slots=True)
class Piece:
    """`write(n)`: with at most n units (letters, lines or rows)."""

    units: int
    write: Callable[[int], str]

    @property
    def text(self) -> str:
        return self.write(self.units)

    def within(self, limit: int) -> str:
        if len(self.text) <= limit:
            return self.text
        units = range(1, self.units + 1)
        text = self.write(bisect_right(units, limit, key=lambda n: len(self.write(n))))
        return text if len(text) <= limit else NOTHING[:limit]


def fitted(pieces: Sequence[Piece], room: int) -> list[str]:
    """The longest give way first."""
    texts = [piece.text for piece in pieces]
    limit = longest_part([len(text) for text in texts], room)
    return texts if limit is None else [piece.within(limit) for piece in pieces]


def fixed(text: str) -> Piece:
    return Piece(1, lambda n: text if n else NOTHING)


def pieces_of(block: Block) -> Iterator[Piece]:
    match block:
        case Text():
            yield _words(block.spans, _note if block.note else spans_markdown)
        case Code():
            yield _lines(
                block.text.split("\n"),
                lambda text: code_block(text, block.language),
                lambda n: f"… {n} more lines",
            )
        case Options():
            yield from map(_option, block.items)
        case Facts():
            yield _facts(block)
        case Table():
            yield _table(block)
        case Picture():
            yield _words((f"Figure: {block.alt}",), _note)
        case File():
            yield _words((f"{block.label}: too large to attach",), _note)
        case Countdown():
            stamp = int(block.until.timestamp())
            yield fixed(f"⏳ Until <t:{stamp}:T>, <t:{stamp}:R>")
        case Choice() | Input():
            yield label(block.label)
        case _:
            assert_never(block)


def label(text: str) -> Piece:
    return _words((text,), spans_markdown)


def _words(spans: Spans, form: Callable[[Spans], str]) -> Piece:
    length = len(text_of(spans))

    def write(n: int) -> str:
        return form(spans if n >= length else (*truncated(spans, n), NOTHING))

    return Piece(length, write)


def _lines(
    lines: Sequence[str],
    form: Callable[[str], str] = str,
    more: Callable[[int], str] = lambda n: f"… and {n} more",
) -> Piece:
    """Instead of the last lines, it says how many there are."""

    def write(n: int) -> str:
        left_out = len(lines) - n
        return form("\n".join(lines if left_out <= 0 else (*lines[:n], more(left_out))))

    return Piece(len(lines), write)


def _note(spans: Spans) -> str:
    return small(spans_markdown(spans))


def _option(option: ShownOption) -> Piece:
    head = strong(f"{one_line(option.letter)}:")
    after = outcome(option).replace("(right)", "**(right)**")
    text = _words(option.spans, lambda spans: f"{head} {one_line(spans_markdown(spans))}{after}")
    if not option.why:
        return text
    why = _words(option.why, lambda spans: one_line(spans_markdown(spans)))

    def write(n: int) -> str:
        if n <= text.units:
            return text.write(n)
        return f"{text.write(n)}: {why.write(n - text.units)}"

    return Piece(text.units + why.units, write)


def _facts(facts: Facts) -> Piece:
    lines = [
        f"{strong(one_line(label) + ':')} {escaped(one_line(value))}"
        for label, value in facts.pairs
    ]
    if lines and all(len(value) <= MAX_SHORT_FACT for _, value in facts.pairs):
        return fixed(" · ".join(lines))
    return _lines(lines)


def _table(table: Table) -> Piece:
    rows = [[one_line(cell) for cell in row] for row in (table.headers, *table.rows)]
    caption = f"{strong(one_line(table.caption))}\n" if table.caption.strip() else ""
    marked = None if table.marked is None else table.marked + 1
    if drawn := aligned_rows(rows, marked):
        return _lines(drawn[1:], lambda text: caption + code_block(f"{drawn[0]}\n{text}"))
    sentences = []
    for number, row in enumerate(rows[1:], start=1):
        cells = [f"{strong(head)} {escaped(cell)}" for head, cell in zip(rows[0], row, strict=True)]
        you = f" {YOU}" if number == marked else ""
        sentences.append(f"• {', '.join(cells)}{you}")
    return _lines(sentences, lambda text: caption + text)
