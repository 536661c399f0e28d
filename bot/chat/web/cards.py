"""Card → HTML. Every field is escaped; nothing a card says can become markup."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import assert_never

from bot.chat.card import (
    Block,
    Button,
    Card,
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
    plain,
)
from bot.chat.kit.uploads import LARGEST
from bot.chat.web import images, markup

LONGEST_ENTRY = 500

_SHORT = 24
"""Characters of a value that still stands well beside others; longer ones are listed below each other."""

_LETTER_A = 0x1F1E6
"""The emoji of the letter A; the other 25 follow."""
_LETTERS = 26

_VERDICT = {True: ("right", "✓ Right"), False: ("wrong", "✗ Wrong")}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A card as the page shows it, as plain words, and the pictures and files it needs by their digests."""

    html: str
    text: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def render(card: Card) -> Rendered:
    drawn = _Drawing(card)
    return Rendered(drawn.html(), plain(card), drawn.pictures)


class _Drawing:
    """One card being drawn. An option whose letter is a button becomes that button, so that it is pressed itself."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.pictures: dict[str, bytes] = {}
        self._options = {
            item.letter: item
            for block in card.blocks
            if isinstance(block, Options)
            for item in block.items
        }
        self._boxes = {
            value
            for block in card.blocks
            if isinstance(block, Choice)
            for value, _ in block.options
        }
        self._pressed = {
            button.label: button for button in card.buttons if self._is_open(button.label)
        }

    def html(self) -> str:
        parts = [f'<div class="card {self.card.tone}"><h3>{markup.words(self.card.title)}</h3>']
        parts += map(self._block, self.card.blocks)
        parts += [self._buttons(), _reactions(self.card.reactions), "</div>"]
        return "".join(parts)

    def _is_open(self, letter: str) -> bool:
        """Whether the letter is an option that can still be chosen."""
        return letter in self._options and self._options[letter].right is None

    def _block(self, block: Block) -> str:  # noqa: C901, PLR0911 (one line for each kind of block)
        match block:
            case Text():
                return f"<p{' class=note' if block.note else ''}>{markup.spans(block.spans)}</p>"
            case Code():
                return markup.code(block.text, block.language)
            case Options():
                return self._lettered(block)
            case Facts():
                return _facts(block)
            case Table():
                return _table(block)
            case Picture():
                return self._picture(block)
            case File():
                return self._file(block)
            case Countdown():
                return _countdown(block)
            case Choice():
                return self._choice(block)
            case Input():
                return _entry(block)
            case _:
                assert_never(block)

    def _lettered(self, options: Options) -> str:
        if options.items and all(
            item.letter in self._boxes and item.right is None for item in options.items
        ):
            return ""  # the boxes to tick show them
        most = max((item.chosen or 0 for item in options.items), default=0)
        return f'<ul class="options" role="list">{"".join(self._option(item, most) for item in options.items)}</ul>'

    def _option(self, item: ShownOption, most: int) -> str:
        words = f'{_letter(item.letter)}<span class="words">{markup.spans(item.spans)}</span>'
        if item.letter in self._pressed:
            action = escape(self._pressed[item.letter].action)
            return f'<li><button type="button" class="option" data-action="{action}" data-letter="{escape(item.letter)}">{words}</button></li>'
        tone, said = ("", "") if item.right is None else _VERDICT[item.right]
        verdict = f'<strong class="verdict">{said}</strong>' if said else ""
        why = f'<p class="why">{markup.spans(item.why)}</p>' if item.why else ""
        return f'<li class="option {tone}">{words}{verdict}{_chosen(item.chosen, most)}{why}</li>'

    def _choice(self, choice: Choice) -> str:
        boxes = "".join(
            f'<label class="box option"><input type="checkbox" name="value" value="{escape(value)}"'
            f"{_letter_key(value)}>{self._box_words(value, label)}</label>"
            for value, label in choice.options
        )
        return (
            f'<form class="choice" data-action="{escape(choice.action)}"><fieldset><legend>{markup.words(choice.label)}</legend>'
            f'{boxes}</fieldset><button type="submit" class="primary">Send answer</button></form>'
        )

    def _box_words(self, value: str, label: str) -> str:
        if value not in self._options:
            return f'<span class="words">{markup.words(label)}</span>'
        return (
            f'{_letter(value)}<span class="words">{markup.spans(self._options[value].spans)}</span>'
        )

    def _picture(self, picture: Picture) -> str:
        if images.kind(picture.data) is None:
            return f'<p class="note">Figure: {markup.words(picture.alt)}</p>'
        digest = images.digest(picture.data)
        self.pictures[digest] = picture.data
        size = "".join(f' {side}="{n}"' for side, n in images.size(picture.data).items())
        return f'<figure class="picture"><img src="/pictures/{digest}.png" alt="{escape(picture.alt)}"{size}></figure>'

    def _file(self, file: File) -> str:
        digest = images.digest(file.data)
        self.pictures[digest] = file.data
        name = images.file_name(file.name)
        return f'<p class="file"><a href="/files/{digest}/{name}" target="_blank" rel="noopener">{markup.words(file.label)}</a></p>'

    def _buttons(self) -> str:
        rest = [button for button in self.card.buttons if button.label not in self._pressed]
        return f'<div class="buttons">{"".join(map(_button, rest))}</div>' if rest else ""


def _letter(letter: str) -> str:
    return f'<span class="letter">{escape(letter)}</span> '


def _letter_key(label: str) -> str:
    return f' data-letter="{escape(label)}"' if len(label) == 1 else ""


def _chosen(chosen: int | None, most: int) -> str:
    if chosen is None:
        return ""
    said = "nobody chose this" if chosen == 0 else f"{chosen} chose this"
    bar = f'<progress aria-hidden="true" value="{chosen}" max="{max(most, 1)}"></progress>'
    return f'<span class="chosen">{bar}<span>{said}</span></span>'


def _facts(facts: Facts) -> str:
    pairs = "".join(
        f"<div><dt>{markup.words(label)}</dt><dd>{markup.words(value)}</dd></div>"
        for label, value in facts.pairs
    )
    listed = len(facts.pairs) > 1 and any(len(value) > _SHORT for _, value in facts.pairs)
    form = "facts listed" if listed else "facts"
    return f'<dl class="{form}">{pairs}</dl>'


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{markup.words(head)}</th>' for head in table.headers)
    rows = "".join(
        _row(row, marked=number == table.marked) for number, row in enumerate(table.rows)
    )
    return (
        f'<div class="table"><table><caption>{markup.words(table.caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(cells: tuple[str, ...], *, marked: bool) -> str:
    said = [f"<span>{markup.words(cell)}</span>" for cell in cells]
    inner = "".join(
        f'<th scope="row">{cell}</th>'
        if column == 0
        else f"<td{_numeric(cells[column])}>{cell}</td>"
        for column, cell in enumerate(said)
    )
    return f'<tr class="marked" aria-current="true">{inner}</tr>' if marked else f"<tr>{inner}</tr>"


def _numeric(cell: str) -> str:
    return ' class="number"' if cell[:1].isdigit() or cell[:1] in {"+", "-", "\u2212"} else ""


def _countdown(countdown: Countdown) -> str:
    until = countdown.until.astimezone(UTC)
    return (
        f'<p class="countdown" role="timer" data-until="{_stamp(until)}"><span class="left"></span> '
        f'<time datetime="{_stamp(until)}">until {until:%H:%M:%S} UTC</time></p>'
    )


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _entry(entry: Input) -> str:
    field = f'name="value" required autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="{LONGEST_ENTRY}"'
    if entry.file:
        field = (
            f'type="file" name="file" required accept="{escape(entry.file)}" data-most="{LARGEST}"'
        )
    return (
        f'<form class="entry" data-action="{escape(entry.action)}"><label>{markup.words(entry.label)} <input {field}></label>'
        f'<button type="submit" class="primary">{escape(entry.send)}</button></form>'
    )


def _button(button: Button) -> str:
    spoken = button.spoken
    if spoken and button.label.casefold() not in spoken.casefold():
        spoken = f"{button.label}: {spoken}"  # who speaks to their computer says what they see
    label = f' aria-label="{escape(spoken)}"' if spoken else ""
    return (
        f'<button type="button" class="{button.style}" data-action="{escape(button.action)}"'
        f"{_letter_key(button.label)}{label}>{escape(button.label)}</button>"
    )


def _reactions(emoji: tuple[str, ...]) -> str:
    if not emoji:
        return ""
    chips = "".join(
        f'<button type="button" class="chip" aria-pressed="false" data-emoji="{escape(one)}">{escape(_drawn(one))}</button>'
        for one in emoji
    )
    return f'<div class="reactions" role="group" aria-label="Answer with a reaction">{chips}</div>'


def _drawn(emoji: str) -> str:
    """A letter as an emoji is drawn as the letter it is: many systems have no picture for it."""
    place = ord(emoji[0]) - _LETTER_A if emoji else -1
    return chr(ord("A") + place) if len(emoji) == 1 and 0 <= place < _LETTERS else emoji
