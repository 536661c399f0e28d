"""What comes out of a run's folders is bounded, named plainly, and read as nothing but bytes."""

import io
import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import limits
from bot.sandbox.protocol import Value
from bot.sandbox.worker.attachments import (
    MAX_NAME,
    Observations,
    RunFiles,
    encode_png,
    safe_name,
)

LIMITS = replace(limits.read(), files_mb=1, picture_pixels=10_000)


@contextmanager
def leavings(folder: Path, files: dict[str, bytes]) -> Iterator[RunFiles]:
    opened = {}
    for number, (name, content) in enumerate(files.items()):
        (folder / str(number)).write_bytes(content)
        opened[name] = os.open(folder / str(number), os.O_RDONLY)
    yield RunFiles(opened, LIMITS)
    for descriptor in opened.values():
        os.close(descriptor)


def test_pixels_become_a_png_that_others_can_read(tmp_path: Path) -> None:
    pixels = bytes([255, 0, 0, 255] * 5 + [0, 0, 255, 255] * 5)
    with leavings(tmp_path, {".shown/1-5x2": pixels}) as left:
        (picture,) = left.pictures()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from PIL import Image  # noqa: PLC0415 (a reader that is not ours)
    with Image.open(io.BytesIO(picture.png)) as image:
        assert (image.size, image.getpixel((4, 0)), image.getpixel((0, 1))) == (
            (5, 2),
            (255, 0, 0, 255),
            (0, 0, 255, 255),
        )


@pytest.mark.parametrize(
    "name", ["1-5x3", "1-0x0", "1-99999x99999", "1-5", "x", "12-5x2", "1-5x2.png", "1--5x-2"]
)
def test_pixels_that_do_not_fit_their_name_are_no_picture(tmp_path: Path, name: str) -> None:
    with leavings(tmp_path, {f".shown/{name}": bytes(40)}) as left:
        assert list(left.pictures()) == []


def test_too_few_or_too_many_pixels_are_refused() -> None:
    with pytest.raises(ValueError, match="are no picture of 2 × 2"):
        encode_png(2, 2, bytes(15))


def test_files_are_handed_back_up_to_a_size(tmp_path: Path) -> None:
    great = bytes(1_000_000)
    with leavings(tmp_path, {"out/a.csv": b"1,2", "out/great": great, "out/b.txt": great}) as left:
        assert [file.name for file in left.files()] == ["a.csv", "great"]


def test_what_claims_to_be_an_image_stays_behind(tmp_path: Path) -> None:
    with leavings(tmp_path, {"out/x.PNG": b"x", "out/y.svg": b"<svg>", "out/z.txt": b"z"}) as left:
        assert [file.name for file in left.files()] == ["z.txt"]


@given(st.text(max_size=200))
def test_every_name_becomes_plain(name: str) -> None:
    plain = safe_name(name)
    assert 0 < len(plain) <= MAX_NAME + 1
    assert not set(plain) & set('/\\:*?"<>|\n\r\0\u202e\u200b')
    assert not plain.startswith(".")
    plain.encode()


def test_an_ending_stays_where_it_is_short() -> None:
    assert safe_name("x" * 200 + ".csv") == "x" * 76 + ".csv"
    assert safe_name("...") == "file"


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text(), st.lists).map(
        lambda payload: json.dumps(payload).encode()
    )
)
def test_whatever_stands_in_the_notes_is_values_or_nothing(
    tmp_path_factory: pytest.TempPathFactory, payload: bytes
) -> None:
    with leavings(tmp_path_factory.mktemp("notes"), {".shown/values.json": payload}) as left:
        assert left.observations() == Observations()


def test_notes_are_values_and_a_peak(tmp_path: Path) -> None:
    payload = {"values": [{"shown": "5"}, {"error": "no"}], "peak_mb": 12.5, "device": "a GPU"}
    with leavings(tmp_path, {".shown/values.json": json.dumps(payload).encode()}) as left:
        assert left.observations() == Observations((Value("5"), Value(error="no")), 12.5, "a GPU")
