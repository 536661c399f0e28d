"""Run one benchmark: `python -m tests.bench NAME [--json]`.

With --json the last line is one JSON object.
"""

import argparse
import json
import pkgutil
import sys
from importlib import import_module

from tests import bench
from tests.bench import Findings


def names() -> list[str]:
    return sorted(
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "__main__"
    )


def listed() -> str:
    return "\n".join(
        f"{name:10} {(import_module(f'tests.bench.{name}').__doc__ or '').splitlines()[0]}"
        for name in names()
    )


def table(findings: Findings) -> str:
    lines = []
    for name, figure in findings.figures.items():
        goal = findings.goals.get(name)
        asked = (
            f"{'≥' if goal.floor else '≤'} {goal.bound:g}  {'holds' if goal.holds else 'MISSED'}"
            if goal
            else ""
        )
        lines.append(f"{name:24} {figure:10.3f}  {asked}".rstrip())
    return "\n".join(lines)


def as_json(findings: Findings) -> str:
    goals = {
        name: {"figure": goal.figure, "bound": goal.bound, "holds": goal.holds}
        for name, goal in findings.goals.items()
    }
    return json.dumps({"figures": findings.figures, "goals": goals})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure one thing.")
    parser.add_argument(
        "name", nargs="?", choices=names(), help="which; without it the list is shown"
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    asked = parser.parse_args()
    if not asked.name:
        sys.stdout.write(listed() + "\n")
        return
    findings: Findings = import_module(f"tests.bench.{asked.name}").measure()
    sys.stdout.write((as_json(findings) if asked.json else table(findings)) + "\n")


if __name__ == "__main__":
    main()
