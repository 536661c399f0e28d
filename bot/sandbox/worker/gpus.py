"""Which NVIDIA GPUs a worker may use."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

DEVICES = Path("/dev")
DRIVER = Path("/proc/driver/nvidia/gpus")


def find_gpus(
    visible: str | None = None, devices: Path = DEVICES, driver: Path = DRIVER
) -> tuple[str, ...]:
    # The driver's numbers. `visible` selects some of them, as CUDA_VISIBLE_DEVICES does.
    names = (path.name.removeprefix("nvidia") for path in devices.glob("nvidia[0-9]*"))
    numbers = sorted(names, key=int)
    if visible is None:
        return tuple(numbers)
    return tuple(dict.fromkeys(_selected(visible, numbers, driver)))


def _selected(visible: str, numbers: Sequence[str], driver: Path) -> Iterator[str]:
    # In the order they are named, up to the first one that does not exist: as CUDA has it.
    by_name = {str(index): number for index, number in enumerate(numbers)} | _by_uuid(driver)
    for name in (name.strip() for name in visible.split(",")):
        matches = {
            number
            for known, number in by_name.items()
            if known == name or (name.startswith("GPU-") and known.startswith(name))
        }
        if len(matches) != 1:
            return
        yield matches.pop()


def _by_uuid(driver: Path) -> dict[str, str]:
    by_uuid = {}
    for path in driver.glob("*/information"):
        text = path.read_text("ascii", "replace")
        uuid = re.search(r"^GPU UUID:\s*(\S+)", text, re.MULTILINE)
        number = re.search(r"^Device Minor:\s*(\S+)", text, re.MULTILINE)
        if uuid and number:
            by_uuid[uuid[1]] = number[1]
    return by_uuid
