"""Records that are probably the same are found, and only those."""

from __future__ import annotations

import pytest

from rally_desktop.services import duplicates, entry
from rally_desktop.services.duplicates import ADDRESS, NAMED, NUMBER

pytestmark = pytest.mark.slow


def _found(world, kind="contact"):
    return [(set(one.ids), one.why) for one in world.ask(duplicates.find, kind)]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"email": "ana+news@example.com"}, {"email": "Ana@Example.com"}, ADDRESS),
        ({"phone": "+351 912 345 678"}, {"mobile": "912345678"}, NUMBER),
        ({"phone": "00351 912-345-678"}, {"phone": "(912) 345 678"}, NUMBER),
    ],
)
def test_the_same_person_written_twice_is_found(world, one, other, why):
    """By mailbox, whatever follows a plus, and by number, however it is written."""
    ana, twin = world.contact("Ana", **one), world.contact("A.", **other)
    world.contact("Ben", email="ben@example.com", phone="+351 955 555 555")
    assert _found(world) == [({ana.id, twin.id}, (why,))]


def test_namesakes_are_the_same_only_in_one_company(world):
    """Two people of one name and one company; not of two companies, not of none."""
    hill, sea = (world.do(entry.create, "company", {"name": name}) for name in ("Hill", "Sea"))
    names = {"last_name": "Silva"}
    ana, twin = (world.contact("Ana", company_id=hill.id, **names) for _ in range(2))
    world.contact("Ana", company_id=sea.id, **names)
    world.contact("Ana", **names)
    assert _found(world) == [({ana.id, twin.id}, (NAMED,))]


def test_companies_are_known_without_their_legal_form(world):
    """Hill Dental Ltd. is Hill Dental; the same domain is the same company too."""
    made = [
        world.do(entry.create, "company", values).id
        for values in (
            {"name": "Hill Dental"},
            {"name": "Hill Dental Ltd.", "domain": "hill.example"},
            {"name": "Other", "domain": "www.hill.example"},
            {"name": "Harbour Law"},
        )
    ]
    assert _found(world, "company") == [({*made[:3]}, (ADDRESS, NAMED))]


def test_what_many_share_is_no_sign(world):
    """The number of a switchboard does not make one person of thirty."""
    for _ in range(duplicates.MOST_ALIKE + 1):
        world.contact("Ana", phone="+351 222 222 222")
    assert _found(world) == []


def test_who_was_kept_apart_is_not_found_again(world):
    """Two that somebody called different stay out, a third one is still found."""
    ana, ben, eva = (world.contact(name, phone="+351 912 345 678") for name in ("A", "B", "C"))
    world.do(duplicates.keep_apart, ben, ana)
    world.do(duplicates.keep_apart, ana, ben)
    assert _found(world) == [({ana.id, ben.id, eva.id}, (NUMBER,))]
    world.do(duplicates.keep_apart, eva, ana)
    world.do(duplicates.keep_apart, ben, eva)
    assert _found(world) == []


def test_a_form_warns_of_whom_one_is_about_to_add_again(world):
    """By what was typed so far, with the reason; an empty form warns of nobody."""
    ana = world.contact("Ana", last_name="Silva", phone="+351 912 345 678")
    assert world.ask(duplicates.like, "contact", {"phone": "912 345 678"}) == [(ana, NUMBER)]
    assert world.ask(duplicates.like, "contact", {"first_name": "Zoe"}) == []


def test_looking_through_everything_can_be_called_off(world, monkeypatch):
    """It says how far it is, and ends with nothing once it is cancelled."""
    monkeypatch.setattr(duplicates, "CHUNK", 2)
    for number in range(5):
        world.contact("Ana", phone=f"+351 912 345 67{number % 2}")
    told = []
    found = world.ask(duplicates.find, "contact", told.append, lambda: len(told) > 1)
    assert (found, told) == ([], [2, 4])
