"""A shuffle bag: no question comes again before all have come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Literal

End = Literal["top", "bottom"]


@dataclass(frozen=True, slots=True)
class ShuffleBag:
    seed: int  # It changes whenever the bag is filled again.
    drawn: tuple[str, ...] = ()  # the oldest first

    def draw(
        self, fitting: Sequence[str], avoided: Collection[str] = (), end: End = "top"
    ) -> tuple[str, "ShuffleBag"]:
        """Draws an avoided question only if there is no other."""
        bag = self
        left = [name for name in fitting if name not in self.drawn]
        if not left:
            bag = self._filled(fitting)
            left = self._all_but_newest(fitting)
        free = [name for name in left if name not in avoided] or left
        pick = min if end == "top" else max
        chosen = pick(free, key=bag.position)
        return chosen, bag.without(chosen)

    def without(self, name: str) -> "ShuffleBag":
        others = (each for each in self.drawn if each != name)
        return replace(self, drawn=(*others, name))

    def position(self, name: str) -> bytes:
        return blake2b(f"{self.seed}:{name}".encode(), digest_size=8).digest()

    def _filled(self, fitting: Collection[str]) -> "ShuffleBag":
        still_drawn = (name for name in self.drawn if name not in fitting)
        return ShuffleBag(self.seed + 1, tuple(still_drawn))

    def _all_but_newest(self, fitting: Sequence[str]) -> list[str]:
        # The last question before the bag is filled is not the first one after.
        newest = next(name for name in reversed(self.drawn) if name in fitting)
        return [name for name in fitting if name != newest] or list(fitting)
