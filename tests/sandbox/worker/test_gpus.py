"""Which GPUs a worker takes.

It takes those that are there, and of them the ones that the operator left to it.
"""

from pathlib import Path

import pytest

from bot.sandbox.worker.probe import find_gpus
from bot.settings.environment import visible_gpus

NAMES = {"GPU-aaaa-1": 0, "GPU-aabb-2": 2, "GPU-cccc-3": 10}


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A machine with three GPUs whose devices are not numbered one after the other."""
    devices, driver = tmp_path / "dev", tmp_path / "driver"
    devices.mkdir()
    for name in ("nvidia0", "nvidia2", "nvidia10", "nvidiactl", "nvidia-uvm"):
        (devices / name).touch()
    for uuid, number in NAMES.items():
        (driver / f"0000:{number:02}").mkdir(parents=True)
        (driver / f"0000:{number:02}" / "information").write_text(
            f"Model: \t\t H100\nGPU UUID: \t {uuid}\nDevice Minor: \t {number}\n", "ascii"
        )
    return devices, driver


@pytest.mark.parametrize(
    ("visible", "taken"),
    [
        (None, ("0", "2", "10")),
        ("", ()),
        ("-1", ()),
        ("1", ("2",)),
        ("2, 0", ("10", "0")),
        ("0,7,1", ("0",)),
        ("1,1", ("2",)),
        ("GPU-cccc-3,0", ("10", "0")),
        ("GPU-aab", ("2",)),
        ("GPU-aa", ()),
        ("MIG-1", ()),
    ],
)
def test_what_is_visible_is_taken_in_its_order(
    folders: tuple[Path, Path], visible: str | None, taken: tuple[str, ...]
) -> None:
    assert find_gpus(visible, *folders) == taken


def test_it_is_read_from_where_cuda_reads_it() -> None:
    assert visible_gpus({"CUDA_VISIBLE_DEVICES": "1"}) == "1"
    assert visible_gpus({}) is None
