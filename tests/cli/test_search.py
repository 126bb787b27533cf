"""The verbs that find things and look after the search."""

from __future__ import annotations

import json

import pytest

from rally_desktop.cli.main import run
from rally_desktop.model import search_index
from rally_desktop.model.store import Store
from rally_desktop.services import contacts, search_care


def rally(*words):
    """Run the command line; no window opens."""
    return run(lambda url: 0, list(words))


@pytest.fixture
def office(sqlite_url, clock):
    """The address of an office with one contact in it."""
    store = Store.open(sqlite_url, clock)
    store.write(contacts.create, {"first_name": "Ana", "last_name": "Silva"})
    store.close()
    return sqlite_url


def test_a_name_is_found_with_an_error_in_it(office, capsys):
    """For people by kind, for programs with the record's address."""
    assert rally("search", "find", "sliva", "--database", office) == 0
    assert capsys.readouterr().out == "Contacts (1)\n  Ana Silva\n"
    assert rally("search", "find", "ana", "--json", "--database", office) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["record"] == "contact 1"


def test_everything_is_read_anew(office, capsys):
    """And it is said how much that was."""
    assert rally("search", "rebuild", "--database", office) == 0
    assert capsys.readouterr().out == "The search knows everything again (1 read in).\n"


def test_a_sqlite_without_full_text_search_is_told_what_to_install(office, monkeypatch, capsys):
    """The rebuilding is refused, and the doctor notes it."""
    monkeypatch.setattr(search_index, "can", lambda connection: False)
    assert rally("search", "rebuild", "--database", office) == 1
    assert "install sqlcipher3" in capsys.readouterr().err
    rally("doctor", "--json", "--database", office)
    found = {one["check"]: one for one in json.loads(capsys.readouterr().out)}
    assert found["Search"] == {"check": "Search", "state": "note", "text": search_care.NO_INDEX}
