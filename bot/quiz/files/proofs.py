"""What a question's proof showed when it was last checked, kept beside the pack for those who ask to see it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.quiz.questions import Question

PROOFS = "proofs"
HEAD = re.compile(r"^# ([0-9a-f]{16}) under torch (\S+)( with figure)?\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ProofOutput:
    """A proof's output, the figure it drew (a PNG), and the torch it ran under."""

    output: str
    picture: bytes | None
    torch: str


def proof_digest(proof: str) -> str:
    """Names a proof by its wording: what another wording showed is not its output."""
    return hashlib.sha256(proof.encode()).hexdigest()[:16]


def proof_files(root: Path, pack: str, name: str) -> tuple[Path, Path]:
    """Where the output and the figure are kept."""
    folder = root / pack / PROOFS
    return folder / f"{name}.txt", folder / f"{name}.png"


def written(proofs: Mapping[str, ProofOutput]) -> str:
    """What each wording showed, as a file holds it: below a line that tells where it came from."""
    return "".join(f"{_head(proof, shown)}\n{shown.output}" for proof, shown in proofs.items())


def _head(proof: str, shown: ProofOutput) -> str:
    return f"# {proof_digest(proof)} under torch {shown.torch}{' with figure' if shown.picture else ''}"


def shown(root: Path, question: Question) -> ProofOutput | None:
    """What this very proof showed, with the figures it has here, or nothing where it was never run."""
    text, picture = proof_files(root, *question.id.split("/"))
    try:
        parts = HEAD.split(text.read_text(encoding="utf-8"))[1:]
        for digest, torch, figure, output in zip(
            parts[::4], parts[1::4], parts[2::4], parts[3::4], strict=True
        ):
            if digest == proof_digest(question.proof):
                return ProofOutput(output, picture.read_bytes() if figure else None, torch)
    except (OSError, UnicodeDecodeError):
        pass
    return None
