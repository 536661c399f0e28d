"""The shuffle bag of a place: no question comes again before all that fit have come.

Its order is dealt anew for each lap. Schedules take from its top and whoever asks on the spot from its bottom, so what
was shown beforehand comes true, unless people ask for so much that the bag runs out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Literal

End = Literal["top", "bottom"]


@dataclass(frozen=True, slots=True)
class ShuffleBag:
    """`drawn` are the questions that are out of it, the oldest first; `lap` is the seed of its order."""

    lap: int
    drawn: tuple[str, ...] = ()

    def draw(
        self, fitting: Sequence[str], kept: Collection[str] = (), end: End = "top"
    ) -> tuple[str, "ShuffleBag"]:
        """A question that fits, and the bag without it. What is kept for a day of its own comes only where nothing else is left."""
        bag, left = self, [name for name in fitting if name not in self.drawn]
        if not left:
            bag, left = self._filled(fitting), self._all_but_newest(fitting)
        free = [name for name in left if name not in kept] or left
        chosen = min(free, key=bag._place) if end == "top" else max(free, key=bag._place)  # noqa: SLF001 (another bag)
        return chosen, bag.without(chosen)

    def without(self, name: str) -> "ShuffleBag":
        """As after a question that was asked, drawn or not."""
        return replace(self, drawn=(*(each for each in self.drawn if each != name), name))

    def _filled(self, fitting: Collection[str]) -> "ShuffleBag":
        """What fits goes back in, and the order is dealt anew."""
        return ShuffleBag(self.lap + 1, tuple(name for name in self.drawn if name not in fitting))

    def _all_but_newest(self, fitting: Sequence[str]) -> list[str]:
        """The last of one lap does not begin the next."""
        newest = next(name for name in reversed(self.drawn) if name in fitting)
        return [name for name in fitting if name != newest] or list(fitting)

    def _place(self, name: str) -> bytes:
        return blake2b(f"{self.lap}:{name}".encode(), digest_size=8).digest()
