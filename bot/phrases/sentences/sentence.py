"""What a sentence is: a text with its values in braces, or a function that returns it."""

from collections.abc import Callable, Mapping

Sentences = Mapping[str, str | Callable[..., str]]
