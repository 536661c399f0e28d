"""How much room each part of a message gets when together they are too long."""

from collections.abc import Sequence


def cap(lengths: Sequence[int], room: int) -> int | None:
    """The most that any part may have so that all fit: the longest give way first. None where all fit as they are."""
    if sum(lengths) <= room:
        return None
    most, spent, ordered = room, 0, sorted(lengths)
    for number, length in enumerate(ordered):
        most = max(0, room - spent) // (len(ordered) - number)
        if length > most:
            break
        spent += length
    return most
