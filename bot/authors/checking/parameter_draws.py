"""Draws the parameters of a template."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from bot.quiz.files.schema import RANGE

FEWEST = 50
MOST = 64
Parameters = dict[str, Any]
# Each parameter with a list of values, or a range such as "2..9".
Vary = Mapping[str, Sequence[Any] | str]


def values(given: Sequence[Any] | str) -> list[Any]:
    if not isinstance(given, str):
        return list(given)
    first, last, _, step = re.findall(RANGE, given)[0]
    return list(range(int(first), int(last) + 1, int(step or 1)))


def combinations(vary: Vary) -> int:
    return prod(len(values(given)) for given in vary.values())


def draw_parameters(seed: str, vary: Vary) -> tuple[Parameters, ...]:
    choices = {name: values(given) for name, given in vary.items()}
    return tuple(_combination(choices, number) for number in _numbers(seed, combinations(vary)))


def _numbers(seed: str, total: int) -> list[int]:
    if total <= MOST:
        return list(range(total))
    numbers = [0]  # the combination of the first values is always among them
    draw = 0
    while len(numbers) < MOST:
        number = int.from_bytes(hashlib.sha256(f"{seed}:{draw}".encode()).digest()) % total
        draw += 1
        if number not in numbers:
            numbers.append(number)
    return numbers


def _combination(choices: Mapping[str, Sequence[Any]], number: int) -> Parameters:
    chosen: Parameters = {}
    for name, options in choices.items():
        number, place = divmod(number, len(options))
        chosen[name] = options[place]
    return chosen
