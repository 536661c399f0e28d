"""Cards as HTML. Every field is escaped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
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
    plain_text,
)
from bot.chat.kit.files import LARGEST, media_type
from bot.chat.web import images
from bot.chat.web.markup import code_html, spans_html, text_html

_MAX_ANSWER = 500
# Characters of a value that can stand beside others.
_SHORT_FACT = 24
_REGIONAL_INDICATOR_A = 0x1F1E6
_LETTERS = 26


@dataclass(frozen=True, slots=True)
class RenderedCard:
    html: str
    text: str
    # By digest.
    files: Mapping[str, bytes]


def render(card: Card) -> RenderedCard:
    renderer = _CardRenderer(card)
    return RenderedCard(renderer.html(), plain_text(card), renderer.files)


class _CardRenderer:
    """An open option whose letter is also a button becomes that button."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.files: dict[str, bytes] = {}
        self._options: dict[str, ShownOption] = {}
        self._boxes: set[str] = set()
        for block in card.blocks:
            if isinstance(block, Options):
                self._options |= {option.letter: option for option in block.items}
            if isinstance(block, Choice):
                self._boxes |= {value for value, _ in block.options}
        self._option_buttons = {
            button.label: button
            for button in card.buttons
            if button.label in self._options and self._options[button.label].right is None
        }

    def html(self) -> str:
        card = self.card
        blocks = "".join(map(self._block, card.blocks))
        return (
            f'<div class="card {card.tone}"><h3>{text_html(card.title)}</h3>'
            f"{blocks}{self._buttons()}{_reactions(card.reactions)}</div>"
        )

    def _block(self, block: Block) -> str:  # noqa: C901, PLR0911 (one case for each kind of block)
        match block:
            case Text():
                css = " class=note" if block.note else ""
                return f"<p{css}>{spans_html(block.spans)}</p>"
            case Code():
                return code_html(block.text, block.language)
            case Options():
                return self._lettered(block)
            case Facts():
                return _facts(block)
            case Table():
                return _table(block)
            case Picture():
                return self._picture(block)
            case File():
                url = f"/files/{self._keep(block.data)}/{images.file_name(block.name)}"
                link = (
                    f'<a href="{url}" target="_blank" rel="noopener">{text_html(block.label)}</a>'
                )
                return f'<p class="file">{link}</p>'
            case Countdown():
                return _countdown(block)
            case Choice():
                return self._choice(block)
            case Input():
                return _input(block)
            case _:
                assert_never(block)

    def _lettered(self, options: Options) -> str:
        unshown = [
            option
            for option in options.items
            if option.letter not in self._boxes or option.right is not None
        ]
        if options.items and not unshown:
            return ""  # the boxes to tick show them
        most = max((option.chosen or 0 for option in options.items), default=0)
        items = "".join(self._option(option, most) for option in options.items)
        return f'<ul class="options" role="list">{items}</ul>'

    def _option(self, option: ShownOption, most: int) -> str:
        text = _lettered_text(option)
        if button := self._option_buttons.get(option.letter):
            return (
                '<li><button type="button" class="option" '
                f'data-action="{escape(button.action)}" data-letter="{escape(option.letter)}">'
                f"{text}</button></li>"
            )
        css = ""
        verdict = ""
        if option.right is not None:
            css = "right" if option.right else "wrong"
            mark = "✓ Right" if option.right else "✗ Wrong"
            verdict = f'<strong class="verdict">{mark}</strong>'
        chosen = _chosen(option.chosen, most)
        why = f'<p class="why">{spans_html(option.why)}</p>' if option.why else ""
        return f'<li class="option {css}">{text}{verdict}{chosen}{why}</li>'

    def _choice(self, choice: Choice) -> str:
        boxes = "".join(self._box(value, label) for value, label in choice.options)
        return (
            f'<form class="choice" data-action="{escape(choice.action)}"><fieldset>'
            f"<legend>{text_html(choice.label)}</legend>{boxes}</fieldset>"
            '<button type="submit" class="primary">Send answer</button></form>'
        )

    def _box(self, value: str, label: str) -> str:
        option = self._options.get(value)
        text = f'<span class="words">{text_html(label)}</span>'
        return (
            '<label class="box option"><input type="checkbox" name="value" '
            f'value="{escape(value)}"{_letter_key(value)}>'
            f"{_lettered_text(option) if option else text}</label>"
        )

    def _picture(self, picture: Picture) -> str:
        if media_type(picture.data) is None:
            return f'<p class="note">Figure: {text_html(picture.alt)}</p>'
        digest = self._keep(picture.data)
        size = "".join(
            f' {side}="{pixels}"' for side, pixels in images.pixel_size(picture.data).items()
        )
        return (
            f'<figure class="picture"><img src="/pictures/{digest}.png" '
            f'alt="{escape(picture.alt)}"{size}></figure>'
        )

    def _keep(self, data: bytes) -> str:
        digest = images.digest(data)
        self.files[digest] = data
        return digest

    def _buttons(self) -> str:
        buttons = "".join(
            _button(button)
            for button in self.card.buttons
            if button.label not in self._option_buttons
        )
        return f'<div class="buttons">{buttons}</div>' if buttons else ""


def _lettered_text(option: ShownOption) -> str:
    return (
        f'<span class="letter">{escape(option.letter)}</span> '
        f'<span class="words">{spans_html(option.spans)}</span>'
    )


def _letter_key(label: str) -> str:
    return f' data-letter="{escape(label)}"' if len(label) == 1 else ""


def _chosen(chosen: int | None, most: int) -> str:
    if chosen is None:
        return ""
    people = f"{chosen} chose this" if chosen else "nobody chose this"
    bar = f'<progress aria-hidden="true" value="{chosen}" max="{max(most, 1)}"></progress>'
    return f'<span class="chosen">{bar}<span>{people}</span></span>'


def _facts(facts: Facts) -> str:
    pairs = "".join(
        f"<div><dt>{text_html(label)}</dt><dd>{text_html(value)}</dd></div>"
        for label, value in facts.pairs
    )
    is_long = any(len(value) > _SHORT_FACT for _, value in facts.pairs)
    css = "facts listed" if is_long and len(facts.pairs) > 1 else "facts"
    return f'<dl class="{css}">{pairs}</dl>'


def _table(table: Table) -> str:
    heads = "".join(f'<th scope="col">{text_html(head)}</th>' for head in table.headers)
    rows = "".join(
        _row(row, marked=number == table.marked) for number, row in enumerate(table.rows)
    )
    return (
        f'<div class="table"><table><caption>{text_html(table.caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(cells: tuple[str, ...], *, marked: bool) -> str:
    html = ""
    for column, cell in enumerate(cells):
        text = f"<span>{text_html(cell)}</span>"
        if column == 0:
            html += f'<th scope="row">{text}</th>'
        else:
            is_number = cell[:1].isdigit() or cell[:1] in {"+", "-", "\u2212"}
            css = ' class="number"' if is_number else ""
            html += f"<td{css}>{text}</td>"
    return f'<tr class="marked" aria-current="true">{html}</tr>' if marked else f"<tr>{html}</tr>"


def _countdown(countdown: Countdown) -> str:
    until = countdown.until.astimezone(UTC)
    stamp = until.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return (
        f'<p class="countdown" role="timer" data-until="{stamp}"><span class="left"></span> '
        f'<time datetime="{stamp}">until {until:%H:%M:%S} UTC</time></p>'
    )


def _input(entry: Input) -> str:
    attributes = (
        'name="value" required autocomplete="off" autocapitalize="off" spellcheck="false" '
        f'maxlength="{_MAX_ANSWER}"'
    )
    if entry.file:
        accept = escape(entry.file)
        attributes = f'type="file" name="file" required accept="{accept}" data-most="{LARGEST}"'
    return (
        f'<form class="entry" data-action="{escape(entry.action)}">'
        f"<label>{text_html(entry.label)} <input {attributes}></label>"
        f'<button type="submit" class="primary">{escape(entry.send)}</button></form>'
    )


def _button(button: Button) -> str:
    spoken = button.spoken
    if spoken and button.label.casefold() not in spoken.casefold():
        spoken = f"{button.label}: {spoken}"  # voice control goes by the visible label
    aria_label = f' aria-label="{escape(spoken)}"' if spoken else ""
    return (
        f'<button type="button" class="{button.style}" data-action="{escape(button.action)}"'
        f"{_letter_key(button.label)}{aria_label}>{escape(button.label)}</button>"
    )


def _reactions(emoji: tuple[str, ...]) -> str:
    if not emoji:
        return ""
    chips = "".join(
        '<button type="button" class="chip" aria-pressed="false" '
        f'data-emoji="{escape(symbol)}">{escape(_as_letter(symbol))}</button>'
        for symbol in emoji
    )
    return f'<div class="reactions" role="group" aria-label="Answer with a reaction">{chips}</div>'


def _as_letter(emoji: str) -> str:
    # Many systems have no picture for a regional indicator alone.
    number = ord(emoji) - _REGIONAL_INDICATOR_A if len(emoji) == 1 else -1
    return chr(ord("A") + number) if 0 <= number < _LETTERS else emoji
