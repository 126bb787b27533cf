"""Runs from the command line: listed, shown, taken in hand, explained."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.core.clock import SystemClock
from rally_desktop.engine import control
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import runs, timeline

pytestmark = pytest.mark.slow

WAIT = Step("wait", "wait", {"amount": 2, "unit": "days"})
TAG = Step("tag", "add_tag", {"tag": "Seen"})
TELL = Step("tell", "notify", {"text": "Hi", "user": ""})
PORTO = {"field": "city", "op": "is", "value": "Porto"}


@pytest.fixture
def run(store):
    """Run the command line on the office that the test fills."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    url = store.engine.url.render_as_string(hide_password=False)
    return lambda *words: main.run(screen, [*words, "--database", url])


@pytest.fixture
def ask(run, capsys):
    """Run a verb of ``runs`` and return what it answers in JSON."""

    def asked(*words):
        assert run("runs", *words, "--json") == 0
        return json.loads(capsys.readouterr().out)

    return asked


@pytest.fixture
def waiting(world):
    """Ana and Ben, who wait in a workflow."""
    world.number = world.publish(WAIT, TAG)
    people = [world.contact("Ana"), world.contact("Ben")]
    world.tick()
    return people


def test_runs_are_listed_and_shown(world, waiting, ask, run, capsys):
    """The newest come first, narrowed by workflow, state and name; one is shown with its visits."""
    found = ask("list", "--workflow", str(world.number), "--state", "active", "--text", "ana")
    (one,) = found["runs"]
    assert (found["count"], one["record"]["name"], one["step"]) == (1, "Ana", "wait")
    shown = ask("show", str(one["id"]))
    assert [visit["outcome"] for visit in shown["visits"]] == ["waiting"]
    assert run("runs", "list", "--limit", "1") == 0
    said = capsys.readouterr().out
    assert "at Wait" in said
    assert said.endswith("… 1 more\n")


@pytest.mark.parametrize(
    ("words", "state"),
    [(("stop",), "stopped"), (("pause",), "paused"), (("skip",), "active"),
     (("jump", "tag"), "active")],
)  # fmt: skip
def test_a_selection_is_taken_in_hand(world, waiting, ask, words, state):
    """By workflow, state or name; what it was done to is counted."""
    done = ask(*words, "--workflow", str(world.number), "--text", "ben")
    assert done == {"done": 1, "left": {}}
    assert world.run_states() == ["active", state]


def test_a_pause_may_have_an_end(world, waiting, ask):
    """A day is enough of a moment."""
    until = f"{SystemClock().now() + timedelta(days=3):%Y-%m-%d}"
    assert ask("pause", "--until", until, "--text", "ben")["done"] == 1
    assert world.rows("select count(*) from run where resume_at is not null") == [(1,)]


def test_runs_are_named_by_their_numbers(world, waiting, ask, run, capsys):
    """One, and one that is not there, which is said."""
    first, _ = world.ask(runs.numbers)
    ask("pause", str(first))
    assert run("runs", "resume", str(first), "99") == 0
    said = "1 run resumed; 1 left as they are: not there any more (1).\n"
    assert capsys.readouterr().out == said


def test_every_run_is_never_meant_by_saying_nothing(waiting, run, capsys):
    """Without a number or a selection nothing is done; a state that is none is refused."""
    assert run("runs", "stop") == 2
    assert run("runs", "stop", "--state", "nowhere") == 2
    assert "is no state" in capsys.readouterr().err


def test_failed_steps_are_tried_again(world, ask):
    """All runs of a workflow that need help, at once."""
    number = world.publish(TELL)
    world.contact()
    world.tick()
    assert ask("retry", "--workflow", str(number)) == {"done": 1, "left": {}}


def test_reviews_are_decided(world, ask):
    """One is approved, the other rejected."""
    world.publish(TAG, settings=Rules(review=True))
    world.contact("Ana")
    world.contact("Ben")
    world.tick()
    first, second = map(str, world.ask(runs.numbers))
    assert ask("approve", first)["done"] == ask("reject", second)["done"] == 1
    world.leap(SystemClock().now())
    assert world.run_states() == ["done", "rejected"]


@pytest.mark.parametrize(("words", "tags"), [((), {"Seen"}), (("--skip",), set())])
def test_what_is_held_is_released(world, ask, words, tags):
    """Late steps are done now, or passed over, in one go."""
    world.publish(WAIT, TAG)
    ana = world.contact()
    world.tick()
    world.clock.advance(days=9)
    world.tick()
    assert ask("release", "--state", "held", *words)["done"] == 1
    world.leap(SystemClock().now())
    assert world.record(ana)["tags"] == tags


def test_a_line_is_explained(world, ask, run, capsys):
    """Workflow, version, step and cause of what stands on a timeline; or who did it."""
    world.publish(TAG, settings=Rules(review=True))
    ana = world.contact()
    world.tick()
    world.do(control.approve, world.ask(runs.numbers))
    world.tick()
    tagged, *_, created = world.ask(timeline.lines, ana)
    found = ask("why", str(tagged.id))
    assert (found["cause"], found["visit"]["step"]) == ("Contact created", "add_tag")
    assert found["approved_by"] == "somebody"
    assert run("runs", "why", str(tagged.id)) == 0
    assert run("runs", "why", str(created.id)) == 0
    said = capsys.readouterr().out
    assert "by ‘Test’, version 1" in said
    assert "no workflow caused it" in said


def test_why_somebody_did_not_enter(world, ask, run):
    """Each refusal with its sentence, the newest first; without a question nothing is answered."""
    number = world.publish(TAG, audience=PORTO)
    ana = world.contact()
    world.tick()
    (found,) = ask("why", "--contact", str(ana.id), "--workflow", str(number))
    assert (found["reason"], found["cause"]) == ("audience", "Contact created")
    assert found["says"] == "The record does not match the audience."
    assert run("runs", "why") == 2
