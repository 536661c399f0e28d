"""Results kept beside the questions."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.authors.checking.check_report import CheckFailure, failure
from bot.authors.running.harness_job import ObservedRun
from bot.quiz.files.drafts import Draft
from bot.quiz.files.proofs import ProofOutput, proof_digest, proof_file_text, proof_files
from bot.quiz.files.variants import (
    COMPUTED_FILE,
    REMEDY,
    ComputedFile,
    ComputedRows,
    Row,
    fill_sheet,
    read_computed,
    recipe,
)


def keep(
    root: Path, draft: Draft, rows: Sequence[Row], proof_runs: Sequence[ObservedRun], torch: str
) -> None:
    version = torch.partition("+")[0]
    if rows:
        _write_rows(root, draft, rows, version)
    outputs = {
        proof: ProofOutput(
            run.printed.rstrip() + "\n",
            base64.b64decode(run.figures[0]) if run.figures else None,
            version,
        )
        for proof, run in zip(_proofs(draft, rows), proof_runs, strict=False)
    }
    if outputs:
        _write_proofs(root, draft, outputs)


def _write_rows(root: Path, draft: Draft, rows: Sequence[Row], torch: str) -> None:
    known, _ = read_computed(root, draft.pack)
    values = [list(row.values()) for row in rows]
    computed = ComputedRows(recipe=recipe(draft.sheet), torch=torch, rows=values)
    if known.get(draft.name) != computed:
        questions = dict(sorted({**known, draft.name: computed}.items()))
        text = ComputedFile(questions=questions).model_dump_json() + "\n"
        # One variant a line, so that a diff shows which one changed.
        for old, new in (('"rows":[[', '"rows":[\n['), ("],[", "],\n["), ("},", "},\n")):
            text = text.replace(old, new)
        _write(root / draft.pack / COMPUTED_FILE, text.encode())


def _write_proofs(root: Path, draft: Draft, outputs: Mapping[str, ProofOutput]) -> None:
    text, figure = proof_files(root, draft.pack, draft.name)
    _write(text, proof_file_text(outputs).encode())
    picture = next(iter(outputs.values())).picture
    if picture is not None:
        _write(figure, picture)
    else:
        figure.unlink(missing_ok=True)


def _proofs(draft: Draft, rows: Sequence[Row]) -> list[str]:
    return [fill_sheet(draft.sheet, row).proof or "" for row in rows or [{}]]


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_bytes(content)
    temporary.replace(path)


def kept_failures(root: Path, draft: Draft, rows: Sequence[Row]) -> Iterator[CheckFailure]:
    if rows:
        expected, seen = _compare(root, draft, rows)
        if seen:
            yield failure(draft, (), f"{expected}{REMEDY}", seen)
    text, _ = proof_files(root, draft.pack, draft.name)
    kept = text.read_text(encoding="utf-8") if text.is_file() else ""
    heads = [f"# {proof_digest(proof)} under torch " for proof in _proofs(draft, rows)]
    if not all(head in kept for head in heads):
        yield failure(draft, ("proof",), REMEDY, "The output kept for it is not of this proof.")


def _compare(root: Path, draft: Draft, rows: Sequence[Row]) -> tuple[str, str]:
    # What was expected and what is kept; both empty where they are equal.
    computed = read_computed(root, draft.pack)[0].get(draft.name)
    if computed is None or computed.recipe != recipe(draft.sheet):
        return "", "The values kept for it are not of this wording."
    for kept, row in zip(computed.rows, rows, strict=False):
        if kept != list(row.values()):
            return f"{', '.join(row.values())}; ", f"kept: {', '.join(kept)}"
    if len(computed.rows) != len(rows):
        return f"{len(rows)} variants; ", f"{len(computed.rows)} are kept."
    return "", ""
