"""Text that people or their code wrote, made harmless for what stands around it."""

import re

from bot.quiz.files.invisible_characters import is_visible

ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours and movements of a cursor
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)"  # titles, links and other strings
    r"|\x1b[ -/]*[0-~]?",
    re.DOTALL,
)
LINE_ENDS = re.compile(r"[\x0b\x0c\x85\u2028\u2029]")
UNUSUAL = re.compile(r"[^\n\t -~]")
MARK = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
# More marks over one letter than any script needs: they would cover the lines above and below.
PILED = re.compile(f"({MARK}{{3}}){MARK}+")


def harmless(text: str) -> str:
    """Nothing is left but line breaks, tabs and characters that are seen where they stand."""
    lines = LINE_ENDS.sub("\n", ESCAPES.sub("", text)).split("\n")
    seen = UNUSUAL.sub(
        lambda found: found[0] if is_visible(found[0]) else "", "\n".join(map(_last_written, lines))
    )
    return PILED.sub(r"\1", seen)


def one_line(text: str) -> str:
    return " ".join(harmless(text).split())


def _last_written(line: str) -> str:
    # A progress bar writes its line again and again: the last state of it is kept.
    return line.rstrip("\r").rpartition("\r")[2]
