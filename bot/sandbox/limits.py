"""What one run may use."""

import signal
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

FILE = Path(__file__).with_name("limits.toml")
MB = 1 << 20
KB = 1 << 10


class LimitsError(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Limits:
    seconds: float
    cpu_spare_seconds: int
    memory_mb: int
    process_memory_mb: int
    address_space_mb: int
    processes: int
    cores: float
    open_files: int
    file_mb: int
    folder_mb: int
    folder_files: int
    shared_mb: int
    shared_files: int
    code_kb: int
    shown_kb: int
    shown_lines: int
    output_kb: int
    pictures: int
    picture_pixels: int
    files: int
    files_mb: int
    says: Mapping[str, str]

    def clamped(self, seconds: float | None, memory_mb: int | None) -> "Limits":
        # For a run that asks for less. It never gets more.
        return replace(
            self,
            seconds=min(seconds or self.seconds, self.seconds),
            memory_mb=min(memory_mb or self.memory_mb, self.memory_mb),
        )

    def explain(self, outcome: str, code: int = 0) -> str:
        return self.fill_in(self.says.get(outcome, ""), signal=_signal_name(code))

    def fill_in(self, sentence: str, **more: str) -> str:
        return sentence.format(
            seconds=self.seconds,
            memory=size(self.memory_mb * MB),
            process_memory=size(self.process_memory_mb * MB),
            output=size(self.output_kb * KB),
            folder=size(self.folder_mb * MB),
            shared=size(self.shared_mb * MB),
            file=size(self.file_mb * MB),
            processes=self.processes,
            files=self.open_files,
            **more,
        )


def read(path: Path = FILE) -> Limits:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise LimitsError(f"{path} cannot be read: {error}") from error
    if wrong := set(values) ^ {field.name for field in fields(Limits)}:
        raise LimitsError(
            f"{path} must name each limit of {FILE.name} and nothing else; "
            f"see: {', '.join(sorted(wrong))}"
        )
    for name, value in values.items():
        if name != "says" and not (type(value) in {int, float} and value > 0):
            raise LimitsError(f"{path}: {name} must be a number above 0, not {value!r}")
    return Limits(**values)


def size(amount: int) -> str:
    for unit, name in ((KB * MB, "GB"), (MB, "MB"), (KB, "KB")):
        if amount >= unit:
            return f"{amount / unit:.3g} {name}"
    return f"{amount} bytes"


def _signal_name(exit_status: int) -> str:
    try:
        return signal.Signals(exit_status - 128).name
    except ValueError:
        return f"code {exit_status}"
