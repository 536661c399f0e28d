"""Whether a key is what running the code shows: computed values, and what options say of the proof's names."""

import ast
from collections import Counter
from collections.abc import Collection, Iterator

from bot.authors.checking.failures import CheckFailure, failure
from bot.authors.checking.parameter_draws import Drawn
from bot.authors.running.plain_run import ObservedRun, Raised, SeenValue
from bot.quiz.files.cross_field_rules import aloud
from bot.quiz.files.drafts import Draft
from bot.quiz.files.schema import FIELD, OptionSheet, QuestionSheet
from bot.quiz.files.toml_lines import Path
from bot.quiz.files.variants import Row, is_number

WRITTEN = (
    ast.Constant,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.Tuple,
    ast.JoinedStr,
    ast.FormattedValue,
)
"""What only puts together what was written down. A list is filled later, and a call computes."""
COMPUTED = "a claim that could turn out otherwise: compare something that the proof computes"


def held_expressions(sheet: QuestionSheet) -> tuple[tuple[Path, str, bool | None], ...]:
    """Where a claim stands, the claim, and whether it must be true; None where it is the key's own value."""
    options = sheet.options or ()
    found: list[tuple[Path, str, bool | None]] = [
        (("options", index, "holds"), option.holds, option.right)
        for index, option in enumerate(options)
        if option.holds is not None
    ]
    if sheet.holds is not None and not options:
        found.append((("holds",), sheet.holds, sheet.truth))
    return tuple(found)


def unclaimed(draft: Draft) -> Iterator[CheckFailure]:
    """A key that nothing ties to its proof could be flipped and nobody would notice."""
    sheet = draft.sheet
    remedy = "`holds`: an expression over the proof's names"
    if sheet.options is None:
        if sheet.holds is None and not (sheet.number and isinstance(sheet.number.value, str)):
            yield failure(draft, (), f"{remedy} that gives the key", "There is none.")
        return
    typed = [(index, option) for index, option in enumerate(sheet.options) if option.value is None]
    for index, option in typed:
        if option.right and option.holds is None:
            yield failure(draft, ("options", index), f"{remedy} that is true", "There is none.")
    if any(not option.right for _, option in typed) and not any(
        _refuted(option) for option in sheet.options
    ):
        yield failure(
            draft,
            ("options",),
            f"{remedy} that is false, in the strongest wrong option",
            "There is none.",
        )


def _refuted(option: OptionSheet) -> bool:
    return not option.right and (option.holds is not None or option.value is not None)


def raised_failure(draft: Draft, field: Path, error: Raised) -> CheckFailure:
    """Where the code stopped, at its line in the file."""
    return failure(draft, field, error.row or "code that runs", error.seen, below=error.line)


def snippet_failures(draft: Draft, run: ObservedRun) -> Iterator[CheckFailure]:
    """Code that stops although it should not, or the other way round."""
    wanted = draft.sheet.raises or ""
    reads_it = any("raised" in names(option.value or "0") for option in draft.sheet.options or ())
    if run.error and not reads_it and (not wanted or wanted not in run.error.seen):
        yield (
            raised_failure(draft, ("code",), run.error)
            if not wanted
            else failure(draft, ("raises",), wanted, run.error.seen)
        )
    if wanted and not run.error:
        yield failure(draft, ("raises",), wanted, "The code runs to its end.")
    for clash in run.clashes:
        yield failure(
            draft,
            ("vary", clash),
            f"code that leaves `{clash}` as drawn",
            "It uses the name for something else.",
        )
    if run.pictures:
        yield failure(
            draft, ("code",), "a figure as a file, or in the proof", "The code draws one."
        )


def value_failures(
    draft: Draft, drawn: Drawn, run: ObservedRun, row: Row
) -> Iterator[CheckFailure]:
    """Options of one variant that are no distinct values, or not the values that the code gives."""
    of = f" with {', '.join(f'{name} = {value}' for name, value in drawn.items())}" if drawn else ""
    seen: dict[str, int] = {}
    for index, option in enumerate(draft.sheet.options or ()):
        text = row[option.value] if option.value else option.text or ""
        if aloud(text) in seen:
            other = seen[aloud(text)] + 1
            wrong = f"Both read {text}{of}."
            yield failure(draft, ("options", index), f"an option unlike option {other}", wrong)
        seen.setdefault(aloud(text), index)
        if option.value is not None:
            yield from _told(draft, index, option, run, text, of)


def number_failures(draft: Draft, row: Row) -> Iterator[CheckFailure]:
    """A computed number that is none, or that does not come from running the code."""
    number, parameters = draft.sheet.number, set(draft.sheet.vary or {})
    if number is None or not isinstance(number.value, str):
        return
    if not is_number(row[number.value]):
        yield failure(
            draft, ("number", "value"), "a number", f"`{number.value}` gives {row[number.value]}."
        )
    if not names(number.value) - parameters:
        yield failure(
            draft,
            ("number", "value"),
            "a key computed from what the code leaves",
            f"`{number.value}` is typed.",
        )


def _told(
    draft: Draft, index: int, option: OptionSheet, run: ObservedRun, text: str, of: str
) -> Iterator[CheckFailure]:
    field = ("options", index, "value")
    parameters = set(draft.sheet.vary or {})
    if option.right and not (names(option.value or "0") - parameters):
        yield failure(
            draft, field, "a key computed from what the code leaves", f"`{option.value}` is typed."
        )
    if not text.strip():
        yield failure(
            draft, field, "a value that can be seen", f"`{option.value}` gives nothing{of}."
        )
    printed = normal(run.printed)
    if not printed or "\n" in printed or len([o for o in draft.sheet.options or () if o.right]) > 1:
        return
    if option.right and not printed.endswith(normal(text)):
        yield failure(draft, field, f"what the code prints: {printed}", f"{text}{of}")
    if not option.right and printed == normal(text):
        yield failure(draft, field, "a wrong option that is wrong", f"The code prints {text}{of}.")


def names(expression: str) -> set[str]:
    return {
        node.id
        for node in ast.walk(ast.parse(expression, mode="eval"))
        if isinstance(node, ast.Name)
    }


def normal(text: str) -> str:
    return text.strip().replace("torch.Size([", "(").replace("])", ")").replace(",)", ")")


def held_failures(draft: Draft, run: ObservedRun, row: Row) -> Iterator[CheckFailure]:
    """Claims of options that the proof's own names contradict."""
    for (field, claim, wanted), value in zip(
        held_expressions(draft.sheet), run.values, strict=False
    ):
        if value.error:
            yield failure(draft, field, f"`{claim}` over the proof's names", value.error)
        elif not _hangs(draft.sheet, claim, value, wanted):
            yield failure(draft, field, COMPUTED, f"`{claim}` comes out the same whatever that is.")
        elif wanted is None:
            yield from _keyed(draft, field, value.shown, row)
        elif value.shown != str(wanted):
            side = "right" if wanted else "wrong"
            yield failure(
                draft, field, f"`{claim}` is {wanted}, for the option is {side}", value.shown
            )


def _hangs(sheet: QuestionSheet, claim: str, value: SeenValue, wanted: bool | None) -> bool:  # noqa: FBT001 (as it is told)
    """Whether a claim hangs on what the proof computes; one that is to fail may do so whatever comes out."""
    computed = set(_stored(_tree(sheet))) - typed(sheet)
    return bool(computed & (names(claim) if wanted is False else set(value.leans)))


def typed(sheet: QuestionSheet) -> set[str]:
    """The names that hold only what the author wrote down: parameters, and what the proof sets to a constant."""
    tree = _tree(sheet)
    bound = Counter(_stored(tree))
    known = set(sheet.vary or {})
    while True:
        constant = Counter(
            name for node in ast.walk(tree) if _is_typed(node, known) for name in _stored(node)
        )
        found = known | {name for name, times in constant.items() if times == bound[name]}
        if found == known:
            return known
        known = found


def _tree(sheet: QuestionSheet) -> ast.Module:
    return ast.parse(FIELD.sub("0", sheet.proof or "") if sheet.vary else sheet.proof or "")


def _stored(tree: ast.AST) -> Iterator[str]:
    """The names that are set, once for each time."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _is_typed(node: ast.AST, known: Collection[str]) -> bool:
    """Whether it sets names to what was written down."""
    return isinstance(node, ast.Assign) and all(
        isinstance(part, WRITTEN) or (isinstance(part, ast.Name) and part.id in known)
        for part in ast.walk(node.value)
        if isinstance(part, ast.expr)
    )


def _keyed(draft: Draft, field: Path, shown: str, row: Row) -> Iterator[CheckFailure]:
    number, phrases = draft.sheet.number, draft.sheet.phrases or []
    if number is not None:
        value = row.get(str(number.value), str(number.value))
        if not _near(shown, value, float(number.within)):
            yield failure(draft, field, f"{value}, within {number.within}", shown)
    elif aloud(shown) not in map(aloud, phrases):
        yield failure(draft, field, f"one of {', '.join(phrases)}", shown)


def _near(shown: str, value: str, within: float) -> bool:
    if not (is_number(shown) and is_number(value)):
        return False
    return abs(float(shown) - float(value)) <= max(within, 1e-9 * abs(float(value)))
