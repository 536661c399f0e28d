"""Checks questions."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from bot.authors.checking.check_report import CheckCounts, CheckReport, problem_failure
from bot.authors.checking.kept_results import keep, kept_failures
from bot.authors.checking.question_check import QuestionCheck
from bot.authors.running.code_runner import SECONDS, CodeRunner, run_unsandboxed, torch_version
from bot.authors.running.harness_job import RunJob
from bot.errors import OperatorError
from bot.quiz.files import drafts
from bot.quiz.files.drafts import PACK_FILE, Draft, ParsedFolder
from bot.quiz.files.problems import Problem

REMEDY = f"Name a question's .toml beside its {PACK_FILE}, a pack's folder, or a folder of packs."


async def check(
    path: Path,
    *,
    cache: Path | None,
    progress: Callable[[str], None],
    write_back: bool = False,  # keeps what was computed beside the questions
    at_once: int | None = None,
    seconds: float = SECONDS,  # for each snippet and proof
    run_job: RunJob = run_unsandboxed,
) -> CheckReport:
    root, prefix = _scope(path)
    folder = drafts.read(root)
    chosen = [
        draft
        for pack in folder.packs
        for draft in pack.drafts
        if draft.toml.file.startswith(prefix)
    ]
    problems = _problems(folder, prefix, is_checked=bool(chosen))
    if not chosen and not problems:
        raise OperatorError(f"{path} is no question and no pack. {REMEDY}")
    torch = torch_version()
    runner = CodeRunner(cache, torch, seconds, run_job)
    checks = await _check_all(runner, chosen, progress, at_once or os.cpu_count() or 1)
    for question in checks:
        if question.failures:
            continue
        if write_back:
            keep(root, question.draft, question.rows, question.proof_runs, torch)
        else:
            question.failures += kept_failures(root, question.draft, question.rows)
    return _report(problems, checks)


def _scope(path: Path) -> tuple[Path, str]:
    path = path.resolve()
    if path.name == PACK_FILE:
        path = path.parent
    if path.is_file():
        if path.suffix != ".toml" or not (path.parent / PACK_FILE).is_file():
            raise OperatorError(f"{path} is no question. {REMEDY}")
        return path.parent.parent, f"{path.parent.name}/{path.name}"
    if (path / PACK_FILE).is_file():
        return path.parent, f"{path.name}/"
    return path, ""


def _problems(folder: ParsedFolder, prefix: str, *, is_checked: bool) -> list[Problem]:
    # Those of the chosen files, or of the pack that leaves them out.
    found = [problem for problem in folder.problems if problem.file.startswith(prefix)]
    if not found and not is_checked:
        pack_file = f"{prefix.partition('/')[0]}/{PACK_FILE}"
        found = [problem for problem in folder.problems if problem.file == pack_file]
    return found


async def _check_all(
    runner: CodeRunner, chosen: list[Draft], progress: Callable[[str], None], at_once: int
) -> list[QuestionCheck]:
    limit = asyncio.Semaphore(at_once)
    done = 0

    async def check_one(draft: Draft) -> QuestionCheck:
        nonlocal done
        question = QuestionCheck(draft, runner)
        async with limit:
            await question.run()
        done += 1
        outcome = "failed" if question.failures else "passed"
        progress(f"[{done}/{len(chosen)}] {draft.id}: {outcome}")
        return question

    return await asyncio.gather(*map(check_one, chosen))


def _report(problems: list[Problem], checks: list[QuestionCheck]) -> CheckReport:
    failures = {problem_failure(problem) for problem in problems}
    for question in checks:
        failures.update(question.failures)
    files = {question.draft.toml.file for question in checks}
    files |= {problem.file for problem in problems if problem.file.endswith(".toml")}
    questions = {file for file in files if not file.endswith(f"/{PACK_FILE}")}
    broken = {failure.file for failure in failures}
    counts = CheckCounts(
        questions=len(questions),
        packs=len({file.split("/")[0] for file in files}),
        snippets=sum(question.draft.sheet.code is not None for question in checks),
        proofs=sum(question.has_proof_run for question in checks),
        variants=sum(len(question.rows) for question in checks if question.draft.sheet.vary),
        passed=len(questions - broken),
        failed=len(broken),
    )
    return CheckReport(counts, tuple(sorted(failures)))
