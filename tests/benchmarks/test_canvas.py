"""The canvas's measure: its workflows, and how it tells of others."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from benchmarks import _canvas_peers, canvas
from benchmarks._canvas_peers import Figures, Peers
from benchmarks._flows import Grower

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", [20, 100, 333])
def test_workflows_have_as_many_steps_as_asked_for(size):
    """All of them can be reached from the first."""
    made = Grower(1).workflow(size)
    assert len(made.steps) == len(made.reachable(made.start)) == size


def test_a_packed_workflow_fills_a_screen():
    """Sixteen chains stand close beside each other, one step a row."""
    cards = canvas.sheet_of(Grower(1).packed(200))["cards"]
    lowest = [x for x, y, _ in cards if y == max(y for _, y, _ in cards)]
    assert len(lowest) == 16
    assert max(lowest) - min(lowest) == 15 * 320


def test_others_get_the_same_sheet():
    """Each card stands where ours does, and each connector joins the same two."""
    made = Grower(1).workflow(60)
    sheet = canvas.sheet_of(made)
    assert len(sheet["cards"]) == 60
    keys = list(made.steps)
    joined = {(keys[above], keys[below]) for above, below in sheet["wires"]}
    assert joined == {
        (place.source, made.target(place)) for place in made.places() if place.source in made.steps
    }


def test_the_fastest_of_the_others_is_what_counts():
    """The ratio tells how many times as long it takes."""
    theirs = {"A": Figures({"open": 300.0}), "B": Figures({"open": 90.0}), "C": Figures({})}
    row = canvas._against("canvas: open", "open", [{"open": 2.0}, {"open": 4.0}], theirs, 50.0)
    assert row["measure"] == "canvas: open, ms; fastest other, B"
    assert (row["ours"], row["yardstick"], row["ratio"], row["holds"]) == (3.0, 90.0, 30.0, False)


def test_a_rival_that_never_opens_took_all_its_time():
    """What it would have taken in the end is more, never less."""
    late = canvas._at_least(Figures({}, "not finished in 240 s"))
    assert late == {"NodeGraphQt, still at it": Figures({"open": 240_000.0})}
    known = Figures({"open": 59_000.0}, "not finished in 240 s")
    assert canvas._at_least(known) == {"NodeGraphQt": known}


def test_with_nothing_to_compare_nothing_holds_or_fails():
    """Where no other could be had, that is said."""
    row = canvas._against("canvas: open", "open", [{"open": 2.0}], {"A": Figures({})}, 50.0)
    assert row["holds"] is None
    assert "no other" in row["measure"]


def test_what_cannot_be_installed_is_told(tmp_path, monkeypatch):
    """The last line that the installer printed is the reason."""
    said = SimpleNamespace(stderr=b"collecting\nno such package")

    def refuse(*_, **__):
        error = _canvas_peers.subprocess.CalledProcessError(1, "pip")
        error.stderr = said.stderr
        raise error

    monkeypatch.setattr(_canvas_peers.venv, "create", lambda *_, **__: None)
    monkeypatch.setattr(_canvas_peers.subprocess, "run", refuse)
    found = Peers(tmp_path).measure("NodeGraphQt", {}, 3, 1.0)
    assert found == Figures({}, "no such package")


def test_what_does_not_come_to_an_end_is_told_as_far_as_it_came(tmp_path, monkeypatch):
    """Figures printed before the time was up count."""
    script = tmp_path / "slow.py"
    script.write_text("import time; print('{\"open\": 7.0}', flush=True); time.sleep(30)")
    peers = Peers(tmp_path)
    monkeypatch.setattr(peers, "_prepare", lambda _: "")
    monkeypatch.setattr(peers, "_python", lambda _: sys.executable)
    monkeypatch.setattr(_canvas_peers, "SCRIPT", script)
    found = peers.measure("NodeGraphQt", {}, 3, 2.0)
    assert found == Figures({"open": 7.0}, "not finished in 2 s")


def test_the_figure_nearest_to_its_goal_stands_for_all():
    """All hold only if each does; what could not be compared does not count."""
    rows = [
        {"measure": "a", "ratio": 0.1, "goal": 1.0, "holds": True},
        {"measure": "b", "ratio": 0.9, "goal": 1.0, "holds": True},
        {"measure": "c", "goal": ">= 50 x", "holds": None},
    ]
    assert canvas.worst(rows) == {"measure": "canvas", "ratio": 0.9, "goal": 1.0, "holds": True}
