"""The same worker under Ray Serve, on two nodes: what dies in the middle costs nobody their run."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.conftest import ROOT
from tests.sandbox.conftest import found


def lacking() -> str:
    if find_spec("ray") is None:
        return "Ray is not installed here (the extra `cluster`)"
    if os.geteuid() or not shutil.which("unshare") or not shutil.which("ip"):
        return "a network namespace for Ray needs root, unshare and ip"
    return "" if found().works else "no sandbox can be built here"


def test_forty_runs_end_although_a_replica_and_a_node_are_killed_in_their_middle() -> None:
    if why := lacking():
        pytest.skip(why)
    run = subprocess.run(
        ["unshare", "-n", sys.executable, "-m", "tests.sandbox.ray_cluster"],
        cwd=ROOT,
        env={**os.environ, "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    told = [json.loads(line) for line in run.stdout.splitlines() if line.startswith('{"outcomes"')]
    assert told, run.stderr[-4000:]
    assert told[0]["outcomes"] == ["done"] * 40
    assert told[0]["restarted"] >= 2
