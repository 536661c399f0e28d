"""What somebody is told who does what they should not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.errors import UserError
from bot.phrases.say import explain


@contextmanager
def refused(match: str) -> Iterator[None]:
    """What happens inside is refused, with a sentence that matches."""
    with pytest.raises(UserError) as error:
        yield
    said = explain(error.value)
    assert re.search(match, said), f"{said!r} does not match {match!r}"
