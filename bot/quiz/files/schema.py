"""Fields of question and pack files."""

import ast
import re
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bot.quiz.files.invisible_characters import is_visible
from bot.quiz.questions import Kind, Level

NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
TIME = r"^[0-9]{1,2}:[0-5][0-9]$"
RANGE = r"^(-?[0-9]{1,6})\.\.(-?[0-9]{1,6})( step ([1-9][0-9]{0,5}))?$"
FIGURE = r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\.png$"
PLACEHOLDER = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)
MOST_QUESTIONS = 1000  # in one pack
LONGEST_PACK = 240  # in minutes
# Line breaks, tabs, and what joins an emoji or chooses its variant.
ALLOWED = frozenset("\n\t\u200d\ufe0e\ufe0f")


def only_visible(text: str) -> str:
    for character in text:
        if character not in ALLOWED and not is_visible(character):
            raise ValueError(f"the invisible character U+{ord(character):04X}")
    return text


def snippet(text: str) -> str:
    code = text.replace("\r\n", "\n").strip("\n").rstrip()
    if not code:
        raise ValueError("nothing but white space")
    return only_visible(code)


def expression(text: str) -> str:
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError("no Python expression") from error
    return text


def placeholders(text: str) -> list[str]:
    return [found.strip() for found in PLACEHOLDER.findall(text)]


def _block(longest: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=longest)


def _optional(description: str) -> Any:
    return Field(None, description=description)


def _line(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


Visible = AfterValidator(only_visible)
Name = Annotated[str, StringConstraints(pattern=NAME, max_length=48)]
Icon = Annotated[str, _line(16), Visible]
Label = Annotated[str, _line(100), Visible]
Line = Annotated[str, _line(300), Visible]
Words = Annotated[str, _line(1600), Visible]
Snippet = Annotated[str, _block(2400), AfterValidator(snippet)]
Proof = Annotated[str, _block(8000), AfterValidator(snippet)]
Expression = Annotated[str, _line(300), Visible, AfterValidator(expression)]
Scalar = bool | int | float | Label
Values = Annotated[list[Scalar], Field(min_length=1, max_length=200)]
Range = Annotated[str, StringConstraints(pattern=RANGE)]
Parameter = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=30)]


class Sheet(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


AnySheet = TypeVar("AnySheet", bound=Sheet)


class PackSheet(Sheet):
    """A pack of challenges: the file pack.toml."""

    title: Label
    summary: Line
    badge: Label
    icon: Icon
    minutes: Annotated[int, Field(ge=1, le=LONGEST_PACK)]
    order: Annotated[
        list[Name],
        Field(
            min_length=1, max_length=MOST_QUESTIONS, description="Each question's file name, once."
        ),
    ]


class FigureSheet(Sheet):
    file: Annotated[str, StringConstraints(pattern=FIGURE, max_length=120)]
    alt: Words


class NumberSheet(Sheet):
    value: int | float | Expression
    within: Annotated[int | float, Field(ge=0)] = 0


class OptionSheet(Sheet):
    text: Line | None = _optional("What the option says.")
    value: Expression | None = _optional(
        "In place of `text`: computed from the names that the code leaves."
    )
    right: bool = False
    why_not: Line | None = _optional("For a wrong option: why it is not the key.")
    misconception: Label | None = _optional("The name of the error that leads here.")
    holds: Expression | None = _optional(
        "True under the names that the proof leaves exactly when the option is right."
    )


class QuestionSheet(Sheet):
    """One question: a file beside pack.toml."""

    title: Label
    kind: Kind = Field(strict=False)
    level: Level = Field(strict=False)
    time: Annotated[str, StringConstraints(pattern=TIME)]
    tries: int | None = Field(None, ge=1, le=5)
    prompt: Words
    code: Snippet | None = None
    raises: Line | None = _optional("The error that the code stops with on purpose.")
    figure: FigureSheet | None = None
    hints: Annotated[list[Line], Field(max_length=5)] = []
    explanation: Words
    concept: Line
    options: Annotated[list[OptionSheet] | None, Field(min_length=2, max_length=6)] = None
    truth: bool | None = None
    why_not: Line | None = _optional("With `truth`: why the other answer is wrong.")
    number: NumberSheet | None = None
    phrases: Annotated[list[Label] | None, Field(min_length=1, max_length=20)] = None
    holds: Expression | None = _optional(
        "The key of a question without options, from the proof's names."
    )
    proof: Proof | None = None
    vary: Annotated[dict[Parameter, Values | Range] | None, Field(min_length=1, max_length=8)] = (
        None
    )

    @property
    def seconds(self) -> int:
        minutes, seconds = self.time.split(":")
        return int(minutes) * 60 + int(seconds)

    @property
    def computed_number(self) -> str | None:
        value = self.number.value if self.number else None
        return value if isinstance(value, str) else None

    def expressions(self) -> tuple[str, ...]:
        # The columns of computed.json.
        values = [option.value for option in self.options or () if option.value is not None]
        if self.computed_number is not None:
            values.append(self.computed_number)
        if not values and not self.vary:
            return ()
        found = list(self.vary or ())
        for text in self.texts():
            found += placeholders(text)
        return tuple(dict.fromkeys([*found, *values]))

    def texts(self) -> Iterator[str]:
        # Where a template's `{{…}}` may stand.
        yield from (self.prompt, self.explanation, self.concept, self.why_not or "", *self.hints)
        if self.vary:
            yield self.code or ""
            yield self.proof or ""
        for option in self.options or ():
            yield option.text or ""
            yield option.why_not or ""
