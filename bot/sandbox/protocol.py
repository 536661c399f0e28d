"""What goes to a worker and what comes back: a request as JSON, and a stream of lines, each one a JSON object.

Every stream begins with `start` and finishes with `end`. A stream without its `end` means that the worker died.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
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
            named = f" There is no {min(odd)[:40]!r}." if isinstance(found, dict) else ""
            raise RequestError(f"The body must be one object of {', '.join(cls.__slots__)}.{named}")
        return cls(
            code=_code(found.get("code")),
            probes=_probes(found.get("probes") or []),
            seconds=_amount("seconds", found.get("seconds")),
            memory_mb=_megabytes(found.get("memory_mb")),
            device=_device(found.get("device", "cpu")),
        )


def _code(value: Any) -> str:
    if not isinstance(value, str):
        raise RequestError("`code` must be a text: the snippet to run.")
    return value


def _probes(value: Any) -> tuple[str, ...]:
    if (
        not isinstance(value, list)
        or len(value) > MOST_PROBES
        or not all(isinstance(each, str) for each in value)
    ):
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


def _megabytes(value: Any) -> int | None:
    """Less than one is asked for as one: none at all would mean the worker's own limit."""
    amount = _amount("memory_mb", value)
    return None if amount is None else max(int(amount), 1)


def _device(value: Any) -> str:
    if not isinstance(value, str) or value not in DEVICES:
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
class OutputPicture:
    """A PNG that the worker itself encoded."""

    name: str
    png: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutputFile:
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


Event = Start | Out | OutputPicture | OutputFile | Heartbeat | End

_NAMES: dict[type[Any], str] = {
    Start: "start",
    Out: "out",
    OutputPicture: "picture",
    OutputFile: "file",
    Heartbeat: "hb",
    End: "end",
}


def to_line(event: Event) -> bytes:
    told = {
        name: b64encode(value).decode() if isinstance(value, bytes) else value
        for name, value in asdict(event).items()
    }
    return json.dumps({"t": _NAMES[type(event)], **told}).encode() + b"\n"


def from_line(line: bytes) -> Event:
    """The event in a line that a worker sent; a ValueError if it is none. Nothing in it is taken on trust."""
    try:
        told = json.loads(line)
        return _EVENTS[told["t"]](told)
    except (KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"no line of a worker: {line[:80]!r}") from error


def _end(told: dict[str, Any]) -> End:
    values = tuple(Value(_text(each["shown"]), _text(each["error"])) for each in told["values"])
    peak = told["peak_mb"]
    return End(
        outcome=Outcome(told["outcome"]),
        rc=_whole(told["rc"]),
        note=_text(told["note"]),
        seconds=float(told["seconds"]),
        hidden=_whole(told["hidden"]),
        device=_text(told["device"]),
        peak_mb=None if peak is None else float(peak),
        values=values,
    )


_EVENTS: dict[str, Callable[[dict[str, Any]], Event]] = {
    "start": lambda told: Start(_text(told["run"]), _text(told["device"])),
    "out": lambda told: Out(_text(told["text"])),
    "picture": lambda told: OutputPicture(_text(told["name"]), b64decode(told["png"])),
    "file": lambda told: OutputFile(_text(told["name"]), b64decode(told["content"])),
    "hb": lambda _: Heartbeat(),
    "end": _end,
}


def _text(value: Any) -> str:
    """Half of a pair of surrogates is no text: whoever wrote it out later would fail."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value.encode("utf-8", "replace").decode()


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run: what its stream told."""

    outcome: Outcome
    output: str = ""
    hidden: int = 0
    values: tuple[Value, ...] = ()
    pictures: tuple[OutputPicture, ...] = ()
    files: tuple[OutputFile, ...] = ()
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
        pictures=tuple(event for event in seen if isinstance(event, OutputPicture)),
        files=tuple(event for event in seen if isinstance(event, OutputFile)),
        seconds=end.seconds,
        device=end.device,
        peak_mb=end.peak_mb,
        note=end.note,
        rc=end.rc,
    )
