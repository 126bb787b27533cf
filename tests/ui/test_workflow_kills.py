"""A program that is killed while somebody edits: what they did is in the office, or offered."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from rally_desktop.services import workflows
from tests.ui.drafting import FLOW, rest, shown, stored

ROOT = Path(__file__).parents[2]
MOST_LOST = 0.6  # seconds before the end


def killed(url, number, pause, changes, until):
    """Let another program edit the draft until it has said so many lines, kill it; its lines."""
    program = [sys.executable, "-m", "tests.ui.typing_on", url, number, pause, changes]
    with subprocess.Popen(list(map(str, program)), cwd=ROOT, stdout=subprocess.PIPE) as child:
        said = list(islice(child.stdout, until))
        os.kill(child.pid, signal.SIGKILL)
        return [line.decode().split() for line in (*said, *child.stdout)]


@pytest.fixture
def number(store):
    """A draft in the office."""
    return store.write(workflows.create, FLOW)


def restored(page, qtbot):
    """Take what is offered; return what the draft is called then."""
    strip = page.saving.restoring.strip
    if strip.isVisible():
        qtbot.mouseClick(strip.buttons[0], Qt.MouseButton.LeftButton)
        rest(qtbot)
    return page.draft.own.name


@pytest.mark.slow
def test_a_second_after_the_last_change_nothing_is_lost(desk, store, number, sqlite_url, qtbot):
    """It is all in the office by then, with its history, and nothing is offered."""
    assert killed(sqlite_url, number, 30, 5, until=6)[-1] == ["quiet"]
    page = shown(desk, number, qtbot)
    assert (stored(store, page).name, page.saving.restoring.strip.isVisible()) == ("5", False)
    assert not page.draft.locked
    for _ in range(5):
        page.draft.undo()
    assert page.draft.own == FLOW


@pytest.mark.slow
@pytest.mark.parametrize("until", [1, 7, 30])
def test_in_the_midst_of_typing_hardly_anything_is_lost(desk, number, sqlite_url, qtbot, until):
    """What was not saved yet is offered, up to a moment before the end."""
    made = {name: float(moment) for name, moment in killed(sqlite_url, number, 25, 9_999, until)}
    page = shown(desk, number, qtbot)
    name = restored(page, qtbot)
    assert max(made.values()) - made.get(name, min(made.values())) <= MOST_LOST
    assert not page.draft.locked
