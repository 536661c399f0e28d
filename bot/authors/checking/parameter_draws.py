"""Drawing a template's variants: which values its parameters take."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from bot.quiz.files.schema import RANGE

FEWEST, MOST = 50, 64
Drawn = dict[str, Any]


def values(given: Sequence[Any] | str) -> list[Any]:
    """A parameter's values: those listed, or every one of a range with its ends."""
    if not isinstance(given, str):
        return list(given)
    first, last, _, step = re.findall(RANGE, given)[0]
    return list(range(int(first), int(last) + 1, int(step or 1)))


def combinations(vary: Mapping[str, Sequence[Any] | str]) -> int:
    return prod(len(values(given)) for given in vary.values())


def drawn(name: str, vary: Mapping[str, Sequence[Any] | str]) -> tuple[Drawn, ...]:
    """All combinations where they are few, else as many as are kept; the first value of each list comes first."""
    wheels = {key: values(given) for key, given in vary.items()}
    total = prod(map(len, wheels.values()))
    return tuple(_combination(wheels, number) for number in _numbers(name, total))


def _numbers(name: str, total: int) -> list[int]:
    if total <= MOST:
        return list(range(total))
    numbers = [0]
    draw = 0
    while len(numbers) < MOST:
        number = int.from_bytes(hashlib.sha256(f"{name}:{draw}".encode()).digest()) % total
        draw += 1
        if number not in numbers:
            numbers.append(number)
    return numbers


def _combination(wheels: Mapping[str, Sequence[Any]], number: int) -> Drawn:
    chosen: Drawn = {}
    for name, wheel in wheels.items():
        number, place = divmod(number, len(wheel))
        chosen[name] = wheel[place]
    return chosen
