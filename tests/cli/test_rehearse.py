"""The verb that rehearses: from a file or by number, told to people and to programs."""

from __future__ import annotations

import json

import pytest

from rally_desktop.cli.main import run
from rally_desktop.core.clock import SystemClock
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.store import Store
from rally_desktop.services import contacts, office, workflows


@pytest.fixture
def database(sqlite_url, monkeypatch):
    """The address of an office with one workflow and one contact."""
    monkeypatch.delenv("RALLY_DATABASE", raising=False)
    store = Store.open(sqlite_url, SystemClock())
    store.write(office.found)
    wait = Step("wait", "wait", {"amount": 1, "unit": "days"}, {"next": "tag"})
    graph = Graph(
        name="Nurture", triggers=(Trigger("t", "record_created"),), start="wait",
        steps={"wait": wait, "tag": Step("tag", "add_tag", {"tag": "VIP"})},
    )  # fmt: skip
    store.write(workflows.create, graph)
    store.write(contacts.create, {"first_name": "Ana", "email": "ana@example.com"})
    store.close()
    return sqlite_url


def rehearse(database, *arguments):
    """Run the verb and return its exit code."""
    return run(None, ["workflow", "rehearse", *arguments, "--database", database])


def test_a_workflow_is_rehearsed_by_its_number(database, capsys):
    """The text says from when to when, who entered, and what became of each step."""
    code = rehearse(database, "1", "--days", "3", "--contact", "1")
    said = capsys.readouterr().out
    assert code == 0
    assert "1 contact, 1 entered" in said
    assert "Ana:" in said


def test_programs_get_the_same_as_json(database, tmp_path, capsys):
    """The answer in JSON has the counts; a file is rehearsed like a number."""
    path = tmp_path / "it.rally.json"
    run(None, ["workflow", "export", "1", str(path), "--database", database])
    capsys.readouterr()
    assert rehearse(database, str(path), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["entered"] == 1
    assert found["steps"]


def test_a_definition_with_errors_is_told_and_not_rehearsed(database, tmp_path, capsys):
    """Errors end with exit code 1, each said in its place."""
    path = tmp_path / "bad.rally.json"
    path.write_text('{"format": 1, "name": "Bad", "steps": []}')
    assert rehearse(database, str(path)) == 1
    assert "choose a trigger" in capsys.readouterr().out
