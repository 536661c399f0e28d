"""Checking questions: everything they say is run, and compared with what they claim."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.authors.checking.claims import (
    held_expressions,
    held_failures,
    number_failures,
    raised_failure,
    snippet_failures,
    unclaimed,
    value_failures,
)
from bot.authors.checking.failures import CheckFailure, CheckReport, counted, failure, refused
from bot.authors.checking.kept_results import proof_kept, values_kept, write
from bot.authors.checking.lints import proof_lints, unfounded
from bot.authors.checking.parameter_draws import FEWEST, Drawn, combinations, drawn
from bot.authors.running.plain_run import (
    SECONDS,
    Bench,
    Job,
    ObservedRun,
    Output,
    plain_output,
    torch_version,
)
from bot.errors import OperatorError
from bot.quiz.files import drafts as reading
from bot.quiz.files.drafts import PACK_FILE, Draft, ParsedFolder
from bot.quiz.files.problems import Problem
from bot.quiz.files.schema import QuestionSheet
from bot.quiz.files.variants import Row, filled

LONGEST_OUTPUT = 4000
NAMED = f"Name a question's .toml beside its {PACK_FILE}, a pack's folder, or a folder of packs."
Print = Callable[[str], None]


@dataclass(slots=True)
class CheckedQuestion:
    """What came of checking one question."""

    draft: Draft
    failures: list[CheckFailure] = field(default_factory=list)
    snippets: int = 0
    proofs: int = 0
    rows: list[Row] = field(default_factory=list)
    proven: list[ObservedRun] = field(default_factory=list)
    """One for each of the rows, where it has any."""


async def check(
    path: Path,
    *,
    cache: Path | None,
    say: Print,
    write_back: bool = False,
    at_once: int | None = None,
    seconds: float = SECONDS,
    output: Output = plain_output,
) -> CheckReport:
    """Check the question, the pack or the folder of packs at this path; `write_back` keeps what was computed.

    Each snippet and each proof may take so many seconds.
    """
    root, wanted = _scope(path)
    found = reading.read(root)
    drafts = [draft for draft in reading.drafts(found.packs) if _within(draft.page.file, wanted)]
    problems = _problems(found, wanted, asked=bool(drafts))
    if not drafts and not problems:
        raise OperatorError(f"{path} is no question and no pack. {NAMED}")
    torch = torch_version()
    findings = await _findings(
        Bench(cache, torch, seconds, output), drafts, say, at_once or os.cpu_count() or 1
    )
    for finding in findings:
        if finding.failures:
            continue
        if write_back:
            write(root, finding.draft, finding.rows, finding.proven, torch)
        else:
            finding.failures += values_kept(root, finding.draft, finding.rows)
            finding.failures += proof_kept(root, finding.draft, finding.rows)
    return _report(problems, findings)


def _scope(path: Path) -> tuple[Path, str]:
    """The folder of packs that a path belongs to, and the part of it that is meant."""
    path = path.resolve()
    if path.name == PACK_FILE:
        path = path.parent
    if path.is_file() and not (path.suffix == ".toml" and (path.parent / PACK_FILE).is_file()):
        raise OperatorError(f"{path} is no question. {NAMED}")
    if path.is_file():
        return path.parent.parent, f"{path.parent.name}/{path.name}"
    if (path / PACK_FILE).is_file():
        return path.parent, f"{path.name}/"
    return path, ""


def _problems(found: ParsedFolder, wanted: str, *, asked: bool) -> list[Problem]:
    """Those of what is meant; where they leave a question out of its pack, the pack's."""
    own = [problem for problem in found.problems if _within(problem.file, wanted)]
    if own or asked:
        return own
    return [
        problem
        for problem in found.problems
        if problem.file == f"{wanted.partition('/')[0]}/{PACK_FILE}"
    ]


def _within(file: str, wanted: str) -> bool:
    return file.startswith(wanted)


async def _findings(
    bench: Bench, drafts: list[Draft], say: Print, at_once: int
) -> list[CheckedQuestion]:
    places = asyncio.Semaphore(at_once)
    done = 0

    async def one(draft: Draft) -> CheckedQuestion:
        nonlocal done
        async with places:
            finding = await _finding(bench, draft)
        done += 1
        say(f"[{done}/{len(drafts)}] {draft.id}: {'failed' if finding.failures else 'passed'}")
        return finding

    return list(await asyncio.gather(*map(one, drafts)))


async def _finding(bench: Bench, draft: Draft) -> CheckedQuestion:
    finding = CheckedQuestion(draft)
    draws = _draws(draft) or ({},)
    runs = await _snippet(bench, draft, draws, finding)
    await _proof(bench, draft, draws, finding)
    if draft.sheet.proof is not None:
        finding.failures += unclaimed(draft)
    if not finding.failures:
        finding.failures += unfounded(draft, _sources(finding, runs))
    return finding


def _draws(draft: Draft) -> tuple[Drawn, ...]:
    return drawn(draft.id, draft.sheet.vary) if draft.sheet.vary else ({},)


async def _snippet(
    bench: Bench, draft: Draft, draws: tuple[Drawn, ...], finding: CheckedQuestion
) -> list[ObservedRun]:
    if draft.sheet.code is None:
        return []
    finding.snippets = 1
    if draft.sheet.vary and (count := combinations(draft.sheet.vary)) < FEWEST:
        finding.failures.append(
            failure(draft, ("vary",), f"at least {FEWEST} combinations", f"There are {count}.")
        )
    runs = await _run(
        bench, draft, "code", Job(draft.sheet.code, draft.sheet.expressions(), draws), finding
    )
    for drawing, run in zip(draws, runs, strict=False):
        if wrong := list(_run_failures(draft, drawing, run, finding)):
            finding.failures += wrong
            break
    return runs


def _run_failures(
    draft: Draft, drawing: Drawn, run: ObservedRun, finding: CheckedQuestion
) -> Iterator[CheckFailure]:
    wrong = list(snippet_failures(draft, run))
    columns = draft.sheet.expressions()
    for column, value in zip(columns, run.values, strict=False):
        if value.error:
            wrong.append(
                failure(
                    draft, (), f"`{column}` over the parameters and the code's names", value.error
                )
            )
    if not wrong and columns:
        row = {column: value.shown for column, value in zip(columns, run.values, strict=True)}
        finding.rows.append(row)
        wrong += [*value_failures(draft, drawing, run, row), *number_failures(draft, row)]
    yield from wrong


async def _proof(
    bench: Bench, draft: Draft, draws: tuple[Drawn, ...], finding: CheckedQuestion
) -> None:
    """Run for every variant: each member is shown the proof with their own figures."""
    wrong = list(proof_lints(draft))
    finding.failures += wrong
    if wrong or draft.sheet.proof is None:
        return
    finding.proofs = 1
    claims = tuple(claim for _, claim, _ in held_expressions(draft.sheet))
    job = Job(draft.sheet.proof, claims, (*draws, draws[0]), by_chance=1)
    runs = await _run(bench, draft, "proof", job, finding)
    finding.proven = runs[: len(draws)]
    for run, row in zip(finding.proven, finding.rows or ({},), strict=False):
        wrong = [
            *_proof_failures(draft, run),
            *(() if run.error else held_failures(draft, run, row)),
        ]
        if wrong:
            finding.failures += wrong
            break
    for run in runs[len(draws) :]:
        finding.failures += _chance_failures(draft, finding, run)


def _chance_failures(
    draft: Draft, finding: CheckedQuestion, run: ObservedRun
) -> Iterator[CheckFailure]:
    """Whoever copies a proof runs it in a Python of their own, which sows no seeds."""
    if run.error and not finding.failures:
        wanted = "a proof that holds with any random numbers (if it needs certain ones, let it begin with torch.manual_seed)"
        yield failure(draft, ("proof",), wanted, run.error.seen, below=run.error.line)


def _proof_failures(draft: Draft, run: ObservedRun) -> Iterator[CheckFailure]:
    if run.error:
        yield raised_failure(draft, ("proof",), run.error)
    elif not run.held:
        yield failure(draft, ("proof",), "assertions that are reached", "None was.")
    if not run.printed.strip():
        yield failure(draft, ("proof",), "a proof that prints what it shows", "It prints nothing.")
    if len(run.printed) > LONGEST_OUTPUT:
        yield failure(
            draft, ("proof",), f"at most {LONGEST_OUTPUT} characters printed", str(len(run.printed))
        )
    if len(run.pictures) > 1:
        yield failure(draft, ("proof",), "at most one figure", f"It draws {len(run.pictures)}.")
    if draft.sheet.vary and run.pictures:
        yield failure(
            draft,
            ("proof",),
            "a template's proof that prints and draws nothing",
            "It draws a figure.",
        )


async def _run(
    bench: Bench, draft: Draft, name: str, job: Job, finding: CheckedQuestion
) -> list[ObservedRun]:
    try:
        runs = await bench.results(job)
    except TimeoutError:
        finding.failures.append(
            failure(draft, (name,), f"an end within {bench.seconds:g} seconds", "It was stopped.")
        )
        return []
    if len(runs) < len(job.runs):
        finding.failures.append(
            failure(draft, (name,), "code that runs", "Its process ended in the middle.")
        )
    return runs


def _sources(finding: CheckedQuestion, runs: list[ObservedRun]) -> list[list[str]]:
    """For each way of asking the question, the texts that a figure in its explanation may come from."""
    sheet, proofs = finding.draft.sheet, [proof.printed for proof in finding.proven]
    if not finding.rows:
        return [[*_asked(sheet), *proofs, *(run.printed for run in runs)]]
    printed = zip(finding.rows, runs, proofs or [""] * len(runs), strict=False)
    return [[*_asked(filled(sheet, row)), run.printed, proof] for row, run, proof in printed]


def _asked(sheet: QuestionSheet) -> Iterator[str]:
    yield from (sheet.title, sheet.prompt, sheet.code or "", *sheet.hints, *(sheet.phrases or ()))
    yield from (option.text or "" for option in sheet.options or ())
    if sheet.number:
        yield str(sheet.number.value)


def _report(problems: list[Problem], findings: list[CheckedQuestion]) -> CheckReport:
    failures = [
        *map(refused, problems),
        *(wrong for finding in findings for wrong in finding.failures),
    ]
    files = {finding.draft.page.file for finding in findings}
    files |= {problem.file for problem in problems if problem.file.endswith(".toml")}
    questions = [file for file in files if not file.endswith(f"/{PACK_FILE}")]
    return counted(
        questions,
        packs=len({file.split("/")[0] for file in files}),
        snippets=sum(finding.snippets for finding in findings),
        proofs=sum(finding.proofs for finding in findings),
        variants=sum(len(finding.rows) for finding in findings if finding.draft.sheet.vary),
        failures=failures,
    )
