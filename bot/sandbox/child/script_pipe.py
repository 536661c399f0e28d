"""How a snippet crosses the pipe from the worker to its child: all of it or none."""

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """What a child runs."""

    code: str
    probes: Sequence[str] = ()

    def to_bytes(self) -> bytes:
        code = self.code.encode("utf-8", "surrogatepass")
        return json.dumps({"probes": list(self.probes), "size": len(code)}).encode() + b"\n" + code

    @classmethod
    def from_bytes(cls, handed: bytes) -> "Script | None":
        """None if the worker died in the middle of writing."""
        head, _, code = handed.partition(b"\n")
        if not head or len(code) != (told := json.loads(head))["size"]:
            return None
        return cls(code.decode("utf-8", "surrogatepass"), told["probes"])
