"""Card → Components V2. Discord's limits live here only; whatever a card holds, what comes out is valid."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

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
    Spans,
    Style,
    Table,
    Text,
    Tone,
    text_of,
)
from bot.chat.discord import markdown
from bot.chat.discord.markdown import NOTHING, escaped, one_line, spans, strong
from bot.chat.discord.tables import table
from bot.chat.discord.text_pieces import Piece, fitted, fixed, lines, words
from bot.chat.kit.custom_ids import form_button, numbered

Json = dict[str, Any]

COMPONENTS, LETTERS, FILES, FILE_BYTES = 40, 4000, 10, 10 * 2**20
ID, LABEL, ALT, PLACEHOLDER, CHOICES, CHOICE, A_ROW = 100, 80, 1024, 150, 25, 100, 5
V2, EPHEMERAL = 1 << 15, 1 << 6
ROW, BUTTON, SELECT, TEXT, GALLERY, FILE, CONTAINER = 1, 2, 3, 10, 12, 13, 17
PARTS = 10
"""A card with more parts than this takes no more to choose from or write in; there is always room for buttons."""

_TONES: dict[Tone, int] = {
    "plain": 0x5B6EE1,
    "good": 0x2E8B57,
    "bad": 0xC0392B,
    "partly": 0xD68910,
    "over": 0x7F8C8D,
}
_STYLES: dict[Style, int] = {"normal": 2, "primary": 1, "quiet": 2, "danger": 4}
_SHORT = 24
"""Characters of a value that still stands well beside others; longer ones are listed below each other."""
OUTPUT, OUTPUT_FILE = "text", "output.txt"
"""The language of what a program said, and what its file is called."""
_PNG, _JPEG, _GIF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8"


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    alt: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message's components, and the files they show or offer."""

    components: list[Json]
    attachments: tuple[Attachment, ...] = ()

    def body(self, flags: int = 0) -> Json:
        """What Discord is sent; nobody is called by it, whoever is named."""
        return {
            "components": self.components,
            "flags": V2 | flags,
            "allowed_mentions": {"parse": []},
            "attachments": [_about(number, each) for number, each in enumerate(self.attachments)],
        }


def custom_ids(components: Iterable[Json]) -> set[str]:
    """Every custom id in a message's components, wherever it stands."""
    found = set()
    for each in components:
        if each.get("custom_id"):
            found.add(str(each["custom_id"]))
        found |= custom_ids(each.get("components") or ())
    return found


def render(card: Card) -> Rendered:
    drawn = _Drawing()
    drawn.write(fixed(f"### {escaped(_cut(one_line(card.title), 200)) or NOTHING}"))
    for block in card.blocks:
        drawn.add(block)
    drawn.close()
    drawn.keep_whole()
    inner = drawn.parts
    used = 1 + sum(_count(part) for part in inner)
    inner += _rows(drawn.apart(card.buttons), COMPONENTS - used)
    container = {
        "type": CONTAINER,
        "accent_color": _TONES[card.tone],
        "components": drawn.finished(),
    }
    return Rendered([container], tuple(drawn.attachments))


class _Drawing:
    """Parts of one card: texts that stand together become one, and all texts share the room there is."""

    def __init__(self) -> None:
        self.parts: list[Json] = []
        self.attachments: list[Attachment] = []
        self._pieces: list[Piece] = []
        self._texts: list[list[int]] = []
        self._open: list[int] = []
        self._outputs: dict[int, str] = {}
        self._ids: set[str] = set()

    def write(self, piece: Piece) -> None:
        self._open.append(len(self._pieces))
        self._pieces.append(piece)

    def add(self, block: Block) -> None:
        match block:
            case Picture() if self._fits(block.data) and _ending(block.data) is not None:
                self._picture(block)
            case File() if self._fits(block.data):
                self._file(block)
            case Choice() if block.options:
                self._control(block.action, lambda name: _select(block, name))
            case Input():
                label = block.label or block.send
                self._control(
                    form_button(block.action, file=block.file),
                    lambda name: _row([_button(label, name, "primary")]),
                )
            case _:
                if isinstance(block, Code) and block.language == OUTPUT:
                    self._outputs[len(self._pieces)] = block.text
                for piece in _pieces(block):
                    self.write(piece)

    def keep_whole(self) -> None:
        """Of an output that there is no room for, all comes as a file, unless the card brings one."""
        if not self._outputs or any(each.name.endswith(OUTPUT_FILE) for each in self.attachments):
            return
        fit = self._fitted()
        for number, text in self._outputs.items():
            content = text.encode("utf-8", "replace")
            if fit[number] != self._pieces[number].text and self._fits(content):
                self._attach(f"{len(self.attachments)}-{OUTPUT_FILE}", content)

    def close(self) -> None:
        """What was written since the last part becomes a part itself."""
        if self._open:
            self.parts.append({"type": TEXT, "content": len(self._texts)})
            self._texts.append(self._open)
            self._open = []

    def apart(self, buttons: Sequence[Button]) -> list[Json]:
        """Buttons whose ids are their own in this message."""
        made = []
        for button in buttons:
            name = self._own(button.action)
            if name:
                made.append(_button(button.label, name, button.style))
        return made

    def finished(self) -> list[Json]:
        fit = self._fitted()
        contents = ["\n".join(fit[number] for number in text) for text in self._texts]
        return [
            part
            if part["type"] != TEXT
            else {**part, "content": contents[part["content"]].strip() or NOTHING}
            for part in self.parts
        ]

    def _fitted(self) -> list[str]:
        between = sum(
            len(text) for text in self._texts
        )  # a break after each piece, or NOTHING for an empty text
        return fitted(self._pieces, LETTERS - between)

    def _fits(self, content: bytes) -> bool:
        used = sum(len(each.content) for each in self.attachments)
        return (
            used + len(content) <= FILE_BYTES
            and len(self.attachments) < FILES
            and len(self.parts) < PARTS
        )

    def _picture(self, picture: Picture) -> None:
        name = f"{len(self.attachments)}-{_file_name(picture.name)}{_ending(picture.data)}"
        alt = _cut(picture.alt.strip(), ALT)
        self.attachments.append(Attachment(name, alt, picture.data))
        described = {"description": alt} if alt else {}
        self._put(
            {"type": GALLERY, "items": [{"media": {"url": f"attachment://{name}"}, **described}]}
        )

    def _file(self, file: File) -> None:
        stem, dot, ending = file.name.rpartition(".")
        kept = re.sub(r"[^A-Za-z0-9]+", "", ending)[:10] if stem and dot else ""
        name = f"{len(self.attachments)}-{_file_name(file.name)}.{kept or 'bin'}"
        self.write(words((file.label,), spans))
        self._attach(name, file.data)

    def _attach(self, name: str, content: bytes) -> None:
        self.attachments.append(Attachment(name, "", content))
        self._put({"type": FILE, "file": {"url": f"attachment://{name}"}})

    def _control(self, action: str, form: Any) -> None:
        name = self._own(action)
        if name and len(self.parts) < PARTS:
            self._put(form(name))

    def _put(self, part: Json) -> None:
        self.close()
        self.parts.append(part)

    def _own(self, action: str) -> str:
        name = numbered(action, self._ids)
        if not 1 <= len(name) <= ID:
            return ""
        self._ids.add(name)
        return name


def _pieces(block: Block) -> Iterator[Piece]:
    match block:
        case Text():
            form = _note if block.note else spans
            yield words(block.spans, form)
        case Code():
            yield lines(
                block.text.split("\n"),
                lambda body: markdown.fenced(body, block.language),
                lambda n: f"… {n} more lines",
            )
        case Options():
            yield from map(_option, block.items)
        case Facts():
            yield _facts(block)
        case Table():
            yield table(block)
        case Picture():
            yield words((f"Figure: {block.alt}",), _note)
        case File():
            yield words((f"{block.label}: too large to attach",), _note)
        case Countdown():
            stamp = int(block.until.timestamp())
            yield fixed(f"⏳ Until <t:{stamp}:T>, <t:{stamp}:R>")
        case Choice() | Input():
            yield words((block.label,), spans)
        case _:
            assert_never(block)


def _note(parts: Spans) -> str:
    return markdown.small(spans(parts))


def _option(option: ShownOption) -> Piece:
    verdict = {True: " **(right)**", False: " (wrong)", None: ""}[option.right]
    chosen = "" if option.chosen is None else f", chosen by {option.chosen}"
    head, length = strong(f"{one_line(option.letter)}:"), len(text_of(option.spans))

    def write(parts: Spans) -> str:
        return f"{head} {one_line(spans(parts))}{verdict}{chosen}"

    asked = words(option.spans, write)
    if not option.why:
        return asked
    why = words(option.why, lambda parts: one_line(spans(parts)))
    return Piece(
        length + why.whole,
        lambda n: f"{asked.write(n)}: {why.write(n - length)}" if n > length else asked.write(n),
    )


def _facts(facts: Facts) -> Piece:
    pairs = [
        f"{strong(one_line(label) + ':')} {escaped(one_line(value))}"
        for label, value in facts.pairs
    ]
    short = all(len(value) <= _SHORT for _, value in facts.pairs)
    if short and pairs:
        return fixed(" · ".join(pairs))
    return lines(pairs, str, lambda n: f"… and {n} more")


def _select(choice: Choice, name: str) -> Json:
    options: dict[str, str] = {}
    for value, label in choice.options:
        options.setdefault(_cut(value, CHOICE) or NOTHING, _cut(one_line(label), CHOICE) or NOTHING)
    offered = list(options.items())[:CHOICES]
    return {
        "type": ROW,
        "components": [
            {
                "type": SELECT,
                "custom_id": name,
                "placeholder": _cut(one_line(choice.label), PLACEHOLDER) or NOTHING,
                "min_values": 1,
                "max_values": len(offered),
                "options": [{"value": value, "label": label} for value, label in offered],
            }
        ],
    }


def _button(label: str, name: str, style: Style) -> Json:
    return {
        "type": BUTTON,
        "style": _STYLES[style],
        "label": _cut(one_line(label), LABEL) or NOTHING,
        "custom_id": name,
    }


def _row(buttons: list[Json]) -> Json:
    return {"type": ROW, "components": buttons}


def _rows(buttons: list[Json], room: int) -> list[Json]:
    """As many buttons as there is room for, each row counted too."""
    most = len(buttons)
    while most and most + -(-most // A_ROW) > room:
        most -= 1
    return [_row(buttons[start : min(start + A_ROW, most)]) for start in range(0, most, A_ROW)]


def _count(part: Json) -> int:
    return 1 + len(part.get("components", ()))


def _about(number: int, attachment: Attachment) -> Json:
    described = {"description": attachment.alt} if attachment.alt else {}
    return {"id": str(number), "filename": attachment.name, **described}


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + NOTHING


def _file_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", name.rpartition(".")[0] or name).strip("-")[:40] or "file"


def _ending(content: bytes) -> str | None:
    """What the bytes are, by their own beginning; None for what Discord would not show."""
    if content.startswith(_PNG):
        return ".png"
    if content.startswith(_JPEG):
        return ".jpg"
    if content.startswith(_GIF):
        return ".gif"
    return ".webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def as_json(body: Json) -> str:
    return _WRITER.encode(body)


_WRITER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
