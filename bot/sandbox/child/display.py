"""How values are shown: a tensor with its shape, its type and where it lives."""

import builtins
import sys
from collections.abc import Iterator
from typing import Any

MOST_PARTS = 8


def echo(value: Any) -> None:
    """The value of a last expression, as a REPL would show it."""
    if value is None:
        return
    builtins._ = value  # type: ignore[attr-defined]
    sys.stdout.write("\n".join((*lines(value), "")))


def lines(value: Any) -> Iterator[str]:
    if is_array(value):
        yield repr(value)
        yield f"# {described(value)}"
    elif parts := _tensors(value):
        for name, part in parts:
            yield f"[{name}]"
            yield from lines(part)
    else:
        yield repr(value)


def described(value: Any) -> str:
    """For example: shape (3, 5), float32, cpu."""
    kind = str(value.dtype).removeprefix("torch.")
    where = f", {value.device}" if is_tensor(value) else ""
    return f"shape {tuple(value.shape)}, {kind}{where}"


def plain(value: Any) -> str:
    """A probe's value, to be compared: a shape as a tuple, a tensor by its numbers."""
    if isinstance(value, str):
        return value
    if type(value).__name__ == "Size":
        return str(tuple(value))
    if is_array(value):
        return str(value.tolist())
    return str(value)


def is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return is_tensor(value) or (numpy is not None and isinstance(value, numpy.ndarray))


def _tensors(value: Any) -> list[tuple[Any, Any]]:
    """The parts of a small collection that holds tensors, as recurrent layers give them."""
    if isinstance(value, dict) and type(value) is dict:
        parts: list[tuple[Any, Any]] = [(repr(name), part) for name, part in value.items()]
    elif type(value) in {tuple, list}:
        parts = list(enumerate(value))
    else:
        return []
    return parts if len(parts) <= MOST_PARTS and any(is_tensor(part) for _, part in parts) else []
