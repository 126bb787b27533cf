"""What a hand did to runs is taken back to exactly where each stood, and nothing goes out twice."""

from __future__ import annotations

import pytest

from rally_desktop.engine import control, taking_back
from rally_desktop.engine.control import LEAVING, Tally
from rally_desktop.model.graph import Step
from rally_desktop.services import calls, runs, templates

pytestmark = pytest.mark.slow

WAIT = Step("wait", "wait", {"amount": 2, "unit": "days"}, {"next": "tag"})
WAIT_LONG = Step("rest", "wait", {"amount": 7, "unit": "days"})
TAG = Step("tag", "add_tag", {"tag": "Seen"}, {"next": "end"})
END = Step("end", "end")
CALL = Step("call", "call_step", {"task": "Call", "text": "Hi"})
FAILS = Step("tell", "notify", {"text": "Hi", "user": ""})  # as nobody owns the record
STANDS = "state, reason, step, exit, due_at, awaited, seq, since, resume_at, ended_at"
MOMENT = taking_back.MOMENT.total_seconds()


def inside(world, *steps, **graph):
    """Publish a workflow; return Ana, who is inside it, and the number of her run."""
    world.publish(*steps, **graph)
    ana = world.contact(email="ana@example.org")
    world.tick()
    return ana, world.ask(runs.numbers)[-1]


def stands(world):
    """All that says where the runs stand, with their visits and what is asked of people."""
    visits = world.rows("select run_id, seq, step, outcome, exit, reason, until from visit")
    asked = world.rows("select title, done_at, answer from task")
    return world.rows(f"select {STANDS} from run order by id"), visits, asked


def done(world, verb, does, run, length=taking_back.MOMENT):
    """Do something to a run; return where it stood before."""
    before = world.ask(taking_back.places, [run], verb)
    tally = world.do(does, [run], world.clock.now() + length)
    assert tally.done == len(before)
    world.clock.advance(seconds=1)
    return before


def keep(world, before, reason=LEAVING):
    """Take back that somebody was removed."""
    return world.do(taking_back.rest_again, before, reason)


def tags(world, ref):
    """What somebody is tagged with."""
    return world.record(ref)["tags"]


@pytest.mark.parametrize(("first", "paused"), [(WAIT, True), (CALL, False), (FAILS, False)])
def test_a_run_goes_back_to_where_it_stood(world, first, paused):
    """Whether it waited for time or a person, failed or rested: nothing tells it from before."""
    _, run = inside(world, first, TAG, END)
    if paused:
        world.do(control.pause, [run])
    before = stands(world)
    assert keep(world, done(world, "stop", control.leave, run)) == Tally(1)
    assert stands(world) == before
    was = done(world, "skip", control.skip, run)
    assert world.do(taking_back.step_back, was) == Tally(1)
    world.tick()
    if first is not FAILS:
        assert stands(world) == before
    else:  # what was written down about a step that failed stays
        assert world.visits()[1:] == [("tell", "skipped", "skipped_by_hand")]
        assert world.run_states() == ["needs_attention"]


def test_who_is_removed_leaves_when_nobody_took_it_back(world):
    """Until the moment the Stop Actions wait; then they are done once, and the run is over."""
    bye = Step("bye", "add_tag", {"tag": "Bye"}, {"next": "end"})
    ana, run = inside(world, WAIT, TAG, bye, END, stop_start="bye")
    before = done(world, "stop", control.leave, run)
    world.tick()
    assert (tags(world, ana), world.run_states()) == (set(), ["paused"])
    world.turn(seconds=MOMENT)
    assert tags(world, ana) == {"Bye"}
    assert world.rows("select state, reason from run") == [("stopped", "stopped_by_hand")]
    assert keep(world, before) == Tally(0, {"stopped": 1})
    assert world.run_states() == ["stopped"]


def test_nothing_else_is_done_to_whoever_leaves(world):
    """Neither paused, resumed nor sent on with others: only undoing, or stopping at once."""
    _, run = inside(world, WAIT, TAG, END)
    done(world, "stop", control.leave, run)
    for does in (control.pause, control.resume, control.skip):
        assert world.do(does, [run]) == Tally(0, {"leaving": 1})
    assert world.ask(taking_back.places, [run], "stop") == []
    assert world.do(control.leave, [run], world.clock.now()) == Tally(0, {"leaving": 1})
    assert world.do(control.stop, [run]) == Tally(1)


@pytest.fixture
def run(world):
    """The number of Ana's run: she waits for the second of two letters."""
    world.mailbox()
    for name in ("One", "Two"):
        world.do(templates.save, name, subject=name, text="Hi")
    letters = [Step(name, "send_email", {"template": name}) for name in ("One", "Two")]
    world.publish(letters[0], WAIT_LONG, letters[1], purpose="sequence")
    world.contact(email="ana@example.org")
    world.heart.tick()
    return world.ask(runs.numbers)[-1]


def subjects(world):
    """The letters that went out."""
    return [letter.subject for letter in world.mail.letters]


def test_a_letter_on_its_way_waits_while_somebody_leaves_and_goes_out_once(world, run):
    """It rests with its run; kept, it goes, and undoing again sends nothing more."""
    before = done(world, "stop", control.leave, run)
    world.deliver()
    assert subjects(world) == []
    assert keep(world, before) == Tally(1)
    world.tick()
    assert subjects(world) == ["One"]
    assert keep(world, before) == Tally(0, {"on the way": 1})
    world.turn(days=9)
    assert subjects(world) == ["One", "Two"]


def test_who_left_is_not_sent_what_was_decided_before(world, run):
    """The letter in the outbox is withdrawn with the run."""
    done(world, "stop", control.leave, run)
    world.turn(days=9)
    assert (subjects(world), world.run_states()) == ([], ["stopped"])


def test_a_skip_is_not_undone_once_the_next_letter_went_out(world, run):
    """In time the wait is back and nothing goes; afterwards undoing changes nothing."""
    world.turn(days=2)
    before = done(world, "skip", control.skip, run)
    assert world.do(taking_back.step_back, before) == Tally(1)
    world.turn(seconds=MOMENT)
    assert subjects(world) == ["One"]
    before = done(world, "skip", control.skip, run)
    world.turn(seconds=MOMENT)
    assert subjects(world) == ["One", "Two"]
    assert world.do(taking_back.step_back, before).done == 0
    world.turn(days=9)
    assert subjects(world) == ["One", "Two"]


def test_who_calls_while_leaving_is_out_at_once(world, run):
    """What would pause the run ends it, so that undoing does not write over what was said."""
    before = done(world, "stop", control.leave, run)
    (row,) = world.ask(runs.listed).rows
    world.do(calls.log, row.ref, direction="in", outcome="No answer")
    world.tick()
    assert world.run_states() == ["stopped"]
    assert keep(world, before) == Tally(0, {"stopped": 1})


def test_a_wait_for_an_event_is_not_taken_up_again_once_something_happened(world):
    """It may have been what was waited for, and would be waited for in vain."""
    until = Step("until", "wait_until", {"what": "a reply"}, {"happened": "tag"})
    ana, run = inside(world, until, TAG, END)
    before = done(world, "skip", control.skip, run)
    world.say(ana, "email_received")
    left = world.do(taking_back.step_back, before).left
    assert left == {"something happened meanwhile": 1}
