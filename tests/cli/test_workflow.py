"""Workflows from the command line: looked at, switched on and off, brought in and out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.engine.cookbook import install
from rally_desktop.engine.recipes.welcome_inbound_leads import WelcomeInboundLeads
from rally_desktop.model.graph import Graph
from rally_desktop.services import templates, workflows

pytestmark = pytest.mark.slow


@pytest.fixture
def run(store):
    """Run the command line on the office that the test fills."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    url = store.engine.url.render_as_string(hide_password=False)
    return lambda *words: main.run(screen, [*map(str, words), "--database", url])


@pytest.fixture
def welcome(world):
    """The number of a recipe's workflow, a draft."""
    world.mailbox()
    return world.do(install, WelcomeInboundLeads)


def said(capsys):
    """What was answered in JSON."""
    return json.loads(capsys.readouterr().out)


def test_a_workflow_is_read_back_in_words(run, welcome, capsys):
    """Trigger, audience, steps in order with branches indented, in plain English."""
    assert run("workflow", "show", welcome) == 0
    text = capsys.readouterr().out
    assert "Only if Lead source is ‘Inbound’." in text
    assert "2. Wait 2 days" in text
    assert "    4. Create task: “Call [First name]”" in text
    assert "    Goes on with ‘End’ (step 6)." in text


def test_a_workflow_lives_on_the_command_line(run, world, welcome, capsys):
    """Checked, published, used, paused, resumed, unpublished: each says what it did."""
    assert run("workflow", "check", welcome, "--json") == 0
    assert said(capsys) == []
    assert run("workflow", "publish", welcome) == 0
    assert "Version 1" in capsys.readouterr().out
    world.contact("Ana", email="ana@example.org", lead_source="Inbound")
    world.tick()
    assert run("workflow", "publish", welcome, "--inside", "move", "--json") == 0
    done = said(capsys)
    assert (done["version"], done["stayed"], done["moved"], done["ended"]) == (2, 0, 1, 0)
    world.do(workflows.pause, welcome, "Too many failures.")
    run("workflow", "list")
    assert "(Too many failures.)" in capsys.readouterr().out
    assert run("workflow", "resume", welcome) == 0
    capsys.readouterr()
    assert run("workflow", "unpublish", welcome, "--inside", "stop", "--json") == 0
    assert said(capsys) == {"id": welcome, "inside": 1, "done": "stop"}
    assert world.run_states() == ["stopped"]


def test_a_draft_with_errors_fails_its_check(run, world, capsys):
    """Exit code 1, each problem a line with its place; publishing is refused too."""
    number = world.do(workflows.create, Graph(name="Empty"))
    assert run("workflow", "check", number) == 1
    assert "error: workflow: Nothing starts the workflow" in capsys.readouterr().out
    assert run("workflow", "publish", number) == 1
    assert "cannot be published" in capsys.readouterr().err


def test_enrolling_says_first_what_it_means(run, world, welcome, capsys):
    """How many enter and how many messages that is at most is said before anybody does."""
    for name in ("Ana", "Eva"):
        world.contact(name, email=f"{name}@example.org", lead_source="Inbound")
    kim = world.contact("Kim", email="kim@example.org", lead_source="Referral")
    world.tick()
    run("workflow", "publish", welcome)
    capsys.readouterr()
    city = json.dumps({"field": "email", "op": "contains", "value": "example.org"})
    assert run("workflow", "enrol", welcome, "--filter", city, "--json") == 0
    assert said(capsys) == {
        "enrolled": 3, "entering": 2, "refused": {"audience": 1}, "messages": 4,
    }  # fmt: skip
    assert run("workflow", "enrol", welcome, "--contact", kim.id, "--yes") == 0
    said_so = (
        "0 enter at the engine's next beat.\n  1 not: The record does not match the audience.\n"
    )
    assert capsys.readouterr().out == said_so
    assert run("workflow", "enrol", welcome) == 2


# -- files -------------------------------------------------------------------------------------


def test_templates_travel_with_their_workflow(run, world, welcome, tmp_path, capsys):
    """A file brings its templates; the same again are used, another of the name is left alone."""
    path = tmp_path / "welcome.rally.json"
    assert run("workflow", "export", welcome, path) == 0
    names = [one["name"] for one in json.loads(path.read_text())["templates"]]
    assert names == ["Reminder", "Welcome"]
    world.do(templates.save, "Welcome", subject="Ours", text="Ours")
    capsys.readouterr()
    for _ in range(2):
        run("workflow", "import", path, "--json")
        done = said(capsys)
        assert done["renamed"] == {"Welcome": "Welcome (2)"}
    assert done["templates"] == []
    graph = world.ask(workflows.draft, done["id"]).graph
    assert graph.steps["welcome"].settings["template"] == "Welcome (2)"
    assert graph.steps["remind"].settings["template"] == "Reminder"
    assert world.ask(templates.named, "Welcome").subject == "Ours"


def test_the_example_of_the_manual_is_sound(run, capsys):
    """The file that the how-to offers comes in without a problem, and is read back as printed."""
    docs = Path(__file__).resolve().parents[2] / "docs" / "howto"
    assert run("workflow", "import", docs / "follow-up.rally.json", "--json") == 0
    assert said(capsys)["problems"] == []
    run("workflow", "show", 1)
    text = capsys.readouterr().out.partition("\n")[2]
    assert text in (docs / "sequence.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("step", "said_"),
    [
        ({"id": "mail", "kind": "send_email", "settings": {}}, "Step 2 (‘mail’): template is req"),
        ({"id": "mail", "kind": "jump"}, "Step 2 (‘mail’), kind: is \"jump\", which this program"),
        ({"id": "w", "kind": "wait", "settings": {"amount": "x"}}, "amount: must be a whole"),
        ({"id": "w", "kind": "wait", "settings": {"hue": 1}}, "Step 2 (‘w’): hue is not known"),
        ({"id": "w", "kind": "wait", "exits": {"next": "w"}}, "go round in a circle: w → w"),
        (7, "Step 2: must be an object."),
    ],
)  # fmt: skip
def test_a_file_is_held_against_the_schema(run, tmp_path, capsys, step, said_):
    """What does not fit is refused in words that name the place, and nothing is added."""
    path = tmp_path / "bad.rally.json"
    path.write_text(json.dumps({"steps": [{"id": "e", "kind": "end"}, step]}))
    assert run("workflow", "import", path) == 1
    assert said_ in capsys.readouterr().err


def test_a_million_steps_are_refused(run, tmp_path, capsys):
    """Before anything is made of them."""
    path = tmp_path / "huge.rally.json"
    path.write_text('{"steps": [' + ",".join(["7"] * 1_000_000) + "]}")
    assert run("workflow", "import", path) == 1
    assert "at most 5,000 steps" in capsys.readouterr().err
