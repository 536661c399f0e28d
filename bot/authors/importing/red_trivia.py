"""Reads trivia lists of Red-DiscordBot."""

import re
from collections.abc import Iterator

import yaml

from bot.authors.importing.foreign_questions import ForeignQuestion, Found, NotImported, clean

SETTINGS = frozenset({"AUTHOR", "DESCRIPTION", "CONFIG"})
TOP_LEVEL = re.compile(r"(?=^[^\s#-])", re.MULTILINE)


def read(text: str) -> Iterator[Found]:
    text = "".join(letter if letter in "\n\t" or letter.isprintable() else " " for letter in text)
    try:
        yield from _questions(text, 0)
    except (yaml.YAMLError, RecursionError, ValueError):
        yield from _piecewise(text)  # one by one where the whole cannot be read


def _piecewise(text: str) -> Iterator[Found]:
    line = 0
    for piece in TOP_LEVEL.split(text):
        try:
            yield from _questions(piece, line)
        except (RecursionError, ValueError):
            yield NotImported(line + 1, "It cannot be read as YAML.")
        except yaml.YAMLError as error:
            problem = getattr(error, "problem", None) or "a slip somewhere"
            yield NotImported(line + 1, f"It cannot be read as YAML: {problem}.")
        line += piece.count("\n")


def _questions(text: str, lines_above: int) -> list[Found]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        reason = "There is no list of questions with their answers."
        return [NotImported(lines_above + 1, reason)]
    return [
        _question(question, answers, lines_above + question.start_mark.line + 1)
        for question, answers in root.value
        if str(question.value) not in SETTINGS
    ]


def _question(question: yaml.Node, answers: yaml.Node, line: int) -> Found:
    if not isinstance(question, yaml.ScalarNode):
        return NotImported(line, "Its question is no text.")
    nodes = answers.value if isinstance(answers, yaml.SequenceNode) else [answers]
    if not all(isinstance(node, yaml.ScalarNode) for node in nodes):
        return NotImported(line, "Its answers are no plain list.")
    texts = [clean(node.value) for node in nodes]
    return ForeignQuestion(line, clean(question.value), phrases=[text for text in texts if text])
