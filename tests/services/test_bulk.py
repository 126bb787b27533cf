"""One deed over many records, and what takes it back."""

from __future__ import annotations

from array import array

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.model.changes import RowAdded
from rally_desktop.services import bulk, contacts, deals, edits, entry, records
from rally_desktop.services.bulk import Done


@pytest.fixture
def people(world, monkeypatch):
    """Five contacts, two a batch."""
    monkeypatch.setattr(bulk, "BATCH", 2)
    return [world.contact(f"P{n}", score=n, tags=("Old",)) for n in range(5)]


def _over(world, refs, does, stopped=lambda: False):
    numbers = array("q", [ref.id for ref in refs])
    return bulk.run(world.store, refs[0].kind, numbers, does, Done(), stopped)


def _all(world, refs, name):
    return [world.record(ref)[name] for ref in refs]


def test_a_field_is_set_in_all_and_put_back_where_it_is_untouched(world, people):
    """Undo gives each record its own old value, save the one that somebody changed since."""
    done = _over(world, people, bulk.setting("contact", "score", 80))
    assert _all(world, people, "score") == [80] * 5
    assert (done.changed, done.looked_at, len(done.notes)) == (5, 5, 3)
    world.do(contacts.update, people[3], {"score": 33})
    undone = bulk.undo(world.store, done.notes, Done(), lambda: False)
    assert _all(world, people, "score") == [0, 1, 2, 33, 4]
    assert (undone.back, undone.kept) == (4, 1)


def test_what_was_done_before_it_was_called_off_stays_and_can_be_taken_back(world, people):
    """Called off after the first batch, two are changed, three are not, and undo mends the two."""
    looks = iter([False, True])
    done = _over(world, people, bulk.tagging("Fair"), lambda: next(looks))
    assert done.called_off
    assert [("Fair" in tags) for tags in _all(world, people, "tags")] == [True, True] + [False] * 3
    bulk.undo(world.store, done.notes, Done(), lambda: False)
    assert all(tags == {"Old"} for tags in _all(world, people, "tags"))


def test_tags_come_off_and_back(world, people):
    """A tag that is taken off all comes back to those that wore it."""
    world.do(records.remove_tag, people[0], "Old")
    done = _over(world, people, bulk.untagging("old"))
    assert (done.changed, done.unchanged) == (4, 1)
    bulk.undo(world.store, done.notes, Done(), lambda: False)
    assert [len(tags) for tags in _all(world, people, "tags")] == [0, 1, 1, 1, 1]


def test_many_are_deleted_and_restored(world, people):
    """What is gone already is counted apart; an address taken meanwhile keeps its record away."""
    world.do(contacts.update, people[1], {"email": "ana@example.com"})
    world.do(records.delete, people[0])
    done = _over(world, people, bulk.deleting())
    assert (done.changed, done.gone) == (4, 1)
    world.contact("Ana", email="ana@example.com")
    undone = bulk.undo(world.store, done.notes, Done(), lambda: False)
    assert (undone.back, undone.kept) == (3, 1)
    assert not world.ask(entry.exists, people[1])


def test_a_company_by_name_is_made_once(world, people):
    """All five get the same new company, and undo leaves them without one again."""
    done = _over(world, people, bulk.setting("contact", "company", "Hill Dental"))
    assert len(set(_all(world, people, "company_id"))) == 1
    assert world.rows("select count(*) from company")[0][0] == 1
    bulk.undo(world.store, done.notes, Done(), lambda: False)
    assert _all(world, people, "company_id") == [None] * 5


def test_a_value_that_does_not_fit_is_refused_before_anything_changes(world, people):
    """The reason is counted for each record, and nothing is changed."""
    done = _over(world, people, bulk.setting("contact", "score", 101))
    assert done.refused.total() == 5
    assert done.notes == []
    assert _all(world, people, "score") == [0, 1, 2, 3, 4]


def test_the_offices_own_field_is_set_and_put_back(world, people):
    """A field of the office's own goes the same way."""
    row = {"id": 9, "record_kind": "contact", "name": "shoe", "label": "Shoe", "kind": "number",
           "position": 1}  # fmt: skip
    world.do(lambda work: work.change(RowAdded("custom_field", row)))
    world.do(entry.update, people[0], {"custom.shoe": 40})
    done = _over(world, people, bulk.setting("contact", "custom.shoe", "42"))
    assert world.record(people[4])["custom"] == {"shoe": 42.0}
    bulk.undo(world.store, done.notes, Done(), lambda: False)
    assert [one.get("shoe") for one in _all(world, people, "custom")] == [40.0] + [None] * 4


def test_a_deal_goes_back_to_its_stage(world):
    """A stage set in bulk is a move, and undo is the move back."""
    deal = world.deal()
    stages = [one.name for one in world.ask(deals.stages)]
    done = _over(world, [deal], bulk.setting("deal", "stage", stages[1]))
    assert world.record(deal)["stage"] == stages[1]
    bulk.undo(world.store, done.notes, Done(), lambda: False)
    assert world.record(deal)["stage"] == stages[0]
    assert world.happened(deal)[-2:] == ["stage_moved", "stage_moved"]


def test_cells_are_put_as_they_are_typed(world):
    """A name is taken apart, tags are exactly those typed, the owner goes by name."""
    world.user("Maria")
    ana = world.contact("Ana", tags=("VIP", "Old"))
    for key, value in (("name", "Ana Maria Ruiz"), ("tags", "vip, New"), ("owner_id", "maria")):
        note = world.do(edits.put_cell, ana, key, value)
    found = world.record(ana)
    assert (found["first_name"], found["last_name"]) == ("Ana Maria", "Ruiz")
    assert found["tags"] == {"VIP", "New"}
    assert world.do(edits.put_cell, ana, "owner_id", "Maria") == b""
    assert world.do(edits.undo, note).back == 1
    assert world.record(ana)["owner_id"] is None


def test_a_contact_keeps_a_name_or_an_address(world):
    """The last thing to know somebody by is not taken away."""
    ana = world.contact("Ana")
    with pytest.raises(Refused):
        world.do(edits.put_cell, ana, "name", " ")
    world.do(contacts.update, ana, {"email": "ana@example.com"})
    assert world.do(edits.put_cell, ana, "name", "")


@pytest.mark.parametrize(
    ("undone", "said"),
    [
        (edits.Undone(1, 0), "Undone."),
        (edits.Undone(1200, 0), "Undone in 1,200 records."),
        (edits.Undone(4, 1), "Undone, but 1 record kept what was changed there since."),
    ],
)
def test_undone_is_said_in_words(undone, said):
    """One record, many, and what was kept."""
    assert undone.says() == said
