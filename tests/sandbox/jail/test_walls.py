"""The walls' parts, each by itself.

They are the filter's numbers, limits, ground, groups, going down, tiers.
"""

import asyncio
import ctypes
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox import limits
from bot.sandbox.jail import cgroups, python_paths, seccomp
from bot.sandbox.limits import LimitsError
from bot.sandbox.protocol import NoSandboxError
from bot.sandbox.worker import probe
from bot.sandbox.worker.probe import ProbeResult
from tests.sandbox.workers import ROOT

LIMITS = limits.read()
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root goes down")


def test_each_call_has_the_number_that_libseccomp_knows() -> None:
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        pytest.skip("libseccomp is not installed here, and is only asked as a witness")
    for group in seccomp.syscall_groups().values():
        for name, number in group.items():
            assert library.seccomp_syscall_resolve_name(name.encode()) == number, name


def test_no_call_stands_in_two_groups() -> None:
    numbers = [number for group in seccomp.syscall_groups().values() for number in group.values()]
    assert len(numbers) == len(set(numbers))


def test_a_filter_fits_into_what_the_kernel_takes() -> None:
    for program in (
        seccomp.builder_filter(gpu=True),
        seccomp.run_filter(notify_exit=True),
        seccomp.run_filter(notify_exit=False, gpu=True),
    ):
        assert len(program) % 8 == 0
        assert len(program) // 8 <= 4096


def test_another_machine_is_refused() -> None:
    assert not seccomp.is_supported("aarch64")
    assert seccomp.is_supported("x86_64")


def test_limits_are_read_strictly(tmp_path: Path) -> None:
    text = limits.FILE.read_text("utf-8")
    odd = tmp_path / "limits.toml"
    odd.write_text(text.replace("memory_mb", "memory_gb", 1))
    with pytest.raises(LimitsError, match="memory_gb, memory_mb"):
        limits.read(odd)
    odd.write_text(text.replace("processes = 48", "processes = 0"))
    with pytest.raises(LimitsError, match="processes must be a number above 0"):
        limits.read(odd)
    with pytest.raises(LimitsError, match="cannot be read"):
        limits.read(tmp_path / "none.toml")


def test_limits_name_themselves() -> None:
    assert LIMITS.explain("memory") == "out of memory: 1 GB for one run"
    assert LIMITS.explain("time") == "out of time: 10 s for one run"
    assert LIMITS.explain("crashed", 139) == "the Python that ran it crashed (SIGSEGV)"
    assert limits.size(1_500) == "1.46 KB"
    assert LIMITS.clamped(2.5, 10**9) == replace(LIMITS, seconds=2.5)


def test_the_ground_names_no_place_of_this_machine() -> None:
    paths = python_paths.find_python()
    assert {place.split("/")[1] for _, place in paths.mounts} <= {"usr", "opt"}
    assert paths.python.startswith(("/opt/", "/usr/"))


def test_groups_of_version_two_are_written_as_the_kernel_reads_them(tmp_path: Path) -> None:
    """Against files that stand for a kernel's, since few machines hand groups out."""
    home = tmp_path / "system.slice" / "torchproof.service"
    home.mkdir(parents=True)
    (home / "cgroup.controllers").write_text("cpu memory pids")
    (home / "cgroup.subtree_control").write_text("cpu memory pids")
    (home / "cgroup.procs").write_text("")
    found = cgroups._set_up_v2("/system.slice/torchproof.service", tmp_path, LIMITS)
    assert found
    assert (home / "torchproof" / "cgroup.subtree_control").read_text() == "+memory +pids +cpu"
    assert cgroups._settings(2, LIMITS) == {
        "memory.max": str(1 << 30),
        "memory.swap.max": "0",
        "memory.oom.group": "1",
        "cpu.max": "100000 100000",
        "pids.max": "50",
    }


def test_a_group_that_others_live_in_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids")
    (tmp_path / "cgroup.subtree_control").write_text("")
    (tmp_path / "cgroup.procs").write_text("1\n2\n")
    assert cgroups._set_up_v2("/", tmp_path, LIMITS) is None
    assert not (tmp_path / "torchproof").exists()


DOWN = """
import os, sys
from pathlib import Path
from bot.sandbox.jail import drop_root
folder = sys.argv[1]
drop_root.drop_root(drop_root.UID, [f"{folder}/closed/deep/needed", f"{folder}/private"])
print(os.getresuid(), os.getgroups())
needed, inner = f"{folder}/closed/deep/needed/file", f"{folder}/private/inner/file"
print(Path(needed).read_text(), Path(inner).read_text())
print(sorted(os.listdir(f"{folder}/closed")), sorted(os.listdir(f"{folder}/closed/deep")))
"""


@AS_ROOT
def test_root_goes_down_for_good_and_takes_along_what_it_needs(tmp_path: Path) -> None:
    """From a closed folder only what is needed is seen.

    A small one that is closed itself is copied.
    """
    needed, secret = tmp_path / "closed" / "deep" / "needed", tmp_path / "closed" / "secret"
    for folder in (needed, secret, tmp_path / "private" / "inner"):
        folder.mkdir(parents=True)
    (needed / "file").write_text("needed")
    (tmp_path / "private" / "inner" / "file").write_text("copied")
    for path in (
        tmp_path / "private" / "inner" / "file",
        tmp_path / "private" / "inner",
        tmp_path / "private",
    ):
        path.chmod(0o700 if path.is_dir() else 0o600)
    (tmp_path / "closed").chmod(0o700)
    for each in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        each.chmod(0o755)
    run = subprocess.run(
        [sys.executable, "-c", DOWN, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.splitlines() == [
        "(60853, 60853, 60853) []",
        "needed copied",
        "['deep'] ['needed']",
    ], run.stderr


TRY = """
import asyncio, sys
from bot.sandbox import limits
from bot.sandbox.worker import probe
found = limits.read()
probe.set_up_cgroups_and_drop_root(found, use_cgroups=False)
asyncio.run(probe.try_tier(probe.TIERS[int(sys.argv[1])], found))
print("held")
"""


@pytest.mark.parametrize("number", range(len(probe.TIERS)), ids=[tier.name for tier in probe.TIERS])
def test_each_kind_of_walls_runs_a_snippet(walls: ProbeResult, number: int) -> None:
    """Where the best one stands, the others stand too."""
    del walls
    run = subprocess.run(
        [sys.executable, "-c", TRY, str(number)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.stdout == "held\n", run.stderr


def test_the_probe_takes_the_best_walls_and_says_so(walls: ProbeResult) -> None:
    assert walls.tier == probe.TIERS[0].name
    assert "memory held by" in str(walls)


def test_without_bubblewrap_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSandboxError, match="Install bubblewrap"):
        asyncio.run(probe.best_tier(LIMITS))
    assert str(asyncio.run(probe.probe())) == probe.INSTALL_BUBBLEWRAP


def test_walls_that_do_not_stand_are_told_one_by_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A bubblewrap that can build nothing, as where namespaces are forbidden."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(NoSandboxError, match="AppArmor") as told:
        asyncio.run(probe.best_tier(LIMITS))
    assert str(told.value).count("No permissions to create new namespace") == len(probe.TIERS)
