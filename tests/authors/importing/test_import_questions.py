"""Imports never crash: what cannot be taken is listed, and nothing is overwritten."""

import tomllib
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.authors.checking.check import check
from bot.authors.importing.import_questions import NO_REASON, ImportResult, import_file, slug
from bot.authors.importing.spreadsheets import LARGEST_UNPACKED
from bot.errors import OperatorError
from bot.quiz.files.bank import load
from tests.quiz.folders import PLAIN, is_truth, pack, put

GIFT = r"""
// A comment, and a category that nobody needs here.
$CATEGORY: $course$/top/Recurrent

::Gates::Which gate decides what a GRU keeps? {
    =The update gate#Right.
    ~The reset gate#It decides what the candidate sees.

    ~The output gate
    ####A GRU has no output gate.
}

[html]Which of these are <b>recurrent</b>?{~%50%LSTM ~%50%GRU ~%-100%Convolution &amp; pooling}

An LSTM has a cell state.{T#It has one beside the hidden state.}

::False::A GRU has three gates.{FALSE#It has two.#Right, two.}

What is 2\^5 \= ?{#32:0.5}

Somewhere in the middle?{#1..5}

Weighted number{#=3.5:0.1 =%50%4:0}

Who proposed the LSTM with Hochreiter? {=Schmidhuber =J\. Schmidhuber =schmidhuber}

The {~input ~output =forget} gate lets old memories go.

Match them {=a -> 1 =b -> 2}

Write an essay.{}

Only a description.

See <img src="x.png"> here {=a ~b}

Two {=a ~b} blocks {=c ~d}

Open {=a ~b

::After the slip::Does it go on?{=Yes ~No}

What number? {#many}

No marks {Paris}

No mark at all is right {~%0%one ~%-50%two}
"""

TRIVIA = """
AUTHOR: Somebody
DESCRIPTION: Nets
CONFIG: {delay: 30}
Who proposed the LSTM?:
- Hochreiter
- Schmidhuber
- hochreiter
In which year?:
  - 1997
Is it true?: Yes
Nothing to say:
Nested?:
- [a]
? [complex]
: - b
Only signs?: ["!!!", "…"]
"""

KAHOOT: list[list[str | float | None]] = [
    ["Quiz template"],
    [
        None,
        "Add questions, at least two answer alternatives, time limit and choose correct answers.",
    ],
    [
        None,
        "Question - max 120 characters",
        "Answer 1 - max 75 characters",
        "Answer 2 - max 75 characters",
        "Answer 3 - max 75 characters",
        "Answer 4 - max 75 characters",
        "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
        "Correct answer(s) - choose at least one",
    ],
    [1, "How many gates has a GRU?", 1, 2, 3, 4, 20, 2],
    [2, "Which are recurrent?", "LSTM", "GRU", "MLP", None, 120, "1,2"],
    [3, "An LSTM has a cell state.", "True", "False", None, None, 5, 1.0],
    [4, "Without an answer", "a", "b", None, None, 5, None],
    [5, "Out of reach", "a", "b", None, None, 5, 9],
    [6, None, None, None, None, None, None, None],
]


def imported(tmp_path: Path, name: str, text: str | bytes) -> tuple[ImportResult, dict[str, Any]]:
    """What an import came to, and each question it wrote by its title; all of it must load."""
    done = import_file(put(tmp_path / name, text), tmp_path / "questions")
    if done.written:
        load(tmp_path / "questions")
    questions = [tomllib.loads(path.read_text()) for path in done.written]
    return done, {question["title"]: question for question in questions}


def test_gift_comes_in(tmp_path: Path) -> None:
    done, questions = imported(tmp_path, "Recurrent nets.gift", GIFT)
    assert questions["Gates"]["prompt"] == "Which gate decides what a GRU keeps?"
    assert questions["Gates"]["explanation"] == "A GRU has no output gate."
    assert questions["Gates"]["options"] == [
        {"text": "The update gate", "right": True},
        {"text": "The reset gate", "why_not": "It decides what the candidate sees."},
        {"text": "The output gate", "why_not": NO_REASON},
    ]
    several = questions["Which of these are recurrent?"]["options"]
    assert [(option["text"], "right" in option) for option in several] == [
        ("LSTM", True),
        ("GRU", True),
        ("Convolution & pooling", False),
    ]
    assert (questions["An LSTM has a cell state."]["truth"], questions["False"]["truth"]) == (
        True,
        False,
    )
    assert questions["False"]["why_not"] == "It has two."
    assert questions["What is 2^5 = ?"]["number"] == {"value": 32.0, "within": 0.5}
    assert questions["Somewhere in the middle?"]["number"] == {"value": 3.0, "within": 2.0}
    assert questions["Weighted number"]["number"] == {"value": 3.5, "within": 0.1}
    assert questions["Who proposed the LSTM with Hochreiter?"]["phrases"] == [
        "Schmidhuber",
        "J. Schmidhuber",
    ]
    assert questions["The _____ gate lets old memories go."]["options"][2] == {
        "text": "forget",
        "right": True,
    }
    assert "After the slip" in questions
    assert {path.parent.name for path in done.written} == {"recurrent-nets"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Which?{~wrong ~%50%half =full}", [False, False, True]),
        ("Which?{=%50%one =%50%two ~none}", [True, True, False]),
        ("Which?{~%100%all ~%0%none}", [True, False]),
        ("Which?{ ~ \\= 2 + 2\n = \\= 2 + 3 }", [False, True]),
    ],
)
def test_a_share_makes_an_answer_right_only_where_none_is_marked_right(
    tmp_path: Path, text: str, key: list[bool]
) -> None:
    _, questions = imported(tmp_path, "x.gift", text)
    assert [option.get("right", False) for option in questions["Which?"]["options"]] == key


def test_a_wording_of_less_weight_is_not_accepted_as_right(tmp_path: Path) -> None:
    _, questions = imported(tmp_path, "x.gift", "Two and two equals {=four =%75%for =4}.")
    assert questions["Two and two equals _____."]["phrases"] == ["four", "4"]
    _, questions = imported(tmp_path, "y.gift", "What is pi? {#3.14:0.01}.")
    assert set(questions) == {"What is pi?"}


def test_tags_are_taken_out_unless_the_question_is_about_them(tmp_path: Path) -> None:
    _, questions = imported(
        tmp_path, "x.gift", "<p>Which is <code>x &gt; 1</code>?</p>{=<nav> ~<b>bold</b> ~<br>}"
    )
    (question,) = questions.values()
    assert question["prompt"] == "Which is `x > 1`?"
    assert [option["text"] for option in question["options"]] == ["<nav>", "bold", "<br>"]


def test_what_gift_holds_beyond_us_is_told_with_line_and_reason(tmp_path: Path) -> None:
    done, _ = imported(tmp_path, "x.gift", GIFT)
    rows = GIFT.split("\n")
    reasons = {rows[left.line - 1].split("{")[0].strip(): left.reason for left in done.left_out}
    assert {start: reason.split(" ")[:4] for start, reason in reasons.items()} == {
        "Match them": ["It", "asks", "to", "match"],
        "Write an essay.": ["It", "asks", "for", "an"],
        "Only a description.": ["It", "has", "no", "answers"],
        'See <img src="x.png"> here': ["It", "shows", "a", "picture,"],
        "Two": ["It", "has", "more", "than"],
        "Open": ["Its", "braces", "do", "not"],
        "What number?": ["Its", "number", "cannot", "be"],
        "No marks": ["Its", "answers", "begin", "neither"],
        "No mark at all is right": ["No", "option", "is", "right."],
    }
    assert all(str(left).startswith(f"line {left.line}: ") for left in done.left_out)


@pytest.mark.parametrize("number", ["inf", "nan:1", "1..x", "1e999"])
def test_a_number_without_bounds_is_left(tmp_path: Path, number: str) -> None:
    done, _ = imported(tmp_path, "x.gift", f"How many?{{#{number}}}")
    assert len(done.left_out) == 1


def test_trivia_lists_come_in(tmp_path: Path) -> None:
    done, questions = imported(tmp_path, "nets.yaml", TRIVIA)
    assert {title: question["phrases"] for title, question in questions.items()} == {
        "Who proposed the LSTM?": ["Hochreiter", "Schmidhuber"],
        "In which year?": ["1997"],
        "Is it true?": ["Yes"],
    }
    assert [left.line for left in done.left_out] == [12, 13, 15, 17]


def test_one_slip_in_a_trivia_list_costs_one_question(tmp_path: Path) -> None:
    done, questions = imported(tmp_path, "nets.yml", 'One?:\n- a\nTwo?: "open\nThree?:\n- c\n')
    assert set(questions) == {"One?", "Three?"}
    assert [left.line for left in done.left_out] == [3]


@pytest.mark.parametrize(
    "text",
    ["", "- a\n- b", "just words", "a: &x [*x]", "[" * 5000, "? " * 3000, "\x00: a", "a: *b"],
)
def test_yaml_that_is_no_trivia_list_is_no_crash(tmp_path: Path, text: str) -> None:
    imported(tmp_path, "x.yaml", text)


def test_kahoot_sheets_come_in(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in KAHOOT:
        sheet.append(row)
    book.save(tmp_path / "kahoot.xlsx")
    done = import_file(tmp_path / "kahoot.xlsx", tmp_path / "questions")
    bank = load(tmp_path / "questions")
    gates, recurrent, truth = bank.pack("kahoot").questions
    assert [option.text for option in gates.key.options if option.right] == ["2"]  # type: ignore[union-attr]
    assert recurrent.key.right == {"A", "B"}  # type: ignore[union-attr]
    assert (gates.seconds, recurrent.seconds, truth.seconds) == (20, 120, 10)
    assert is_truth(truth)
    assert [left.line for left in done.left_out] == [7, 8]


@pytest.mark.parametrize(
    "text",
    [
        "Question,Answer 1,Answer 2,Correct answer\nWhich?,no,yes,2\n",
        "Question;A;B;Correct\nWhich?;no;yes;B\n",
        "question text\toption a\toption b\tanswer\nWhich?\tno\tyes\tyes\n",
        (
            "\ufeffQuestion Type,Question,Option 1,Option 2,Correct,Time in seconds\n"
            'MC,"Which?",no,yes,2,30\n'
        ),
        "Q|Choice 1|Choice 2|Answer key|Explanation\r\nWhich?|no|yes|b|Because.\r\n",
    ],
)
def test_sheets_come_in_however_they_are_divided_and_headed(tmp_path: Path, text: str) -> None:
    _, questions = imported(tmp_path, "x.csv", text)
    assert [option.get("right", False) for option in questions["Which?"]["options"]] == [
        False,
        True,
    ]


def test_a_sheet_where_some_answers_are_words_reads_all_as_words(tmp_path: Path) -> None:
    _, questions = imported(
        tmp_path, "x.csv", 'Question,A,B,C,Correct\nOne?,2,1,3,1\nTwo?,x,y,z,"x,z"\n'
    )
    assert [option["text"] for option in questions["One?"]["options"] if "right" in option] == ["1"]
    assert [option["text"] for option in questions["Two?"]["options"] if "right" in option] == [
        "x",
        "z",
    ]


def test_a_sheet_without_options_asks_for_the_answer_in_words(tmp_path: Path) -> None:
    _, questions = imported(tmp_path, "x.csv", "Question,Answer\nWho?,Schmidhuber|J. Schmidhuber\n")
    assert questions["Who?"]["phrases"] == ["Schmidhuber", "J. Schmidhuber"]


def test_a_list_of_hundreds_comes_in_and_no_pack_is_overfilled(tmp_path: Path) -> None:
    text = "".join(f"What is number {number}?:\n- n{number}\n" for number in range(1002))
    done, questions = imported(tmp_path, "x.yaml", text)
    assert len(questions) == 1000
    assert [left.line for left in done.left_out] == [2001, 2003]
    assert "pack is full" in done.left_out[0].reason


def test_a_number_of_a_workbook_is_written_as_people_write_it(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["Question", "A", "B", "Correct"], ["How many?", 2.0, 2.5, "B"]):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    done = import_file(tmp_path / "x.xlsx", tmp_path / "questions")
    options = tomllib.loads(done.written[0].read_text())["options"]
    assert [option["text"] for option in options] == ["2", "2.5"]


def test_a_workbook_that_unpacks_to_more_than_fits_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/bomb.xml", b" " * (LARGEST_UNPACKED + 1))
    with pytest.raises(OperatorError, match="too large once unpacked"):
        import_file(tmp_path / "x.xlsx", tmp_path / "questions")


def test_a_sheet_without_headings_is_told(tmp_path: Path) -> None:
    done, _ = imported(tmp_path, "x.csv", "a,b\nc,d\n")
    assert "headings" in done.left_out[0].reason


def test_a_cell_too_large_is_told_and_the_rest_comes_in(tmp_path: Path) -> None:
    done, questions = imported(tmp_path, "x.csv", f"Question,Answer\n{'x' * 200_000},y\nWho?,me\n")
    assert set(questions) == {"Who?"}
    assert len(done.left_out) == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no more", b"\x00" * 50])
def test_a_spoiled_workbook_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(OperatorError, match=r"cannot be opened as a workbook"):
        import_file(put(tmp_path / "x.xlsx", content), tmp_path / "questions")


def test_what_does_not_fit_our_form_is_left_with_the_reason(tmp_path: Path) -> None:
    text = (
        "Long\n\nToo many?{=1 ~2 ~3 ~4 ~5 ~6 ~7}\n\nSame?{=a ~A}\n\nTwice?{=b ~c}\n\n"
        "Twice?{=b ~c}\n\nTwice?{=b ~d}\n\n{=a ~b}\n\nEmpty answer?{= ~b =a}"
    )
    done, questions = imported(tmp_path, "x.gift", text)
    reasons = {left.line: left.reason for left in done.left_out}
    assert "more than 6" in reasons[3]
    assert "same aloud" in reasons[5]
    assert reasons[9] == "It is the same question as in line 7."
    assert reasons[13] == "It asks nothing."
    assert set(questions) == {"Empty answer?", "Twice?"}
    assert len(done.written) == 3


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    root = pack(tmp_path / "questions", "nets", mine=PLAIN)
    file = put(
        tmp_path / "x.gift",
        "::mine::Which?{=a ~b}\n\n::Other::What?{=a ~b}\n\n::Other::Who?{=a ~b}",
    )
    done = import_file(file, root, into="nets")
    assert [left.reason for left in done.left_out] == [
        "mine.toml is there already, and nothing is overwritten."
    ]
    assert (root / "nets/mine.toml").read_text() == PLAIN
    assert [question.id for question in load(root).pack("nets").questions] == [
        "nets/mine",
        "nets/other",
        "nets/other-2",
    ]
    again = import_file(file, root, into="nets")
    assert again.written == ()
    assert len(again.left_out) == 3


@pytest.mark.parametrize(
    ("name", "into", "reasons"),
    [
        ("x.pdf", "", "no known format"),
        ("x.gift", "Bad Name", "no name for a pack"),
        ("missing.gift", "", "cannot be read"),
    ],
)
def test_what_cannot_be_brought_at_all_is_told(
    tmp_path: Path, name: str, into: str, reasons: str
) -> None:
    if name != "missing.gift":
        put(tmp_path / name, "Which?{=a ~b}")
    with pytest.raises(OperatorError, match=reasons):
        import_file(tmp_path / name, tmp_path / "questions", into)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match="larger than 4 MiB"):
        import_file(put(tmp_path / "x.gift", b"x" * 5_000_000), tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    _, questions = imported(tmp_path, "x.gift", "Café or thé?{=Café ~Thé}\r\n".encode(encoding))
    assert set(questions) == {"Café or thé?"}


def test_a_name_is_made_of_the_letters_that_a_name_may_have() -> None:
    assert slug("What's an Élan?  (v2)") == "what-s-an-elan-v2"
    assert slug("日本語") == ""


def test_a_question_called_pack_does_not_take_the_packs_own_file(tmp_path: Path) -> None:
    done, _ = imported(tmp_path, "x.gift", "Pack!{=a ~b}")
    assert [path.name for path in done.written] == ["line-1.toml"]


def test_much_white_space_takes_no_time(tmp_path: Path) -> None:
    done, _ = imported(tmp_path, "x.gift", f"Which{' ' * 1_000_000}one?{{=a ~b}}")
    assert len(done.written) == 1


def test_a_question_in_another_script_is_named_by_its_line(tmp_path: Path) -> None:
    done, _ = imported(tmp_path, "日本語.gift", "何？{=あ ~い}")
    assert [f"{path.parent.name}/{path.name}" for path in done.written] == ["imported/line-1.toml"]


PIECES = [
    *"{}=~#:%\\\n->\"'`,;|?&*!@[]()<> é1a\u202e",
    "::",
    "####",
    "TRUE",
    "$CATEGORY:",
    "\n\n",
    "%50%",
    "- ",
]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(HOSTILE, st.sampled_from(["gift", "yaml", "csv"]))
@settings(max_examples=250)
def test_no_text_crashes_an_import_and_whatever_comes_in_loads(text: str, ending: str) -> None:
    head = "Question,Answer 1,Answer 2,Correct answer\n" if ending == "csv" else ""
    with TemporaryDirectory() as folder:
        imported(Path(folder), f"x.{ending}", head + text)


@given(st.binary(max_size=200), st.sampled_from(["gift", "yaml", "csv", "txt", "tsv"]))
def test_no_bytes_crash_an_import(content: bytes, ending: str) -> None:
    with TemporaryDirectory() as folder:
        imported(Path(folder), f"x.{ending}", content)


SHEET = """question,answer 1,answer 2,correct answer
Which has gates?,An LSTM,A plain RNN,1
"Which has none,
on two lines?",An LSTM,A plain RNN,
Which is older?,An LSTM,A GRU, \u200b
Which is newer?,An LSTM,A GRU,3
Which is last?,An LSTM,A GRU,B
"""


def test_a_row_without_a_right_answer_is_told_with_its_line(tmp_path: Path) -> None:
    result = import_file(put(tmp_path / "sheet.csv", SHEET), tmp_path / "questions")
    assert [str(left) for left in result.left_out] == [
        "line 3: It does not say which answer is correct.",
        "line 5: It does not say which answer is correct.",
        "line 6: Its correct answer is none of its answers: 3",
    ]
    assert [path.stem for path in result.written] == ["which-has-gates", "which-is-last"]


async def test_a_check_of_what_came_in_says_of_each_where_its_proof_is_missing(
    tmp_path: Path,
) -> None:
    """And has nothing else against it."""
    lines: list[str] = []
    import_file(put(tmp_path / "sheet.csv", SHEET), tmp_path / "questions")
    report = await check(tmp_path / "questions", cache=None, progress=lines.append)
    assert [(failure.file, failure.seen) for failure in report.failures] == [
        ("sheet/which-has-gates.toml", "There is no proof."),
        ("sheet/which-is-last.toml", "There is no proof."),
    ]
    for failure in report.failures:
        lines = (tmp_path / "questions" / failure.file).read_text().splitlines()
        assert lines[failure.line - 1].startswith("concept = ")
        assert "below this line `proof`" in failure.expected
