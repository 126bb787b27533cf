"""What is around a record: a company's people and deals, a contact's deals."""

from __future__ import annotations

from rally_desktop.services import deals, entry, records, related


def test_a_company_has_its_people_and_its_deals(world):
    """In the order of names, with counts and the sum of the deals; nobody else's."""
    hill = world.do(entry.create, "company", {"name": "Hill Dental"})
    ben = world.contact("Ben", last_name="Berger", company_id=hill.id, title="Owner")
    ana = world.contact("Ana", last_name="Alvarez", company_id=hill.id, email="a@example.com")
    world.contact("Carla")
    world.do(deals.create, {"name": "Chairs", "amount": 100, "company_id": hill.id})
    world.do(deals.create, {"name": "Lamps", "amount": 50, "company_id": hill.id})
    found = world.ask(related.of, hill)
    assert [(one.ref, one.about) for one in found.people] == [
        (ana, "a@example.com"),
        (ben, "Owner"),
    ]
    assert (found.people_count, found.deals_count, found.deals_total) == (2, 2, 150)


def test_a_contact_has_its_deals(world):
    """With the stage they stand in; what is in the trash does not count."""
    ana = world.contact("Ana")
    chairs, lamps = (
        world.do(deals.create, {"name": name, "contact_id": ana.id}) for name in ("Chairs", "Lamps")
    )
    world.do(records.delete, lamps)
    found = world.ask(related.of, ana)
    assert [(one.ref, one.about) for one in found.deals] == [(chairs, "New")]
    assert (found.deals_count, found.people) == (1, ())


def test_a_contact_has_its_company_and_the_others_there(world):
    """Whoever works at the same place is a colleague, but nobody is one's own."""
    hill = world.company("Hill Dental", industry="Health")
    ana = world.contact("Ana", company_id=hill.id)
    ben = world.contact("Ben", company_id=hill.id)
    found = world.ask(related.of, ana)
    assert [(one.ref, one.about) for one in found.companies] == [(hill, "Health")]
    assert ([one.ref for one in found.people], found.people_count) == ([ben], 1)
    assert world.ask(related.of, world.contact("Carla")).people == ()


def test_a_deal_has_its_company_and_its_contact(world):
    """Both lead on from the deal; one that is in the trash is not there."""
    hill, ana = world.company("Hill Dental"), world.contact("Ana")
    chairs = world.deal("Chairs", contact_id=ana.id, company_id=hill.id)
    found = world.ask(related.of, chairs)
    assert [one.ref for one in (*found.companies, *found.people)] == [hill, ana]
    world.do(records.delete, ana)
    assert world.ask(related.of, chairs).people == ()
