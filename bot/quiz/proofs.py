"""What a question's proof showed when it was last checked, kept beside the pack for those who ask to see it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bot.quiz.questions import Question

PROOFS = "proofs"


@dataclass(frozen=True, slots=True)
class Shown:
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


def written(proof: str, shown: Shown) -> str:
    """The output as a file holds it, under a line that tells where it came from."""
    picture = " with figure" if shown.picture else ""
    return f"# {proof_digest(proof)} under torch {shown.torch}{picture}\n{shown.output}"


def shown(root: Path, question: Question) -> Shown | None:
    """What this very proof showed, or nothing where it was never run."""
    text, picture = proof_files(root, *question.id.split("/"))
    try:
        head, _, output = text.read_text(encoding="utf-8").partition("\n")
        words = head.split()
        if words[1] != proof_digest(question.proof):
            return None
        return Shown(output, picture.read_bytes() if words[-1] == "figure" else None, words[4])
    except (OSError, UnicodeDecodeError, IndexError):
        return None
