"""What a proof showed is kept with the proof's own wording.

Another wording has shown nothing yet.
"""

from pathlib import Path

from bot.quiz.files.bank import Bank, load
from bot.quiz.files.proofs import ProofOutput, proof_file_text, proof_files
from tests.quiz.folders import PLAIN, PNG, pack, put


def kept(root: Path, shown: ProofOutput) -> Bank:
    bank = load(pack(root, a=PLAIN))
    text, picture = proof_files(root, "gates", "a")
    put(text, proof_file_text({bank.question("gates/a").proof: shown}))
    if shown.picture:
        put(picture, shown.picture)
    return bank


def test_output_and_figure_come_back(tmp_path: Path) -> None:
    shown = ProofOutput("gate 1\n", PNG, "2.13.0")
    bank = kept(tmp_path, shown)
    assert bank.proof_output(bank.question("gates/a")) == shown


def test_a_proof_without_a_figure_shows_none_even_where_an_old_one_lies(tmp_path: Path) -> None:
    bank = kept(tmp_path, ProofOutput("gate 1\n", PNG, "2.13.0"))
    bank = kept(tmp_path, ProofOutput("gate 1\n", None, "2.13.0"))
    assert bank.proof_output(bank.question("gates/a")) == ProofOutput("gate 1\n", None, "2.13.0")


def test_a_proof_never_run_shows_nothing(tmp_path: Path) -> None:
    bank = load(pack(tmp_path, a=PLAIN))
    assert bank.proof_output(bank.question("gates/a")) is None


def test_what_another_proof_showed_is_not_shown(tmp_path: Path) -> None:
    old = kept(tmp_path, ProofOutput("gate 1\n", None, "2.13.0"))
    new = load(pack(tmp_path, a=PLAIN.replace("gate * 7 == 7\n'''", "gate * 8 == 8\n'''")))
    assert new.proof_output(new.question("gates/a")) is None
    assert new.proof_output(old.question("gates/a")) == ProofOutput("gate 1\n", None, "2.13.0")


def test_a_spoiled_file_shows_nothing(tmp_path: Path) -> None:
    bank = kept(tmp_path, ProofOutput("gate 1\n", None, "2.13.0"))
    for content in (b"", b"\xff\xfe", b"#\n"):
        put(proof_files(tmp_path, "gates", "a")[0], content)
        assert bank.proof_output(bank.question("gates/a")) is None
