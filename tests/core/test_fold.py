"""When two texts count as the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.core.fold import WHITESPACE, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lead", "lead"),
        ("  Lead\u00a0", "LEAD"),
        ("Straße", "STRASSE"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("\u1c89", "\u1c8a"),
        ("", " \t\u3000"),
    ],
)
def test_case_and_surrounding_space_do_not_matter(one, other):
    """Texts that differ only in case and space around them are the same."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("a b", "ab"), ("é", "e"), ("a", "a\u200b")])
def test_everything_else_matters(one, other):
    """Space inside, accents and invisible signs make another text."""
    assert fold(one) != fold(other)


def test_space_is_what_python_calls_space():
    """The written-out list of spaces is the one of Python's ``str.strip``."""
    assert set(WHITESPACE) == {chr(n) for n in range(0x110000) if chr(n).isspace()}


@given(st.text())
def test_folding_twice_changes_nothing_of_what_is_equal(text):
    """Two texts that are the same stay the same in capitals, and folding them again too."""
    assert fold(fold(text)) == fold(fold(fold(text)))
    assert not fold(text).startswith(tuple(WHITESPACE))
