"""The step that gives somebody something to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rally_desktop.core.errors import BadSettings
from rally_desktop.engine.nodes.actions.create_task import CreateTask
from rally_desktop.model.graph import Step
from rally_desktop.services import settings, tasks, users


def run(world, times=1, record="contact", **values):
    """Run the step on new contacts and return what tasks there are then."""
    world.publish(Step("task", "create_task", {"task": "Call", **values}), record=record)
    for number in range(times):
        world.contact(f"Ana {number}", owner_id=1)
    world.tick()
    return [
        (row[0], row[1]) for row in world.rows("select assignee_id, due_at from task order by id")
    ]


def due(world, **values):
    """Return when the task is due that the step makes on Tuesday, 2 June, at nine in UTC."""
    ((_, moment),) = run(world, **values)
    return moment and datetime.fromtimestamp(moment / 1e6, UTC)


@pytest.mark.parametrize(
    ("values", "when"),
    [
        ({}, "2026-06-03T09:00"),
        ({"due_in": "PT90M"}, "2026-06-02T10:30"),
        ({"due_in": "P2D", "at": "14:30"}, "2026-06-04T13:30"),
        ({"due": "after business days", "due_days": 5}, "2026-06-09T09:00"),
        ({"due": "after business days", "due_days": 4, "at": "09:00"}, "2026-06-08T08:00"),
        ({"due": "on a date", "due_on": "2026-12-24"}, "2026-12-24T09:00"),
        ({"due": "on a date", "due_on": "2026-12-24", "at": "17:00"}, "2026-12-24T17:00"),
        ({"due": "never"}, None),
    ],
    ids=str,
)
def test_a_task_is_due_by_the_offices_clock(world, values, when):
    """A while, business days without the weekend, a date at nine, or not at all; in London."""
    assert due(world, **values) == (when and datetime.fromisoformat(f"{when}+00:00"))


def test_days_keep_the_wall_clock_over_a_change_of_the_clocks(world):
    """Two days from Saturday noon in Paris is Monday noon there, an hour less in UTC."""
    world.do(settings.put, "time_zone", "Europe/Paris")
    world.leap(datetime(2027, 3, 27, 11, tzinfo=UTC))
    assert due(world, due_in="P2D") == datetime(2027, 3, 29, 10, tzinfo=UTC)


def test_a_step_stored_by_an_earlier_program_still_loads():
    """Its assignee was named without a word on how to find one."""
    kind = CreateTask.load(
        {"task": "Call", "due_in": "P2D", "assignee": "Maria", "priority": "Low"}
    )
    assert (kind.assign, kind.assignee, kind.due_in) == ("a user", "Maria", timedelta(days=2))
    assert kind.sentence() == "“Call”, due in 2 days, Maria"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"assign": "a user"}, "assignee is required"),
        ({"assign": "round robin"}, "pool is required"),
        ({"due": "on a date"}, "due_on is required"),
        ({"due": "on a date", "due_on": "soon"}, "due_on is required"),
        ({"at": "25:00"}, "at must be a time"),
    ],
)
def test_what_a_step_lacks_is_said(values, problem):
    """Whoever is to do it and the day are asked for where the other settings need them."""
    with pytest.raises(BadSettings, match=problem):
        CreateTask.load({"task": "Call", **values})


def test_a_pool_gets_tasks_in_turn(world):
    """Four contacts, two people: two tasks for each."""
    ana, ben = world.user("Ana"), world.user("Ben")
    made = run(world, times=4, assign="round robin", pool=["Ana", "Ben"])
    assert [assignee for assignee, _ in made] == [ana, ben, ana, ben]


def test_a_pool_on_holiday_is_a_failure(world):
    """Nobody is given the task; the run waits for a person and says why."""
    world.do(users.set_away, world.user("Ana"), world.clock.now() + timedelta(days=1))
    assert run(world, assign="round robin", pool=["Ana"]) == []
    assert world.visits() == [("task", "failed", "all_away")]


def test_no_second_task_of_the_type_while_one_is_open(world):
    """With the tick, the second of two runs leaves the contact at one task, until it is done."""
    for _ in range(2):
        world.publish(Step("task", "create_task", {"task": "Call", "type": "Call", "once": True}))
    ana = world.contact()
    world.tick()
    assert sorted(world.visits()) == [("task", "done", ""), ("task", "skipped", "task_open")]
    ((number,),) = world.rows("select id from task")
    assert world.ask(tasks.is_open, ana, "Call")
    world.do(tasks.complete, number)
    assert not world.ask(tasks.is_open, ana, "Call")


def test_two_users_of_a_name_are_not_mixed_up(world):
    """A name that a second user took after publishing fails, instead of picking either."""
    world.user("Maria", email="m1@example.org")
    world.publish(Step("task", "create_task", {"task": "Call", "assignee": "Maria"}))
    world.user("Maria", email="m2@example.org")
    world.contact()
    world.tick()
    assert world.visits() == [("task", "failed", "same_name")]
