"""A person's hand on runs: what it does, what it leaves, and that it is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.engine import control
from rally_desktop.engine.publishing import publish
from rally_desktop.engine.thread import EngineThread
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, runs, safeguards, tasks, timeline, workflows

pytestmark = pytest.mark.slow

WAIT = Step("wait", "wait", {"amount": 2, "unit": "days"})
TAG = Step("tag", "add_tag", {"tag": "Seen"})
LAST = Step("last", "add_tag", {"tag": "Last"})
TELL = Step("tell", "notify", {"text": "Hi", "user": ""})  # fails where nobody owns the record


def inside(world, *steps, **graph):
    """Publish a workflow and return Ana, who is inside it, and the number of her run."""
    world.publish(*steps, **graph)
    ana = world.contact()
    world.tick()
    return ana, world.ask(runs.numbers)[-1]


def states(world):
    """Return (state, step, reason) of every run."""
    return [tuple(row) for row in world.rows("select state, step, reason from run order by id")]


def tags(world, ref):
    """Return a record's tags."""
    return world.record(ref)["tags"]


def test_a_failed_step_is_tried_again_as_a_new_visit(world):
    """Once what was missing is there, the run goes on from the step that failed."""
    ana, run = inside(world, TELL, TAG)
    world.do(contacts.update, ana, {"owner_id": world.user()})

    assert world.do(control.retry, [run]) == control.Tally(1)
    world.tick()

    assert world.visits() == [
        ("tell", "failed", "no_owner"), ("tell", "done", ""), ("tag", "done", ""),
    ]  # fmt: skip
    assert world.run_states() == ["done"]


def test_a_run_that_failed_is_taken_up_again(world):
    """Also after seven days, when nobody had looked and it was ended."""
    ana, run = inside(world, TELL, TAG)
    world.turn(days=8)
    assert states(world) == [("failed", "tell", "no_owner")]
    world.do(contacts.update, ana, {"owner_id": world.user()})

    assert world.do(control.retry, [run]).done == 1
    world.tick()

    assert states(world) == [("done", None, "")]
    assert world.do(control.retry, [run]).left == {"done": 1}


def test_who_is_inside_anew_is_not_taken_up_twice(world):
    """Of two runs of the same record that failed one goes on; the other says why not."""
    world.publish(TELL, settings=Rules(again="after_end"), trigger="record_updated")
    ana = world.contact()
    for city in ("Porto", "Faro"):
        world.do(contacts.update, ana, {"city": city})
        world.tick()
        world.turn(days=8)
    assert world.run_states() == ["failed", "failed"]
    tally = world.do(control.retry, world.ask(runs.numbers))
    assert tally == control.Tally(1, {"in the workflow anew": 1})
    assert world.do(control.jump, world.ask(runs.numbers)[1:], "tell").done == 0


def test_stopping_does_the_stop_actions_once(world):
    """A run that waits ends where it stands, its visit with it, and the chain is run through."""
    bye = Step("bye", "add_tag", {"tag": "Bye"}, {"next": "end"})
    wait = Step("wait", "wait", {"amount": 2, "unit": "days"}, {"next": "end"})
    ana, run = inside(world, wait, bye, Step("end", "end"), stop_start="bye")

    assert world.do(control.stop, [run]).done == 1

    assert states(world)[0][::2] == ("stopped", "stopped_by_hand")
    assert world.visits()[0] == ("wait", "stopped", "stopped_by_hand")
    assert tags(world, ana) == {"Bye"}
    assert world.do(control.stop, [run]) == control.Tally(0, {"stopped": 1})


def test_a_run_of_a_deleted_record_is_stopped_without_a_word(world):
    """Stop Actions have nobody to be about."""
    ana, run = inside(world, WAIT, stop_start=None)
    world.do(contacts.delete, ana)
    assert world.do(control.stop, [run]).done == 1
    assert world.run_states() == ["cancelled"]


def test_a_pause_keeps_the_place_and_nothing_is_late_after_it(world):
    """What came due during a pause is done when it ends, not asked about."""
    ana, run = inside(world, WAIT, TAG)
    world.do(control.pause, [run])
    world.turn(days=9)
    assert states(world) == [("paused", "wait", "paused_by_hand")]

    assert world.do(control.resume, [run]).done == 1
    world.tick()

    assert world.run_states() == ["done"]
    assert tags(world, ana) == {"Seen"}


def test_a_pause_ends_by_itself_at_its_moment(world):
    """Paused for three days, the run goes on when they are over."""
    ana, run = inside(world, WAIT, TAG)
    world.do(control.pause, [run], world.clock.now() + timedelta(days=3))
    world.turn(days=2, hours=23)
    assert world.run_states() == ["paused"]
    world.turn(hours=2)
    assert world.run_states() == ["done"]
    assert tags(world, ana) == {"Seen"}


@pytest.mark.parametrize("days", [-1, 31])
def test_a_pause_ends_within_thirty_days(world, days):
    """A moment that has passed, or one far away, is refused."""
    _, run = inside(world, WAIT)
    with pytest.raises(Refused, match="within 30 days"):
        world.do(control.pause, [run], world.clock.now() + timedelta(days=days))


def test_a_step_is_skipped(world):
    """The wait ends as skipped, the run goes on at once, and the counts still add up."""
    ana, run = inside(world, WAIT, TAG)
    assert world.do(control.skip, [run]).done == 1
    world.tick()
    assert world.visits() == [("wait", "skipped", "skipped_by_hand"), ("tag", "done", "")]
    assert tags(world, ana) == {"Seen"}


def test_a_step_that_failed_is_skipped(world):
    """The failed visit stays as it was; beside it stands that a person went past it."""
    ana, run = inside(world, TELL, TAG)
    world.store.user_id = world.user("Maria")
    assert world.do(control.skip, [run]).done == 1
    world.tick()
    assert world.visits() == [
        ("tell", "failed", "no_owner"), ("tell", "skipped", "skipped_by_hand"), ("tag", "done", ""),
    ]  # fmt: skip
    assert world.rows("select summary from visit where seq = 2") == [("Skipped by Maria.",)]
    assert tags(world, ana) == {"Seen"}


def test_a_paused_run_that_skips_stays_paused(world):
    """It stands before the next step until it is resumed."""
    ana, run = inside(world, WAIT, TAG)
    world.do(control.pause, [run])
    world.do(control.skip, [run])
    world.tick()
    assert states(world) == [("paused", "tag", "paused_by_hand")]
    world.do(control.resume, [run])
    world.tick()
    assert tags(world, ana) == {"Seen"}


def test_a_run_jumps_to_a_step_of_its_version(world):
    """It goes on there; a step that its version does not have is refused."""
    ana, run = inside(world, WAIT, TAG, LAST)
    assert world.do(control.jump, [run], "nowhere").left == {"on a version without that step": 1}
    assert world.do(control.jump, [run], "last").done == 1
    world.tick()
    assert world.visits() == [("wait", "skipped", "jumped_by_hand"), ("last", "done", "")]
    assert tags(world, ana) == {"Last"}


def test_reviewed_runs_begin_or_end(world):
    """What is approved begins at once; what is rejected never does."""
    world.publish(TAG, settings=Rules(review=True))
    ana, ben = world.contact("Ana"), world.contact("Ben")
    world.tick()
    assert world.run_states() == ["in_review"] * 2
    first, second = world.ask(runs.numbers)

    assert world.do(control.approve, [first]).done == 1
    assert world.do(control.reject, [second]).done == 1
    world.tick()

    assert world.run_states() == ["done", "rejected"]
    assert (tags(world, ana), tags(world, ben)) == ({"Seen"}, set())
    assert world.do(control.approve, [second]).left == {"rejected": 1}


def test_what_is_held_is_done_now_or_passed_over(world):
    """A step that came due while the program was away waits for a person's word."""
    world.publish(WAIT, TAG)
    ana, ben = world.contact("Ana"), world.contact("Ben")
    world.tick()
    world.leap(world.clock.now() + timedelta(days=5))
    assert states(world) == [("held", "tag", "late")] * 2
    first, second = world.ask(runs.numbers)

    world.do(control.release, [first])
    world.do(control.release, [second], skip=True)
    world.tick()

    assert world.run_states() == ["done", "done"]
    assert (tags(world, ana), tags(world, ben)) == ({"Seen"}, set())


def test_whatever_a_person_does_is_on_the_timeline(world):
    """The line says what was done to which workflow's run, and by whom."""
    ana, run = inside(world, WAIT)
    world.store.user_id = world.user("Maria")
    world.do(control.stop, [run])
    line = world.ask(timeline.lines, ana)[0]
    assert (line.text, line.by) == ("‘Test’ stopped", "Maria")


def test_a_selection_says_how_many_and_why_not_the_others(world):
    """Runs in other states are left as they are, and counted by why."""
    number = world.publish(WAIT)
    for name in ("Ana", "Ben", "Carla"):
        world.contact(name)
    world.tick()
    ids = world.ask(runs.numbers, workflow_id=number)
    world.do(control.pause, ids[:1])
    tally = world.do(control.resume, [*ids, 999])
    assert tally == control.Tally(1, {"not there any more": 1, "on the way": 2})
    assert tally.says("resumed") == (
        "1 run resumed; 3 left as they are: not there any more (1), on the way (2)."
    )
    assert (tally + tally).done == 2


def test_a_hand_works_while_the_engine_does(world):
    """Runs of a version that is not the newest are stopped with their own Stop Actions."""
    bye = Step("bye", "add_tag", {"tag": "Bye"}, {"next": "end"})
    wait = Step("wait", "wait", {"amount": 2, "unit": "days"}, {"next": "end"})
    ana, run = inside(world, wait, bye, Step("end", "end"), stop_start="bye")
    (number,) = (row.id for row in world.ask(workflows.listed))
    graph = world.ask(workflows.draft, number).graph
    world.do(workflows.save_draft, number, graph.with_settings("bye", {"tag": "New"}))
    world.do(publish, number)
    world.do(control.stop, [run])
    assert tags(world, ana) == {"Bye"}


def test_what_a_paused_run_awaits_is_not_missed(world):
    """The task is done during the pause; when the run is resumed it goes on from there."""
    call = Step("call", "call_step", {"task": "Call", "text": "Hi"})
    ana, run = inside(world, call, TAG)
    assert world.rows("select awaited is not null from run")[0][0]
    world.do(control.pause, [run])
    (task,) = world.rows("select id from task")
    world.do(tasks.complete, task[0])
    world.tick()
    assert world.run_states() == ["paused"]
    world.do(control.resume, [run])
    world.tick()
    assert tags(world, ana) == {"Seen"}


def test_hand_and_engine_never_move_a_run_both(world):
    """While the engine works on a thread of its own, runs are stopped: each ends one way only."""
    world.do(safeguards.save, safeguards.Safeguards(enrolments_at_once=0, enrolments_a_minute=0))
    world.publish(WAIT, TAG, LAST)
    for number in range(60):
        world.contact(f"C{number}")
    world.tick()
    ids = world.ask(runs.numbers)
    world.clock.advance(days=2)
    engine = EngineThread(world.store, lambda account: world.mail)
    engine.start()
    try:
        tally = sum((world.do(control.stop, [each]) for each in reversed(ids)), control.Tally())
        assert engine.wait_until_idle(20)
    finally:
        engine.stop(20)
    states = world.run_states()
    assert (states.count("stopped"), states.count("done")) == (tally.done, 60 - tally.done)
    waits = [outcome for step, outcome, _ in world.visits() if step == "wait"]
    assert (waits.count("stopped"), waits.count("done")) == (tally.done, 60 - tally.done)
    assert [step for step, *_ in world.visits()].count("last") == 60 - tally.done
