"""The command that measures: what it prints for people and for programs."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from benchmarks import __main__ as command

ROW = {"measure": "runs", "ours": 12345.6, "yardstick": 400.0, "ratio": 30.9, "goal": 20}


@pytest.fixture
def measured(monkeypatch):
    """One measure that notes whether it was to be quick."""
    asked = []

    def run(quick):
        asked.append(quick)
        return [{**ROW, "holds": True}]

    monkeypatch.setattr(command, "names", lambda: ["engine"])
    monkeypatch.setattr(command, "module", lambda name: SimpleNamespace(run=run))
    return asked


def test_the_last_line_is_json(measured, capsys):
    """Whatever a measure does, the last line printed is what it found, as JSON."""
    assert command.main(["engine", "--quick"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {**ROW, "holds": True}
    assert measured == [True]


def test_the_table_says_what_holds(measured, capsys):
    """The table above it is for people: rounded, and with a yes or a NO."""
    command.main([])
    assert "runs     12,346  400        30.9   20    yes" in capsys.readouterr().out


def test_an_unknown_measure_is_refused(measured, capsys):
    """A name that is not measured is refused with those that are."""
    with pytest.raises(SystemExit):
        command.main(["speed"])
    assert "choose from engine" in capsys.readouterr().err
