"""Publishing from the command line: the numbers first, the careful answers by themselves."""

from __future__ import annotations

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.engine.publishing import publish
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import templates, workflows

pytestmark = pytest.mark.slow

LEADS = {"where": "Lifecycle stage", "lifecycle_stages": ["Lead"], "days": 7}
STALE = Graph(
    name="Stale leads",
    triggers=(Trigger("t1", "stale", LEADS),),
    start="m",
    steps={"m": Step("m", "send_email", {"template": "Hello"})},
)
WAITS = Graph(
    name="Wait", triggers=(Trigger("t", "record_created"),), start="w",
    steps={
        "w": Step("w", "wait", {"amount": 2, "unit": "days"}, {"next": "e"}),
        "e": Step("e", "add_tag", {"tag": "Waited"}),
    },
)  # fmt: skip


@pytest.fixture
def run(store):
    """Run the command line on the office that the test fills."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    url = store.engine.url.render_as_string(hide_password=False)
    return lambda *words: main.run(
        screen, ["workflow", "publish", *map(str, words), "--database", url]
    )


@pytest.fixture
def silent(world):
    """A workflow for five leads that nobody has talked to since long before the real clock's now.

    The command line goes by the computer's own clock.
    """
    world.mailbox()
    world.do(templates.save, "Hello", subject="Hello", text="Hello")
    for number in range(5):
        world.contact(f"Lead {number}", email=f"l{number}@example.org", lifecycle_stage="Lead")
    return world.do(workflows.create, STALE)


@pytest.mark.parametrize(
    ("words", "entering"),
    [([], 0), (["--stale", "none"], 0), (["--stale", "all"], 5), (["--stale", "2"], 5)],
)
def test_who_is_stale_already_enters_as_was_answered(run, world, silent, capsys, words, entering):
    """Nobody by itself; all, or so many an hour, where that was said."""
    assert run(silent, *words, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["due_already"], said["entering"], said["messages_each"]) == (5, entering, 1)
    assert world.rows("select count(*) from enrolment") == [(entering,)]
    moments = world.rows("select count(distinct due_at) from enrolment")
    assert moments == [(5 if "2" in words else min(1, entering),)]


def test_the_numbers_come_first(run, silent, capsys):
    """Who is due already, how many messages that is at most, and which brakes will ask."""
    assert run(silent) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "5 due already, up to 5 messages to them." in lines
    assert "It asks after the first 50 messages." in lines
    assert lines[-1].endswith("is published. 0 of those due already enter.")


def test_changes_and_those_inside_are_told(run, world, capsys):
    """What the draft changes, and how many are inside, is said before the version is made."""
    number = world.do(workflows.create, WAITS)
    world.do(publish, number)
    world.contact("Ana")
    world.tick()
    later = Step("w", "wait", {"amount": 3, "unit": "days"}, {"next": "e"})
    world.do(workflows.save_draft, number, WAITS.with_step(later))
    assert run(number) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "change: Changed: Wait 2 days → Wait 3 days",
        "1 inside; 1 at a step that is still there.",
    ]
    assert lines[-1] == f"Version 2 of workflow {number} is published. Of those inside, 1 stayed."


@pytest.mark.parametrize("word", ["some", "0", "-1", ""])
def test_an_answer_that_is_none_is_refused(run, world, silent, word):
    """Neither none nor all nor a number: nothing is published."""
    assert run(silent, f"--stale={word}") == 2
    assert world.ask(workflows.draft, silent).state == "draft"


def test_a_terminal_is_asked(run, world, silent, capsys, monkeypatch):
    """What no option answers is asked where somebody sits at the terminal."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    asked = []
    monkeypatch.setattr("typer.prompt", lambda text, *_, **__: asked.append(text) or "all")
    assert run(silent) == 0
    assert asked == ["Who of those due already enters: none, all, or so many an hour?"]
    assert world.rows("select count(*) from enrolment") == [(5,)]
