"""The whole program is closed while a workflow is open on the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from rally_desktop import app
from rally_desktop.services import drafts, workflows
from rally_desktop.services.drafts import Page
from rally_desktop.ui.preferences import Preferences
from tests.ui.drafting import FLOW, rename, rest

pytestmark = pytest.mark.slow

OTHER = Page("other", "Ben", "back-office", 1)


@pytest.fixture
def number(store):
    """A draft in the office."""
    return store.write(workflows.create, FLOW)


@pytest.fixture
def program(number, sqlite_url, clock, screen, qtbot):
    """The program with that draft on the canvas; its window is closed by the test."""
    made = app.Program(
        QApplication.instance(), app.opener(sqlite_url, clock), "Office",
        clock=clock, preferences=Preferences(), engine=False,
    )  # fmt: skip
    with qtbot.waitSignal(made.ready):
        made.window.show()
        made.open()
    made.window._bring("workflows", (number,))
    qtbot.waitUntil(lambda: made.window.page().editor.stored is not None)
    rest(qtbot)
    yield made
    made.window.deleteLater()


@pytest.mark.parametrize("front", ["workflows", "contacts"])
def test_closing_the_window_saves_and_makes_room(program, store, number, qtbot, front):
    """What was typed last is saved with its history, also behind another page; the seat is free."""
    rename(program.window.page().editor, "A")
    program.window.go(front)
    with qtbot.waitSignal(program.closed):
        program.window.close()
    opened = store.read(drafts.opened, number, OTHER)
    assert opened.stored.graph.name == "A"
    assert len(opened.history.entries) == 1
    assert opened.standing.holder is None
