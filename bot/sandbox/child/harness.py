"""Runs a snippet, in its own process."""

# It shares a process with the snippet, so nothing that it reports is trusted.

import ast
import atexit
import io
import json
import linecache
import os
import signal
import sys
import threading
import types
from collections.abc import Callable
from contextlib import suppress
from types import CodeType, FrameType
from typing import Any, NoReturn

from bot.sandbox.child import display
from bot.sandbox.child.figures import FigureCapture
from bot.sandbox.child.tracebacks import SNIPPET, format_error
from bot.sandbox.jail import namespaces
from bot.sandbox.jail.namespaces import JailPlan
from bot.sandbox.protocol import RunRequest

EXIT_TIMEOUT = 128 + signal.SIGXCPU
MAX_VALUE = 20_000  # Characters of a probe's value


class SnippetRun:
    def __init__(self, folder: str, plan: JailPlan) -> None:
        self.shown = f"{folder}/{namespaces.SHOWN}"
        self.figures = FigureCapture(self.shown, f"{folder}/{namespaces.OUT}", plan.limits)
        self.plan = plan
        self.names = self._make_main_module()
        _open_streams()
        sys.displayhook = display.show_last_expression
        sys.argv = [SNIPPET]
        signal.signal(signal.SIGXCPU, self._say_where_stopped)
        self.figures.install()

    def run_warm_up(self, request: RunRequest) -> None:
        self._execute(request.code)
        self.figures.finish()
        sys.stdout.flush()

    def run(self, request: RunRequest) -> int:
        code = self._exit_status(lambda: self._execute(request.code))
        values = [self._evaluate(probe) for probe in request.probes]
        last = self._exit_status(self._finish)
        if request.probes or self.plan.device != "cpu":
            self._write_observations(values)
        return code or last

    def _make_main_module(self) -> dict[str, Any]:
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        names = module.__dict__
        names.update(__builtins__=__builtins__)
        if "torch" in sys.modules:
            torch = sys.modules["torch"]
            device = torch.device("cpu" if self.plan.device == "cpu" else "cuda")
            if self.plan.device != "cpu":
                torch.set_default_device(device)
            names.update(torch=torch, nn=torch.nn, F=torch.nn.functional, device=device)
            names.update(np=sys.modules["numpy"], plt=sys.modules["matplotlib.pyplot"])
        return names

    def _execute(self, code: str) -> None:
        # Without a final newline, traceback markers below the last line would be misplaced.
        lines = f"{code}\n".splitlines(keepends=True)
        linecache.cache[SNIPPET] = (len(code), None, lines, SNIPPET)
        body, last = split_last_expression(code)
        exec(body, self.names)  # noqa: S102 (running it is the job)
        if last is not None:
            sys.displayhook(eval(last, self.names))  # noqa: S307 (as above)

    def _finish(self) -> None:
        # The snippet's share of what an interpreter does at its end.
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        self.figures.finish()

    def _exit_status(self, step: Callable[[], None]) -> int:
        try:
            step()
        except SystemExit as end:
            return _status_of(end.code)
        except BaseException as error:  # noqa: BLE001 (whatever the snippet raises is shown)
            _write(self._format(error))
            return 1
        return 0

    def _format(self, error: BaseException) -> str:
        # If it fails for lack of memory, tries again without the snippet's names and frames.
        with suppress(BaseException):
            return format_error(error, self.plan.limits)
        with suppress(BaseException):
            self.names.clear()
            return format_error(error.with_traceback(None), self.plan.limits)
        return f"{type(error).__name__}: it could not be shown\n"

    def _evaluate(self, probe: str) -> dict[str, str]:
        try:
            value = eval(probe, self.names)  # noqa: S307 (an author's expression)
            return {"shown": display.comparable(value)[:MAX_VALUE]}
        except BaseException as error:  # noqa: BLE001 (an observation)
            return {"error": f"{type(error).__name__}: {error}"[:300]}

    def _write_observations(self, values: list[dict[str, str]]) -> None:
        observations: dict[str, Any] = {"values": values}
        if self.plan.device != "cpu":
            cuda = sys.modules["torch"].cuda
            observations["peak_mb"] = cuda.max_memory_allocated() / 2**20
            observations["device"] = cuda.get_device_name()
        with suppress(OSError), open(f"{self.shown}/values.json", "w", encoding="utf-8") as file:
            json.dump(observations, file)

    def _say_where_stopped(self, _number: int, frame: FrameType | None) -> NoReturn:
        # The supervisor sends SIGXCPU shortly before it kills.
        while frame and frame.f_code.co_filename != SNIPPET:
            frame = frame.f_back
        if frame:
            line = linecache.getline(SNIPPET, frame.f_lineno).strip()
            _write(f"Stopped in line {frame.f_lineno}: {line}\n")
        os._exit(EXIT_TIMEOUT)


def serve(run: SnippetRun) -> NoReturn:
    # Whatever the snippet makes of our names: those that are needed at the end are taken before.
    leave = os._exit
    quietly = suppress
    anything = BaseException
    request = _read_request()
    code = 1
    try:
        code = run.run(request)
    finally:
        with quietly(anything):
            sys.stdout.flush()
        leave(code)


def _read_request() -> RunRequest:
    with open(0, "rb", closefd=False) as stdin:
        message = stdin.read()
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    request = RunRequest.from_worker(message)
    if request is None:
        os._exit(namespaces.EXIT_NO_JAIL)
    return request


def split_last_expression(code: str) -> tuple[CodeType, CodeType | None]:
    # The code, and its last expression, whose value is shown unless a semicolon follows it.
    tree = ast.parse(code, SNIPPET)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";"):
        expression = tree.body.pop()
        assert isinstance(expression, ast.Expr)
        last = compile(ast.Expression(expression.value), SNIPPET, "eval")
    return compile(tree, SNIPPET, "exec"), last


def _status_of(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    _write(f"{code}\n")
    return 1


def _open_streams() -> None:
    # Output and errors share a buffer, so they stay in order; it is flushed after each line.
    buffer = io.BufferedWriter(io.FileIO(1, "wb", closefd=False))
    for name in ("stdout", "stderr"):
        stream = io.TextIOWrapper(
            buffer, "utf-8", "backslashreplace", line_buffering=True, write_through=True
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), "utf-8")
    sys.__stdin__ = sys.stdin  # type: ignore[misc]


def _write(text: str) -> None:
    # Straight to the descriptor, whatever the snippet made of `sys.stdout`.
    with suppress(BaseException):
        sys.stdout.flush()
    with suppress(OSError):
        os.write(1, text.encode("utf-8", "backslashreplace"))
