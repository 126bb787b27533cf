"""Contacts: one address, one person."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.services import contacts, entry


def test_a_contact_needs_a_name_or_an_address(world):
    """Whoever has neither name nor e-mail is nobody."""
    for values in ({}, {"city": "Porto"}, {"first_name": " ", "email": ""}):
        with pytest.raises(Refused, match="needs a name or an e-mail"):
            world.do(contacts.create, values)
    world.do(contacts.create, {"email": "ana@example.org"})


def test_a_new_contact_is_a_lead_of_unknown_consent(world):
    """Nothing was asked yet, so nothing is taken for granted."""
    found = world.record(world.contact())
    assert (found["lifecycle_stage"], found["consent_email"]) == ("Lead", "unknown")


@pytest.mark.parametrize("same", ["ana@example.org", "ANA@Example.org", " ana@example.org "])
def test_an_address_belongs_to_one_contact(world, same):
    """A second contact with the address is refused, and the first one named."""
    world.contact("Ana", last_name="Reis", email="ana@example.org")
    with pytest.raises(Refused, match=r"Ana Reis already has the address ana@example\.org"):
        world.contact("Anna", email=same)


def test_two_new_contacts_do_not_share_an_address(world):
    """In one transaction, too, the second one with the address is refused."""

    def service(work):
        contacts.create(work, {"first_name": "Ana", "email": "a@example.org"})
        contacts.create(work, {"first_name": "Ben", "email": "A@example.org"})

    with pytest.raises(Refused, match="Ana already has"):
        world.do(service)


def test_nobody_takes_over_anothers_address(world):
    """An edit cannot give a contact an address that somebody has; one's own is fine."""
    ana = world.contact("Ana", email="ana@example.org")
    ben = world.contact("Ben", email="ben@example.org")
    with pytest.raises(Refused, match="Ana already has"):
        world.do(contacts.update, ben, {"email": "ana@example.org"})
    assert world.do(contacts.update, ana, {"email": "Ana@example.org"})


def test_contacts_without_an_address_do_not_clash(world):
    """Any number of contacts may have none."""
    assert world.contact("Ana") != world.contact("Ben")


def test_an_address_is_found_as_people_compare_it(world):
    """Case and surrounding space do not matter; nobody has an empty address."""
    ana = world.contact(email="Ana@Example.org")
    assert world.ask(contacts.with_email, " ana@example.ORG ") == ana
    assert world.ask(contacts.with_email, "") is None
    assert world.ask(contacts.with_email, "ben@example.org") is None


def test_a_deleted_contact_does_not_keep_an_address(world):
    """The address of somebody in the trash is free, and blocks the way back once taken."""
    ana = world.contact("Ana", email="a@example.org")
    world.do(contacts.delete, ana)
    assert world.ask(contacts.with_email, "a@example.org") is None
    world.contact("Ben", email="a@example.org")
    with pytest.raises(Refused, match=r"Ana cannot come back: another contact has a@example\.org"):
        world.do(entry.restore_many, "contact", [ana.id])


def test_an_address_changed_in_the_same_breath_is_free(world):
    """Once Ana's address is another one, nobody is found under the old one."""

    def service(work):
        ana = contacts.create(work, {"first_name": "Ana", "email": "a@example.org"})
        contacts.update(work, ana, {"email": "b@example.org"})
        return contacts.with_email(work, "a@example.org")

    assert world.do(service) is None


def test_where_a_contact_came_from_is_on_its_timeline(world):
    """An import or the API says so."""
    world.do(contacts.create, {"first_name": "Ana"}, (), "import:7")
    query = "select detail from activity where kind = 'created'"
    assert world.rows(query) == [('{"source":"import:7"}',)]


def test_a_consent_says_since_when_and_how_it_was_given(world, clock):
    """A consent that moves is dated; how it was given is said anew, or nothing is."""
    ana = world.contact("Ana", consent_email="granted", consent_email_how="On paper")
    assert world.record(ana)["consent_email_at"] == clock.now()
    world.do(contacts.update, ana, {"consent_email": "granted", "title": "Dr"})
    assert world.record(ana)["consent_email_how"] == "On paper"
    world.do(contacts.update, ana, {"consent_email": "refused"})
    assert world.record(ana)["consent_email_how"] == ""
    world.do(contacts.update, ana, {"consent_email": "unknown", "consent_sms": ""})
    assert world.record(ana)["consent_email_at"] is None
