"""A run of code, from its booking to its end."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.identity import MessageRef, Place
from bot.sandbox.bot.queue import Restarted, RunUpdate, Waiting
from bot.sandbox.protocol import End, OutputFile, OutputPicture, OutputText, Start


@dataclass(frozen=True, slots=True)
class RunRules:
    at_once: int = 1
    an_hour: int = 30
    keep: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class WantedRun:
    act: str
    place: Place
    code: str
    at: datetime
    device: str = "cpu"
    title: str = ""
    private: bool = False
    source: MessageRef | None = None  # the message that holds the code, where it is no command


@dataclass(frozen=True, slots=True)
class Run:
    id: int
    run: str  # its name at the workers, whichever bot sends it
    player_id: int
    place: Place
    title: str
    code: str
    device: str
    private: bool
    message: MessageRef | None
    booked_at: datetime
    outcome: str | None
    note: str
    output: str
    hidden: int
    seconds: float

    @property
    def is_active(self) -> bool:
        return self.outcome is None


@dataclass(frozen=True, slots=True)
class WaitingRun:
    run: str
    person: str
    community: str


@dataclass(frozen=True, slots=True)
class RunProgress:
    place: int = 0
    waited: float = 0.0
    started: bool = False
    restarted: bool = False
    output: str = ""
    pictures: tuple[OutputPicture, ...] = ()
    files: tuple[OutputFile, ...] = ()
    end: End | None = None

    def with_update(self, sign: RunUpdate) -> "RunProgress":  # noqa: PLR0911 (one for each kind)
        match sign:
            case Waiting(place=place, seconds=waited):
                return replace(self, place=place, waited=waited)
            case Restarted():
                return RunProgress(waited=self.waited, restarted=True)
            case Start():
                return replace(self, started=True)
            case OutputText(text=text):
                return replace(self, output=self.output + text)
            case OutputPicture():
                return replace(self, pictures=(*self.pictures, sign))
            case OutputFile():
                return replace(self, files=(*self.files, sign))
            case End():
                return replace(self, end=sign)
            case _:
                return self
