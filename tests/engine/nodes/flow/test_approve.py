"""The step that asks a person whether to go on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.core.errors import BadSettings, Refused
from rally_desktop.engine import control
from rally_desktop.engine.nodes.flow.approve import Approve
from rally_desktop.engine.publishing import unpublish
from rally_desktop.model.graph import Step
from rally_desktop.model.ref import Ref
from rally_desktop.services import contacts, tasks, timeline, users

pytestmark = pytest.mark.slow

ANA = Ref("contact", 1)
IN_PORTO = {"field": "city", "op": "is", "value": "Porto"}
WAYS = {"approved": "yes", "rejected": "no"}


def ask(world, **settings):
    """Publish «ask, then note what was decided», let Ana in, and return the open questions."""
    world.publish(
        Step("ask", "approve", {"question": "Give Ana the discount?", **settings}, WAYS),
        Step("yes", "create_note", {"text": "approved"}, {"next": "end"}),
        Step("no", "create_note", {"text": "rejected"}, {"next": "end"}),
        Step("end", "end"),
    )
    world.contact("Ana")
    world.tick()
    return open_questions(world)


def open_questions(world):
    """Return the numbers of the tasks that wait for a decision."""
    return [row[0] for row in world.rows("select id from task where done_at is null order by id")]


def decided(world):
    """Return what the notes say was decided."""
    return [row[0] for row in world.rows("select text from note")]


@pytest.mark.parametrize("answer", ["approved", "rejected"])
def test_the_run_goes_the_way_that_was_decided(world, answer):
    """Story: Maria is asked, has a task and a notification, and decides the next day."""
    maria = world.user("Maria")
    (question,) = ask(world, approver="Maria")
    assert world.rows("select user_id, text from notification") == [
        (maria, "Give Ana the discount?")
    ]
    world.turn(days=1)
    assert (decided(world), world.run_states()) == ([], ["active"])
    world.do(tasks.complete, question, answer)
    world.tick()
    assert (decided(world), world.run_states()) == ([answer], ["done"])


@pytest.mark.parametrize("default", ["approved", "rejected"])
def test_without_an_answer_the_default_holds_at_the_deadline(world, default):
    """Story: nobody decides for two days; then the default does, and the task is taken back."""
    world.user("Maria")
    (question,) = ask(world, approver="Maria", deadline="P2D", default=default)
    world.turn(hours=47)
    assert decided(world) == []
    world.turn(hours=2)
    assert (decided(world), open_questions(world)) == ([default], [])
    assert world.rows("select answer from task") == [("withdrawn",)]
    world.do(tasks.complete, question, "approved")
    world.tick()
    assert decided(world) == [default]


def test_the_default_holds_however_long_the_computer_was_off(world):
    """A week after the deadline the engine comes to it; only what follows is late by then."""
    world.user("Maria")
    ask(world, approver="Maria")
    world.leap(world.clock.now() + timedelta(days=9))
    assert world.rows("select exit from visit where step = 'ask'") == [("rejected",)]
    assert (world.run_states(), open_questions(world)) == (["held"], [])


def test_an_answer_during_a_pause_is_not_lost(world):
    """The run is paused when Maria decides; resumed after the deadline, her word holds."""
    world.user("Maria")
    (question,) = ask(world, approver="Maria", deadline="P2D")
    world.do(control.pause, [1])
    world.do(tasks.complete, question, "approved")
    world.turn(days=3)
    world.do(control.resume, [1])
    world.turn(minutes=1)
    assert (decided(world), world.run_states()) == (["approved"], ["done"])


def test_everybody_with_the_role_is_asked_and_one_answer_is_enough(world):
    """Two admins have a task each; when one decides, the other need not."""
    world.user("Eva", role="admin")
    first, second = ask(world, role="admin")
    world.do(tasks.complete, second, "approved")
    world.tick()
    assert (decided(world), open_questions(world)) == (["approved"], [])
    world.do(tasks.complete, first, "rejected")
    world.tick()
    assert decided(world) == ["approved"]


def test_of_a_role_those_who_are_here_are_asked(world):
    """An admin on holiday is not asked while another is here; alone she is asked all the same."""
    away = world.clock.now() + timedelta(days=9)
    eva = world.user("Eva", role="admin")
    world.do(users.set_away, eva, away)
    assert len(ask(world, role="admin")) == 1
    world.do(users.set_away, 1, away)
    world.contact("Ben")
    world.tick()
    assert len(open_questions(world)) == 3


def test_an_answer_to_another_question_changes_nothing(world):
    """Two runs ask about the same contact; each hears its own answer."""
    world.user("Maria")
    for _ in range(2):
        world.publish(Step("ask", "approve", {"question": "Go on?", "approver": "Maria"}))
    world.contact("Ana")
    world.tick()
    first, _ = open_questions(world)
    world.do(tasks.complete, first, "approved")
    world.tick()
    assert sorted(world.run_states()) == ["active", "done"]


def test_a_decision_is_one_of_two(world):
    """Done is no answer to a question; the task says what is asked for."""
    world.user("Maria")
    (question,) = ask(world, approver="Maria")
    for answer in ("", "perhaps"):
        with pytest.raises(Refused, match="approve or reject"):
            world.do(tasks.complete, question, answer)


def test_nobody_to_ask_is_a_failure(world):
    """Nobody is staff here: the run waits for a person and says why."""
    assert ask(world, role="staff") == []
    assert world.visits() == [("ask", "failed", "no_user")]


@pytest.mark.parametrize("settings", [{}, {"approver": "Maria", "role": "admin"}])
def test_one_person_or_one_role_is_asked(settings):
    """Neither and both are refused."""
    with pytest.raises(BadSettings, match="or a role must be chosen"):
        Approve.load({"question": "Go on?", **settings})


def test_a_question_that_is_decided_by_nobody_any_more_is_taken_back(world):
    """Story: the run is stopped while Maria ponders; her task is gone, and the timeline says so."""
    world.user("Maria")
    (question,) = ask(world, approver="Maria")
    world.do(control.stop, [1])
    assert open_questions(world) == []
    assert world.rows("select answer from task") == [("withdrawn",)]
    line = next(one for one in world.ask(timeline.lines, ANA) if one.kind == "task_withdrawn")
    assert (line.text, line.by) == (
        "No longer to be done: Give Ana the discount?",
        "Workflow ‘Test’",
    )
    world.do(tasks.complete, question, "approved")
    world.tick()
    assert (decided(world), world.run_states()) == ([], ["stopped"])


ENDINGS = {
    "stopped": lambda world: world.do(contacts.update, ANA, {"city": "Porto"}),
    "deleted": lambda world: world.do(contacts.delete, ANA),
    "skipped": lambda world: world.do(control.skip, [1]),
    "sent elsewhere": lambda world: world.do(control.jump, [1], "end"),
    "cancelled": lambda world: world.do(unpublish, 1, "stop"),
}


@pytest.mark.parametrize("way", ENDINGS)
@pytest.mark.parametrize(
    "step",
    [
        Step("it", "approve", {"question": "Go on?", "role": "admin"}, {"approved": "end"}),
        Step("it", "call_step", {"task": "Call"}, {"next": "end"}),
    ],
    ids=lambda step: step.kind,
)
def test_whatever_a_run_asked_for_goes_with_it(world, way, step):
    """However it goes on or ends without the answer, nobody is left with a task for nothing."""
    world.publish(step, Step("end", "end"), stop_when=IN_PORTO)
    world.contact("Ana")
    world.tick()
    assert len(open_questions(world)) == 1
    ENDINGS[way](world)
    world.turn(days=2)
    assert open_questions(world) == []
    assert world.happened(ANA).count("task_withdrawn") == 1
    assert "active" not in world.run_states()


def test_a_decision_is_told_on_the_timeline(world):
    """It says what was decided, not only that a task was done."""
    world.user("Maria")
    (question,) = ask(world, approver="Maria")
    world.do(tasks.complete, question, "rejected")
    assert world.ask(timeline.lines, ANA)[0].text == "Rejected: Give Ana the discount?"
