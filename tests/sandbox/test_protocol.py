"""The protocol: what is written can be read, and what is no line or request says so."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.protocol import (
    End,
    Event,
    Heartbeat,
    Outcome,
    OutputFile,
    OutputPicture,
    OutputText,
    RequestError,
    RunRequest,
    Start,
    Value,
    from_line,
    to_line,
)
from tests.sandbox.client import collect

VALUES = st.builds(Value, shown=st.text(), error=st.text())
EVENTS = st.one_of(
    st.builds(Start, run=st.text(), device=st.sampled_from(["cpu", "gpu"])),
    st.builds(OutputText, text=st.text()),
    st.builds(OutputPicture, name=st.text(), png=st.binary()),
    st.builds(OutputFile, name=st.text(), content=st.binary()),
    st.just(Heartbeat()),
    st.builds(
        End,
        outcome=st.sampled_from(Outcome),
        rc=st.integers(0, 255),
        note=st.text(),
        seconds=st.floats(0, 100),
        hidden=st.integers(0),
        peak_mb=st.none() | st.floats(0, 1e6),
        values=st.lists(VALUES).map(tuple),
    ),
)


@given(EVENTS)
def test_an_event_survives_its_line(event: Event) -> None:
    line = to_line(event)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert from_line(line) == event


@given(
    st.binary()
    | st.recursive(st.none() | st.text(), st.lists).map(lambda told: json.dumps(told).encode())
)
def test_what_is_no_line_of_a_worker_is_a_value_error(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        from_line(line)


@given(st.binary())
def test_a_body_is_a_request_or_says_what_to_change(body: bytes) -> None:
    with pytest.raises(RequestError, match=r"\.$"):
        RunRequest.from_body(body)


@given(
    st.builds(
        RunRequest,
        code=st.text(),
        probes=st.lists(st.text(max_size=20), max_size=5).map(tuple),
        seconds=st.none() | st.floats(0.001, 1e6),
        memory_mb=st.none() | st.integers(1, 10**6),
    )
)
def test_a_request_survives_its_body(request: RunRequest) -> None:
    assert RunRequest.from_body(request.body()) == request


@given(st.text(alphabet=st.characters()), st.lists(st.text()))
def test_code_reaches_its_child_whole_or_not_at_all(code: str, probes: list[str]) -> None:
    request = RunRequest(code, tuple(probes))
    message = request.for_child()
    assert RunRequest.from_worker(message) == request
    assert RunRequest.from_worker(b"") is None
    assert RunRequest.from_worker(message + b"x") is None
    if code:
        assert RunRequest.from_worker(message[:-1]) is None


def test_a_stream_without_its_end_is_lost() -> None:
    assert collect([Start("r", "cpu"), OutputText("a"), OutputText("b")]).outcome is Outcome.LOST
    whole = collect(
        [Start("r", "cpu"), OutputText("a"), OutputText("b"), End(Outcome.DONE, seconds=1.0)]
    )
    assert (whole.outcome, whole.output, whole.seconds) == (Outcome.DONE, "ab", 1.0)
