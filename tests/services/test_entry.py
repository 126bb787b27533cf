"""What a person types into a card or a form."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadSettings, NotFound, Refused
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.ref import Ref
from rally_desktop.services import companies, contacts, entry, records, users


@pytest.fixture
def ana(store):
    """One contact with an address."""
    return store.write(contacts.create, {"first_name": "Ana", "email": "ana@example.com"})


def _companies(store):
    return store.read(entry.names, "company", "h")


def test_a_company_is_found_by_name_or_made(store, ana):
    """A known company is linked whatever its case; an unknown one is made once."""
    store.write(companies.create, {"name": "Hill Dental"})
    store.write(entry.update, ana, {"company": "  hill dental "})
    ben = store.write(entry.create, "contact", {"first_name": "Ben", "company": "Harbour Law"})
    assert store.read(entry.card, ana).values["company"] == "Hill Dental"
    assert store.read(entry.card, ben).values["company"] == "Harbour Law"
    assert _companies(store) == ("Harbour Law", "Hill Dental")


def test_an_owner_must_be_of_the_office(store, ana):
    """An owner is given by name; a stranger is refused and an empty name takes it away."""
    store.write(users.add, "Maria")
    store.write(entry.update, ana, {"owner": "maria"})
    assert store.read(entry.card, ana).values["owner"] == "Maria"
    with pytest.raises(Refused, match="Nobody in the office"):
        store.write(entry.update, ana, {"owner": "Somebody"})
    store.write(entry.update, ana, {"owner": ""})
    assert store.read(entry.card, ana).values["owner"] is None


def test_a_card_shows_the_records_own_fields(store, ana):
    """A card has every own field, its tags in order, and says which may be edited."""
    store.write(records.add_tag, ana, "vip")
    store.write(records.add_tag, ana, "Fair")
    card = store.read(entry.card, ana)
    assert (card.name, card.tags) == ("Ana", ("Fair", "vip"))
    assert {"email", "owner", "company"} <= card.editable
    assert "created_at" not in card.editable
    assert "company.name" not in card.values


@pytest.mark.parametrize("kind", ["contact", "company", "deal"])
def test_each_kind_of_record_has_an_empty_card(store, kind):
    """A form for a new record knows the fields and lists of its kind."""
    assert "owner" in store.read(entry.blank, kind).editable


def test_a_card_of_what_is_gone_is_refused(store, ana):
    """A deleted record has no card and is said not to exist."""
    store.write(records.delete, ana)
    assert not store.read(entry.exists, ana)
    with pytest.raises(NotFound):
        store.read(entry.card, ana)


def test_many_come_back_together(store, ana):
    """Undo brings back what went, and passes by what never was."""
    ben = store.write(contacts.create, {"first_name": "Ben"})
    for ref in (ana, ben):
        store.write(records.delete, ref)
    store.write(entry.restore_many, "contact", [ana.id, 999, ben.id])
    assert store.read(entry.exists, ana)
    assert store.read(entry.exists, ben)


def test_undo_does_not_make_twins(store, ana):
    """A contact does not come back beside a newer one with the same address."""
    store.write(records.delete, ana)
    store.write(contacts.create, {"email": "ana@example.com"})
    with pytest.raises(Refused, match="another contact has"):
        store.write(entry.restore_many, "contact", [ana.id])


def test_whose_address_it_is_is_said(store, ana):
    """An address is looked up as people compare addresses."""
    assert store.read(entry.with_email, " ANA@example.com ") == (ana, "Ana")
    assert store.read(entry.with_email, "ben@example.com") is None


def test_names_that_begin_so_come_first(store):
    """While one types, names that begin with it stand before those that hold it."""
    for name in ("North Hill", "Hill Dental", "Harbour"):
        store.write(companies.create, {"name": name})
    assert store.read(entry.names, "company", "hill") == ("Hill Dental", "North Hill")
    assert store.read(entry.names, "company", " ") == ()


def test_other_records_are_edited_alike(store):
    """A company's fields are set through the same door."""
    company = store.write(companies.create, {"name": "Hill Dental"})
    store.write(entry.update, Ref("company", company.id), {"city": "Leeds"})
    assert store.read(entry.card, company).values["city"] == "Leeds"


def test_a_record_is_added_with_the_offices_own_fields(world):
    """What the office made for itself is typed in with the rest, and checked like it."""
    made = {"id": 1, "record_kind": "contact", "name": "chairs", "label": "Chairs"}
    row = RowAdded("custom_field", {**made, "kind": "number", "position": 1})
    world.do(lambda work: work.change(row))
    ana = world.do(entry.create, "contact", {"first_name": "Ana", "custom.chairs": "12"})
    assert world.record(ana)["custom"] == {"chairs": 12.0}
    assert "custom.chairs" in world.ask(entry.card, ana).editable
    with pytest.raises(BadSettings, match="Chairs"):
        world.do(entry.create, "contact", {"first_name": "Ben", "custom.chairs": "many"})


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("email", "call her", "E-mail"),
        ("email", "ana@example.com, ben@example.com", "E-mail"),
        ("phone", "ask for it", "Phone"),
        ("mobile", "none", "Mobile"),
        ("time_zone", "Mars/Phobos", "Time zone"),
    ],
)
def test_what_is_plainly_something_else_is_not_kept(world, name, typed, said):
    """An address that is none, a phone in words, a zone that is nowhere: the field is named."""
    ana = world.contact("Ana")
    with pytest.raises(BadSettings) as refused:
        world.do(entry.update, ana, {name: typed})
    assert list(refused.value.problems) == [said]


def test_what_is_typed_is_kept_as_it_is_meant(world):
    """A name around an address is left out, and a zone is found by a part of its name."""
    ana = world.contact("Ana")
    world.do(entry.update, ana, {"email": " Ana <ana@example.com> ", "phone": "1800 FLOWERS"})
    assert world.record(ana)["email"] == "ana@example.com"
    assert world.record(ana)["phone"] == "1800 FLOWERS"
    assert world.ask(entry.names, "time_zone", "buenos a")[-1] == "America/Buenos_Aires"
