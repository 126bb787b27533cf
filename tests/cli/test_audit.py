"""The audit log from the command line: read, checked, taken out."""

from __future__ import annotations

import csv

import pytest

from rally_desktop.cli import doctor, main
from rally_desktop.model.sqlite import driver
from rally_desktop.services import contacts


@pytest.fixture
def run(sqlite_url, monkeypatch, tmp_path):
    """Run the command line on an office of its own, on a computer that never saw one."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("APPDATA", str(tmp_path / "data"))
    return lambda *words: main.run(lambda url: 0, [*map(str, words), "--database", sqlite_url])


@pytest.fixture
def world(run, store):
    """The office that the command line looks at; here on SQLite alone."""
    from tests.world import World

    return World(store, store.clock)


@pytest.fixture
def database(sqlite_url):
    """SQLite: the command line is the same on either."""
    return sqlite_url


def spoil(url):
    """Change a line past the guards."""
    file = driver().connect(url.removeprefix("sqlite:///"), isolation_level=None)
    file.execute("drop trigger activity_said")
    file.execute("update activity set detail = '{}' where kind = 'updated'")
    file.close()


def test_it_is_checked_and_what_is_wrong_is_said(run, world, sqlite_url, capsys):
    """A log as it was written is good; one that was changed is 1, with the time and the advice."""
    ana = world.contact("Ana")
    world.do(contacts.update, ana, {"department": "Sales"})
    assert run("audit", "check") == 0
    assert "as they were written" in capsys.readouterr().out
    assert doctor._audit(sqlite_url)[0] == "good"
    spoil(sqlite_url)
    assert run("audit", "check") == 1
    said = capsys.readouterr().out
    assert "was changed afterwards" in said
    assert "Restore a backup" in said
    assert doctor._audit(sqlite_url)[0] == "bad"


def test_it_is_taken_out_safe_for_a_spreadsheet(run, world, tmp_path, capsys):
    """A name that is a formula is a text in the file, and taking it out is in the log."""
    world.contact("=1+1")
    assert run("audit", "export", tmp_path / "log.csv") == 0
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert "'=1+1" in {row["Name"] for row in rows}
    assert run("audit", "list", "--limit", "1") == 0
    assert "lines of the audit log" in capsys.readouterr().out
