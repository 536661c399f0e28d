"""Questions and their keys."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import TypeAdapter


class Kind(StrEnum):
    CONCEPTUAL = "conceptual"
    PREDICT_OUTPUT = "predict-output"
    MODEL_CHOICE = "model-choice"
    HYPERPARAMETER = "hyperparameter"
    METRICS = "metrics"
    DEBUG = "debug"


class Level(StrEnum):
    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"
    EXPERT = "expert"


@dataclass(frozen=True, slots=True)
class Option:
    letter: str
    text: str
    right: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    options: tuple[Option, ...]
    several: bool = False  # every right option is to be chosen, and no other

    @property
    def right(self) -> frozenset[str]:
        return frozenset(option.letter for option in self.options if option.right)


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    within: float = 0.0  # an absolute tolerance


@dataclass(frozen=True, slots=True)
class Phrase:
    accept: tuple[str, ...]  # the first wording is the one that is shown


Key = Choices | Number | Phrase


@dataclass(frozen=True, slots=True)
class Figure:
    file: str  # the picture's path inside the pack's folder
    alt: str


@dataclass(frozen=True, slots=True)
class Question:
    id: str  # `pack/name`
    pack: str
    kind: Kind
    level: Level
    seconds: int
    tries: int
    title: str
    prompt: str
    code: str
    figure: Figure | None
    hints: tuple[str, ...]
    explanation: str
    concept: str
    key: Key
    proof: str  # a snippet that shows why the key is right and ends in assertions, or an empty text
    digest: str  # changes with every change of the question


@dataclass(frozen=True, slots=True)
class Pack:
    name: str
    title: str
    summary: str
    badge: str
    icon: str
    minutes: int
    questions: tuple[Question, ...]  # in the order they are asked


@cache
def _adapter() -> TypeAdapter[Question]:
    return TypeAdapter(Question)


def to_json(question: Question) -> Any:
    return _adapter().dump_python(question, mode="json")


def from_json(values: Any) -> Question:
    return _adapter().validate_python(values)
