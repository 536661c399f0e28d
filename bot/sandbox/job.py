"""What goes to a worker and what comes back: a request as JSON, and a stream of lines, each one a JSON object.

Every stream begins with `start` and finishes with `end`. A stream without its `end` means that the worker died.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

HEARTBEAT = 2.0
"""Seconds of silence after which a worker says that it is still there."""
DEVICES = ("cpu", "gpu")
MOST_PROBES, LONGEST_PROBES, MOST = 100, 20_000, 1e9


class Outcome(StrEnum):
    """How a run ended. What the code does wrong is an outcome too."""

    DONE = "done"
    RAISED = "raised"
    TIME = "time"
    MEMORY = "memory"
    OUTPUT = "output"
    CRASHED = "crashed"
    KILLED = "killed"
    CANCELLED = "cancelled"
    LOST = "lost"


class RequestError(Exception):
    """A request that no worker can take; the text says what to change."""


class NoSandboxError(Exception):
    """Nothing can run here; the text says why and what to mend."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A snippet, expressions to evaluate after it, and limits that are lower than the worker's own."""

    code: str
    probes: tuple[str, ...] = ()
    seconds: float | None = None
    memory_mb: int | None = None
    device: str = "cpu"

    def body(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_body(cls, body: bytes) -> "RunRequest":
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            raise RequestError("The body must be JSON, in UTF-8.") from None
        if not isinstance(found, dict) or (odd := set(found) - set(cls.__slots__)):
            named = f" There is no {min(odd)!r}." if isinstance(found, dict) else ""
            raise RequestError(f"The body must be one object of {', '.join(cls.__slots__)}.{named}")
        return cls(
            code=_code(found.get("code")),
            probes=_probes(found.get("probes") or []),
            seconds=_amount("seconds", found.get("seconds")),
            memory_mb=int(_amount("memory_mb", found.get("memory_mb")) or 0) or None,
            device=_device(found.get("device", "cpu")),
        )


def _code(value: Any) -> str:
    if not isinstance(value, str):
        raise RequestError("`code` must be a text: the snippet to run.")
    return value


def _probes(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_PROBES or not all(isinstance(each, str) for each in value):
        raise RequestError("`probes` must be a list of at most 100 expressions.")
    if sum(map(len, value)) > LONGEST_PROBES:
        raise RequestError("`probes` may have at most 20,000 characters together.")
    return tuple(value)


def _amount(name: str, value: Any) -> float | None:
    if value is None:
        return None
    if type(value) not in {int, float} or not 0 < value <= MOST:
        raise RequestError(f"`{name}` must be a number above 0.")
    return float(value)


def _device(value: Any) -> str:
    if value not in DEVICES:
        raise RequestError("`device` must be 'cpu' or 'gpu'.")
    return str(value)


# What comes back


@dataclass(frozen=True, slots=True)
class Start:
    """The code was handed over."""

    run: str
    device: str


@dataclass(frozen=True, slots=True)
class Out:
    """Output as it comes, standard output and errors in their order."""

    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that the worker itself encoded."""

    name: str
    png: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the snippet left in /tmp/out, or output too long to show. Its content is the snippet's."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The worker is there, the run goes on in silence."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a probe gave: how it is shown, or its error."""

    shown: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """How it went. `rc` is what the keeper saw; `hidden` counts the lines that were not shown."""

    outcome: Outcome
    rc: int = 0
    note: str = ""
    seconds: float = 0.0
    hidden: int = 0
    device: str = "cpu"
    peak_mb: float | None = None
    values: tuple[Value, ...] = ()


Event = Start | Out | Picture | Attachment | Heartbeat | End

_NAMES: dict[type[Any], str] = {
    Start: "start",
    Out: "out",
    Picture: "picture",
    Attachment: "file",
    Heartbeat: "hb",
    End: "end",
}
_KINDS = {name: kind for kind, name in _NAMES.items()}


def to_line(event: Event) -> bytes:
    told = {
        name: b64encode(value).decode() if isinstance(value, bytes) else value for name, value in asdict(event).items()
    }
    return json.dumps({"t": _NAMES[type(event)], **told}).encode() + b"\n"


def from_line(line: bytes) -> Event:
    """The event in a line that a worker sent; a ValueError if it is none."""
    try:
        told = json.loads(line)
        kind = _KINDS[told.pop("t")]
        return _event(kind, told)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no line of a worker: {line[:80]!r}") from error


def _event(kind: type[Any], told: dict[str, Any]) -> Event:
    if kind is Picture:
        return Picture(told["name"], b64decode(told["png"]))
    if kind is Attachment:
        return Attachment(told["name"], b64decode(told["content"]))
    if kind is End:
        values = tuple(Value(**each) for each in told.pop("values"))
        return End(outcome=Outcome(told.pop("outcome")), values=values, **told)
    event: Event = kind(**told)
    return event


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run: what its stream told."""

    outcome: Outcome
    output: str = ""
    hidden: int = 0
    values: tuple[Value, ...] = ()
    pictures: tuple[Picture, ...] = ()
    files: tuple[Attachment, ...] = ()
    seconds: float = 0.0
    device: str = "cpu"
    peak_mb: float | None = None
    note: str = ""
    rc: int = 0


def gathered(events: Iterable[Event]) -> RunResult:
    """The result of a stream; one that has no `end` is lost."""
    seen = list(events)
    end = next((event for event in seen if isinstance(event, End)), End(Outcome.LOST))
    return RunResult(
        outcome=end.outcome,
        output="".join(event.text for event in seen if isinstance(event, Out)),
        hidden=end.hidden,
        values=end.values,
        pictures=tuple(event for event in seen if isinstance(event, Picture)),
        files=tuple(event for event in seen if isinstance(event, Attachment)),
        seconds=end.seconds,
        device=end.device,
        peak_mb=end.peak_mb,
        note=end.note,
        rc=end.rc,
    )
