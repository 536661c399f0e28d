"""What a sentence is."""

from collections.abc import Callable, Mapping

Sentence = str | Callable[..., str]
"""A text with its values in braces, or a function that takes them and returns the text."""
Sentences = Mapping[str, Sentence]
