"""Text and code as HTML. Whatever people wrote is escaped here."""

import re
from html import escape

from bot.chat.card import Mono, Span, Spans, Strong

_FENCE = re.compile(r"```(?:([A-Za-z0-9_+-]{1,20})\n)?(.*?)```", re.DOTALL)
_PYTHON = frozenset({"python", "py", "python3"})
_INLINE_CODE = re.compile(r"`([^`\n]+)`")
# They turn the direction of writing, also that of the text around them.
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def spans_html(spans: Spans) -> str:
    return "".join(map(_span_html, spans))


def text_html(text: str) -> str:
    return escape(_BIDI_CONTROLS.sub("", text))


def code_html(text: str, language: str, buttons: str = "") -> str:
    # Hidden in code, these characters would make it read as other code.
    visible = _BIDI_CONTROLS.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)
    return (
        f'<figure class="code"><pre><code>{_highlighted(visible, language)}</code></pre>'
        f'<div class="tools">{buttons}'
        '<button type="button" class="copy" data-copy>Copy</button></div></figure>'
    )


def person_message(text: str) -> str:
    """Only backticks have a meaning. Readers can run blocks of Python."""
    parts = []
    end = 0
    for number, fence in enumerate(_FENCE.finditer(text)):
        run = f'<button type="button" class="run" data-run="{number}">Run</button>'
        parts.append(_paragraph(text[end : fence.start()]))
        parts.append(
            code_html(_fenced_code(fence), fence[1] or "python", run if _can_run(fence) else "")
        )
        end = fence.end()
    return "".join([*parts, _paragraph(text[end:])])


def code_block(text: str, number: int) -> str | None:
    fences = list(_FENCE.finditer(text))
    if number >= len(fences) or not _can_run(fences[number]):
        return None
    return _fenced_code(fences[number])


def typed_command(text: str) -> str:
    """Of several lines the first, with an ellipsis."""
    first, _, more = text.partition("\n")
    return f'<p class="echo">&rsaquo; <code>{text_html(first)}</code>{" …" if more else ""}</p>'


def _span_html(span: Span) -> str:
    match span:
        case Mono(text=text):
            return f"<code>{text_html(text)}</code>"
        case Strong(text=text):
            return f"<strong>{text_html(text)}</strong>"
        case text:
            return text_html(text)


def _paragraph(text: str) -> str:
    if not text.strip():
        return ""
    html = ""
    for number, piece in enumerate(_INLINE_CODE.split(text.strip("\n"))):
        html += f"<code>{text_html(piece)}</code>" if number % 2 else text_html(piece)
    return f'<p class="said" dir="auto">{html}</p>'


def _fenced_code(fence: re.Match[str]) -> str:
    return fence[2].strip("\n").rstrip()


def _can_run(fence: re.Match[str]) -> bool:
    return (fence[1] or "python").lower() in _PYTHON


def _highlighted(text: str, language: str) -> str:
    # Python only: some lexers take seconds over a hostile line, and anybody may name one.
    if language.lower() not in _PYTHON:
        return escape(text)
    # Imported with the first block of code: the chat starts without it.
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers.python import PythonLexer

    html = highlight(text, PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True))
    return html if text.endswith("\n") else html.removesuffix("\n")
