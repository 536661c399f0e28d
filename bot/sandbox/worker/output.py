"""A run's output as it arrives."""

import codecs

from bot.sandbox.limits import KB, Limits


class OutputBuffer:
    def __init__(self, limits: Limits) -> None:
        self._max_bytes = limits.output_kb * KB
        self._bytes_left = limits.shown_kb * KB
        self._lines_left = limits.shown_lines
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._content = bytearray()
        self._hidden_lines = 0
        self._unfinished_line = ""

    @property
    def is_full(self) -> bool:
        return len(self._content) >= self._max_bytes

    @property
    def hidden(self) -> int:
        return self._hidden_lines + bool(self._unfinished_line)

    @property
    def content(self) -> bytes:
        return bytes(self._content)

    def add(self, chunk: bytes, *, final: bool = False) -> str:
        # Returns the part of the chunk that is to be shown.
        chunk = chunk[: self._max_bytes - len(self._content)]
        self._content += chunk
        text = self._decoder.decode(chunk, final)
        shown = "" if self.hidden else self._fitting(text)
        hidden = text[len(shown) :]
        self._hidden_lines += hidden.count("\n")
        self._unfinished_line = (self._unfinished_line + hidden).rpartition("\n")[2][-1:]
        return shown

    def _fitting(self, text: str) -> str:
        # As many whole lines as fit. A line that alone is too long is cut.
        if len(text.encode()) <= self._bytes_left and text.count("\n") < self._lines_left:
            self._spend(text)
            return text
        shown = ""
        for line in text.splitlines(keepends=True):
            if self._lines_left <= 0 or len(line.encode()) > self._bytes_left:
                break
            shown += line
            self._spend(line)
        if not shown and self._lines_left > 0:
            shown = text.encode()[: self._bytes_left].decode("utf-8", "ignore")
        self._bytes_left = 0
        return shown

    def _spend(self, text: str) -> None:
        self._bytes_left -= len(text.encode())
        self._lines_left -= text.count("\n")
