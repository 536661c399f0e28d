"""What is sent to a worker and what comes back."""

# A stream begins with `start` and finishes with `end`. One without `end` means the worker died.

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

HEARTBEAT = 2.0  # Seconds of silence after which a worker sends a heartbeat
DEVICES = ("cpu", "gpu")
MAX_PROBES = 100
MAX_PROBES_LENGTH = 20_000
MAX_NUMBER = 1e9


class Outcome(StrEnum):
    # How a run ended. What the code does wrong is an outcome too.
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
    # Says what to change in a request that no worker can take.
    pass


class NoSandboxError(Exception):
    # Says why nothing can run here, and what to do about it.
    pass


@dataclass(frozen=True, slots=True)
class RunRequest:
    # A snippet, expressions to evaluate after it, and limits lower than the worker's own.
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
            values = json.loads(body)
        except (ValueError, RecursionError):
            raise RequestError("The body must be JSON, in UTF-8.") from None
        if not isinstance(values, dict) or (unknown := set(values) - set(cls.__slots__)):
            named = f" There is no {min(unknown)[:40]!r}." if isinstance(values, dict) else ""
            raise RequestError(f"The body must be one object of {', '.join(cls.__slots__)}.{named}")
        return cls(
            code=_code(values.get("code")),
            probes=_probes(values.get("probes") or []),
            seconds=_number("seconds", values.get("seconds")),
            memory_mb=_megabytes(values.get("memory_mb")),
            device=_device(values.get("device", "cpu")),
        )


def _code(value: Any) -> str:
    if not isinstance(value, str):
        raise RequestError("`code` must be a text: the snippet to run.")
    return value


def _probes(value: Any) -> tuple[str, ...]:
    is_list = isinstance(value, list) and len(value) <= MAX_PROBES
    if not is_list or not all(isinstance(probe, str) for probe in value):
        raise RequestError("`probes` must be a list of at most 100 expressions.")
    if sum(map(len, value)) > MAX_PROBES_LENGTH:
        raise RequestError("`probes` may have at most 20,000 characters together.")
    return tuple(value)


def _number(name: str, value: Any) -> float | None:
    if value is None:
        return None
    if type(value) not in {int, float} or not 0 < value <= MAX_NUMBER:
        raise RequestError(f"`{name}` must be a number above 0.")
    return float(value)


def _megabytes(value: Any) -> int | None:
    number = _number("memory_mb", value)
    return None if number is None else max(int(number), 1)  # 0 means the worker's own limit


def _device(value: Any) -> str:
    if not isinstance(value, str) or value not in DEVICES:
        raise RequestError("`device` must be 'cpu' or 'gpu'.")
    return value


# What comes back


@dataclass(frozen=True, slots=True)
class Start:
    run: str
    device: str


@dataclass(frozen=True, slots=True)
class OutputText:
    # Output as it comes, standard output and errors in their order.
    text: str


@dataclass(frozen=True, slots=True)
class OutputPicture:
    # Its PNG was encoded by the worker.
    name: str
    png: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutputFile:
    # A file that the snippet left in /tmp/out, or output too long to show. Not to be trusted.
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    pass


@dataclass(frozen=True, slots=True)
class Value:
    shown: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """`rc` is the exit status, `hidden` the number of lines not shown."""

    outcome: Outcome
    rc: int = 0
    note: str = ""
    seconds: float = 0.0
    hidden: int = 0
    device: str = "cpu"
    peak_mb: float | None = None
    values: tuple[Value, ...] = ()


Event = Start | OutputText | OutputPicture | OutputFile | Heartbeat | End

_TAGS: dict[type[Any], str] = {
    Start: "start",
    OutputText: "out",
    OutputPicture: "picture",
    OutputFile: "file",
    Heartbeat: "hb",
    End: "end",
}


def to_line(event: Event) -> bytes:
    payload = {
        name: b64encode(value).decode() if isinstance(value, bytes) else value
        for name, value in asdict(event).items()
    }
    return json.dumps({"t": _TAGS[type(event)], **payload}).encode() + b"\n"


def from_line(line: bytes) -> Event:
    """Raises ValueError for what is no event: no worker is trusted."""
    try:
        payload = json.loads(line)
        return _PARSERS[payload["t"]](payload)
    except (KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"no line of a worker: {line[:80]!r}") from error


def _end(payload: dict[str, Any]) -> End:
    values = payload["values"]
    peak = payload["peak_mb"]
    return End(
        outcome=Outcome(payload["outcome"]),
        rc=_whole(payload["rc"]),
        note=_text(payload["note"]),
        seconds=float(payload["seconds"]),
        hidden=_whole(payload["hidden"]),
        device=_text(payload["device"]),
        peak_mb=None if peak is None else float(peak),
        values=tuple(Value(_text(value["shown"]), _text(value["error"])) for value in values),
    )


_PARSERS: dict[str, Callable[[dict[str, Any]], Event]] = {
    "start": lambda payload: Start(_text(payload["run"]), _text(payload["device"])),
    "out": lambda payload: OutputText(_text(payload["text"])),
    "picture": lambda payload: OutputPicture(_text(payload["name"]), b64decode(payload["png"])),
    "file": lambda payload: OutputFile(_text(payload["name"]), b64decode(payload["content"])),
    "hb": lambda _: Heartbeat(),
    "end": _end,
}


def _text(value: Any) -> str:
    # Replaces lone surrogates, which nobody could write out later.
    if not isinstance(value, str):
        raise TypeError(value)
    return value.encode("utf-8", "replace").decode()


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value
