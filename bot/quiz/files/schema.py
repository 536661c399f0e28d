"""The form of a question file and of a pack file, field by field. The JSON Schema for editors is made from these types."""

import ast
import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bot.quiz.files.invisible_characters import is_seen
from bot.quiz.questions import Kind, Level

NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
TIME = r"^[0-9]{1,2}:[0-5][0-9]$"
RANGE = r"^(-?[0-9]{1,6})\.\.(-?[0-9]{1,6})( step ([1-9][0-9]{0,5}))?$"
FIGURE = r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\.png$"
MOST_QUESTIONS = 1000
"""In one pack."""
LONGEST_PACK = 240
"""In minutes."""
SPOKEN = frozenset("\n\t\u200d\ufe0e\ufe0f")
"""Characters without a glyph that may stand: line breaks, tabs, and what joins an emoji or says how it is drawn."""


def visible(text: str) -> str:
    """The text, if every character of it can be seen."""
    for character in text:
        if character not in SPOKEN and not is_seen(character):
            raise ValueError(f"the invisible character U+{ord(character):04X}")
    return text


def snippet(text: str) -> str:
    """Code without the empty lines around it."""
    kept = text.replace("\r\n", "\n").strip("\n").rstrip()
    if not kept:
        raise ValueError("nothing but white space")
    return visible(kept)


def expression(text: str) -> str:
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError("no Python expression") from error
    return text


def line(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


Name = Annotated[str, StringConstraints(pattern=NAME, max_length=48)]
Icon = Annotated[str, line(16), AfterValidator(visible)]
Label = Annotated[str, line(100), AfterValidator(visible)]
Line = Annotated[str, line(300), AfterValidator(visible)]
Words = Annotated[str, line(1600), AfterValidator(visible)]
Snippet = Annotated[str, StringConstraints(min_length=1, max_length=2400), AfterValidator(snippet)]
Proof = Annotated[str, StringConstraints(min_length=1, max_length=8000), AfterValidator(snippet)]
Expression = Annotated[str, line(300), AfterValidator(visible), AfterValidator(expression)]
Scalar = bool | int | float | Label
Values = Annotated[list[Scalar], Field(min_length=1, max_length=200)]
Range = Annotated[str, StringConstraints(pattern=RANGE)]
Parameter = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=30)]


class Sheet(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


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
    text: Annotated[Line | None, Field(description="What the option says.")] = None
    value: Annotated[
        Expression | None,
        Field(description="In place of `text`: computed from the names that the code leaves."),
    ] = None
    right: bool = False
    why_not: Annotated[
        Line | None, Field(description="For a wrong option: why it is not the key.")
    ] = None
    misconception: Annotated[
        Label | None, Field(description="The name of the error that leads here.")
    ] = None
    holds: Annotated[
        Expression | None,
        Field(
            description="True under the names that the proof leaves exactly when the option is right."
        ),
    ] = None


class QuestionSheet(Sheet):
    """One question: a file beside pack.toml."""

    title: Label
    kind: Annotated[Kind, Field(strict=False)]
    level: Annotated[Level, Field(strict=False)]
    time: Annotated[str, StringConstraints(pattern=TIME)]
    tries: Annotated[int | None, Field(ge=1, le=5)] = None
    prompt: Words
    code: Snippet | None = None
    raises: Annotated[
        Line | None, Field(description="The error that the code stops with on purpose.")
    ] = None
    figure: FigureSheet | None = None
    hints: Annotated[list[Line], Field(max_length=5)] = []
    explanation: Words
    concept: Line
    options: Annotated[list[OptionSheet] | None, Field(min_length=2, max_length=6)] = None
    truth: bool | None = None
    why_not: Annotated[
        Line | None, Field(description="With `truth`: why the other answer is wrong.")
    ] = None
    number: NumberSheet | None = None
    phrases: Annotated[list[Label] | None, Field(min_length=1, max_length=20)] = None
    holds: Annotated[
        Expression | None,
        Field(description="The key of a question without options, from the proof's names."),
    ] = None
    proof: Proof | None = None
    vary: Annotated[dict[Parameter, Values | Range] | None, Field(min_length=1, max_length=8)] = (
        None
    )

    @property
    def seconds(self) -> int:
        minutes, seconds = self.time.split(":")
        return int(minutes) * 60 + int(seconds)

    def expressions(self) -> tuple[str, ...]:
        """What has to be computed to ask this question, in the order it is met; nothing for a plain one."""
        values = [option.value for option in self.options or () if option.value is not None]
        if self.number and isinstance(self.number.value, str):
            values.append(self.number.value)
        if not (values or self.vary):
            return ()
        names = self.vary or {}
        return tuple(
            dict.fromkeys(
                [*names, *(found for text in self.texts() for found in fields(text)), *values]
            )
        )

    def texts(self) -> Iterable[str]:
        """Every text in which a template's `{{…}}` may stand."""
        yield from (self.prompt, self.explanation, self.concept, self.why_not or "", *self.hints)
        yield from (text for text in (self.code, self.proof) if text and self.vary)
        yield from (
            text for option in self.options or () for text in (option.text, option.why_not) if text
        )


FIELD = re.compile(r"\{\{(.+?)\}\}", re.DOTALL)


def fields(text: str) -> list[str]:
    """The expressions between double braces."""
    return [found.strip() for found in FIELD.findall(text)]
