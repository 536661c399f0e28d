"""Outputs of proofs, kept since the last check."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.quiz.questions import Question

HEAD = re.compile(r"^# ([0-9a-f]{16}) under torch (\S+)( with figure)?\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ProofOutput:
    output: str
    picture: bytes | None  # the figure it drew, as PNG
    torch: str


def proof_digest(proof: str) -> str:
    return hashlib.sha256(proof.encode()).hexdigest()[:16]


def proof_files(root: Path, pack: str, name: str) -> tuple[Path, Path]:
    folder = root / pack / "proofs"
    return folder / f"{name}.txt", folder / f"{name}.png"


def proof_file_text(outputs: Mapping[str, ProofOutput]) -> str:
    parts = []
    for proof, output in outputs.items():
        figure = " with figure" if output.picture else ""
        head = f"# {proof_digest(proof)} under torch {output.torch}{figure}"
        parts.append(f"{head}\n{output.output}")
    return "".join(parts)


def kept_output(root: Path, question: Question) -> ProofOutput | None:
    text, picture = proof_files(root, *question.id.split("/"))
    try:
        parts = iter(HEAD.split(text.read_text(encoding="utf-8"))[1:])
        for digest, torch, figure, output in zip(parts, parts, parts, parts, strict=True):
            if digest == proof_digest(question.proof):
                return ProofOutput(output, picture.read_bytes() if figure else None, torch)
    except (OSError, UnicodeDecodeError):
        pass
    return None
