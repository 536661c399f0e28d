"""Which walls this machine can build: each kind is built and tried, the best one that holds is taken."""

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
from bot.sandbox.jail.cgroups import Groups
from bot.sandbox.jail.namespaces import JailPlan
from bot.sandbox.limits import Limits
from bot.sandbox.protocol import NoSandboxError, Out, RunRequest
from bot.sandbox.worker.pool import NoRoomError, Pool, PoolSize

PATIENCE = 20.0
TRIAL = RunRequest("print(6 * 7)")
GET_BUBBLEWRAP = "Install bubblewrap (sudo apt-get install bubblewrap)."
GET_TORCH = (
    "PyTorch is not installed here: install the extra `run` (.venv/bin/pip install -e '.[run]')."
)
OPEN_NAMESPACES = (
    "This machine lets no ordinary program make namespaces. On Ubuntu allow it with an AppArmor profile that grants "
    "`userns` to bubblewrap, in a container with a seccomp profile that allows unshare and mount."
)


@dataclass(frozen=True, slots=True)
class Tier:
    """One way to build the walls."""

    name: str
    nested: bool = True
    own_proc: bool = True
    new_proc: bool = True
    one_shot: bool = False

    def jail(
        self, bounds: Limits, *, device: str = "cpu", gpu: str = "", preload: bool = True
    ) -> Jail:
        plan = JailPlan(
            bounds, nested=self.nested, own_proc=self.own_proc, device=device, preload=preload
        )
        return Jail(plan, python_paths.survey(), shutil.which("bwrap") or "", self.new_proc, gpu)


TIERS = (
    Tier("a zygote in bubblewrap, namespaces for each run"),
    Tier("the same, with an empty /proc for runs", own_proc=False),
    Tier(
        "the same, with this machine's /proc for the zygote alone", own_proc=False, new_proc=False
    ),
    Tier("a bubblewrap for each run, which is slower to refill", nested=False, one_shot=True),
)


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What a probe found. Without a tier `run` is off, and `remedy` says what to do."""

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


DEVICES, DRIVER = Path("/dev"), Path("/proc/driver/nvidia/gpus")


def gpus(
    visible: str | None = None, devices: Path = DEVICES, driver: Path = DRIVER
) -> tuple[str, ...]:
    """The numbers of the NVIDIA GPUs here; of those only the ones that `visible` names, as CUDA_VISIBLE_DEVICES does."""
    here = sorted(
        (path.name.removeprefix("nvidia") for path in devices.glob("nvidia[0-9]*")), key=int
    )
    return tuple(here) if visible is None else tuple(dict.fromkeys(_named(visible, here, driver)))


def _named(visible: str, here: Sequence[str], driver: Path) -> Iterator[str]:
    """In the order they are named; what follows one that is not there is not seen, as CUDA has it."""
    known = {**{str(place): number for place, number in enumerate(here)}, **dict(_known(driver))}
    for name in (name.strip() for name in visible.split(",")):
        found = {
            number
            for full, number in known.items()
            if full == name or (name[:4] == "GPU-" and full.startswith(name))
        }
        if len(found) != 1:
            return
        yield found.pop()


def _known(driver: Path) -> Iterator[tuple[str, str]]:
    """Name for good and number of each GPU, as the driver tells them."""
    for path in driver.glob("*/information"):
        told = dict(
            re.findall(
                r"^(GPU UUID|Device Minor):\s*(\S+)",
                path.read_text("ascii", "replace"),
                re.MULTILINE,
            )
        )
        if len(told) == len(("GPU UUID", "Device Minor")):
            yield told["GPU UUID"], told["Device Minor"]


def missing() -> Iterator[str]:
    """What no walls can make up for."""
    if not sys.platform.startswith("linux"):
        yield "Runs need Linux: start the worker in a Linux container or virtual machine, and name it as an endpoint."
    elif not seccomp.fits():
        yield f"Runs need a machine of kind {seccomp.MACHINE}; this is {os.uname().machine}."
    elif shutil.which("bwrap") is None:
        yield GET_BUBBLEWRAP
    elif find_spec("torch") is None:
        yield GET_TORCH


def _require() -> None:
    for lack in missing():
        raise NoSandboxError(lack)


async def best(bounds: Limits) -> Tier:
    """The first tier whose walls stand and let a snippet run. Root has to go down before this."""
    _require()
    reasons = []
    for tier in TIERS:
        try:
            await try_out(tier, bounds)
        except NoSandboxError as error:
            reasons.append(f"  {tier.name}: {error}")
        else:
            return tier
    raise NoSandboxError("\n".join([OPEN_NAMESPACES, "What was tried:", *reasons]))


async def try_out(tier: Tier, bounds: Limits) -> None:
    """A snippet in walls of this kind, without PyTorch, which takes a tenth of a second."""
    pool = Pool(
        tier.jail(bounds, preload=False), PoolSize(slots=1, waiting=0), one_shot=tier.one_shot
    )
    try:
        async with asyncio.timeout(PATIENCE):
            await pool.open()
            async with aclosing(pool.run(TRIAL, "trial")) as events:
                said = "".join([event.text async for event in events if isinstance(event, Out)])
        if said != "42\n":
            raise NoSandboxError(f"a trial said {said[:200]!r}")
    except (TimeoutError, NoRoomError) as error:
        raise NoSandboxError("a trial did not end") from error
    finally:
        await pool.close()


def held_by(groups: Groups | None) -> str:
    return (
        f"control groups, version {groups.version}"
        if groups
        else "a look every 0.1 s (no control groups)"
    )


async def probe(visible: str | None = None, bounds: Path = limits.FILE) -> ProbeResult:
    """What a worker would find here. In a process of its own, since root cannot come back from going down."""
    process = await asyncio.create_subprocess_exec(
        *_other_half(bounds), cwd=python_paths.ROOM.parent.parent, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(len(TIERS) * PATIENCE):
            told, _ = await process.communicate()
    except BaseException:
        process.kill()
        raise
    found = json.loads(
        told or '{"remedy": "The probe of the sandbox ended without a word; see the log."}'
    )
    return ProbeResult(**{**found, "gpus": gpus(visible)})


def _other_half(bounds: Path) -> tuple[str, ...]:
    program = "import sys; from bot.sandbox.jail.probe import tell; tell(sys.argv[1])"
    return sys.executable, "-c", program, str(bounds.resolve())


def tell(bounds: str) -> None:
    """The other half of `probe`: one line of JSON."""
    print(json.dumps(asdict(asyncio.run(_found(Path(bounds))))))  # noqa: T201 (this is what it is for)


async def _found(file: Path) -> ProbeResult:
    try:
        bounds = limits.read(file)
        _require()
        groups = cgroups.claim(bounds, drop_root.UID if os.geteuid() == 0 else os.geteuid())
        if os.geteuid() == 0:
            drop_root.go_down(drop_root.UID, python_paths.survey().sources)
        tier = await best(bounds)
    except (NoSandboxError, limits.LimitsError) as error:
        return ProbeResult(remedy=str(error))
    return ProbeResult(tier.name, held_by(groups))
