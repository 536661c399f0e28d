"""A claim must depend on what its proof computes."""

from pathlib import Path

import pytest

from tests.authors.checking.checks import checked
from tests.quiz.folders import PLAIN, pack


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("True", "gate * 7 == 0"),
        ("1 + 1 == 2", "gate * 7 == 0"),
        ("len('gate') == 4", "gate * 7 == 0"),
        ("gate == gate", "gate * 7 == 0"),
        ("gate * 0 == 0", "gate * 7 == 0"),
        ("bool(gate or True)", "gate * 7 == 0"),
        ("noted == 1", "gate * 7 == 0"),
        ("twice == 2", "gate * 7 == 0"),
        ("gate * 7 == 7", "False"),
        ("gate * 7 == 7", "noted == 0"),
    ],
)
async def test_a_claim_that_hangs_on_nothing_computed_proves_nothing(
    tmp_path: Path, right: str, wrong: str
) -> None:
    text = PLAIN.replace("gate = ", "noted = 1\ntwice = noted + noted\ngate = ")
    text = text.replace('holds = "gate * 7 == 7"', f'holds = "{right}"')
    report = await checked(
        pack(tmp_path, a=text.replace('holds = "gate * 7 == 0"', f'holds = "{wrong}"'))
    )
    (failure,) = report.failures
    assert failure.expected.startswith("a claim that could turn out otherwise")
    assert failure.seen.startswith(
        f"`{right if wrong == 'gate * 7 == 0' else wrong}` comes out the same"
    )
    assert failure.line == (21 if wrong == "gate * 7 == 0" else 26)


@pytest.mark.parametrize(
    ("made", "claim"),
    [
        ("found = []\nfound.append(1)", "len(found) == 1"),
        ("found = {'a': 1}\nfound.update(b=2)", "set(found) == {'a', 'b'}"),
        ("count = 0\nfor _ in range(3): count += 1", "count == 3"),
        ("def works(): return len('a') == 1", "works()"),
        ("kind = type(gate)", "kind == int"),
        ("import decimal\nshare = decimal.Decimal(1) / 4", "share < 1"),
        ("class Cell: size = 3\ncell = Cell()", "cell.size == 3"),
    ],
)
async def test_whatever_a_proof_computes_may_be_claimed(
    tmp_path: Path, made: str, claim: str
) -> None:
    text = PLAIN.replace("print(", f"{made}\nprint(").replace(
        'holds = "gate * 7 == 7"', f'holds = "{claim}"'
    )
    assert (await checked(pack(tmp_path, a=text))).failures == ()
