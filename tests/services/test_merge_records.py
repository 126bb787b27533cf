"""Two records become one and part again: nothing is lost on the way, in either direction."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from rally_desktop.core.errors import Refused
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import deal, metadata, note, suppression
from rally_desktop.services import (
    deals,
    entry,
    merge_records,
    notes,
    records,
    scoring,
    tasks,
    timeline,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def two(world):
    """Ana, known twice."""
    ana = world.contact("Ana", last_name="Silva", email="ana@example.com", tags=("VIP",))
    twin = world.contact("Ana", last_name="Silva", phone="+351 912 345 678", tags=("News",))
    return ana, twin


def _everything(world):
    """All rows of all tables but the timeline and what tells of the merge itself."""
    left_out = {"activity", "audit_link", "event_queue", "record_merge"}
    with world.store.engine.connect() as connection:
        return {
            table.name: sorted(
                str({k: v for k, v in row.items() if k != "updated_at"})
                for row in connection.execute(select(table)).mappings()
            )
            for table in metadata.sorted_tables
            if table.name not in left_out
        }


def test_everything_moves_to_the_one_that_is_kept(world, two):
    """Notes, tasks, deals, tags and the timeline are on one card, and empty fields are filled."""
    ana, twin = two
    world.do(notes.add, twin, "Prefers mornings")
    world.do(tasks.create, twin, title="Call back")
    chairs = world.do(deals.create, {"name": "Chairs", "contact_id": twin.id})
    world.do(merge_records.merge, ana, twin)
    found = world.record(ana)
    assert (found["phone"], found["tags"]) == ("+351 912 345 678", {"VIP", "News"})
    assert world.record(chairs)["contact_id"] == ana.id
    said = [line.text for line in world.ask(timeline.lines, ana)]
    assert {"Merged with Ana Silva", "Note", "Task created: Call back"} <= set(said)
    assert not world.ask(entry.exists, twin)


@pytest.mark.parametrize("kept", [0, 1])
def test_the_stricter_consent_is_kept(world, kept):
    """Whoever refused once has refused, whichever of the two is kept and whatever is chosen."""
    yes = world.contact("Ana", consent_email="granted", consent_sms="granted")
    no = world.contact("Ana", consent_email="refused", do_not_contact=True)
    pair = (yes, no) if kept == 0 else (no, yes)
    world.do(merge_records.merge, *pair, {"consent_email": "granted", "do_not_contact": False})
    found = world.record(pair[0])
    assert (found["consent_email"], found["consent_sms"]) == ("refused", "unknown")
    assert found["do_not_contact"]


def test_a_merge_can_be_undone(world, two):
    """Afterwards every row but the timeline's is as it was before."""
    ana, twin = two
    world.do(notes.add, twin, "Prefers mornings")
    world.do(deals.create, {"name": "Chairs", "contact_id": twin.id})
    before = _everything(world)
    number = world.do(merge_records.merge, ana, twin)
    assert _everything(world) != before
    world.do(merge_records.undo, number)
    after = _everything(world)
    after["tag"] = before["tag"]
    assert after == before


def test_what_was_edited_since_stays_when_a_merge_is_undone(world, two):
    """The phone that somebody typed after the merge is not taken back with it."""
    ana, twin = two
    number = world.do(merge_records.merge, ana, twin)
    world.do(entry.update, ana, {"phone": "+351 999"})
    world.do(merge_records.undo, number)
    assert world.record(ana)["phone"] == "+351 999"
    assert world.record(twin)["phone"] == "+351 912 345 678"


def test_the_address_of_the_other_can_be_taken_over(world):
    """Only one contact may have an address: it goes with the record that is kept, and back."""
    ana = world.contact("Ana", last_name="Silva")
    twin = world.contact("Ana", email="ana@example.com")
    number = world.do(merge_records.merge, ana, twin)
    assert world.record(ana)["email"] == "ana@example.com"
    world.do(merge_records.undo, number)
    assert (world.record(ana)["email"], world.record(twin)["email"]) == ("", "ana@example.com")


def test_a_merge_is_undone_once(world, two):
    """The second time it is refused, and the two stay apart."""
    number = world.do(merge_records.merge, *two)
    world.do(merge_records.undo, number)
    with pytest.raises(Refused):
        world.do(merge_records.undo, number)
    assert [one.undone for one in world.ask(merge_records.history, two[0])] == [True]


@pytest.mark.parametrize("other", [Ref("company", 1), None])
def test_only_two_of_a_kind_become_one(world, other):
    """A contact with a company, or with itself, is refused."""
    ana = world.contact()
    with pytest.raises(Refused):
        world.do(merge_records.merge, ana, other or ana)


def test_companies_are_merged_with_their_people(world):
    """Who worked for either works for the one that is kept."""
    hill = world.do(entry.create, "company", {"name": "Hill Dental"})
    twin = world.do(entry.create, "company", {"name": "Hill Dental Ltd", "city": "Porto"})
    ana = world.contact(company_id=twin.id)
    world.do(merge_records.merge, hill, twin)
    assert (world.record(ana)["company_id"], world.record(hill)["city"]) == (hill.id, "Porto")


def test_nothing_points_at_the_one_that_is_gone(world, two):
    """No note and no deal is left with a record in the trash."""
    ana, twin = two
    world.do(notes.add, twin, "Prefers mornings")
    world.do(deals.create, {"name": "Chairs", "contact_id": twin.id})
    world.do(merge_records.merge, ana, twin)
    with world.store.engine.connect() as connection:
        owners = set(connection.execute(select(note.c.record_id)).scalars())
        owners |= set(connection.execute(select(deal.c.contact_id)).scalars())
    assert owners == {ana.id}
    assert records.name_of("contact", world.record(ana)) == "Ana Silva"


def test_the_proof_of_a_consent_goes_with_it(world):
    """Since when and how a consent was given is taken from the side whose consent stands."""
    ana = world.contact("Ana", consent_email="granted", consent_email_how="On paper")
    same = world.contact("Anna", consent_email="refused", consent_email_how="By phone")
    world.do(merge_records.merge, ana, same)
    found = world.record(ana)
    assert (found["consent_email"], found["consent_email_how"]) == ("refused", "By phone")


def test_several_become_one_with_what_was_chosen(world):
    """Of three the chosen fields stand, else the first that says anything; parted, all are back."""
    ana = world.contact("Ana", email="ana@example.com", score=20, lifecycle_stage="Lead")
    two = world.contact("Anna", email="anna@example.com", city="Porto", score=60)
    three = world.contact("A.", phone="+351 912 345 678", lifecycle_stage="Customer")
    before = _everything(world)
    picks = {"email": two, "first_name": two, "city": ana}
    made = world.do(merge_records.merge_all, ana, [two, three], picks)
    found = world.record(ana)
    assert (found["first_name"], found["email"], found["city"]) == ("Anna", "anna@example.com", "")
    assert (found["phone"], found["score"]) == ("+351 912 345 678", 60)
    assert found["lifecycle_stage"] == "Customer"
    world.do(merge_records.undo_all, made)
    after = _everything(world)
    assert {**after, "tag": before["tag"]} == before


def test_an_address_stays_barred_and_another_is_not(world):
    """An invalid address is invalid still; who chose the other address can be written to."""
    bad = {"email": "old@example.com", "email_invalid": True}
    ana, twin = world.contact("Ana", email="ana@example.com"), world.contact("Ana", **bad)
    number = world.do(merge_records.merge, ana, twin, {"email": "old@example.com"})
    assert world.record(ana)["email_invalid"]
    world.do(merge_records.undo, number)
    world.do(merge_records.merge, ana, twin)
    assert not world.record(ana)["email_invalid"]


def test_who_is_on_the_suppression_list_has_refused(world):
    """Whoever unsubscribed under one address is not written to under the other."""
    ana = world.contact("Ana", email="ana@example.com", consent_email="granted")
    twin = world.contact("Ana", email="old@example.com", consent_email="granted")
    row = {"channel": "email", "address": "old@example.com", "reason": "unsubscribed"}
    world.do(lambda work: work.connection.execute(suppression.insert().values(at=work.now, **row)))
    world.do(merge_records.merge, ana, twin)
    assert world.record(ana)["consent_email"] == "refused"


def test_what_was_merged_further_is_parted_from_the_end(world):
    """B became part of A, then A of C: the first merge is undone after the second."""
    a, b, c = (world.contact(name) for name in "ABC")
    first, second = world.do(merge_records.merge, a, b), world.do(merge_records.merge, c, a)
    with pytest.raises(Refused, match="A is in the trash"):
        world.do(merge_records.undo, first)
    world.do(merge_records.undo, second)
    assert world.do(merge_records.undo, first) == b


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_at_the_same_time_one_wins_and_the_other_is_told(world, two, turned):
    """Two computers merge the same pair at once, in one direction or in both: it is one merge."""
    pairs = [two, two[::-1] if turned else two]
    told, together = [], Barrier(2)

    def merge(pair):
        together.wait()
        try:
            world.do(merge_records.merge, *pair)
        except Refused as error:
            told.append(str(error))

    threads = [Thread(target=merge, args=(pair,)) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert "already. Look again." in told[0]
    assert len(world.ask(merge_records.latest, "contact")) == 1


def test_points_are_for_what_both_did(world):
    """Ana was given 40 and replied once, Anna replied once: 40 and the points for two replies."""
    ana, anna = world.contact("Ana", score=40), world.contact("Anna")
    world.do(scoring.save, scoring.Scoring(on=True))
    for one in (ana, anna):
        world.say(one, "email_received", subject="Yes")
        world.do(scoring.work_out, [one.id])
    each = world.record(anna)["score"]
    number = world.do(merge_records.merge, ana, anna)
    assert (each > 0, world.record(ana)["score"]) == (True, 40 + 2 * each)
    world.do(merge_records.undo, number)
    assert [world.record(one)["score"] for one in (ana, anna)] == [40 + each, each]
