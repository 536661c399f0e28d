"""Keeping what a check computed beside the questions, and telling where what is kept is no longer true."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.authors.checking.failures import CheckFailure, failure
from bot.authors.running.plain_run import ObservedRun
from bot.quiz.files.drafts import Draft
from bot.quiz.files.proofs import ProofOutput, proof_digest, proof_files, written
from bot.quiz.files.variants import (
    COMPUTED_FILE,
    REMEDY,
    Computed,
    Row,
    Store,
    filled,
    recipe,
    stored,
)


def write(
    root: Path, draft: Draft, rows: Sequence[Row], proofs: Sequence[ObservedRun], torch: str
) -> None:
    """Write the values of a question and the output of its proof, where they differ from what is there."""
    label = torch.partition("+")[0]
    if rows:
        _write_rows(root, draft, rows, label)
    if proofs:
        _write_proofs(root, draft, dict(zip(wordings(draft, rows), proofs, strict=False)), label)


def _write_rows(root: Path, draft: Draft, rows: Sequence[Row], torch: str) -> None:
    known, _ = stored(root, draft.pack)
    fresh = Computed(
        recipe=recipe(draft.sheet), torch=torch, rows=[list(row.values()) for row in rows]
    )
    if known.get(draft.name) != fresh:
        text = _spelled({**known, draft.name: fresh})
        _put(root / draft.pack / COMPUTED_FILE, text.encode())


def _spelled(computed: Mapping[str, Computed]) -> str:
    """JSON with one variant a line: a difference is read in a diff."""
    text = Store(questions=dict(sorted(computed.items()))).model_dump_json()
    return (
        text.replace('"rows":[[', '"rows":[\n[').replace("],[", "],\n[").replace("},", "},\n")
        + "\n"
    )


def _write_proofs(root: Path, draft: Draft, proofs: Mapping[str, ObservedRun], torch: str) -> None:
    text, figure = proof_files(root, draft.pack, draft.name)
    shown = {wording: _shown(run, torch) for wording, run in proofs.items()}
    _put(text, written(shown).encode())
    picture = next((each.picture for each in shown.values()), None)
    if picture is not None:
        _put(figure, picture)
    else:
        figure.unlink(missing_ok=True)


def _shown(run: ObservedRun, torch: str) -> ProofOutput:
    picture = base64.b64decode(run.pictures[0]) if run.pictures else None
    return ProofOutput(run.printed.rstrip() + "\n", picture, torch)


def wordings(draft: Draft, rows: Sequence[Row]) -> list[str]:
    """The proof as it stands in each variant; in a question without variants, once."""
    return (
        [filled(draft.sheet, row).proof or "" for row in rows]
        if draft.sheet.vary
        else [draft.sheet.proof or ""]
    )


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)


def values_kept(root: Path, draft: Draft, rows: Sequence[Row]) -> list[CheckFailure]:
    """Where a bot would ask with other values than running the code gives."""
    if not rows:
        return []
    kept = stored(root, draft.pack)[0].get(draft.name)
    if kept is None or kept.recipe != recipe(draft.sheet):
        return [failure(draft, (), REMEDY, "The values kept for it are not of this wording.")]
    for seen, now in zip(kept.rows, rows, strict=False):
        if seen != list(now.values()):
            return [
                failure(
                    draft, (), f"{', '.join(now.values())}; {REMEDY}", f"kept: {', '.join(seen)}"
                )
            ]
    if len(kept.rows) != len(rows):
        return [
            failure(draft, (), f"{len(rows)} variants; {REMEDY}", f"{len(kept.rows)} are kept.")
        ]
    return []


def proof_kept(root: Path, draft: Draft, rows: Sequence[Row]) -> list[CheckFailure]:
    """Where people would see no output under *Prove it*, or another proof's."""
    text, _ = proof_files(root, draft.pack, draft.name)
    kept = text.read_text(encoding="utf-8") if text.is_file() else ""
    if all(f"# {proof_digest(wording)} under torch " in kept for wording in wordings(draft, rows)):
        return []
    return [failure(draft, ("proof",), REMEDY, "The output kept for it is not of this proof.")]
