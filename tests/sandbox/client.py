"""A plain client for a worker's socket, so that tests speak HTTP as anybody would."""

import http.client
import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sandbox.protocol import (
    End,
    Event,
    Outcome,
    OutputFile,
    OutputPicture,
    OutputText,
    RunRequest,
    Value,
    from_line,
)

PATIENCE = 60.0


class _Connection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("worker", timeout=PATIENCE)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run: all that its stream held."""

    outcome: Outcome
    output: str
    hidden: int
    values: tuple[Value, ...]
    pictures: tuple[OutputPicture, ...]
    files: tuple[OutputFile, ...]
    seconds: float
    device: str
    peak_mb: float | None
    note: str
    rc: int


def collect(stream: Iterable[Event]) -> RunResult:
    """The result of a stream; one that has no `end` is lost."""
    events = list(stream)
    end = next((event for event in events if isinstance(event, End)), End(Outcome.LOST))
    return RunResult(
        outcome=end.outcome,
        output="".join(event.text for event in events if isinstance(event, OutputText)),
        hidden=end.hidden,
        values=end.values,
        pictures=tuple(event for event in events if isinstance(event, OutputPicture)),
        files=tuple(event for event in events if isinstance(event, OutputFile)),
        seconds=end.seconds,
        device=end.device,
        peak_mb=end.peak_mb,
        note=end.note,
        rc=end.rc,
    )


@dataclass(frozen=True, slots=True)
class Client:
    """Talks to the worker at `path`."""

    path: Path

    def run(self, code: str, **asked: Any) -> RunResult:
        with self.streaming(RunRequest(code, **asked)) as events:
            return collect(events)

    @contextmanager
    def streaming(self, request: RunRequest, **headers: str) -> Iterator[Iterator[Event]]:
        """The events of one run, as they come; leaving early hangs up."""
        connection = _Connection(self.path)
        try:
            connection.request("POST", "/v1/runs", request.body(), headers)
            response = connection.getresponse()
            if response.status != 200:
                raise Refused(response.status, json.loads(response.read())["error"])
            yield (from_line(line) for line in response)
        finally:
            connection.close()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        connection = _Connection(self.path)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return Answer(response.status, response.read().decode())
        finally:
            connection.close()

    def raw(self, sent: bytes, *, closing: bool = False) -> bytes:
        """Whatever comes back for bytes that need be no HTTP at all."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(10)
            line.connect(str(self.path))
            line.sendall(sent)
            if closing:
                line.shutdown(socket.SHUT_WR)
            found = b""
            while chunk := line.recv(65536):
                found += chunk
                if b"}" in found:
                    break
            return found


class Refused(Exception):  # noqa: N818 (an answer, not a failure)
    """The worker took no run."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(f"{status}: {sentence}")
        self.status, self.sentence = status, sentence
