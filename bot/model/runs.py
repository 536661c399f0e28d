"""What there is to tell of runs: how one stands, and how it ended."""

from dataclasses import dataclass, replace

from bot.sandbox.bot.queue import Restarted, Sign, Waiting
from bot.sandbox.protocol import Attachment, End, Out, Picture, Start


@dataclass(frozen=True, slots=True)
class Progress:
    """A run as far as it has come."""

    place: int = 0
    waited: float = 0.0
    started: bool = False
    restarted: bool = False
    output: str = ""
    pictures: tuple[Picture, ...] = ()
    files: tuple[Attachment, ...] = ()
    end: End | None = None

    def after(self, sign: Sign) -> "Progress":  # noqa: PLR0911 (one line for each kind of sign)
        match sign:
            case Waiting(place=place, seconds=waited):
                return replace(self, place=place, waited=waited)
            case Restarted():
                return Progress(waited=self.waited, restarted=True)
            case Start():
                return replace(self, started=True)
            case Out(text=text):
                return replace(self, output=self.output + text)
            case Picture():
                return replace(self, pictures=(*self.pictures, sign))
            case Attachment():
                return replace(self, files=(*self.files, sign))
            case End():
                return replace(self, end=sign)
            case _:
                return self
