"""Checks one question."""

from collections.abc import Iterator

from bot.authors.checking.check_report import CheckFailure, failure
from bot.authors.checking.claims import claim_failures, claims, missing_claims
from bot.authors.checking.code_failures import (
    error_failure,
    number_failures,
    run_failures,
    value_failures,
)
from bot.authors.checking.lints import proof_lints, unsupported_numbers
from bot.authors.checking.parameter_draws import (
    FEWEST,
    Parameters,
    combinations,
    draw_parameters,
)
from bot.authors.running.code_runner import CodeRunner
from bot.authors.running.harness_job import HarnessJob, ObservedRun
from bot.quiz.files.drafts import Draft
from bot.quiz.files.schema import QuestionSheet
from bot.quiz.files.variants import Row, fill_sheet

LONGEST_OUTPUT = 4000


class QuestionCheck:
    def __init__(self, draft: Draft, runner: CodeRunner) -> None:
        self.draft = draft
        self.failures: list[CheckFailure] = []
        self.rows: list[Row] = []  # the computed values of each variant
        # One for each row, or one in all where there are none.
        self.proof_runs: list[ObservedRun] = []
        self.has_proof_run = False
        self._runner = runner
        self._code_runs: list[ObservedRun] = []
        self._parameter_sets = draw_parameters(draft.id, draft.sheet.vary or {}) or ({},)

    async def run(self) -> None:
        sheet = self.draft.sheet
        if sheet.code is not None:
            await self._check_code(sheet.code)
        lints = list(proof_lints(self.draft))
        self.failures += lints
        if sheet.proof is not None:
            if not lints:
                await self._check_proof(sheet.proof)
            self.failures += missing_claims(self.draft)
        if not self.failures:
            self.failures += unsupported_numbers(self.draft, self._sources())

    async def _check_code(self, code: str) -> None:
        sheet = self.draft.sheet
        if sheet.vary and (count := combinations(sheet.vary)) < FEWEST:
            self._fail("vary", f"at least {FEWEST} combinations", f"There are {count}.")
        job = HarnessJob(code, sheet.expressions(), self._parameter_sets)
        self._code_runs = await self._observe("code", job)
        for parameters, run in zip(self._parameter_sets, self._code_runs, strict=False):
            if failures := self._code_failures(parameters, run):
                self.failures += failures
                break

    def _code_failures(self, parameters: Parameters, run: ObservedRun) -> list[CheckFailure]:
        failures = list(run_failures(self.draft, run))
        expressions = self.draft.sheet.expressions()
        row: dict[str, str] = {}
        for expression, value in zip(expressions, run.values, strict=False):
            row[expression] = value.shown
            if value.error:
                expected = f"`{expression}` over the parameters and the code's names"
                failures.append(failure(self.draft, (), expected, value.error))
        if expressions and not failures:
            self.rows.append(row)
            failures += value_failures(self.draft, parameters, run, row)
            failures += number_failures(self.draft, row)
        return failures

    async def _check_proof(self, proof: str) -> None:
        self.has_proof_run = True
        expressions = tuple(claim.expression for claim in claims(self.draft.sheet))
        parameter_sets = (*self._parameter_sets, self._parameter_sets[0])
        job = HarnessJob(proof, expressions, parameter_sets, unseeded=1)
        runs = await self._observe("proof", job)
        self.proof_runs = runs[: len(self._parameter_sets)]
        for run, row in zip(self.proof_runs, self.rows or [{}], strict=False):
            count = len(self.failures)
            self._check_output(run)
            if not run.error:
                self.failures += claim_failures(self.draft, run, row)
            if len(self.failures) > count:
                break
        for run in runs[len(self._parameter_sets) :]:
            # Whoever copies a proof runs it in a Python of their own, which sets no seeds.
            if run.error and not self.failures:
                expected = (
                    "a proof that holds with any random numbers "
                    "(if it needs certain ones, let it begin with torch.manual_seed)"
                )
                self._fail("proof", expected, run.error.message, below=run.error.line)

    def _check_output(self, run: ObservedRun) -> None:
        if run.error:
            self.failures.append(error_failure(self.draft, "proof", run.error))
        elif not run.assertions:
            self._fail("proof", "assertions that are reached", "None was.")
        if not run.printed.strip():
            self._fail("proof", "a proof that prints what it shows", "It prints nothing.")
        if (length := len(run.printed)) > LONGEST_OUTPUT:
            self._fail("proof", f"at most {LONGEST_OUTPUT} characters printed", str(length))
        if (count := len(run.figures)) > 1:
            self._fail("proof", "at most one figure", f"It draws {count}.")
        if self.draft.sheet.vary and run.figures:
            expected = "a template's proof that prints and draws nothing"
            self._fail("proof", expected, "It draws a figure.")

    async def _observe(self, key: str, job: HarnessJob) -> list[ObservedRun]:
        try:
            runs = await self._runner.observe(job)
        except TimeoutError:
            expected = f"an end within {self._runner.seconds:g} seconds"
            self._fail(key, expected, "It was stopped.")
            return []
        if len(runs) < len(job.parameter_sets):
            self._fail(key, "code that runs", "Its process ended in the middle.")
        return runs

    def _fail(self, key: str, expected: str, seen: str, below: int = 0) -> None:
        self.failures.append(failure(self.draft, (key,), expected, seen, below))

    def _sources(self) -> list[str]:
        sheet = self.draft.sheet
        proofs = [run.printed for run in self.proof_runs]
        if not self.rows:
            printed = [run.printed for run in self._code_runs]
            return ["\n".join([*_asked(sheet), *proofs, *printed])]
        proofs = proofs or [""] * len(self.rows)
        return [
            "\n".join([*_asked(fill_sheet(sheet, row)), run.printed, proof])
            for row, run, proof in zip(self.rows, self._code_runs, proofs, strict=False)
        ]


def _asked(sheet: QuestionSheet) -> Iterator[str]:
    yield from (sheet.title, sheet.prompt, sheet.code or "", *sheet.hints, *(sheet.phrases or ()))
    yield from (option.text or "" for option in sheet.options or ())
    if sheet.number:
        yield str(sheet.number.value)
