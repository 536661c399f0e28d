"""Whatever is wrong with a file is told with its place, what is wrong, and a remedy.

Nothing is a crash.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.quiz.files.bank import load, load_with_problems
from bot.quiz.files.problems import BankError, Problem
from bot.quiz.files.toml_files import UnreadableError, read_bytes
from tests.quiz.folders import PACK, PLAIN, TEMPLATE, changed, keyed, pack, plain, put


def problems(root: Path) -> tuple[Problem, ...]:
    with pytest.raises(BankError) as caught:
        load(root)
    return caught.value.problems


def only(root: Path) -> Problem:
    (problem,) = problems(root)
    return problem


@pytest.mark.parametrize(
    ("text", "line", "field", "wrong", "remedy"),
    [
        (plain(promt='"x"'), 2, "promt", "no such key", "`prompt`"),
        (plain(qqqqqqqq='"x"'), 2, "qqqqqqqq", "no such key", "Take it out"),
        (plain(title=""), 0, "title", "missing", "Add it"),
        (plain(title='" "'), 2, "title", "empty", "Write it"),
        (plain(title="7"), 2, "title", "no text", "quotation marks"),
        (plain(title=f'"{"x" * 101}"'), 2, "title", "more than 100", "shorter"),
        (plain(title='"a\\u202eb"'), 2, "title", "U+202E", "Take that out"),
        (plain(time='"90"'), 5, "time", "no time", "1:30"),
        (plain(time='"0:05"'), 5, "time", "no time", "0:10"),
        (plain(kind='"debugging"'), 3, "kind", "no such value", "'debug'"),
        (plain(tries="0"), 2, "tries", "too small", "at least 1"),
        (plain(tries="9"), 2, "tries", "too large", "at most 5"),
        (plain(tries='"2"'), 2, "tries", "no number that fits", "without quotation marks"),
        (plain(hints='"x"'), 7, "hints", "no list", "square brackets"),
        (plain(hints='["a", ""]'), 7, "hints[2]", "empty", "Write it"),
        (plain(hints='["a","b","c","d","e","f"]'), 7, "hints", "more than 5", "best"),
        (plain(code="'''\n\n'''"), 2, "code", "nothing but white space", "differently"),
        (plain(number="1"), 2, "number", "no table", "authors' page"),
        (plain(truth="true", why_not='"x"'), 3, "truth", "`options` as well", "Keep one"),
        (plain(why_not='"x"'), 2, "why_not", "Only a true/false", "wrong options"),
        (plain(vary="{ a = [1] }"), 0, "code", "nothing to compute", "Add `code`"),
        (
            plain(figure='{ file = "../x.png", alt = "x" }'),
            2,
            "figure.file",
            "no PNG inside",
            "figures/",
        ),
        (plain(figure='{ file = "x.png" }'), 2, "figure.alt", "missing", "Add it"),
        (plain(figure='{ file = "x.png", alt = "x" }'), 2, "figure.file", "no such file", "Add it"),
        (
            PLAIN.replace("right = true", 'right = "yes"'),
            18,
            "options[1].right",
            "neither true nor false",
            "true or",
        ),
        (
            PLAIN.replace("right = true\n", 'why_not = "x"\n'),
            16,
            "options",
            "No option is right",
            "right = true",
        ),
        (
            PLAIN.replace("right = true", 'right = true\nwhy_not = "x"'),
            18,
            "options[1].right",
            "says why not",
            "out",
        ),
        (
            PLAIN.replace('why_not = "That is a gate of zero."', ""),
            21,
            "options[2].why_not",
            "needs it",
            "Say",
        ),
        (PLAIN.replace("text = ", "txt = "), 17, "options[1].txt", "no such key", "`text`"),
        (
            PLAIN.replace('text = "It stops all of it"', ""),
            21,
            "options[2].text",
            "either",
            "exactly one",
        ),
        (
            PLAIN.replace("It stops all of it", "it lets ALL of it  through!"),
            22,
            "options[2].text",
            "aloud",
            "words",
        ),
        (
            PLAIN.replace("gate * 7 == 0", "gate *"),
            24,
            "options[2].holds",
            "no Python expression",
            "differently",
        ),
        (keyed(""), 0, "", "no key", "Add [[options]]"),
        (keyed("truth = true"), 0, "why_not", "missing", "the other answer"),
        (keyed('truth = true\nwhy_not = "x"', tries="2"), 2, "tries", "one try", "out"),
        (keyed("number = { value = nan }"), 10, "number.value", "finite", "finite"),
        (
            keyed("number = { value = 1, within = -1 }"),
            10,
            "number.within",
            "too small",
            "at least 0",
        ),
        (keyed('phrases = ["a", "A."]'), 10, "phrases[2]", "adds nothing", "out"),
        (keyed("phrases = []"), 10, "phrases", "fewer than 1", "more"),
        (
            plain(kind='"predict-output"').replace("It stops all", "x"),
            17,
            "options[1].text",
            "typed",
            "computed",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_its_remedy(
    tmp_path: Path, text: str, line: int, field: str, wrong: str, remedy: str
) -> None:
    found = problems(pack(tmp_path, a=text))[0]
    assert (found.file, found.line, found.field) == ("gates/a.toml", line, field)
    assert wrong in found.wrong
    assert remedy in found.remedy


@pytest.mark.parametrize("key", ["number = { value = 3 }", 'phrases = ["3"]'])
def test_the_key_of_a_predicted_output_is_never_typed(tmp_path: Path, key: str) -> None:
    assert "typed" in only(pack(tmp_path, a=keyed(key, kind='"predict-output"'))).wrong


@pytest.mark.parametrize("below", ["[[options]]", "[vary]"])
def test_a_proof_below_a_table_is_told_kindly(tmp_path: Path, below: str) -> None:
    text = TEMPLATE.replace(below, f'{below}\nproof = "assert True"', 1)
    found = problems(pack(tmp_path, a=text))[0]
    assert f"below {below}" in found.wrong
    assert "Move `proof` above the first [[options]]" in found.remedy


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (changed(TEMPLATE, length='"ten"'), "neither a list nor a range"),
        (changed(TEMPLATE, length="[]"), "neither a list nor a range"),
        (TEMPLATE.replace("length = ", "Length = "), "no name for a parameter"),
        (TEMPLATE.replace("{{length}} is", "{{length +}} is"), "no Python expression"),
        (
            TEMPLATE.replace("value =", "text =").replace("predict-output", "debug"),
            "Nothing depends on it",
        ),
        (TEMPLATE.replace('"batch + length"', '"printed"'), "aloud"),
        (TEMPLATE.replace('misconception = "added"', ""), "computed wrong option"),
    ],
)
def test_a_mistake_in_a_template_is_told(tmp_path: Path, text: str, wrong: str) -> None:
    assert wrong in problems(pack(tmp_path, a=text))[0].wrong


def test_a_number_with_a_value_to_compute_needs_code(tmp_path: Path) -> None:
    assert only(pack(tmp_path, a=keyed('number = { value = "3 + 4" }'))).field == "code"


@pytest.mark.parametrize(
    ("order", "wrong"),
    [
        ('"a", "bb"', "no file bb.toml"),
        ('"a", "a", "b"', "twice"),
        ('"a"', "does not list `b`"),
        ('"a", "b", "B"', "no name"),
    ],
)
def test_the_order_lists_every_question_once(tmp_path: Path, order: str, wrong: str) -> None:
    root = pack(tmp_path, a=PLAIN, b=PLAIN)
    put(root / "gates/pack.toml", PACK.format(order=order))
    found = problems(root)
    assert any(wrong in problem.wrong for problem in found)
    assert {problem.line for problem in found} == {7}


def test_a_name_almost_right_in_the_order_is_answered_with_the_right_one(tmp_path: Path) -> None:
    root = pack(tmp_path, hidden=PLAIN)
    put(root / "gates/pack.toml", PACK.format(order='"hiden"'))
    assert any("`hidden`" in problem.remedy for problem in problems(root))


def test_a_broken_pack_file_is_told(tmp_path: Path) -> None:
    put(pack(tmp_path, a=PLAIN) / "gates/pack.toml", 'title = "x"')
    assert {found.field for found in problems(tmp_path)} == {
        "summary",
        "badge",
        "icon",
        "minutes",
        "order",
    }


def test_a_folder_without_a_pack_file_is_told(tmp_path: Path) -> None:
    (pack(tmp_path, a=PLAIN) / "gates/pack.toml").unlink()
    assert "no such file" in only(tmp_path).wrong


def test_a_folder_without_packs_and_a_missing_one_are_told(tmp_path: Path) -> None:
    assert "no pack" in only(tmp_path).wrong
    assert "cannot be read" in only(tmp_path / "missing").wrong


def test_hidden_and_working_folders_are_no_packs(tmp_path: Path) -> None:
    for name in (".git", "__pycache__"):
        (tmp_path / name).mkdir()
    assert [found.name for found in load(pack(tmp_path, a=PLAIN)).packs] == ["gates"]


@pytest.mark.parametrize("name", ["Gates", "a b", "a--b", "é", "x" * 49])
def test_a_name_that_does_not_fit_is_told(tmp_path: Path, name: str) -> None:
    pack(tmp_path, "fine", a=PLAIN)
    assert "name does not fit" in only(pack(tmp_path, name, a=PLAIN)).wrong


def test_a_question_file_with_a_name_that_does_not_fit_is_told(tmp_path: Path) -> None:
    put(pack(tmp_path, a=PLAIN) / "gates/B_1.toml", PLAIN)
    assert [found.file for found in problems(tmp_path)] == ["gates/B_1.toml", "gates/pack.toml"]


def test_bytes_that_are_no_utf8_are_told_with_their_line(tmp_path: Path) -> None:
    found = only(pack(tmp_path, a=b'title = "x"\nprompt = "\xff"\n'))
    assert (found.line, found.wrong) == (2, "It is not UTF-8 text.")


@pytest.mark.parametrize(
    "text", ['a = "', "a = 1\na = 2", "= 3", "x = 1e", "[" * 2000, "a = " + "9" * 5000]
)
def test_what_is_no_toml_is_told(tmp_path: Path, text: str) -> None:
    assert only(pack(tmp_path, a=text)).file == "gates/a.toml"


def test_a_nesting_without_end_is_told(tmp_path: Path) -> None:
    assert (
        only(pack(tmp_path, a="a = " + "[" * 20_000 + "]" * 20_000)).wrong
        == "The nesting is too deep."
    )


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    assert "64 KiB" in only(pack(tmp_path, a="#" * 70_000)).wrong


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret.toml", PLAIN)
    root = pack(tmp_path / "questions", a=PLAIN)
    (root / "gates/a.toml").unlink()
    (root / "gates/a.toml").symlink_to(secret)
    assert "link out of the folder" in only(root).wrong


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    root = pack(tmp_path, a=PLAIN)
    (root / "gates/a.toml").unlink()
    os.mkfifo(root / "gates/a.toml")
    assert "no plain file" in only(root).wrong


def test_a_file_that_loops_to_itself_is_told(tmp_path: Path) -> None:
    root = pack(tmp_path, a=PLAIN)
    (root / "gates/a.toml").unlink()
    (root / "gates/a.toml").symlink_to("a.toml")
    assert "no such file" in only(root).wrong


def test_a_file_that_does_not_let_itself_be_read_is_told() -> None:
    """A process's own memory is such a file, whoever asks."""
    with pytest.raises(UnreadableError, match="cannot be read"):
        read_bytes(Path("/proc/self"), Path("/proc/self/mem"), 10)


def test_a_figure_that_is_no_png_is_told(tmp_path: Path) -> None:
    put(tmp_path / "gates/x.png", b"GIF89a")
    assert "no PNG" in only(pack(tmp_path, a=plain(figure='{ file = "x.png", alt = "x" }'))).wrong


def test_the_packs_that_are_whole_are_gathered_beside_the_broken(tmp_path: Path) -> None:
    pack(tmp_path, "good", a=PLAIN)
    bank, found = load_with_problems(pack(tmp_path, "bad", a="oops"))
    assert [each.name for each in bank.packs] == ["good"]
    assert [problem.file for problem in found] == ["bad/a.toml"]


@contextmanager
def folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


@given(st.binary(max_size=400))
@settings(max_examples=60)
def test_no_bytes_crash_the_loader(content: bytes) -> None:
    with folder() as root:
        assert all(found.remedy for found in problems(pack(root, a=content)))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.datetimes(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [*(row.split(" =")[0] for row in PLAIN.split("\n") if " = " in row), "vary", "number", "x y"]
)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4))
@settings(max_examples=150)
def test_no_values_crash_the_loader(values: dict[str, object]) -> None:
    text = "\n".join(
        f"{spelled(key)} = {spelled(value)}" for key, value in values.items() if value is not None
    )
    with folder() as root:
        assert all(found.wrong and found.remedy for found in problems(pack(root, a=text)))


@given(
    st.integers(0, len(TEMPLATE) - 1),
    st.sampled_from(["", '"', "'''", "\x00", "]", "[[", "{{", "9", "= ", "\n"]),
)
@settings(max_examples=150)
def test_no_slip_of_the_pen_crashes_the_loader(place: int, slip: str) -> None:
    with folder() as root:
        bank, found = load_with_problems(
            pack(root, a=TEMPLATE[:place] + slip + TEMPLATE[place + 1 :])
        )
    assert bank.packs or found


def spelled(value: object) -> str:
    """A value in TOML."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return '"' + "".join(f"\\U{ord(letter):08X}" for letter in value) + '"'
        case list():
            return f"[{', '.join(spelled(each) for each in value if each is not None)}]"
        case dict():
            pairs = (f"{spelled(k)} = {spelled(v)}" for k, v in value.items() if v is not None)
            return f"{{{', '.join(pairs)}}}"
    return str(value)
