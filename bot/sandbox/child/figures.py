"""Pictures of a run: figures that were shown or left open, and images in its folder, each as bare pixels.

Pixels are all that leaves the walls; whoever takes them makes the PNG, so nobody outside reads a file that a snippet wrote.
"""

import os
import sys
from contextlib import suppress
from typing import Any

from bot.sandbox.limits import Limits

IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")


def prepare() -> None:
    """Fonts are looked for once, in the zygote."""
    pyplot = sys.modules["matplotlib.pyplot"]
    figure = pyplot.figure()
    figure.add_subplot().plot([0, 1], label="a")
    figure.axes[0].set_title("warm")
    figure.legend()
    figure.canvas.draw()
    pyplot.close("all")


class Gallery:
    """At most so many pictures of one run."""

    def __init__(self, shown: str, out: str, limits: Limits) -> None:
        self.shown, self.out = shown, out
        self.most, self.pixels = limits.pictures, limits.picture_pixels
        self.hung = 0
        self.pyplot: Any = sys.modules.get("matplotlib.pyplot")

    def hang(self) -> None:
        """From now on `plt.show()` shows."""
        if self.pyplot:
            self.pyplot.show = self._show

    def _show(self, *_: object, **__: object) -> None:
        for number in self.pyplot.get_fignums():
            self._draw(self.pyplot.figure(number))
            self.pyplot.close(number)

    def close(self) -> None:
        """What is left open, and the images that were saved."""
        if self.pyplot:
            self._show()
        with suppress(OSError):
            for name in sorted(os.listdir(self.out)):
                if name.lower().endswith(IMAGES):
                    self._load(f"{self.out}/{name}")

    def _draw(self, figure: Any) -> None:
        if self.hung >= self.most:
            return
        width, height = figure.get_size_inches() * figure.dpi
        if width * height > self.pixels:
            figure.dpi *= (self.pixels / (width * height)) ** 0.5 * 0.999
        canvas = sys.modules["matplotlib.backends.backend_agg"].FigureCanvasAgg(figure)
        canvas.draw()
        width, height = canvas.get_width_height()
        self._keep(int(width), int(height), canvas.buffer_rgba())

    def _load(self, path: str) -> None:
        from PIL import Image  # noqa: PLC0415 (only where there is an image)

        if self.hung >= self.most:
            return
        with suppress(Exception), Image.open(path) as image:
            image.draft("RGB", (1600, 1200))
            if image.width * image.height > self.pixels:
                shrunk = (self.pixels / (image.width * image.height)) ** 0.5
                image.thumbnail((image.width * shrunk, image.height * shrunk))
            self._keep(image.width, image.height, image.convert("RGBA").tobytes())

    def _keep(self, width: int, height: int, pixels: Any) -> None:
        self.hung += 1
        try:
            with open(f"{self.shown}/{self.hung}-{width}x{height}", "wb") as file:
                file.write(pixels)
        except OSError as error:
            sys.stderr.write(f"(a picture could not be kept: {error.strerror})\n")
