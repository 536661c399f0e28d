"""On a machine with an NVIDIA GPU: the same walls, the same answers, another device.

Elsewhere these are left out.
"""

from collections.abc import Iterator

import pytest

from bot.sandbox.protocol import Outcome, RunRequest, Start
from bot.sandbox.worker.probe import ProbeResult
from tests.sandbox.client import Client, Refused
from tests.sandbox.workers import serving, until

pytestmark = pytest.mark.gpu


@pytest.fixture(scope="module")
def on_gpu(walls: ProbeResult) -> Iterator[Client]:
    del walls
    with serving(slots=1) as worker:
        yield worker.client


def test_the_device_is_there_and_is_the_default(on_gpu: Client) -> None:
    seen = on_gpu.run("print(device, torch.ones(2).device)", device="gpu")
    assert (seen.outcome, seen.output) == (Outcome.DONE, "cuda cuda:0\n")
    assert seen.device not in {"", "cpu"}


def test_its_name_and_its_peak_of_memory_are_told(on_gpu: Client) -> None:
    seen = on_gpu.run("x = torch.ones(1 << 26)", device="gpu")
    assert seen.device == on_gpu.run("torch.cuda.get_device_name()", device="gpu").output.strip(
        "'\n"
    )
    assert seen.peak_mb is not None
    assert seen.peak_mb >= 256


def test_a_run_on_the_cpu_stays_there(on_gpu: Client) -> None:
    assert on_gpu.run("torch.ones(1).device").output == "device(type='cpu')\n"


def test_one_run_at_a_time_has_the_gpu(on_gpu: Client) -> None:
    with on_gpu.streaming(RunRequest("while True: pass", device="gpu")) as events:
        assert isinstance(next(events), Start)
        with pytest.raises(Refused, match="No slot is free"):
            on_gpu.run("1", device="gpu")
    until(lambda: on_gpu.ask("GET", "/health").json["devices"]["gpu"]["free"] > 0)


def test_a_kernel_without_end_is_ended(on_gpu: Client) -> None:
    code = "x = torch.ones(8000, 8000)\nwhile True: x = x @ x"
    assert on_gpu.run(code, device="gpu", seconds=2).outcome is Outcome.TIME
    assert on_gpu.run("torch.ones(1).sum().item()", device="gpu").output == "1.0\n"


def test_two_devices_in_one_sum_come_with_what_to_look_at(on_gpu: Client) -> None:
    seen = on_gpu.run("torch.ones(2, device='cpu') + torch.ones(2)", device="gpu")
    assert "move the model and the tensors" in seen.output


def test_no_other_gpu_is_seen(on_gpu: Client) -> None:
    assert on_gpu.run("torch.cuda.device_count()", device="gpu").output == "1\n"
