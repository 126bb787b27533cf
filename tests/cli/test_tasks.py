"""What is to be done, from the command line: listed, done, decided."""

from __future__ import annotations

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.core.clock import SystemClock
from rally_desktop.model.graph import Step
from rally_desktop.services import tasks

pytestmark = pytest.mark.slow

WAYS = {"approved": "yes", "rejected": "no"}


@pytest.fixture
def run(store):
    """Run the command line on the office that the test fills."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    url = store.engine.url.render_as_string(hide_password=False)
    return lambda *words: main.run(screen, ["tasks", *words, "--database", url])


@pytest.fixture
def asked(world):
    """A question about Ana that a run waits for, asked of Maria."""
    world.user("Maria", email="maria@example.org")
    world.publish(
        Step("ask", "approve", {"question": "Give Ana the discount?", "approver": "Maria"}, WAYS),
        Step("yes", "add_tag", {"tag": "Discount"}),
        Step("no", "end"),
    )
    ana = world.contact("Ana")
    world.tick()
    return ana


def test_what_is_to_be_done_is_listed(world, asked, run, capsys):
    """The question with its run, and how to answer it; narrowed to a person or a run."""
    world.do(tasks.create, asked, title="Call Ana")
    assert run("list", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    said = [(one["title"], one["asks"], one["assignee"], one["run"]) for one in found]
    assert said == [
        ("Give Ana the discount?", True, "Maria", 1),
        ("Call Ana", False, None, None),
    ]
    assert {one["record"]["name"] for one in found} == {"Ana"}
    for words in (("--user", "maria@example.org"), ("--run", "1")):
        assert run("list", *words) == 0
        said = capsys.readouterr().out
        assert "tasks complete 1 --answer approved" in said
        assert "Call Ana" not in said


@pytest.mark.parametrize(("answer", "tags"), [("approved", {"Discount"}), ("rejected", set())])
def test_a_question_is_answered(world, asked, run, capsys, answer, tags):
    """The run goes the way that was decided, and the question is listed no more."""
    assert run("complete", "1", "--answer", answer, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"id": 1, "answer": answer, "changed": True}
    world.leap(SystemClock().now())
    assert (world.record(asked)["tags"], world.run_states()) == (tags, ["done"])
    run("list")
    run("list", "--all")
    said = capsys.readouterr().out
    assert said.startswith("There is nothing to do.\n")
    assert said.endswith(f"(Ana, for Maria) – {answer}\n")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("complete", "1"), 1, "approve or reject it"),
        (("complete", "2", "--answer", "approved"), 1, "asks for no decision"),
        (("complete", "99"), 1, "does not exist any more"),
        (("complete", "1", "--answer", "perhaps"), 2, "perhaps"),
        (("list", "--user", "Nobody"), 1, "Nobody in the office"),
    ],
)
def test_what_cannot_be_is_said(world, asked, run, capsys, words, code, said):
    """A question needs an answer, a task none, and both must be there."""
    world.do(tasks.create, asked, title="Call Ana")
    assert run(*words) == code
    assert said in capsys.readouterr().err


def test_a_task_is_done_once(world, asked, run, capsys):
    """Done again, it is said that it was done before."""
    number = world.do(tasks.create, asked, title="Call Ana")
    for said in ("is done", "was done before"):
        assert run("complete", str(number)) == 0
        assert capsys.readouterr().out == f"Task {number} {said}.\n"
