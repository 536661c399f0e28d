"""Words and code as HTML. Whatever people wrote is escaped here, and nowhere else needs to think of it."""

import re
from html import escape

from bot.chat.card import Mono, Span, Spans, Strong

_FENCE = re.compile(r"```(?:([A-Za-z0-9_+-]{1,20})\n)?(.*?)```", re.DOTALL)
PYTHON = frozenset({"python", "py", "python3"})
_TICKS = re.compile(r"`([^`\n]+)`")


def spans(words: Spans) -> str:
    return "".join(map(_span, words))


def code(text: str, language: str) -> str:
    """A block of code with a button that copies it."""
    return (
        f'<figure class="code"><pre><code>{_highlighted(text, language)}</code></pre>'
        '<button type="button" class="copy" data-copy>Copy</button></figure>'
    )


def line(text: str) -> str:
    """What a person typed; only backticks mean something."""
    parts, end = [], 0
    for fence in _FENCE.finditer(text):
        parts += [_prose(text[end : fence.start()]), code(fence[2].strip("\n"), fence[1] or "python")]
        end = fence.end()
    return "".join([*parts, _prose(text[end:])])


def echo(text: str) -> str:
    """A command as it was typed; of code below it no more than its being there."""
    first, _, more = text.partition("\n")
    return f'<p class="echo">&rsaquo; <code>{escape(first)}</code>{" …" if more else ""}</p>'


def _span(span: Span) -> str:
    match span:
        case Mono(text=text):
            return f"<code>{escape(text)}</code>"
        case Strong(text=text):
            return f"<strong>{escape(text)}</strong>"
        case text:
            return escape(text)


def _prose(text: str) -> str:
    if not text.strip():
        return ""
    pieces = _TICKS.split(text.strip("\n"))
    inner = (f"<code>{escape(piece)}</code>" if odd % 2 else escape(piece) for odd, piece in enumerate(pieces))
    return f'<p class="said">{"".join(inner)}</p>'


def _highlighted(text: str, language: str) -> str:
    # Imported when the first code is shown: the chat starts without it.
    from pygments import highlight  # noqa: PLC0415
    from pygments.formatters import HtmlFormatter  # noqa: PLC0415
    from pygments.lexers.python import PythonLexer  # noqa: PLC0415

    # Python alone: some lexers take seconds over a line made for them, and anybody may name one.
    if language.lower() not in PYTHON:
        return escape(text)
    html = highlight(text, PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True))
    return html if text.endswith("\n") else html.removesuffix("\n")
