"""A unit of work: what was changed is seen at once, and read set-wise."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from rally_desktop.core.errors import NotFound
from rally_desktop.model.changes import NoteAdded, StageMoved
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Cause
from rally_desktop.services import calls, contacts, deals, records, tasks


def statements(world, query):
    """How many statements a query takes."""
    seen = []
    event.listen(world.store.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    world.ask(query)
    return len([text for text in seen if text.startswith("select")])


def test_a_change_is_seen_by_the_next_line(world):
    """What a service did is there for whatever asks next, before any row is written."""

    def service(work):
        ana = contacts.create(work, {"first_name": "Ana"}, ["VIP"])
        contacts.update(work, ana, {"city": "Porto"})
        found = work.record(ana)
        return found["first_name"], found["city"], found["tags"], found["last_name"]

    assert world.do(service) == ("Ana", "Porto", {"VIP"}, "")


def test_the_snapshot_is_what_the_database_will_hold(world):
    """Column by column, the record in memory is the record that is read back later."""

    def service(work):
        ana = contacts.create(work, {"first_name": "Ana", "score": "7"}, ["VIP"])
        calls.log(work, ana, direction="out", outcome="Reached")
        return ana, dict(work.record(ana))

    ana, remembered = world.do(service)
    derived = {"sort_name", "search_text", "email_key"}
    stored = world.record(ana)
    assert {k: v for k, v in remembered.items() if k not in derived} == {
        k: v for k, v in stored.items() if k not in derived
    }


def test_a_deleted_record_is_gone_but_can_be_found(world):
    """Who asks for a record in the trash is told so; who looks for it finds it."""
    ana = world.contact()
    world.do(contacts.delete, ana)
    with pytest.raises(NotFound, match="contact does not exist any more"):
        world.ask(lambda work: work.record(ana))
    assert world.ask(lambda work: work.find(ana)["deleted_at"]) == world.clock.now()
    assert world.ask(lambda work: work.records("contact", [ana.id])) == {}


def test_what_never_was_is_not_found(world):
    """A number that no record has leads nowhere."""
    assert world.ask(lambda work: work.find(Ref("deal", 404))) is None
    with pytest.raises(NotFound, match="deal"):
        world.ask(lambda work: work.record(Ref("deal", 404)))


def test_many_records_take_as_many_statements_as_one(world):
    """A hundred records are read like one: the rows, and their tags."""
    numbers = [world.contact(f"C{n}", tags=("VIP",)).id for n in range(20)]
    one = statements(world, lambda work: work.records("contact", numbers[:1]))
    assert statements(world, lambda work: work.records("contact", numbers)) == one == 2


def test_what_was_read_is_not_read_again(world):
    """A record asked for twice costs one look."""
    ana = world.contact()
    once = statements(world, lambda work: work.record(ana))
    assert statements(world, lambda work: [work.record(ana) for _ in range(9)]) == once


def test_lines_of_a_run_carry_its_chain(world):
    """What a run changes is written down to it; what follows outside is not."""
    ana = world.contact()

    def service(work):
        with work.caused_by(Cause(7, "3,4")):
            records.add_tag(work, ana, "By a run")
        records.add_tag(work, ana, "By hand")

    world.do(service)
    found = world.rows("select run_id, chain from activity where kind = 'tag_added' order by id")
    assert found == [(7, "3,4"), (None, "")]


def test_a_cause_ends_with_its_block_even_after_an_error(world):
    """An error inside does not leave later changes blamed on the run."""

    def service(work):
        with pytest.raises(ZeroDivisionError), work.caused_by(Cause(7, "3")):
            raise ZeroDivisionError
        work.change(NoteAdded(ana, work.new_id("note"), "Later"))

    ana = world.contact()
    world.do(service)
    assert world.rows("select run_id from activity where kind = 'note_added'") == [(None,)]


def test_what_people_do_moves_the_last_activity(world):
    """A call and a finished task count as activity; a note and an edit do not."""
    ana = world.contact()
    world.do(contacts.update, ana, {"city": "Porto"})
    assert world.record(ana)["last_activity_at"] is None
    number = world.do(tasks.create, ana, title="Call")
    world.clock.advance(hours=1)
    world.do(tasks.complete, number)
    assert world.record(ana)["last_activity_at"] == world.clock.now()


def test_a_moved_deal_knows_since_when(world):
    """A stage that moves is activity, and the deal says since when it is there."""
    roof = world.deal()
    world.clock.advance(hours=1)
    world.do(deals.move, roof, "Proposal")
    found = world.record(roof)
    assert (found["stage"], found["stage_moved_at"]) == ("Proposal", world.clock.now())
    assert found["last_activity_at"] == world.clock.now()


def test_a_change_to_nothing_known_does_no_harm(world):
    """A change about a record that is not there is a line of the timeline and nothing else."""
    gone = Ref("deal", 404)
    world.do(lambda work: work.change(StageMoved(gone, "New", "Won", "Sales")))
    assert world.ask(lambda work: work.find(gone)) is None
