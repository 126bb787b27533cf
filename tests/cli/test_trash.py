"""The trash and one person's data from the command line."""

from __future__ import annotations

import json
from zipfile import ZipFile

import pytest

from rally_desktop.cli import main
from rally_desktop.cli.verb import Doors
from rally_desktop.core.clock import SystemClock
from rally_desktop.services import entry, records

pytestmark = pytest.mark.slow


@pytest.fixture
def run(store):
    """Run the command line on the office that the test fills."""
    screen = Doors(lambda *_, **__: 0, lambda *_, **__: [])
    url = store.engine.url.render_as_string(hide_password=False)
    return lambda *words: main.run(screen, [*words, "--database", url])


@pytest.fixture
def ana(world):
    """Ana, who can be written to."""
    return world.contact("Ana", last_name="Silva", email="ana@example.org")


def test_what_was_deleted_is_listed_and_restored(world, ana, run, capsys):
    """The list says what it is called there, and by that it comes back."""
    world.do(records.delete, ana)
    assert run("trash", "list", "--json") == 0
    [found] = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["name"]) == ("contact", "Ana Silva")
    assert run("trash", "restore", "contact", str(found["id"])) == 0
    assert world.ask(entry.exists, ana)


def test_the_trash_is_emptied_of_what_is_old(world, ana, run, capsys):
    """What has not lain there for so many days stays."""
    world.leap(SystemClock().now())
    world.do(records.delete, ana)
    assert run("trash", "empty", "--older-than", "365", "--yes") == 0
    assert run("trash", "empty", "--yes") == 0
    assert capsys.readouterr().out == "0 deleted for good.\n1 deleted for good.\n"


def test_a_person_is_handed_over_and_erased(world, ana, run, capsys, tmp_path):
    """By address: the file is written, a wrong name refused, the right one erases."""
    target = tmp_path / "ana.zip"
    assert run("person", "export", "ana@example.org", str(target)) == 0
    with ZipFile(target) as files:
        assert "ana@example.org" in files.read("index.html").decode()
    assert run("person", "erase", "ana@example.org", "--name", "Ben") == 1
    assert world.ask(entry.exists, ana)
    assert run("person", "erase", "ana@example.org", "--name", "Ana Silva") == 0
    assert world.rows("select id from contact") == []
    assert run("person", "allow", "ana@example.org") == 0
    assert run("person", "allow", "ana@example.org") == 1
    assert "Nobody with that address was erased" in capsys.readouterr().err
