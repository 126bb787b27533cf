"""Errors: their text is for whoever sits at the screen."""

from __future__ import annotations

import inspect

import pytest

from rally_desktop.core import errors
from rally_desktop.core.texts import mended, require, unfit

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if kind.__module__ == errors.__name__
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_is_ours_and_says_something(kind):
    """Each has the one base, and a docstring that is a sentence to show."""
    assert issubclass(kind, errors.RallyError)
    assert kind.__doc__.strip().partition("\n")[0].endswith(".")


def test_the_docstring_is_the_message_unless_there_is_a_better_one():
    """Only the first line is shown; a raiser's own words go before it."""
    assert str(errors.NotFound()) == "That record does not exist any more."
    assert str(errors.SendFailed()) == "The message could not be sent."
    assert str(errors.NotFound("Gone.")) == "Gone."


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("fist_name", ["first_name", "id"], "No field ‘fist_name’; did you mean ‘first_name’?"),
        ("shoe_size", ["first_name"], "No field ‘shoe_size’."),
        ("city", [], "No field ‘city’."),
    ],
)  # fmt: skip
def test_an_unknown_field_names_the_nearest(name, known, said):
    """A slip of the finger is answered with what was meant; nonsense is not."""
    assert str(errors.UnknownField(name, known)) == said


def test_bad_settings_keep_what_is_wrong_apart():
    """Each problem stands by its field, and the text has them all."""
    error = errors.BadSettings({"Name": "is required", "Score": "must be a number"})
    assert error.problems["Score"] == "must be a number"
    assert str(error) == "Name is required; Score must be a number"


def test_a_template_error_knows_its_line():
    """The line is said where there is one."""
    assert (str(errors.BadTemplate("No.", 3)), errors.BadTemplate("No.", 3).line) == (
        "Line 3: No.",
        3,
    )
    assert str(errors.BadTemplate("No.")) == "No."


def test_an_empty_merge_field_is_named():
    """The field is in the text, and can be asked for."""
    error = errors.MissingValue("contact.city")
    assert (str(error), error.field) == (
        "‘contact.city’ is empty and has no fallback.",
        "contact.city",
    )


@pytest.mark.parametrize("text", ["A\0", "\ud800", "\udfffB"], ids=ascii)
def test_what_no_database_can_keep_is_found_and_can_be_mended(text):
    """A text with such a character is refused, or marked where it came from outside."""
    assert unfit(text)
    with pytest.raises(errors.BadSettings, match="First name has a character"):
        require(first_name=text)
    assert unfit(mended(text)) is None
    assert "\ufffd" in mended(text)


@pytest.mark.parametrize("text", ["", "Zoë", "👩‍👧", "\u202e\x01\x7f\uffff", "x" * 10])
def test_every_other_text_is_fit(text):
    """Odd is not impossible."""
    assert unfit(text, 10) is None
    assert mended(text) == text
    assert unfit(text + "x" * 11, 10) == "is longer than 10 characters"
