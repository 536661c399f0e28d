"""A card with every kind of block in it."""

import struct
import zlib
from datetime import UTC, datetime

from bot.chat.card import (
    Button,
    Card,
    Choice,
    Code,
    Countdown,
    Facts,
    Input,
    Mono,
    Options,
    Picture,
    ShownOption,
    Strong,
    Table,
    Text,
)


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + b"\xff\x99\x44" * width) * height
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


PNG = png(3, 2)
CODE = (
    "import torch\nfrom torch import nn\n\n"
    "layer = nn.LSTM(32, 64, num_layers=2, batch_first=True)  # batch first\n"
)
OPEN = Options(
    (ShownOption("A", ("the ", Mono("hidden"), " state")), ShownOption("B", ("the output",)))
)
OVER = Options(
    (
        ShownOption("C", ("the hidden state",), right=True, chosen=5),
        ShownOption(
            "D",
            ("the output",),
            right=False,
            chosen=2,
            why=("It has one entry for ", Mono("each"), " step."),
        ),
    )
)
EVERY = Card(
    "Every kind of block",
    (
        Text(("A paragraph with ", Mono("x.view(-1)"), " and ", Strong("weight"), ".")),
        Text(("A quiet remark.",), note=True),
        Code(CODE),
        OPEN,
        OVER,
        Facts((("Points", "240"), ("Streak", "6 days"))),
        Table(
            "This week",
            ("Place", "Name", "Points"),
            (("1", "Mira", "420"), ("2", "Jonas", "310")),
            marked=1,
        ),
        Picture(png(320, 120), "A curve that rises"),
        Countdown(datetime(2126, 3, 2, 9, tzinfo=UTC)),
        Choice("Which ones? Tick all.", "tick:9", (("a", "Gating"), ("b", "Clipping"))),
        Input("How many?", "type:9"),
        Input("A calendar", "days:9", "Send it", file=".ics"),
    ),
    (
        Button("A", "answer:9:A"),
        Button("B", "answer:9:B"),
        Button("Start", "start:9", "primary"),
        Button("Hint", "hint:9", "quiet", spoken="A hint"),
        Button("Drop", "drop:9", "danger"),
    ),
    tone="partly",
    reactions=("🇦", "👍"),
)
