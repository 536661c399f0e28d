"""How values are shown."""

import builtins
import sys
from collections.abc import Iterator
from typing import Any

MAX_PARTS = 8


def show_last_expression(value: Any) -> None:
    if value is None:
        return
    builtins._ = value  # type: ignore[attr-defined]
    sys.stdout.write("\n".join((*_lines(value), "")))


def _lines(value: Any) -> Iterator[str]:
    if is_array(value):
        yield repr(value)
        device = f", {value.device}" if is_tensor(value) else ""
        dtype = str(value.dtype).removeprefix("torch.")
        yield f"# shape {tuple(value.shape)}, {dtype}{device}"
    elif parts := _parts(value):
        for name, part in parts:
            yield f"[{name}]"
            yield from _lines(part)
    else:
        yield repr(value)


def comparable(value: Any) -> str:
    # A probe's value as text: a shape as a tuple, a tensor by its numbers.
    if isinstance(value, str):
        return value
    if type(value).__name__ == "Size":
        return str(tuple(value))
    return str(value.tolist() if is_array(value) else value)


def is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def is_array(value: Any) -> bool:
    numpy = sys.modules.get("numpy")
    return is_tensor(value) or (numpy is not None and isinstance(value, numpy.ndarray))


def _parts(value: Any) -> list[tuple[Any, Any]]:
    parts: list[tuple[Any, Any]] = []
    if type(value) is dict:
        parts = [(repr(name), part) for name, part in value.items()]
    elif type(value) in {tuple, list}:
        parts = list(enumerate(value))
    has_tensor = len(parts) <= MAX_PARTS and any(is_tensor(part) for _, part in parts)
    return parts if has_tensor else []
