"""What is sent to a worker and what comes back."""

# A stream begins with `start` and finishes with `end`. One without `end` means the worker died.

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
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
        code = values.get("code")
        if not isinstance(code, str):
            raise RequestError("`code` must be a text: the snippet to run.")
        probes = _probes(values.get("probes") or [])
        seconds = _number("seconds", values.get("seconds"))
        megabytes = _number("memory_mb", values.get("memory_mb"))
        # 0 would mean the worker's own limit.
        memory_mb = None if megabytes is None else max(int(megabytes), 1)
        device = values.get("device", "cpu")
        if device not in DEVICES:
            raise RequestError("`device` must be 'cpu' or 'gpu'.")
        return cls(code, probes, seconds, memory_mb, device)

    def for_child(self) -> bytes:
        code = self.code.encode("utf-8", "surrogatepass")
        return json.dumps({"probes": self.probes, "size": len(code)}).encode() + b"\n" + code

    @classmethod
    def from_worker(cls, message: bytes) -> "RunRequest | None":
        # None if the worker died while it was writing.
        head, _, code = message.partition(b"\n")
        if not head or len(code) != (header := json.loads(head))["size"]:
            return None
        return cls(code.decode("utf-8", "surrogatepass"), tuple(header["probes"]))


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
_KINDS = {tag: kind for kind, tag in _TAGS.items()}


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
        event: Event = _read(_KINDS[payload["t"]], payload)
    except (KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"no line of a worker: {line[:80]!r}") from error
    return event


def _read(kind: type[Any], payload: dict[str, Any]) -> Any:
    return kind(**{field.name: _READERS[field.type](payload[field.name]) for field in fields(kind)})


def _text(value: Any) -> str:
    # Replaces lone surrogates, which nobody could write out later.
    if not isinstance(value, str):
        raise TypeError(value)
    return value.encode("utf-8", "replace").decode()


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value


_READERS: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    int: _whole,
    float: float,
    float | None: lambda value: None if value is None else float(value),
    bytes: b64decode,
    Outcome: Outcome,
    tuple[Value, ...]: lambda values: tuple(_read(Value, value) for value in values),
}
