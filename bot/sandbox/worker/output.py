"""A run's output as it comes in: what is shown, what is only counted, and when it is too much."""

import codecs

from bot.sandbox.limits import KB, Limits


class Output:
    """Shows up to a number of lines and bytes, counts the lines after that, and keeps all of it up to the last limit."""

    def __init__(self, limits: Limits) -> None:
        self._most = limits.output_kb * KB
        self._bytes_left = limits.shown_kb * KB
        self._lines_left = limits.shown_lines
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._whole = bytearray()
        self._hidden = ""
        self._hidden_lines = 0

    @property
    def is_too_much(self) -> bool:
        return len(self._whole) >= self._most

    @property
    def hidden(self) -> int:
        """How many lines were not shown, one that is not finished among them."""
        return self._hidden_lines + bool(self._hidden)

    @property
    def whole(self) -> bytes:
        return bytes(self._whole)

    def take(self, chunk: bytes, *, final: bool = False) -> str:
        """The part of a chunk that is to be shown."""
        chunk = chunk[: self._most - len(self._whole)]
        self._whole += chunk
        text = self._decoder.decode(chunk, final)
        shown = self._fitting(text) if not self.hidden else ""
        self._hide(text[len(shown) :])
        return shown

    def _fitting(self, text: str) -> str:
        """As many whole lines as there is room for; a line that alone is too long is cut in the middle."""
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

    def _hide(self, text: str) -> None:
        self._hidden_lines += text.count("\n")
        self._hidden = (self._hidden + text).rpartition("\n")[2][-1:]
