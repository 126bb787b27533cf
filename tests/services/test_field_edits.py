"""The office's own fields: made, renamed, ordered and archived without harm to what is there."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.services import entry, field_edits, grid, merging


def labels(world, kind="contact"):
    """What the fields are called, in their order."""
    return [one.label for one in world.ask(field_edits.listed, kind)]


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [("text", "Ahoy", "Ahoy"), ("number", "43", 43), ("date", "2026-03-28", "2026-03-28"),
     ("yes_no", "yes", True), ("choice", "Red", "Red")],
)  # fmt: skip
def test_a_field_is_there_as_soon_as_it_is_made(world, kind, typed, kept):
    """It is a column, a filter and a merge field, takes values, and counts those who have one."""
    world.do(field_edits.add, "contact", "My own", kind, ["Red", "Blue"])
    ana = world.contact()
    world.contact("Ben")
    world.do(entry.update, ana, {"custom.my_own": typed})
    assert world.record(ana)["custom"]["my_own"] == kept
    assert [c.key for c in world.ask(grid.custom_columns, "contact")] == ["custom.my_own"]
    assert "custom.my_own" in world.ask(grid.offer, "contact").fields
    assert "contact.custom.my_own" in world.ask(merging.known_fields)
    assert [one.records for one in world.ask(field_edits.listed, "contact")] == [1]


def test_a_renamed_field_keeps_its_name_for_programs(world):
    """Only the label changes; what filters and texts go by stays."""
    number = world.do(field_edits.add, "deal", "Shoe size", "number")
    world.do(field_edits.rename, number, "Size of shoes")
    (found,) = world.ask(field_edits.listed, "deal")
    assert (found.name, found.label) == ("shoe_size", "Size of shoes")


@pytest.mark.parametrize("label", ["", "  ", "e-mail", "MOTTO", "x" * 201])
def test_a_label_that_says_nothing_or_is_taken_is_refused(world, label):
    """Two fields of a name could not be told apart at the head of a file."""
    world.do(field_edits.add, "contact", "Motto", "text")
    with pytest.raises((Refused, BadSettings)):
        world.do(field_edits.add, "contact", label, "text")


def test_fields_of_one_label_in_other_letters_have_names_of_their_own(world):
    """A label without plain letters is no hindrance."""
    for label in ("???", "!!!", "Größe"):
        world.do(field_edits.add, "contact", label, "text")
    assert [one.name for one in world.ask(field_edits.listed, "contact")] == [
        "field", "field_2", "grösse",
    ]  # fmt: skip


def test_fields_are_put_in_order(world):
    """Everywhere they are offered in the order of the settings; archived ones stand last."""
    first, second, third = (
        world.do(field_edits.add, "contact", name, "text") for name in ("One", "Two", "Three")
    )
    world.do(field_edits.move, third, 0)
    world.do(field_edits.archive, first)
    assert labels(world) == ["Three", "Two", "One"]
    assert [c.label for c in world.ask(grid.custom_columns, "contact")] == ["Three", "Two"]
    world.do(field_edits.move, second, -5)
    assert labels(world)[0] == "Two"


def test_an_archived_field_comes_back_with_its_values(world):
    """Nothing is lost; its label may not have been given away meanwhile."""
    number = world.do(field_edits.add, "contact", "Motto", "text")
    ana = world.contact()
    world.do(entry.update, ana, {"custom.motto": "Ahoy"})
    world.do(field_edits.archive, number)
    assert world.ask(grid.custom_columns, "contact") == ()
    other = world.do(field_edits.add, "contact", "Motto", "text")
    with pytest.raises(Refused, match="already"):
        world.do(field_edits.bring_back, number)
    world.do(field_edits.archive, other)
    world.do(field_edits.bring_back, number)
    assert [c.key for c in world.ask(grid.custom_columns, "contact")] == ["custom.motto"]
    assert world.record(ana)["custom"] == {"motto": "Ahoy"}


def test_an_option_is_renamed_on_the_records_that_have_it(world):
    """Whatever else stands in the office's own fields of a record stays."""
    number = world.do(field_edits.add, "contact", "Colour", "choice", ["Red", "Blue"])
    world.do(field_edits.add, "contact", "Motto", "text")
    ana, ben = world.contact("Ana"), world.contact("Ben")
    world.do(entry.update, ana, {"custom.colour": "Red", "custom.motto": "Red"})
    world.do(entry.update, ben, {"custom.colour": "Blue"})
    assert world.do(field_edits.rename_option, number, "Red", "Dark “red”") == 1
    assert world.record(ana)["custom"] == {"colour": "Dark “red”", "motto": "Red"}
    assert world.record(ben)["custom"] == {"colour": "Blue"}


def test_an_option_that_is_offered_no_more_stays_on_records(world):
    """It is said how many have it, and it can be offered again."""
    number = world.do(field_edits.add, "contact", "Colour", "choice", ["Red", "Blue"])
    world.do(entry.update, world.contact(), {"custom.colour": "Red"})
    world.do(field_edits.drop_option, number, "Red")
    world.do(field_edits.add_option, number, "Green")
    world.do(field_edits.move_option, number, "Green", 0)
    found = world.ask(field_edits.options, number)
    assert [(o.value, o.offered, o.records) for o in found] == [
        ("Green", True, 0), ("Blue", True, 0), ("Red", False, 1),
    ]  # fmt: skip
    world.do(field_edits.add_option, number, "Red")
    assert world.ask(field_edits.options, number)[-1].offered
