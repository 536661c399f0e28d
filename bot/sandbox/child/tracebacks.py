"""A snippet's errors as text, with advice."""

import re
import tomllib
import traceback
from functools import cache
from pathlib import Path

from bot.sandbox.limits import Limits

SNIPPET = "<snippet>"  # The file name of the snippet in tracebacks
MAX_CAUSES = 10
ADVICE = Path(__file__).with_name("advice.toml")


def format_error(error: BaseException, limits: Limits) -> str:
    _cut_causes(error)
    report = traceback.TracebackException.from_exception(error)
    _keep_snippet_lines(report)
    advice = advice_for(f"{type(error).__name__}: {_message(error)}", limits)
    return "".join(report.format()) + (f"→ {advice}\n" if advice else "")


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 (a snippet's own __str__ can fail, too)
        return ""


def _cut_causes(error: BaseException) -> None:
    # A chain of errors can be endless; to show it could take longer than a run has.
    for _ in range(MAX_CAUSES):
        cause = error.__cause__ or error.__context__
        if cause is None:
            return
        error = cause
    error.__cause__ = None
    error.__context__ = None


def _keep_snippet_lines(report: traceback.TracebackException | None) -> None:
    if report is not None:
        frames = [frame for frame in report.stack if frame.filename == SNIPPET]
        report.stack = traceback.StackSummary.from_list(frames)
        for part in (report.__context__, report.__cause__, *(report.exceptions or ())):
            _keep_snippet_lines(part)


@cache
def _entries() -> tuple[tuple[re.Pattern[str], str], ...]:
    entries = tomllib.loads(ADVICE.read_text("utf-8"))["error"]
    return tuple((re.compile(entry["like"], re.DOTALL), entry["says"]) for entry in entries)


def advice_for(error: str, limits: Limits) -> str:
    # For an error written as `Type: message`; empty where none is known.
    for pattern, sentence in _entries():
        if pattern.search(error[:2000]):
            return limits.fill_in(sentence)
    return ""
