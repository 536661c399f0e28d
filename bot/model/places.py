"""A place and how questions are asked there."""

from dataclasses import dataclass
from typing import Literal

from bot.identity import Place

AnswerStyle = Literal["buttons", "reactions"]


@dataclass(frozen=True, slots=True)
class PlaceSettings:
    id: int
    place: Place
    zone: str | None
    speed: bool
    answers: AnswerStyle
    paused: bool = False
    admins: str = ""
