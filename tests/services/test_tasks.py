"""Tasks, notes and calls: what people do about a record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rally_desktop.core.errors import BadSettings, NotFound, Refused
from rally_desktop.model.ref import Ref
from rally_desktop.services import calls, contacts, notes, tasks, timeline
from tests.services.hostile import KEPT, UNKEPT


def test_a_task_is_written_down_whole(world):
    """Whatever was said about a task is in its row and on the timeline."""
    maria, ana = world.user(), world.contact()
    number = world.do(
        tasks.create, ana, title=" Call ", due_at=world.clock.now(), assignee_id=maria,
        priority="High", type="Call", description="About the roof",
    )  # fmt: skip
    query = f"select title, assignee_id, priority, type, description from task where id = {number}"
    assert world.rows(query) == [("Call", maria, "High", "Call", "About the roof")]
    assert world.happened(ana) == ["created", "task_created"]


def test_a_task_is_done_once(world):
    """Done twice is done once: one line, one moment."""
    number = world.do(tasks.create, world.contact(), title="Call")
    world.do(tasks.complete, number)
    world.clock.advance(hours=1)
    world.do(tasks.complete, number)
    lines = "select count(*) from activity where kind = 'task_completed'"
    assert world.rows(lines) == [(1,)]
    assert world.ask(tasks.count) == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": " "}, "needs a title"),
        ({"priority": "x" * 41}, "Priority is longer than 40"),
        ({"assignee_id": 404}, "user does not exist"),
        ({"type": "x" * 41}, "Type is longer than 40"),
        ({"title": UNKEPT[0]}, "Title has a character"),
        ({"description": UNKEPT[1]}, "Description has a character"),
    ],
)
def test_a_task_that_cannot_be_is_refused(world, values, said):
    """What is wrong with a task is said before anything is written."""
    with pytest.raises((Refused, NotFound, BadSettings), match=said):
        world.do(tasks.create, world.contact(), **{"title": "Call", **values})


def test_a_task_that_is_not_there_cannot_be_done(world):
    """A number that no task has is refused."""
    with pytest.raises(NotFound, match="task does not exist"):
        world.do(tasks.complete, 404)


def test_an_overlong_title_is_cut(world):
    """A title made from a merge field keeps its first 400 characters."""
    world.do(tasks.create, world.contact(), title="x" * 1_000)
    assert world.rows("select title from task") == [("x" * 400,)]


def test_notes_are_kept_exactly(world):
    """A note of any length and any script comes back as it was written."""
    ana = world.contact()
    texts = [*KEPT, "line\n" * 3 + "end", "ö" * 1_000_000]
    for text in texts:
        world.do(notes.add, ana, text)
    assert [row[0] for row in world.rows("select text from note order by id")] == texts


def test_an_empty_or_impossible_note_is_refused(world):
    """A note needs some text, of characters that can be kept."""
    with pytest.raises(Refused, match="needs some text"):
        world.do(notes.add, world.contact(), " \n")
    with pytest.raises(BadSettings, match="Text has a character"):
        world.do(notes.add, world.contact(), UNKEPT[0])


def test_a_call_is_written_down(world):
    """How a call went is in its row; what cannot be kept is refused."""
    ana = world.contact()
    world.do(calls.log, ana, direction="out", outcome="Reached", seconds=90, text="Fine")
    assert world.rows("select direction, outcome, seconds, text from call") == [
        ("out", "Reached", 90, "Fine")
    ]
    with pytest.raises(BadSettings, match="Outcome is longer than 40"):
        world.do(calls.log, ana, direction="out", outcome="x" * 41)


def test_nothing_is_done_about_what_is_gone(world):
    """No task, note or call about a record that is not there."""
    ana = world.contact()
    world.do(contacts.delete, ana)
    for ref in (ana, Ref("deal", 404)):
        for service, values in (
            (tasks.create, {"title": "Call"}),
            (notes.add, {"text": "Hello"}),
            (calls.log, {"direction": "in", "outcome": "Reached"}),
        ):
            with pytest.raises(NotFound):
                world.do(service, ref, **values)


def test_a_task_is_put_off_until_it_is_done(world):
    """Its new moment stands, the old one is told; what is done or gone is not put off."""
    now = world.clock.now()
    number = world.do(tasks.create, world.contact(), title="Call", due_at=now)
    assert world.do(tasks.postpone, number, None) == now
    assert world.ask(tasks.listed)[0].due_at is None
    world.do(tasks.complete, number)
    with pytest.raises(Refused, match="done already"):
        world.do(tasks.postpone, number, now)
    with pytest.raises(NotFound):
        world.do(tasks.postpone, 99, now)


def test_a_call_without_an_outcome_is_refused(world):
    """How a call went is what one wants to know of it."""
    with pytest.raises(Refused, match="outcome"):
        world.do(calls.log, world.contact(), direction="out", outcome=" ")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"direction": "sideways"}, "who called"),
        ({"seconds": -1}, "between"),
        ({"seconds": 90_000}, "between"),
        ({"at": datetime(2030, 1, 1, tzinfo=UTC)}, "still to come"),
    ],
)
def test_a_call_that_cannot_have_been_is_refused(world, said, why):
    """A call goes in or out, takes at most a day, and is logged once it took place."""
    with pytest.raises(Refused, match=why):
        world.do(calls.log, world.contact(), **{"direction": "out", "outcome": "Reached"} | said)


def test_a_call_is_logged_for_an_earlier_moment(world):
    """A call of the day before stands on the timeline with the time at which it was."""
    ana, then = world.contact(), world.clock.now() - timedelta(days=1)
    world.do(calls.log, ana, direction="in", outcome="Reached", at=then)
    assert world.ask(timeline.lines, ana)[-1].at == then
    assert world.record(ana)["last_activity_at"] >= then
