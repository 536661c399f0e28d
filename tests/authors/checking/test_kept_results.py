"""What a check computed is kept beside the questions, and compared with what the next computes."""

import json
from pathlib import Path

from bot.quiz.files.bank import load
from tests.authors.checking.checks import checked
from tests.quiz.folders import PLAIN, TEMPLATE, pack, put


async def test_what_is_kept_can_be_asked_and_shown(tmp_path: Path) -> None:
    await checked(pack(tmp_path, a=PLAIN, b=TEMPLATE))
    bank = load(tmp_path)
    assert bank.question("gates/b").prompt == "With 4 rows of 10, what is printed?"
    assert len({bank.variant("gates/b", seed).prompt for seed in range(200)}) >= 45
    shown = bank.proof_output(bank.question("gates/b"))
    assert shown is not None
    assert shown.output == "product 40\n"


async def test_a_check_that_keeps_nothing_tells_what_is_not_kept(tmp_path: Path) -> None:
    report = await checked(pack(tmp_path, a=PLAIN, b=TEMPLATE), keep=False)
    assert [failure.file for failure in report.failures] == [
        "gates/a.toml",
        "gates/b.toml",
        "gates/b.toml",
    ]
    assert all("check --write" in failure.expected for failure in report.failures)
    await checked(tmp_path)
    assert (await checked(tmp_path, keep=False)).passed


async def test_kept_values_that_were_tampered_with_are_found(tmp_path: Path) -> None:
    await checked(pack(tmp_path, b=TEMPLATE))
    path = tmp_path / "gates/computed.json"
    put(path, path.read_text().replace('"40"', '"41"', 1))
    (failure,) = (await checked(tmp_path, keep=False)).failures
    assert "41" in failure.seen
    await checked(tmp_path)
    put(path, path.read_text().replace('["3",', '["4",', 1).rsplit(",\n[", 1)[0] + "]}}}")
    assert not (await checked(tmp_path, keep=False)).passed


async def test_a_second_write_changes_nothing(tmp_path: Path) -> None:
    await checked(pack(tmp_path, a=PLAIN, b=TEMPLATE))
    before = contents(tmp_path)
    await checked(tmp_path)
    assert contents(tmp_path) == before


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_a_variant_more_than_is_kept_is_found(tmp_path: Path) -> None:
    await checked(pack(tmp_path, b=TEMPLATE))
    kept = json.loads(
        put(tmp_path / "x", (tmp_path / "gates/computed.json").read_bytes()).read_bytes()
    )
    kept["questions"]["b"]["rows"].pop()
    put(tmp_path / "gates/computed.json", json.dumps(kept))
    (failure,) = (await checked(tmp_path, keep=False)).failures
    assert (failure.expected.split(";")[0], failure.seen) == ("50 variants", "49 are kept.")


async def test_a_figure_is_kept_as_png(tmp_path: Path) -> None:
    draws = "import matplotlib.pyplot as plt\nplt.figure(figsize=(2, 1))\nassert gate * 7"
    await checked(pack(tmp_path, a=PLAIN.replace("assert gate * 7", draws, 1)))
    bank = load(tmp_path)
    shown = bank.proof_output(bank.question("gates/a"))
    assert shown is not None
    assert shown.picture is not None
    assert shown.picture.startswith(b"\x89PNG")
    await checked(pack(tmp_path, a=PLAIN))
    assert not (tmp_path / "gates/proofs/a.png").exists()
