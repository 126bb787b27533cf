"""What was deleted lies in the trash until it is restored, or has lain there for long enough."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadSettings
from rally_desktop.engine import erasing
from rally_desktop.model.graph import Graph, Step
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import metadata
from rally_desktop.outside.heads import Heads
from rally_desktop.services import (
    audit_check,
    entry,
    merge_records,
    notes,
    records,
    remains,
    scrubbing,
    tasks,
    trash,
    trash_keeping,
    workflows,
)
from rally_desktop.services.trash import Taken
from rally_desktop.services.trash_keeping import Keeping

pytestmark = pytest.mark.slow
FLOW = Graph("Flow", steps={"a": Step("a", "wait")}, start="a")


def listed(world, **narrowed):
    """What lies in the trash, as (kind, name)."""
    return [(one.kind, one.name) for one in world.ask(trash.listed, **narrowed)]


def test_it_says_what_was_deleted_by_whom_and_where_it_was(world):
    """Records, notes and workflows are listed together, the latest first."""
    world.store.user_id = world.user("Maria")
    ana = world.contact("Ana", email="ana@example.org")
    world.do(notes.remove, world.do(notes.add, ana, "Prefers\nmornings"))
    world.clock.advance(minutes=1)
    world.do(workflows.delete, world.do(workflows.create, FLOW))
    world.clock.advance(minutes=1)
    world.do(records.delete, ana)
    found = world.ask(trash.listed)
    assert [(one.kind, one.name, one.about, one.by) for one in found] == [
        ("contact", "Ana", "ana@example.org", "Maria"),
        ("workflow", "Flow", "", "Maria"),
        ("note", "Prefers mornings", "Ana", "Maria"),
    ]
    assert world.ask(trash.count) == 3


def test_pages_follow_each_other_without_a_gap(world):
    """Each page goes on where the one before ended, also within one moment."""
    for number in range(7):
        world.do(records.delete, world.contact(f"Ana {number}"))
        world.do(records.delete, world.company(f"Acme {number}"))
    whole = world.ask(trash.listed)
    parts, after = [], None
    while some := world.ask(trash.listed, after=after, limit=4):
        parts += some
        after = some[-1].place
    assert tuple(parts) == whole
    assert len(whole) == 14


def test_a_record_comes_back_as_it_was(world):
    """Its notes and tags are there again, and it is in the trash no more."""
    ana = world.contact("Ana", tags=("VIP",))
    world.do(notes.add, ana, "Prefers mornings")
    world.do(records.delete, ana)
    assert world.do(trash.restore, "contact", ana.id) == ana
    assert world.record(ana)["tags"] == {"VIP"}
    assert world.happened(ana)[-1] == "restored"
    assert listed(world) == []


@pytest.mark.parametrize("merged", [False, True])
def test_a_taken_address_is_said_and_can_be_had_otherwise(world, merged):
    """Whoever has the address is named; without it, or as part of them, the contact comes back."""
    ana = world.contact("Ana", email="ana@example.org", phone="+351 912 345 678")
    world.do(records.delete, ana)
    other = world.contact("Anna", email="ana@example.org")
    with pytest.raises(Taken, match="Anna has the address") as taken:
        world.do(trash.restore, "contact", ana.id)
    assert taken.value.other == other
    if merged:
        world.do(trash.restore_into, ana.id, other)
        assert world.record(other)["phone"] == "+351 912 345 678"
        assert [one.into for one in world.ask(trash.listed)] == ["Anna"]
    else:
        world.do(trash.restore_without_address, ana.id)
        assert world.record(ana)["email"] == ""


def test_restoring_what_was_merged_parts_it_again(world):
    """The record that became part of another stands by itself, with what was its own."""
    ana, twin = world.contact("Ana"), world.contact("Anna")
    note = world.do(notes.add, twin, "Prefers mornings")
    world.do(merge_records.merge, ana, twin)
    assert world.do(trash.restore, "contact", twin.id) == twin
    assert world.ask(entry.exists, twin)
    assert world.rows(f"select record_id from note where id = {note}") == [(twin.id,)]


def test_what_cannot_come_back_does_not_hold_up_the_rest(world):
    """Of several the one whose address is taken stays, and it says why."""
    pair = [world.contact(name, email=f"{name}@example.org") for name in ("ana", "ben")]
    for ref in pair:
        world.do(records.delete, ref)
    world.contact("Anna", email="ana@example.org")
    done = world.do(trash.restore_many, [tuple(ref) for ref in pair])
    assert (done.refs, list(done.left)) == (
        [pair[1]],
        ["Anna has the address ana@example.org by now."],
    )


def test_what_is_deleted_for_good_leaves_nothing_but_links_cut(world, tmp_path):
    """Its rows go, the company's people stay, and the audit log holds."""
    acme = world.company("Acme Quincunx")
    ana = world.contact("Ana", company_id=acme.id)
    world.do(notes.add, acme, "Buys a quincunx a year")
    world.do(records.delete, acme)
    assert erasing.empty(world.store, [("company", acme.id)]).gone == 1
    assert world.record(ana)["company_id"] is None
    assert world.rows("select id from note") == []
    assert world.rows("select id from activity where detail like '%quincunx%'") == []
    verdict = audit_check.check(world.store, Heads(tmp_path / "audit.json"))
    assert verdict is not None
    assert verdict.broken is None


def test_a_note_and_a_workflow_go_for_good_with_what_belongs_to_them(world):
    """The lines that held a note's text say so no more; a workflow's runs go with it."""
    ana = world.contact("Ana")
    note = world.do(notes.add, ana, "Buys a quincunx a year")
    world.do(notes.remove, note)
    flow = world.publish(Step("a", "add_tag", {"tag": "New"}))
    world.contact("Ben")
    world.tick()
    world.do(workflows.unpublish, flow)
    world.do(workflows.delete, flow)
    done = erasing.empty(world.store, [("note", note), ("workflow", flow)])
    assert done.gone == 2
    assert world.rows("select id from activity where detail like '%quincunx%'") == []
    assert world.rows("select id from run") == world.rows("select run_id from visit") == []
    assert "created" in world.happened(ana)


def test_a_deleted_task_lies_in_the_trash_and_comes_back_to_be_done(world, store):
    """It says who deleted it and whose it is; for good, its title goes from the timeline too."""
    ana, store.user_id = world.contact("Ana"), world.user("Maria")
    number = world.do(tasks.create, ana, title="Order a quincunx")
    world.do(tasks.drop, number)
    (item,) = world.ask(trash.listed, kinds=["task"], text="QUINCUNX")
    assert (item.name, item.by, item.about, item.ref) == ("Order a quincunx", "Maria", "Ana", ana)
    assert world.ask(tasks.listed, ref=ana, done=True) == ()
    assert world.do(trash.restore, "task", number) == ana
    assert [one.title for one in world.ask(tasks.listed, ref=ana)] == ["Order a quincunx"]
    world.do(tasks.drop, number)
    assert erasing.empty(world.store, [("task", number)]).gone == 1
    assert world.rows("select id from task") == []
    assert world.rows("select id from activity where detail like '%quincunx%'") == []


def test_what_lies_there_too_long_goes_by_itself(world):
    """After 90 days, or as the office sets; with nought nothing goes."""
    ana = world.contact("Ana")
    world.do(records.delete, ana)
    world.do(trash_keeping.save, Keeping(days=0))
    world.turn(days=100)
    assert listed(world) == [("contact", "Ana")]
    world.do(trash_keeping.save, Keeping(days=99))
    world.turn(minutes=5)
    assert listed(world) == []
    assert world.ask(lambda work: work.find(Ref("contact", ana.id))) is None
    with pytest.raises(BadSettings):
        world.do(trash_keeping.save, Keeping(days=-1))


def test_every_table_that_names_records_is_seen_to():
    """Of each table somebody has decided what becomes of it when a record goes for good."""
    seen = {"activity", "run", "outbox", "matching", *remains.WHOLE}
    for rows in metadata.sorted_tables:
        if "record_id" in rows.c:
            assert rows.name in seen
        texts = rows in scrubbing.texts() or rows.name in scrubbing.SPARED
        assert texts or not any(
            column.type.python_type is str for column in rows.columns if not column.primary_key
        )
