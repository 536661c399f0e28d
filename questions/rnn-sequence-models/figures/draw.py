# ruff: noqa: INP001 - a script, run by its path
"""Draws this pack's figures beside this file.

Run as `python questions/rnn-sequence-models/figures/draw.py`.
"""

from itertools import pairwise
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

INK, CELL, PALE = "#1b2733", "#cfe3f7", "#f3e6c8"
STEPS = ("1", "2", "3", "T")
COLUMNS = (0.0, 1.7, 3.4, 6.1)
"""Where the steps stand; between the third and the last there is room for dots."""


def box(axes: Axes, place: tuple[float, float], label: str, colour: str) -> None:
    style = {"boxstyle": "round,pad=0.35", "facecolor": colour, "edgecolor": INK, "linewidth": 1.4}
    axes.text(*place, label, ha="center", va="center", fontsize=15, color=INK, bbox=style)


def arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate(
        "", xy=end, xytext=start, arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.6}
    )


def step(axes: Axes, column: float, number: str) -> None:
    """One input below, one cell, one output above it."""
    below, above = ("T_x", "T_y") if number == "T" else (number, number)
    box(axes, (column, 2.6), rf"$\hat{{y}}^{{\langle {above} \rangle}}$", PALE)
    box(axes, (column, 1.3), "RNN", CELL)
    box(axes, (column, 0.0), rf"$x^{{\langle {below} \rangle}}$", PALE)
    arrow(axes, (column, 0.36), (column, 0.98))
    arrow(axes, (column, 1.62), (column, 2.2))


def architecture() -> None:
    figure, axes = plt.subplots(figsize=(7, 3.4), facecolor="white")
    for column, number in zip(COLUMNS, STEPS, strict=True):
        step(axes, column, number)
    stops = (-1.45, *COLUMNS[:3], 4.75, COLUMNS[3])
    for left, right in pairwise(stops):
        arrow(axes, (left + 0.46, 1.3), (right - 0.44, 1.3))
    box(axes, (-1.45, 1.3), r"$a^{\langle 0 \rangle}$", "white")
    for height in (0.0, 1.3, 2.6):
        axes.text(4.75, height, "…", ha="center", va="center", fontsize=20, color=INK)
    axes.set(xlim=(-2.1, 6.9), ylim=(-0.5, 3.15))
    axes.axis("off")
    figure.savefig(
        Path(__file__).with_name("architecture.png"),
        dpi=110,
        bbox_inches="tight",
        metadata={"Software": None},
    )
    plt.close(figure)


if __name__ == "__main__":
    architecture()
