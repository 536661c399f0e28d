"""Names that people choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.web.http.display_names import MAX_NAME_LENGTH, normalize_name
from bot.errors import UserError
from bot.phrases.say import SENTENCES


@pytest.mark.parametrize(
    "name",
    ["Torch", "Zoë", "Ольга", "محمد", "李小龙", "नेहा", "Orchpro", "❤\ufe0f Mira", "O'Neill-42"],
)
def test_an_honest_name_in_any_script_is_fine(name: str) -> None:
    assert normalize_name(name) == name.replace("\ufe0f", "")


@given(st.text())
def test_any_name_becomes_a_showable_one_or_a_sentence(name: str) -> None:
    try:
        shown = normalize_name(name)
    except UserError as error:
        assert error.reason in SENTENCES
    else:
        assert 1 <= len(shown) <= 3 * MAX_NAME_LENGTH
        assert shown.isprintable()
        assert normalize_name(shown) == shown
