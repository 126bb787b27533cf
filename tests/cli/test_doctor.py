"""The doctor: what it finds, and what it says to do."""

from __future__ import annotations

import json

import pytest

from rally_desktop.cli import doctor
from rally_desktop.cli.main import run
from rally_desktop.core.errors import RallyError
from rally_desktop.model import sqlite


@pytest.mark.slow
def test_a_whole_installation_is_well(sqlite_url, capsys):
    """Here, where all is installed, every check is good or a note, and the exit code is 0."""
    assert run(lambda url: 0, ["doctor", "--json", "--database", sqlite_url]) == 0
    found = {one["check"]: one["state"] for one in json.loads(capsys.readouterr().out)}
    assert found.pop("Passwords") in ("good", "note")
    assert set(found.values()) == {"good"}


@pytest.mark.slow
def test_a_missing_screen_library_is_told(monkeypatch):
    """Where Qt cannot start, the doctor says so and lives."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonesuch")
    assert doctor._screen()[0] == "bad"


def test_an_old_sqlite_is_noted(monkeypatch):
    """A SQLite that can damage files is noted with the remedy."""
    monkeypatch.setattr(sqlite, "version", lambda: (3, 40, 1))
    assert doctor._sqlite() == (
        "note",
        "3.40.1; before 3.51.3 a file can be damaged: install sqlcipher3",
    )


def test_a_missing_part_is_told():
    """A check that fails says why instead of ending the doctor."""

    def broken():
        raise RallyError("A part of the program is missing: icons.")

    assert doctor._tried(broken) == ("bad", "A part of the program is missing: icons.")


def test_looking_makes_no_database(tmp_path):
    """The doctor makes no database where there is none."""
    path = tmp_path / "office.rally"
    assert doctor._database(str(path))[0] == "note"
    assert not path.exists()


def test_a_foreign_file_is_bad(tmp_path):
    """A file that is no database of ours is bad news."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear Ana" * 50)
    found = doctor._tried(lambda: doctor._database(str(path)))
    assert found[0] == "bad"
