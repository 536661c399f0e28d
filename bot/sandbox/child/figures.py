"""Captures figures and saved images as bare pixels."""

# Only pixels leave the jail; the worker makes the PNG. So nobody outside it decodes an image that a
# snippet wrote.

import math
import os
import sys
from contextlib import suppress
from typing import Any

from bot.sandbox.limits import Limits

IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp")


def load_fonts() -> None:
    # Once, in the zygote, by drawing a figure.
    pyplot = sys.modules["matplotlib.pyplot"]
    figure = pyplot.figure()
    figure.add_subplot().plot([0, 1], label="a")
    figure.axes[0].set_title("warm")
    figure.legend()
    figure.canvas.draw()
    pyplot.close("all")


class FigureCapture:
    def __init__(self, shown: str, out: str, limits: Limits) -> None:
        self.shown = shown
        self.out = out
        self.limits = limits
        self.count = 0
        self.pyplot: Any = sys.modules.get("matplotlib.pyplot")

    def install(self) -> None:
        if self.pyplot:
            self.pyplot.show = self._capture_open

    def finish(self) -> None:
        if self.pyplot:
            self._capture_open()
        with suppress(OSError):
            for name in sorted(os.listdir(self.out)):
                if name.lower().endswith(IMAGES):
                    self._capture_image(f"{self.out}/{name}")

    def _capture_open(self, *_: object, **__: object) -> None:
        for number in self.pyplot.get_fignums():
            self._capture_figure(self.pyplot.figure(number))
            self.pyplot.close(number)

    def _capture_figure(self, figure: Any) -> None:
        if self.count >= self.limits.pictures:
            return
        width, height = figure.get_size_inches() * figure.dpi
        if width * height > self.limits.picture_pixels:
            figure.dpi *= self._scale(width, height) * 0.999
        canvas = sys.modules["matplotlib.backends.backend_agg"].FigureCanvasAgg(figure)
        canvas.draw()
        width, height = canvas.get_width_height()
        self._save(int(width), int(height), canvas.buffer_rgba())

    def _capture_image(self, path: str) -> None:
        from PIL import Image  # noqa: PLC0415 (only where there is an image)

        if self.count >= self.limits.pictures:
            return
        with suppress(Exception), Image.open(path) as image:
            image.draft("RGB", (1600, 1200))
            if image.width * image.height > self.limits.picture_pixels:
                scale = self._scale(image.width, image.height)
                image.thumbnail((image.width * scale, image.height * scale))
            self._save(image.width, image.height, image.convert("RGBA").tobytes())

    def _scale(self, width: float, height: float) -> float:
        # Down to the largest picture that is allowed.
        return math.sqrt(self.limits.picture_pixels / (width * height))

    def _save(self, width: int, height: int, pixels: Any) -> None:
        self.count += 1
        try:
            with open(f"{self.shown}/{self.count}-{width}x{height}", "wb") as file:
                file.write(pixels)
        except OSError as error:
            sys.stderr.write(f"(a picture could not be kept: {error.strerror})\n")
