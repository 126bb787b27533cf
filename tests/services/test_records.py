"""Values checked once for all records: what fits is kept exactly, the rest refused clearly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from rally_desktop.core.errors import BadSettings, NotFound, Refused, UnknownField
from rally_desktop.model.ref import Ref
from rally_desktop.services import companies, contacts, deals, records
from tests.services.hostile import KEPT, UNKEPT, WRONG


def test_odd_texts_are_kept_exactly(world):
    """Whatever a name looks like, it is data: it comes back as it was given."""
    for text in KEPT:
        ana = world.contact(text, tags=(text,))
        assert world.record(ana)["first_name"] == text
        assert world.record(ana)["tags"] == {text}


@pytest.mark.parametrize("text", UNKEPT, ids=ascii)
def test_what_no_database_can_keep_is_refused(world, text):
    """Both databases refuse the same characters, and name the field."""
    with pytest.raises(BadSettings, match="First name has a character that cannot be kept"):
        world.contact(text)
    with pytest.raises(BadSettings, match="Tag has a character that cannot be kept"):
        world.do(records.add_tag, world.contact(), text)


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values],
    ids=lambda value: ascii(value)[:20],
)  # fmt: skip
def test_values_of_the_wrong_kind_are_refused(name, value):
    """What does not fit its field is refused by the field's label."""
    with pytest.raises(BadSettings) as caught:
        records.checked("contact", {"last_name": "Reis", name: value})
    assert list(caught.value.problems) == [records.settable("contact")[name].label]


def test_overlong_texts_are_refused_to_the_character(world):
    """A name may be exactly as long as its field, and not longer."""
    assert world.record(world.contact("x" * 200))["first_name"] == "x" * 200
    with pytest.raises(BadSettings, match="First name is longer than 200 characters"):
        world.contact("x" * 201)
    with pytest.raises(BadSettings, match="First name is longer"):
        world.contact("x" * 1_000_000)


def test_an_address_that_grows_when_compared_is_refused(world):
    """Letters that become two when case is ignored count as two."""
    with pytest.raises(BadSettings, match="E-mail is longer than 320 characters"):
        world.contact(email="ß" * 300 + "@example.org")


def test_white_space_is_tidied_in_names_and_kept_in_streets(world):
    """Names lose stray spaces; an address keeps its lines."""
    ana = world.contact("  Ana \n Maria ", street=" 1 Main St\nFlat 2 ")
    found = world.record(ana)
    assert (found["first_name"], found["street"]) == ("Ana Maria", "1 Main St\nFlat 2")


@pytest.mark.parametrize(
    ("value", "kept"),
    [("", None), (None, None), ("7", 7), (7.0, 7), (100, 100), ("  8 ", 8), ("0", 0)],
)
def test_numbers_are_read(value, kept):
    """A whole number may come as a text; an empty one is no number."""
    assert records.checked("contact", {"score": value}) == {"score": kept}


@pytest.mark.parametrize(
    ("value", "kept"),
    [(True, True), ("yes", True), ("No", False), ("false", False), (0, False), (None, False),
     ("", False), (" TRUE ", True)],
)  # fmt: skip
def test_yes_and_no_are_read(value, kept):
    """«No» means no, however it is written."""
    assert records.checked("contact", {"do_not_contact": value}) == {"do_not_contact": kept}


@pytest.mark.parametrize(
    "value",
    ["2026-06-02", date(2026, 6, 2), datetime(2026, 6, 2, tzinfo=UTC), "2026-06-02T00:00:00Z",
     datetime(2026, 6, 2), datetime(2026, 6, 2, 2, tzinfo=timezone(timedelta(hours=2)))],
    ids=str,
)  # fmt: skip
def test_dates_are_read(value):
    """A day, a moment and their written forms are the same date."""
    found = records.checked("deal", {"expected_close": value})
    assert found["expected_close"] == datetime(2026, 6, 2, tzinfo=UTC)


@pytest.mark.parametrize("value", ["soon", "2026-02-30", 7, [], True], ids=str)
def test_what_is_no_date_is_refused(value):
    """A text that is no date is refused with an example of one."""
    with pytest.raises(BadSettings, match="Expected close must be a date, such as 2026-03-28"):
        records.checked("deal", {"expected_close": value})


def test_an_unknown_field_suggests_the_right_one(world):
    """A misspelt field is refused, and the likely one named."""
    with pytest.raises(UnknownField, match="did you mean ‘first_name’"):
        world.do(contacts.create, {"fist_name": "Ana"})


@pytest.mark.parametrize("name", ["id", "created_at", "deleted_at", "custom", "sort_name", "tags"])
def test_what_only_the_program_moves_cannot_be_set(name):
    """The program's own columns are no fields for anybody to set."""
    with pytest.raises(UnknownField):
        records.checked("contact", {"first_name": "Ana", name: 1})


@pytest.mark.parametrize("name", ["owner_id", "company_id"])
def test_nobody_is_linked_to_what_is_not_there(world, name):
    """An owner or company that does not exist is refused, at first and later."""
    with pytest.raises(NotFound, match="does not exist any more"):
        world.contact(**{name: 404})
    ana = world.contact()
    with pytest.raises(NotFound, match="does not exist any more"):
        world.do(contacts.update, ana, {name: "404"})


def test_a_record_in_the_trash_cannot_be_linked_to(world):
    """A company in the trash is as good as gone."""
    hill = world.company()
    world.do(records.delete, hill)
    with pytest.raises(NotFound, match="company"):
        world.contact(company_id=hill.id)


def test_only_what_differs_is_written_down(world):
    """The timeline names the fields that moved, with their values before and after."""
    ana = world.contact(city="Porto")
    assert world.do(contacts.update, ana, {"city": "Faro", "first_name": "Ana"})
    assert world.rows("select detail from activity where kind = 'updated'") == [
        ('{"fields":{"city":["Porto","Faro"]}}',)
    ]


def test_the_trash_gives_back_what_it_took(world):
    """A deleted record comes back with its tags; restoring twice is restoring once."""
    ana = world.contact(tags=("VIP",))
    world.do(records.delete, ana)
    world.do(records.restore, ana)
    world.do(records.restore, ana)
    assert world.record(ana)["tags"] == {"VIP"}
    assert world.happened(ana) == ["created", "tag_added", "deleted", "restored"]


def test_what_is_gone_cannot_be_changed(world):
    """A record in the trash takes no values, tags or second deletion."""
    ana = world.contact()
    world.do(records.delete, ana)
    for service, *more in (
        (contacts.update, {"city": "Faro"}), (records.add_tag, "VIP"),
        (records.remove_tag, "VIP"), (records.delete,),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            world.do(service, ana, *more)


@pytest.mark.parametrize("name", ["", "  \n", "x" * 101, "ŉ" * 60])
def test_a_tag_has_one_to_a_hundred_characters(world, name):
    """An empty tag or an overlong one is refused."""
    with pytest.raises(Refused, match="A tag needs 1 to 100 characters"):
        world.contact(tags=(name,))


def test_tags_come_off_whatever_their_case(world):
    """A tag is taken off under any spelling of it, once."""
    ana = world.contact(tags=("Big Fish",))
    assert world.do(records.remove_tag, ana, " big   FISH ") is True
    assert world.do(records.remove_tag, ana, "big fish") is False


@pytest.mark.parametrize(
    ("kind", "found", "name"),
    [
        ("contact", {"first_name": "Ana", "last_name": "Reis", "email": "a@b"}, "Ana Reis"),
        ("contact", {"first_name": "", "last_name": "", "email": "a@b"}, "a@b"),
        ("contact", {"first_name": "", "last_name": "", "email": ""}, "(no name)"),
        ("deal", {"name": "Roof"}, "Roof"),
        ("company", {"name": ""}, "(no name)"),
    ],
)
def test_every_record_has_a_name_to_call_it_by(kind, found, name):
    """A person is called by name, else by address; nothing is called by nothing."""
    assert records.name_of(kind, found) == name


def test_companies_and_deals_cannot_lose_their_name(world):
    """A name that was asked for at first cannot be emptied later."""
    with pytest.raises(Refused, match="company needs a name"):
        world.do(companies.update, world.company(), {"name": " "})
    with pytest.raises(Refused, match="deal needs a name"):
        world.do(deals.update, world.deal(), {"name": ""})
    with pytest.raises(Refused, match="company needs a name"):
        world.company("")


def test_a_reference_to_nothing_is_not_found(world):
    """Whatever is asked of a record that never was is refused."""
    with pytest.raises(NotFound):
        world.do(records.add_tag, Ref("company", 404), "VIP")
