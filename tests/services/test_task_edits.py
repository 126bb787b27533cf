"""Tasks as they are listed: found, ordered, changed by the cell and by the hundred, taken back."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime, timedelta

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.model.ref import listed
from rally_desktop.services import bulk, edits, grid, task_edits, tasks
from rally_desktop.services.bulk import Done
from rally_desktop.services.exports import Export, write
from rally_desktop.services.grid import Query
from rally_desktop.services.task_edits import Deeds

OPEN = {"all": [{"field": "done", "op": "is", "value": False}]}
DONE = {"all": [{"field": "done", "op": "is", "value": True}]}


@pytest.fixture
def three(world):
    """Three tasks about Ana and a company: late, soon, without a day; the last is Maria's."""
    maria = world.user("Maria")
    ana, hill = world.contact("Ana", last_name="Alvarez"), world.company("Hill Dental")
    now = world.clock.now()
    return [
        world.do(tasks.create, ana, title="Send the offer", due_at=now - timedelta(days=1)),
        world.do(tasks.create, hill, title="Call the lab", due_at=now + timedelta(days=1)),
        world.do(tasks.create, ana, title="Write", assignee_id=maria, priority="High"),
    ]


def _ids(world, **query):
    return list(world.ask(grid.ids, "task", Query(**{"sort": "due_at"} | query)))


def test_tasks_are_listed_whole_by_every_column(world, three):
    """Whatever the list is ordered by, each task stands there once; so do the first rows."""
    for column in grid.columns("task"):
        for down in (False, True):
            assert sorted(_ids(world, sort=column.key, down=down)) == three
            query = Query(OPEN, sort=column.key, down=down)
            assert len(set(world.ask(grid.ids, "task", query, 2))) == 2


def test_a_list_says_what_each_task_is_about_and_how_it_stands(world, three):
    """The record by its name, whichever kind it is, and whether the task is late or done."""
    world.do(tasks.complete, three[2])
    found = world.ask(grid.rows, "task", three, ["record", "state", "assignee_id"])
    assert [found[number].cells for number in three] == [
        ("Ana Alvarez", "Overdue", None),
        ("Hill Dental", "Open", None),
        ("Ana Alvarez", "Done", "Maria"),
    ]
    assert _ids(world, filter=OPEN) == three[:2]
    assert _ids(world, filter=DONE) == three[2:]
    assert _ids(world, text="LAB call") == three[1:2]


def test_a_cell_is_set_and_set_back(world, three):
    """A day keeps the time that it had; what takes it back brings all of it back."""
    ref, before = listed("task", three[1]), world.ask(tasks.one, three[1])
    day = datetime(2026, 7, 1, tzinfo=UTC)
    note = world.do(edits.put_cell, ref, "due_at", day)
    due = world.ask(tasks.one, three[1]).due_at.astimezone()
    assert (due.date(), due.time()) == (day.date(), before.due_at.astimezone().time())
    world.do(edits.put_cell, ref, "assignee_id", "Maria")
    assert world.do(edits.undo, note).back == 1
    after = world.ask(tasks.one, three[1])
    assert (after.due_at, after.assignee) == (before.due_at, "Maria")


@pytest.mark.parametrize(
    ("key", "value"), [("assignee_id", "Nobody"), ("type", "Opera"), ("title", " "), ("state", "x")]
)
def test_what_cannot_be_set_is_refused(world, three, key, value):
    """Nobody unknown, nothing that no list offers, no task without a title."""
    with pytest.raises(Refused):
        world.do(edits.put_cell, listed("task", three[0]), key, value)


@pytest.mark.parametrize(
    "one",
    [task_edits.completing, task_edits.dropping, task_edits.postponing(7),
     task_edits.setting("assignee", "Maria")],
    ids=["done", "dropped", "postponed", "given"],
)  # fmt: skip
def test_many_are_changed_at_once_and_brought_back_at_once(world, three, one):
    """A deed leaves alone what is done already and says why; one undo takes all of it back."""
    world.do(tasks.complete, three[2])
    before = [world.ask(tasks.one, number) for number in three]
    done = bulk.run(world.store, "task", array("q", three), Deeds(one), Done(), lambda: False)
    assert done.changed == 2
    assert bulk.undo(world.store, done.notes, Done(), lambda: False).back == 2
    assert [world.ask(tasks.one, number) for number in three] == before


def test_what_is_listed_goes_out_as_a_file(world, three, tmp_path):
    """The columns that are shown, in the order in which they stand."""
    path = tmp_path / "tasks.csv"
    out = Export("task", Query(OPEN, sort="due_at"), ("title", "record"), mark=False)
    assert write(world.store, path, out) == 3
    assert path.read_text().splitlines()[:2] == ["Task,About", "Send the offer,Ana Alvarez"]
