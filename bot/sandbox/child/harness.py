"""What a snippet meets: warm libraries, fixed seeds, an echo of its last expression, short tracebacks, pictures handed back.

It runs inside the walls, in the same process as the snippet, so nothing that it says is trusted.
"""

import ast
import atexit
import builtins
import gc
import io
import json
import linecache
import os
import random
import signal
import sys
import threading
import traceback
import types
from collections.abc import Callable
from contextlib import suppress
from types import CodeType, FrameType
from typing import Any, NoReturn

from bot.sandbox.child import advice, display, figures
from bot.sandbox.child.script_pipe import Script
from bot.sandbox.jail import namespaces
from bot.sandbox.jail.namespaces import JailPlan
from bot.sandbox.limits import Limits

SNIPPET = "<snippet>"
STOPPED = 128 + signal.SIGXCPU
LONGEST_VALUE = 20_000
LONGEST_CHAIN = 10
"""Errors behind an error that are told, too."""


REHEARSED = """
import torch
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(4, 5, 2)
        self.out = nn.Linear(5, 2)
    def forward(self, x):
        return self.out(self.rnn(x)[0]).relu()
for _ in range(2):
    seen = Net().to(device)(torch.randn(2, 3, 4, device=device))
    loss = nn.functional.mse_loss(seen, torch.zeros(2, 3, 2, device=device))
print(seen.shape, f"{loss.item():.1f}")
seen
"""
"""What most snippets touch. All but going backward, whose engine would not survive another fork."""


def prepare() -> None:
    """Once, in the zygote: fonts are found, drawing is warm, and one thread is all there is, or a fork could hang."""
    sys.modules["torch"].set_num_threads(1)
    sys.modules["torch"].manual_seed(
        0
    )  # the first time it reads source files, for a GPU that may come
    figures.prepare()


def rehearse(folder: str, plan: JailPlan) -> None:
    """A snippet of our own, to nobody. What a fork shares is copied when it is first touched: here, before it counts."""
    screen, nothing = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    script = Script.from_bytes(Script(REHEARSED if plan.preload else "1", ["1"]).to_bytes())
    assert script
    try:
        SnippetRun(folder, plan).rehearse(script)
    finally:
        del builtins._  # type: ignore[attr-defined]
        os.dup2(screen, 1)
        os.close(screen)
        os.close(nothing)


def warm(folder: str, plan: JailPlan, *, hurried: bool) -> "SnippetRun":
    """In the child, before it sees code. Where somebody waits for it already, rehearsing would make them wait longer."""
    atexit._clear()  # noqa: SLF001 (libraries tidy up for tens of milliseconds; here the whole process goes)
    gc.enable()
    if not hurried:
        rehearse(folder, plan)
    sow()
    return SnippetRun(folder, plan)


def torch_name(device: str) -> str:
    return "cpu" if device == "cpu" else "cuda"


def sow() -> None:
    """The same chance for every run."""
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        torch.default_generator.manual_seed(0)
        if torch.cuda.is_initialized():
            torch.cuda.manual_seed_all(0)


def serve(sitting: "SnippetRun") -> NoReturn:
    """One snippet, from its arrival to the end of this process, whatever it makes of our names."""
    leave, quietly, anything = os._exit, suppress, BaseException
    script = _handed_over()
    code = 1
    try:
        code = sitting.run(script)
    finally:
        with quietly(anything):
            sys.stdout.flush()
        leave(code)


def _handed_over() -> Script:
    with open(0, "rb", closefd=False) as pipe:
        handed = pipe.read()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    script = Script.from_bytes(handed)
    if script is None:
        os._exit(namespaces.UNFINISHED)
    return script


class SnippetRun:
    """All that a snippet needs, laid out before it comes."""

    def __init__(self, folder: str, plan: JailPlan) -> None:
        self.shown = f"{folder}/{namespaces.SHOWN}"
        self.gallery = figures.Gallery(self.shown, f"{folder}/{namespaces.OUT}", plan.limits)
        self.plan = plan
        self.names = self._names()
        _open_screen()
        sys.displayhook = display.echo
        sys.argv = [SNIPPET]
        signal.signal(signal.SIGXCPU, self._stopped)
        self.gallery.hang()

    def rehearse(self, script: Script) -> None:
        self._execute(script.code)
        self.gallery.close()
        sys.stdout.flush()

    def run(self, script: Script) -> int:
        code = self._ended(lambda: self._execute(script.code))
        values = [self._probed(probe) for probe in script.probes]
        last = self._ended(self._finish)
        if script.probes or self.plan.device != "cpu":
            self._note(values)
        return code or last

    def _names(self) -> dict[str, Any]:
        """The snippet's own module, with the names that everybody writes first already there."""
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        module.__dict__.update(__builtins__=__builtins__)
        if "torch" in sys.modules:
            torch = sys.modules["torch"]
            device = torch.device(torch_name(self.plan.device))
            if self.plan.device != "cpu":
                torch.set_default_device(device)
            module.__dict__.update(torch=torch, nn=torch.nn, F=torch.nn.functional, device=device)
            module.__dict__.update(np=sys.modules["numpy"], plt=sys.modules["matplotlib.pyplot"])
        return module.__dict__

    def _execute(self, code: str) -> None:
        lines = f"{code}\n".splitlines(
            keepends=True
        )  # a last line without its end would shift the marks below it
        linecache.cache[SNIPPET] = (len(code), None, lines, SNIPPET)
        body, last = parted(code)
        exec(body, self.names)  # noqa: S102 (running it is the job)
        if last is not None:
            sys.displayhook(eval(last, self.names))  # noqa: S307 (as above)

    def _finish(self) -> None:
        """What an interpreter does at its end, as far as it is the snippet's own."""
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 (an interpreter's end, without its cost)
        atexit._run_exitfuncs()  # noqa: SLF001 (as above)
        self.gallery.close()

    def _ended(self, part: Callable[[], None]) -> int:
        try:
            part()
        except SystemExit as end:
            return _exit_code(end.code)
        except BaseException as error:  # noqa: BLE001 (whatever the snippet raises is shown)
            _tell(self._explained(error))
            return 1
        return 0

    def _explained(self, error: BaseException) -> str:
        """If that fails it may be memory that it lacks: the snippet's names go, and its frames."""
        with suppress(BaseException):
            return told(error, self.plan.limits)
        with suppress(BaseException):
            self.names.clear()
            return told(error.with_traceback(None), self.plan.limits)
        return f"{type(error).__name__}: it could not be shown\n"

    def _probed(self, probe: str) -> dict[str, str]:
        try:
            return {"shown": display.plain(eval(probe, self.names))[:LONGEST_VALUE]}  # noqa: S307 (an author's expression)
        except BaseException as error:  # noqa: BLE001 (an observation)
            return {"error": f"{type(error).__name__}: {error}"[:300]}

    def _note(self, values: list[dict[str, str]]) -> None:
        seen: dict[str, Any] = {"values": values}
        if self.plan.device != "cpu":
            cuda = sys.modules["torch"].cuda
            seen |= {
                "peak_mb": cuda.max_memory_allocated() / 2**20,
                "device": cuda.get_device_name(),
            }
        with suppress(OSError), open(f"{self.shown}/values.json", "w", encoding="utf-8") as file:
            json.dump(seen, file)

    def _stopped(self, number: int, frame: FrameType | None) -> NoReturn:
        """The time is up: say where, while there is a moment left."""
        del number
        while frame and frame.f_code.co_filename != SNIPPET:
            frame = frame.f_back
        if frame:
            line = linecache.getline(SNIPPET, frame.f_lineno).strip()
            _tell(f"Stopped in line {frame.f_lineno}: {line}\n")
        os._exit(STOPPED)


def parted(code: str) -> tuple[CodeType, CodeType | None]:
    """The code, and apart from it a last expression, whose value is shown; a semicolon after it keeps it quiet."""
    tree = ast.parse(code, SNIPPET)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";"):
        final = tree.body.pop()
        assert isinstance(final, ast.Expr)
        last = compile(ast.Expression(final.value), SNIPPET, "eval")
    return compile(tree, SNIPPET, "exec"), last


def told(error: BaseException, limits: Limits) -> str:
    """A traceback of the snippet's own lines, and where it helps, a sentence on what to look at."""
    _cut(error)
    seen = traceback.TracebackException.from_exception(error)
    _shorten(seen)
    hint = advice.on(f"{type(error).__name__}: {_said(error)}", limits)
    return "".join(seen.format()) + (f"→ {hint}\n" if hint else "")


def _said(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 (its own text can fail, too)
        return ""


def _cut(error: BaseException) -> None:
    """What was raised while handling what was raised can go on without end; to show that takes longer than a run has."""
    for _ in range(LONGEST_CHAIN):
        behind = error.__cause__ or error.__context__
        if behind is None:
            return
        error = behind
    error.__cause__ = error.__context__ = None


def _shorten(seen: traceback.TracebackException | None) -> None:
    if seen is not None:
        own = [frame for frame in seen.stack if frame.filename == SNIPPET]
        seen.stack = traceback.StackSummary.from_list(own)
        for each in (seen.__context__, seen.__cause__, *(seen.exceptions or ())):
            _shorten(each)


def _exit_code(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    _tell(f"{code}\n")
    return 1


def _tell(text: str) -> None:
    """Past whatever the snippet made of its standard output."""
    with suppress(BaseException):
        sys.stdout.flush()
    with suppress(OSError):
        os.write(1, text.encode("utf-8", "backslashreplace"))


def _open_screen() -> None:
    """Output and errors share one buffer, so they stay in their order; a whole line is passed on at once."""
    buffer = io.BufferedWriter(io.FileIO(1, "wb", closefd=False))
    for name in ("stdout", "stderr"):
        stream = io.TextIOWrapper(
            buffer, "utf-8", "backslashreplace", line_buffering=True, write_through=True
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.FileIO(0, closefd=False), "utf-8")  # type: ignore[misc]
