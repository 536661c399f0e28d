"""Benchmarks: each module here measures one thing; `python -m tests.bench` lists them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and the bound it is held to: at most, or with `floor` at least."""

    figure: float
    bound: float
    floor: bool = False

    @property
    def holds(self) -> bool:
        return self.figure >= self.bound if self.floor else self.figure <= self.bound


@dataclass(frozen=True, slots=True)
class Findings:
    """What a benchmark measured, and what was asked of it; a goal has its figure's name."""

    figures: dict[str, float]
    goals: dict[str, Goal]
