"""Card → Block Kit. Slack's limits live here only; whatever a card holds, what comes out is valid."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    Style,
    Table,
    Text,
    plain_text,
    text_of,
)
from bot.chat.kit.custom_ids import form_button, numbered, without_number
from bot.chat.kit.images import media_type
from bot.chat.kit.text_tables import YOU, aligned_rows
from bot.chat.slack.outgoing.emoji import name_of
from bot.chat.slack.outgoing.mrkdwn import NOTHING, cut, escaped, here, one_line
from bot.chat.slack.outgoing.rich_text import (
    Json,
    Piece,
    of_elements,
    of_lines,
    of_spans,
    rich,
    word,
)

LETTERS, BLOCKS, TITLE, NOTE, ALT, TEXT = 10_000, 45, 150, 2000, 2000, 3000
BUTTON, SPOKEN, ID, A_ROW, BUTTONS, OPTIONS, BOXES, OPTION = 75, 75, 255, 5, 20, 100, 10, 75
FILE_BYTES, FILES = 10 * 2**20, 10
TICKED = "ticked"
"""The action of the boxes themselves: only the button beside them sends anything."""
MORE = "more"
_STYLES: dict[Style, Json] = {
    "normal": {},
    "primary": {"style": "primary"},
    "quiet": {},
    "danger": {"style": "danger"},
}
_SHORT = 24
"""Characters of a value that still stands well beside others; longer ones are listed below each other."""
_PICTURES = {"image/png", "image/jpeg", "image/gif"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the blocks show or point to, under a name that only they use."""

    name: str
    alt: str
    content: bytes
    shown: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as Slack keeps it."""

    id: str
    link: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message's blocks, the files they need, and the words for notifications and screen readers."""

    blocks: list[Json]
    text: str
    attachments: tuple[Attachment, ...] = ()
    reactions: tuple[str, ...] = ()

    def with_files(self, kept: Mapping[str, Kept]) -> list[Json]:
        """The blocks with the files as Slack keeps them; what it does not keep is told in words."""
        wanted = {each.name: each for each in self.attachments}
        return [
            _filled(block, wanted, kept) if block["type"] == "file?" else block
            for block in self.blocks
        ]


def action_ids(blocks: Iterable[Json]) -> list[str]:
    """Every action in a message's blocks, wherever it stands."""
    found = []
    for block in blocks:
        inner = [*(block.get("elements") or ()), block.get("accessory") or {}]
        found += [without_number(str(each["action_id"])) for each in inner if each.get("action_id")]
    return found


def render(card: Card, room: int = BLOCKS) -> Rendered:
    drawn = _Drawing(bool(card.reactions))
    for block in card.blocks:
        drawn.add(block)
    drawn.close()
    title = {"type": "header", "text": _words(cut(one_line(here(card.title)), TITLE))}
    controls = _rows(drawn.apart(card.buttons))
    parts = drawn.parts[: room - 1 - len(controls)]
    text = cut(escaped(here(plain_text(card))), TEXT)
    used = {block["name"] for block in parts if block["type"] == "file?"}
    files = tuple(each for each in drawn.attachments if each.name in used)
    return Rendered([title, *parts, *controls], text, files, tuple(map(name_of, card.reactions)))


class _Drawing:
    """Parts of one card: texts that stand together become one block, and all texts share the room there is."""

    def __init__(self, by_reaction: bool) -> None:  # noqa: FBT001 (the one thing that is asked)
        self.parts: list[Json] = []
        self.attachments: list[Attachment] = []
        self._by_reaction = by_reaction
        self._pieces: list[Piece] = []
        self._ids: set[str] = set()
        self._left = LETTERS

    def add(self, block: Block) -> None:
        match block:
            case Text(note=True):
                self._put(
                    {"type": "context", "elements": [_words(cut(here(text_of(block.spans)), NOTE))]}
                )
            case Picture() if self._fits(block.data) and _is_picture(block.data):
                self._file(
                    Attachment(self._name(), cut(block.alt.strip(), ALT), block.data, shown=True)
                )
            case File() if self._fits(block.data):
                self._file(
                    Attachment(
                        self._name(block.name), "", block.data, shown=False, label=block.label
                    )
                )
            case Choice() if block.options:
                self._choose(block)
            case Input():
                button = Button(
                    block.label or block.send, form_button(block.action, file=block.file), "primary"
                )
                self._put_row(self.apart((button,)))
            case _:
                self._pieces += _pieces(block, by_reaction=self._by_reaction)

    def close(self) -> None:
        """What was written since the last part becomes a part itself."""
        if self._pieces:
            self.parts.append(rich(self._pieces, self._left))
            self._left = max(len(NOTHING), self._left - sum(piece.length for piece in self._pieces))
            self._pieces = []

    def apart(self, buttons: Sequence[Button]) -> list[Json]:
        """Buttons whose ids are their own in this message."""
        made = []
        for button in buttons:
            name = self._own(button.action)
            if name:
                made.append(_button(button, name))
        return made

    def _choose(self, choice: Choice) -> None:
        name = self._own(choice.action)
        if not name:
            return
        ticks = {"action_id": self._own(f"{TICKED}/{choice.action}"), **_boxes(choice)}
        send = _button(
            Button("Send", choice.action, "primary", spoken=f"Send: {choice.label}"), name
        )
        self.close()
        self._pieces += [of_spans((choice.label,))]
        self._put({"type": "actions", "block_id": name, "elements": [ticks, send]})

    def _fits(self, content: bytes) -> bool:
        return 0 < len(content) <= FILE_BYTES and len(self.attachments) < FILES

    def _name(self, name: str = "figure.png") -> str:
        return f"{len(self.attachments)}-{name}"

    def _file(self, attachment: Attachment) -> None:
        self.attachments.append(attachment)
        self._put({"type": "file?", "name": attachment.name})

    def _put_row(self, elements: list[Json]) -> None:
        if elements:
            self._put({"type": "actions", "elements": elements})

    def _put(self, part: Json) -> None:
        self.close()
        self.parts.append(part)

    def _own(self, action: str) -> str:
        name = numbered(action, self._ids)
        if not action or len(name) > ID:
            return ""
        self._ids.add(name)
        return name


def _pieces(block: Block, *, by_reaction: bool) -> Iterator[Piece]:
    match block:
        case Text():
            yield of_spans(block.spans)
        case Code():
            yield of_lines(block.text.strip("\n").split("\n"), lambda n: f"… {n} more lines")
        case Options():
            yield from (_option(item, by_reaction=by_reaction) for item in block.items)
        case Facts():
            yield _facts(block)
        case Table():
            yield from _table(block)
        case Picture():
            yield of_spans((f"Figure: {block.alt}",))
        case File():
            yield of_spans((f"{block.label}: it cannot be attached here",))
        case Countdown():
            yield _until(block)
        case Choice() | Input():
            yield of_spans((block.label,))
        case _:
            assert_never(block)


def _until(countdown: Countdown) -> Piece:
    date = {"type": "date", "timestamp": int(countdown.until.timestamp()), "format": "{time_secs}"}
    return of_elements([word("⏳ Until "), {**date, "fallback": f"{countdown.until:%H:%M:%S} UTC"}])


def _option(option: ShownOption, *, by_reaction: bool) -> Piece:
    verdict = {True: " (right)", False: " (wrong)", None: ""}[option.right]
    chosen = "" if option.chosen is None else f", chosen by {option.chosen}"
    asked = of_spans(
        option.spans, before=f"{cut(one_line(option.letter), 20)}: ", after=f"{verdict}{chosen}"
    )
    why = of_spans((": ", *option.why)) if option.why else of_spans(())
    sign = [{"type": "emoji", "name": name_of(option.letter)}, word(" ")] if by_reaction else []

    def write(n: int) -> list[Json]:
        reasons = why.write(n - asked.length) if n > asked.length and option.why else []
        return [*sign, *asked.write(n), *reasons]

    return Piece(asked.length + why.length, write)


def _facts(facts: Facts) -> Piece:
    short = all(len(value) <= _SHORT for _, value in facts.pairs)
    elements: list[Json] = []
    for label, value in facts.pairs:
        gap = "" if not elements else " · " if short else "\n"
        elements += [
            word(gap),
            word(f"{one_line(label)}: ", bold=True),
            word(cut(one_line(here(value)), 500)),
        ]
    return of_elements(elements)


def _table(of: Table) -> Iterator[Piece]:
    rows = [[one_line(here(cell)) for cell in row] for row in (of.headers, *of.rows)]
    if of.caption.strip():
        yield of_spans((), before=one_line(of.caption))
    if lines := aligned_rows(rows, None if of.marked is None else of.marked + 1):
        yield of_lines(lines, lambda n: f"… and {n} more")
        return
    for number, row in enumerate(rows[1:]):
        yield _said(rows[0], row, marked=number == of.marked)


def _said(heads: Sequence[str], row: Sequence[str], *, marked: bool) -> Piece:
    elements = [word("• ")]
    for head, cell in zip(heads, row, strict=True):
        gap = ", " if len(elements) > 1 else ""
        elements += [word(gap), word(f"{head} ", bold=True), word(cell)]
    return of_elements([*elements, *([word(f" {YOU}")] if marked else [])])


def _boxes(choice: Choice) -> Json:
    options: dict[str, str] = {}
    for value, label in choice.options:
        if 0 < len(value) <= OPTION:
            options.setdefault(value, cut(one_line(label), OPTION))
    offered = [
        {"text": _words(label), "value": value} for value, label in list(options.items())[:OPTIONS]
    ]
    if len(offered) <= BOXES:
        return {"type": "checkboxes", "options": offered}
    return {
        "type": "multi_static_select",
        "options": offered,
        "placeholder": _words(cut(one_line(choice.label), 150)),
    }


def _button(button: Button, name: str) -> Json:
    spoken = (
        {"accessibility_label": cut(one_line(here(button.spoken)), SPOKEN)}
        if button.spoken.strip()
        else {}
    )
    label = _words(cut(one_line(here(button.label)), BUTTON))
    return {"type": "button", "text": label, "action_id": name, **_STYLES[button.style], **spoken}


def _rows(buttons: list[Json]) -> list[Json]:
    """Rows of buttons; where there are very many, a menu of the last ones."""
    rows = [
        {"type": "actions", "elements": buttons[start : start + A_ROW]}
        for start in range(0, min(len(buttons), BUTTONS), A_ROW)
    ]
    rest = [each for each in buttons[BUTTONS:] if len(each["action_id"]) <= OPTION][:OPTIONS]
    if rest:
        options = [{"text": each["text"], "value": each["action_id"]} for each in rest]
        menu = {
            "type": "static_select",
            "action_id": MORE,
            "placeholder": _words("More …"),
            "options": options,
        }
        rows.append({"type": "actions", "elements": [menu]})
    return rows


def _words(text: str) -> Json:
    """Words without any markup; emoji names in them stay as they are written."""
    return {"type": "plain_text", "text": text, "emoji": False}


def _is_picture(content: bytes) -> bool:
    return media_type(content) in _PICTURES


def _filled(block: Json, wanted: Mapping[str, Attachment], kept: Mapping[str, Kept]) -> Json:
    attachment, file = wanted[block["name"]], kept.get(block["name"])
    if file is None:
        lost = (
            f"Figure: {attachment.alt}"
            if attachment.shown
            else f"{attachment.label}: it cannot be attached here"
        )
        return rich([of_spans((lost,))], LETTERS)
    if attachment.shown:
        return {"type": "image", "slack_file": {"id": file.id}, "alt_text": attachment.alt}
    link = {"type": "link", "url": file.link, "text": cut(one_line(attachment.label), OPTION)}
    return rich([of_elements([word("📎 "), link])], LETTERS)
