"""Words and code as HTML. Whatever people wrote is escaped here, and nowhere else needs to think of it."""

import re
from html import escape

from bot.chat.card import Mono, Span, Spans, Strong

_FENCE = re.compile(r"```(?:([A-Za-z0-9_+-]{1,20})\n)?(.*?)```", re.DOTALL)
PYTHON = frozenset({"python", "py", "python3"})
_TICKS = re.compile(r"`([^`\n]+)`")
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What turns the direction of writing, of what stands around it as well."""


def spans(words: Spans) -> str:
    return "".join(map(_span, words))


def words(text: str) -> str:
    """Escaped, and without what would turn its direction or that of the words beside it."""
    return escape(_TURNS.sub("", text))


def code(text: str, language: str, more: str = "") -> str:
    """A block of code with a button that copies it, and perhaps others."""
    shown = _TURNS.sub(
        lambda turn: f"⟨U+{ord(turn[0]):04X}⟩", text
    )  # hidden in code, they would make it read as other code
    return (
        f'<figure class="code"><pre><code>{_highlighted(shown, language)}</code></pre>'
        f'<div class="tools">{more}<button type="button" class="copy" data-copy>Copy</button></div></figure>'
    )


def line(text: str) -> str:
    """What a person typed; only backticks mean something. Python can be run by whoever reads it."""
    parts, end = [], 0
    for number, fence in enumerate(_FENCE.finditer(text)):
        language = fence[1] or "python"
        run = (
            f'<button type="button" class="run" data-run="{number}">Run</button>'
            if _can_run(language)
            else ""
        )
        parts += [_prose(text[end : fence.start()]), code(_inside(fence), language, run)]
        end = fence.end()
    return "".join([*parts, _prose(text[end:])])


def block(text: str, number: int) -> str | None:
    """The code of a block that can be run, out of what a person typed."""
    fences = list(_FENCE.finditer(text))
    if number >= len(fences) or not _can_run(fences[number][1] or "python"):
        return None
    return _inside(fences[number])


def echo(text: str) -> str:
    """A command as it was typed; of code below it no more than its being there."""
    first, _, more = text.partition("\n")
    return f'<p class="echo">&rsaquo; <code>{words(first)}</code>{" …" if more else ""}</p>'


def _span(span: Span) -> str:
    match span:
        case Mono(text=text):
            return f"<code>{words(text)}</code>"
        case Strong(text=text):
            return f"<strong>{words(text)}</strong>"
        case text:
            return words(text)


def _prose(text: str) -> str:
    if not text.strip():
        return ""
    pieces = _TICKS.split(text.strip("\n"))
    inner = (
        f"<code>{words(piece)}</code>" if odd % 2 else words(piece)
        for odd, piece in enumerate(pieces)
    )
    return f'<p class="said" dir="auto">{"".join(inner)}</p>'


def _inside(fence: re.Match[str]) -> str:
    """The code alone: the closing fence may be indented like the line before it."""
    return fence[2].strip("\n").rstrip()


def _can_run(language: str) -> bool:
    return language.lower() in PYTHON


def _highlighted(text: str, language: str) -> str:
    # Imported when the first code is shown: the chat starts without it.
    from pygments import highlight  # noqa: PLC0415
    from pygments.formatters import HtmlFormatter  # noqa: PLC0415
    from pygments.lexers.python import PythonLexer  # noqa: PLC0415

    # Python alone: some lexers take seconds over a line made for them, and anybody may name one.
    if not _can_run(language):
        return escape(text)
    html = highlight(text, PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True))
    return html if text.endswith("\n") else html.removesuffix("\n")
