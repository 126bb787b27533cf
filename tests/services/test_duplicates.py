"""Records that are probably the same are found, and only those."""

from __future__ import annotations

import pytest

from rally_desktop.model import indexing
from rally_desktop.services import duplicates, entry, search_asked
from rally_desktop.services.duplicate_keys import (
    ADDRESS,
    CALLED,
    DOMAIN,
    LIKELY,
    NAMED,
    NUMBER,
    PERHAPS,
    SURE,
)

pytestmark = pytest.mark.slow


def _found(world, kind="contact"):
    return [(set(one.ids), one.why) for one in world.ask(duplicates.find, kind).groups]


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
    assert _found(world, "company") == [({*made[:3]}, (CALLED, DOMAIN))]


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
    hill = world.company("Hill Dental")
    ana = world.contact(
        "Ana", last_name="Silva", phone="+351 912 345 678", company_id=hill.id,
        email="ana@example.com",
    )  # fmt: skip
    typed = [
        {"phone": "(912) 34 56 78"}, {"email": "Ana+work@example.com"},
        {"first_name": "Anna", "last_name": "Silva", "company": "hill dental"},
    ]  # fmt: skip
    said = [world.ask(duplicates.like, "contact", values) for values in typed]
    assert [[one.ref for one in some] for some in said] == [[ana]] * 3
    assert said[0][0].says() == "Looks like Ana Silva (Hill Dental): the same number."
    assert world.ask(duplicates.like, "contact", {"first_name": "Zoe"}) == []
    assert world.ask(duplicates.like, "contact", typed[0], ana) == []


def test_a_number_is_looked_up_and_only_what_is_not_read_in_yet_is_looked_through(
    world, monkeypatch
):
    """However it is written; so a million contacts keep nobody waiting who types one."""
    ana = world.contact("Ana", mobile="+49 (0)30 / 123-4567")
    asked = world.ask(duplicates.like, "contact", {"phone": "030 1234567"})
    assert [one.ref for one in asked] == [ana]
    monkeypatch.setattr(indexing, "AT_ONCE", 0)
    ben = world.contact("Ben", phone="0049301234567")
    asked = world.ask(duplicates.like, "contact", {"phone": "030 1234567"})
    assert [one.ref for one in asked] == [ana, ben]
    monkeypatch.setattr(search_asked, "unknown", lambda *_: None)
    monkeypatch.delattr(duplicates, "_ends")
    asked = world.ask(duplicates.like, "contact", {"phone": "030 1234567"})
    assert [one.ref for one in asked] == [ana]


@pytest.mark.parametrize(
    ("typed", "warns"),
    [({"domain": "www.hill.example"}, True), ({"name": "Hill Dentel"}, True),
     ({"name": "HILL DENTAL GmbH"}, True), ({"name": "Hill Law"}, False)],
)  # fmt: skip
def test_a_company_is_warned_of_too(world, typed, warns):
    """By its domain, and by its name with a slip or another legal form."""
    hill = world.company("Hill Dental Ltd.", domain="hill.example")
    found = world.ask(duplicates.like, "company", typed)
    assert [one.ref for one in found] == [hill] * warns


@pytest.mark.parametrize(
    ("one", "other", "sure", "safe"),
    [
        ({"email": "a@x.org"}, {"email": "a+b@x.org"}, SURE, True),
        ({"email": "a@x.org", "first_name": "Ben"}, {"email": "a+b@x.org"}, LIKELY, False),
        ({"phone": "912345678"}, {"phone": "912345678"}, SURE, True),
        ({"phone": "912345678", "email": "a@x.org"},
         {"phone": "912345678", "email": "b@x.org"}, SURE, False),
        ({"phone": "912345678"}, {"phone": "912345678", "first_name": "Ben"}, PERHAPS, False),
        ({"phone": "912345678", "first_name": "A."}, {"phone": "912345678"}, SURE, False),
    ],
)  # fmt: skip
def test_how_sure_it_is_goes_by_the_name_too(world, one, other, sure, safe):
    """Safe is only what has the same name and loses no address."""
    for values in (one, other):
        world.contact(**{"first_name": "Ana", "last_name": "Silva", **values})
    (group,) = world.ask(duplicates.find, "contact").groups
    assert (group.sure, group.safe) == (sure, safe)


def test_a_slip_of_the_pen_is_found_in_one_company(world):
    """João Sliva is João Silva where both work; Branch 1 is not Branch 2."""
    hill = world.company("Hill Dental")
    joao, slip = (
        world.contact(first, last_name=last, company_id=hill.id)
        for first, last in (("João", "Silveira"), ("Joao", "Sliveira"))
    )
    for name in ("Harbour Branch 1", "Harbour Branch 2"):
        world.company(name)
    (group,) = world.ask(duplicates.find, "contact").groups
    assert (group.ids, group.sure) == ((joao.id, slip.id), PERHAPS)
    assert group.names == ("João Silveira", "Joao Sliveira")
    assert world.ask(duplicates.find, "company").groups == ()


def test_not_the_same_can_be_taken_back(world):
    """Who was kept apart by mistake is found again."""
    pair = [world.contact(name, phone="+351 912 345 678") for name in ("A", "B")]
    world.do(duplicates.keep_all_apart, pair)
    assert _found(world) == []
    world.do(duplicates.let_together, pair)
    assert len(_found(world)) == 1


def test_looking_through_everything_can_be_called_off(world, monkeypatch):
    """It says how far it is, and ends with nothing once it is cancelled."""
    monkeypatch.setattr(duplicates, "CHUNK", 2)
    for number in range(5):
        world.contact("Ana", phone=f"+351 912 345 67{number % 2}")
    told = []
    found = world.ask(duplicates.find, "contact", told.append, lambda: len(told) > 1)
    assert (found.groups, found.cancelled, told) == ((), True, [2, 4])
