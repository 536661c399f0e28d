"""Finds the best jail that this machine can build."""

import asyncio
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from bot.sandbox import limits
from bot.sandbox.jail import cgroups, drop_root, python_paths, seccomp
from bot.sandbox.jail.bubblewrap import Jail
from bot.sandbox.jail.cgroups import RunCgroups
from bot.sandbox.jail.namespaces import JailPlan
from bot.sandbox.limits import Limits
from bot.sandbox.protocol import NoSandboxError, OutputText, RunRequest
from bot.sandbox.worker.pool import BusyError, Pool, PoolSize

DEVICES = Path("/dev")
NVIDIA = Path("/proc/driver/nvidia/gpus")
TRIAL_SECONDS = 20.0
TRIAL = RunRequest("print(6 * 7)")
INSTALL_BUBBLEWRAP = "Install bubblewrap (sudo apt-get install bubblewrap)."
INSTALL_TORCH = (
    "PyTorch is not installed here: install the extra `run` (.venv/bin/pip install -e '.[run]')."
)
ALLOW_NAMESPACES = (
    "This machine lets no ordinary program make namespaces. On Ubuntu allow it with an AppArmor "
    "profile that grants `userns` to bubblewrap, in a container with a seccomp profile that "
    "allows unshare and mount."
)
PROGRAM = "import sys; from bot.sandbox.worker.probe import print_result; print_result(sys.argv[1])"


@dataclass(frozen=True, slots=True)
class Tier:
    name: str
    own_namespaces: bool = True  # Each run has namespaces of its own inside bubblewrap's
    own_proc: bool = True  # Each run has a /proc of its own
    new_proc: bool = True  # Bubblewrap can mount a new /proc
    zygote_per_run: bool = False

    def jail(
        self, limits: Limits, *, device: str = "cpu", gpu: str = "", preload: bool = True
    ) -> Jail:
        plan = JailPlan(
            limits,
            own_namespaces=self.own_namespaces,
            own_proc=self.own_proc,
            device=device,
            preload=preload,
        )
        bubblewrap = shutil.which("bwrap") or ""
        return Jail(plan, python_paths.find_python(), bubblewrap, self.new_proc, gpu)


TIERS = (
    Tier("a zygote in bubblewrap, namespaces for each run"),
    Tier("the same, with an empty /proc for runs", own_proc=False),
    Tier(
        "the same, with this machine's /proc for the zygote alone",
        own_proc=False,
        new_proc=False,
    ),
    Tier(
        "a bubblewrap for each run, which is slower to refill",
        own_namespaces=False,
        zygote_per_run=True,
    ),
)


@dataclass(frozen=True, slots=True)
class ProbeResult:
    tier: str = ""
    memory: str = ""
    gpus: tuple[str, ...] = ()
    remedy: str = ""

    @property
    def works(self) -> bool:
        return bool(self.tier) and not self.remedy

    def __str__(self) -> str:
        if not self.works:
            return self.remedy
        gpu = f"{len(self.gpus)} GPU" if self.gpus else "no GPU"
        return f"{self.tier}; memory held by {self.memory}; {gpu}"


def _check_requirements() -> None:
    if not sys.platform.startswith("linux"):
        raise NoSandboxError(
            "Runs need Linux: start the worker in a Linux container or virtual machine, "
            "and name it as an endpoint."
        )
    if not seccomp.is_supported():
        raise NoSandboxError(
            f"Runs need a machine of kind {seccomp.MACHINE}; this is {os.uname().machine}."
        )
    if shutil.which("bwrap") is None:
        raise NoSandboxError(INSTALL_BUBBLEWRAP)
    if find_spec("torch") is None:
        raise NoSandboxError(INSTALL_TORCH)


async def best_tier(limits: Limits) -> Tier:
    # The first one whose jail runs a snippet. Root must be dropped before.
    _check_requirements()
    reasons = []
    for tier in TIERS:
        try:
            await try_tier(tier, limits)
        except NoSandboxError as error:
            reasons.append(f"  {tier.name}: {error}")
        else:
            return tier
    raise NoSandboxError("\n".join([ALLOW_NAMESPACES, "What was tried:", *reasons]))


async def try_tier(tier: Tier, limits: Limits) -> None:
    jail = tier.jail(limits, preload=False)
    pool = Pool(jail, PoolSize(slots=1, waiting=0), zygote_per_run=tier.zygote_per_run)
    try:
        async with asyncio.timeout(TRIAL_SECONDS):
            await pool.open()
            async with aclosing(pool.run(TRIAL, "trial")) as events:
                texts = [event.text async for event in events if isinstance(event, OutputText)]
        if (output := "".join(texts)) != "42\n":
            raise NoSandboxError(f"a trial said {output[:200]!r}")
    except (TimeoutError, BusyError) as error:
        raise NoSandboxError("a trial did not end") from error
    finally:
        await pool.close()


def memory_limited_by(run_cgroups: RunCgroups | None) -> str:
    if run_cgroups:
        return f"control groups, version {run_cgroups.version}"
    return "a look every 0.1 s (no control groups)"


def set_up_cgroups_and_drop_root(limits: Limits, *, use_cgroups: bool = True) -> RunCgroups | None:
    is_root = os.geteuid() == 0
    uid = drop_root.UID if is_root else os.geteuid()
    run_cgroups = cgroups.set_up(limits, uid) if use_cgroups else None
    if is_root:
        drop_root.drop_root(uid, python_paths.find_python().readable)
    return run_cgroups


async def probe(visible_gpus: str | None = None, file: Path = limits.FILE) -> ProbeResult:
    # In a process of its own, since root cannot come back once it is dropped.
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PROGRAM, str(await asyncio.to_thread(file.resolve))),
        cwd=python_paths.PROJECT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(len(TIERS) * TRIAL_SECONDS):
            output, _ = await process.communicate()
    except BaseException:
        process.kill()
        raise
    if not output:
        sentence = "The probe of the sandbox ended without a word; see the log."
        return ProbeResult(remedy=sentence, gpus=find_gpus(visible_gpus))
    return ProbeResult(**{**json.loads(output), "gpus": find_gpus(visible_gpus)})


def print_result(file: str) -> None:
    # In the process of `probe`: one line of JSON.
    result = asyncio.run(_probe_here(Path(file)))
    print(json.dumps(asdict(result)))  # noqa: T201 (the other process reads it)


async def _probe_here(file: Path) -> ProbeResult:
    try:
        found = limits.read(file)
        _check_requirements()
        run_cgroups = set_up_cgroups_and_drop_root(found)
        tier = await best_tier(found)
    except (NoSandboxError, limits.LimitsError) as error:
        return ProbeResult(remedy=str(error))
    return ProbeResult(tier.name, memory_limited_by(run_cgroups))


def find_gpus(
    visible: str | None = None, devices: Path = DEVICES, driver: Path = NVIDIA
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
