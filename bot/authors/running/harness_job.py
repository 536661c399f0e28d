"""Jobs for the harness, and what it observes."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

HARNESS = Path(__file__).with_name("harness.py")
PROGRAM = """
{harness}
with open({answers!r}, "w", encoding="utf-8") as file:
    for line in answer_lines(json.loads({job!r})):
        file.write(line)
        file.flush()
"""


@dataclass(frozen=True, slots=True)
class HarnessJob:
    code: str
    expressions: tuple[str, ...] = ()
    parameter_sets: tuple[dict[str, Any], ...] = ({},)
    unseeded: int = 0  # how many of the last runs draw other random numbers each time

    def program(self, answers: str) -> str:
        harness = HARNESS.read_text(encoding="utf-8")
        return PROGRAM.format(harness=harness, answers=answers, job=json.dumps(asdict(self)))


# Runs a job in so many seconds and returns the lines it wrote; raises TimeoutError.
RunJob = Callable[[HarnessJob, float], Awaitable[str]]


class _Observation(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RaisedError(_Observation):
    message: str
    line: int
    source: str


class ComputedValue(_Observation):
    shown: str = ""
    error: str = ""
    depends_on: list[str] = []


class ObservedRun(_Observation):
    printed: str
    error: RaisedError | None
    assertions: int  # how many held
    overwritten: list[str]  # parameters that the code set to something else
    values: list[ComputedValue]
    figures: list[str]  # PNG in base64


OBSERVED_RUNS = TypeAdapter(list[ObservedRun])
