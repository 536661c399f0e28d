"""Red-DiscordBot's trivia lists: YAML with a question as key and the accepted answers as its list."""

import re
from collections.abc import Iterator

import yaml

from bot.authors.importing.foreign_questions import ForeignQuestion, NotImported, shown

SETTINGS = frozenset({"AUTHOR", "DESCRIPTION", "CONFIG"})
TOP = re.compile(r"(?=^[^\s#-])", re.MULTILINE)


def read(text: str) -> Iterator[ForeignQuestion | NotImported]:
    """The questions of a list; where the file as a whole cannot be read, each question by itself."""
    kept = "".join(letter if letter in "\n\t" or letter.isprintable() else " " for letter in text)
    try:
        yield from _questions(kept, 0)
    except (yaml.YAMLError, RecursionError, ValueError):
        yield from _piecewise(kept)


def _piecewise(text: str) -> Iterator[ForeignQuestion | NotImported]:
    line = 0
    for piece in TOP.split(text):
        try:
            yield from _questions(piece, line)
        except (RecursionError, ValueError):
            yield NotImported(line + 1, "It cannot be read as YAML.")
        except yaml.YAMLError as error:
            yield NotImported(
                line + 1,
                f"It cannot be read as YAML: {getattr(error, 'problem', None) or 'a slip somewhere'}.",
            )
        line += piece.count("\n")


def _questions(text: str, above: int) -> list[ForeignQuestion | NotImported]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        return [NotImported(above + 1, "There is no list of questions with their answers.")]
    return [
        found
        for question, answers in root.value
        if (found := _question(question, answers, above + question.start_mark.line + 1))
    ]


def _question(
    question: yaml.Node, answers: yaml.Node, line: int
) -> ForeignQuestion | NotImported | None:
    if not isinstance(question, yaml.ScalarNode):
        return NotImported(line, "Its question is no text.")
    if question.value in SETTINGS:
        return None
    nodes = answers.value if isinstance(answers, yaml.SequenceNode) else [answers]
    if not all(isinstance(node, yaml.ScalarNode) for node in nodes):
        return NotImported(line, "Its answers are no plain list.")
    texts = [shown(node.value) for node in nodes]
    return ForeignQuestion(line, shown(question.value), phrases=[text for text in texts if text])
