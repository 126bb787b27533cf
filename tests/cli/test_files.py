"""Files in and out from the command line, good ones and others."""

import json

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.office import opened
from rally_desktop.cli.verb import Doors
from rally_desktop.core.resources import resource
from rally_desktop.engine.publishing import publish
from rally_desktop.engine.recipes.deal_won import DealWon
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.services import workflows

pytestmark = pytest.mark.slow


@pytest.fixture
def run(sqlite_url):
    """Run the command line on an empty office."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    return lambda *words: main.run(screen, [*map(str, words), "--database", sqlite_url])


def test_a_workflow_comes_back_as_it_was(run, tmp_path, capsys):
    """What is exported can be imported, and is the same workflow."""
    first, second = tmp_path / "one.rally.json", tmp_path / "two.rally.json"
    written = json.dumps(DealWon.graph().dump())
    first.write_text(written)

    assert run("workflow", "import", first) == 0
    assert "‘Deal won’ is workflow 1, a draft." in capsys.readouterr().out
    assert run("workflow", "export", 1, second) == 0
    assert json.loads(second.read_text()) == json.loads(written)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\xff not json", "is not a workflow file"),
        (b"[" * 5_000, "is not a workflow file"),
        (b'{"name": "a shopping list"}', "has no list of steps"),
        (b'{"format": 99, "steps": []}', "newer Rally Desktop"),
        (b'{"steps": [{"id": "a", "kind": "end", "exits": {"next": "b"}}]}', "not there"),
        (b'{"steps": [], "colour": "red"}', "colour"),
        (b'{"steps": [], "templates": [{"name": "T", "text": "{{ contact.x }}"}]}', "‘T’ cannot"),
        (b'{"steps": [{"id": "a", "kind": "teleport"}]}', "does not know"),
        (b'{"steps": [{"id": "a", "kind": "end", "exits": {"n": "a"}}]}', "in a circle"),
    ],
)
def test_a_file_that_is_no_workflow_is_refused(run, tmp_path, capsys, content, said):
    """One line says what is wrong and nothing is added."""
    path = tmp_path / "other.json"
    path.write_bytes(content)

    assert run("workflow", "import", path) == 1
    assert said in capsys.readouterr().err
    run("workflow", "list")
    assert "There are no workflows yet." in capsys.readouterr().out


def test_a_missing_file_or_workflow_is_said(run, tmp_path, capsys):
    """No traceback for a slip in a name."""
    assert run("workflow", "import", tmp_path / "nothing.json") == 1
    assert "cannot be opened" in capsys.readouterr().err
    assert run("workflow", "export", 7, tmp_path / "out.json") == 1
    assert "does not exist any more" in capsys.readouterr().err


def test_a_list_is_tried_before_it_is_imported(run, capsys):
    """``--dry-run`` changes nothing; a second import knows whoever has an address."""
    path = resource("demo", "contacts.csv")
    run("contacts", "import", path, "--dry-run", "--json")
    planned = json.loads(capsys.readouterr().out)
    run("contacts", "import", path, "--json")
    done = json.loads(capsys.readouterr().out)

    assert (planned["created"], planned["merged"]) == (done["created"], done["merged"]) == (480, 20)
    run("contacts", "import", path, "--json")
    again = json.loads(capsys.readouterr().out)
    assert (again["created"], again["unchanged"] + again["merged"]) == (18, 482)


def test_a_list_that_is_none_is_refused(run, tmp_path, capsys):
    """A picture is not a list of contacts."""
    path = tmp_path / "photo.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))

    assert run("contacts", "import", path) == 1
    assert "a picture" in capsys.readouterr().err


def test_a_dry_run_says_what_an_import_would_set_going(run, sqlite_url, capsys, tmp_path):
    """Whom a workflow would take in is foretold, unless the rows are not to trigger."""
    path = tmp_path / "people.csv"
    path.write_text("First name,E-mail\nAna,ana@example.org\n", encoding="utf-8")
    graph = Graph(
        name="Greet", triggers=(Trigger("t", "record_created"),), start="end",
        steps={"end": Step("end", "end")},
    )  # fmt: skip
    with opened(sqlite_url) as store:
        store.write(publish, store.write(workflows.create, graph))
    capsys.readouterr()
    run("contacts", "import", path, "--dry-run")
    assert "Up to 1 record would enter ‘Greet’" in capsys.readouterr().out
    run("contacts", "import", path, "--dry-run", "--triggers", "no")
    assert "Greet" not in capsys.readouterr().out
    assert run("contacts", "import", path, "--triggers", "now and then") == 1
    assert run("contacts", "import", path, "--triggers", "30", "--json") == 0


def test_what_came_in_goes_out_and_is_taken_back(run, tmp_path, capsys):
    """Export, the rows left out and the undo of an import are each one line."""
    source, out = tmp_path / "people.csv", tmp_path / "out.xlsx"
    source.write_text("First name,E-mail\nAna,ana@example.org\nBo,nowhere\n")
    assert run("contacts", "import", source, "--triggers", "no") == 0
    assert "import-undo 1" in capsys.readouterr().out
    assert run("contacts", "export", out) == 0
    assert run("contacts", "import-refused", 1, tmp_path / "left.csv") == 0
    assert "1 rows are in" in capsys.readouterr().out
    assert run("contacts", "import", out, "--dry-run") == 0
    assert "1 unchanged" in capsys.readouterr().out
    assert run("contacts", "import-undo", 1) == 0
    assert "The import is undone: 1 removed." in capsys.readouterr().out
    assert run("contacts", "import", source, "--kind", "cat") == 1
