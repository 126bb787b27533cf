"""The window may be closed at any moment: it goes, and nothing stays open behind it."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog

from rally_desktop import app
from rally_desktop.core.errors import Refused
from rally_desktop.model.store import Store
from rally_desktop.services import lists, office
from rally_desktop.ui.later import busy, later, rest
from rally_desktop.ui.preferences import Preferences
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.opening import Trouble

pytestmark = pytest.mark.slow


@pytest.fixture
def shut(monkeypatch):
    """The stores that were closed, in their order."""
    closed, close = [], Store.close

    def note(store):
        close(store)
        closed.append(store)

    monkeypatch.setattr(Store, "close", note)
    return closed


@pytest.fixture
def impatient(monkeypatch):
    """A program that waits for nothing as it is closed."""
    monkeypatch.setattr(app, "rest", lambda *_: rest(0))


@pytest.fixture
def opened():
    """The stores that were opened."""
    return []


@pytest.fixture
def program(qtbot, screen, sqlite_url, clock, opened):
    """A program that has not opened its office yet; a test that leaves it open closes it."""

    def open_store():
        opened.append(Store.open(sqlite_url, clock))
        return opened[-1]

    made = app.Program(
        QApplication.instance(), open_store, "Office",
        clock=clock, preferences=Preferences(), engine=False,
    )  # fmt: skip
    made.window.show()
    yield made
    leave(qtbot, made)
    made.window.deleteLater()


def leave(qtbot, program):
    """Close the window and wait until all of it is over."""
    if not program.window._may_close:
        with qtbot.waitSignal(program.closed):
            program.window.close()


def ready(qtbot, program):
    """Open the office and wait for its first page."""
    with qtbot.waitSignal(program.ready):
        program.open()


def test_closed_before_it_is_opened_it_opens_nothing(qtbot, program, opened):
    """An opening that was still to begin does not begin any more."""
    program.leave()
    program.open()
    qtbot.waitUntil(lambda: not busy())
    assert opened == []
    assert program.window._may_close


def test_an_office_that_comes_too_late_is_closed_too(qtbot, program, opened, shut, impatient):
    """Nobody waits long for a slow server, and what it brings at last does not stay open."""
    asked, gate, slow = threading.Event(), threading.Event(), program._open_store

    def open_store():
        asked.set()
        gate.wait()
        return slow()

    program._open_store = open_store
    program.open()
    qtbot.waitUntil(asked.is_set)
    leave(qtbot, program)
    gate.set()
    qtbot.waitUntil(lambda: bool(shut))
    assert shut == opened


def test_asked_twice_it_opens_once(qtbot, program, opened):
    """A double click on «Try again» does not open the office a second time."""
    with qtbot.waitSignal(program.ready):
        program.open()
        program.open()
    leave(qtbot, program)
    assert len(opened) == 1


def test_an_office_that_cannot_be_used_does_not_stay_open(
    qtbot, program, opened, shut, monkeypatch
):
    """What is opened and then refuses its first transaction is closed before that is said."""

    def found(work):
        raise Refused("The disk is full.")

    monkeypatch.setattr(office, "found", found)
    program.open()
    qtbot.waitUntil(lambda: isinstance(program.window.page(), Trouble))
    assert shut == opened


def test_what_fails_as_it_closes_keeps_nothing_else_open(qtbot, program, shut, monkeypatch):
    """The window goes and the database is closed, whatever is wrong with the rest."""
    ready(qtbot, program)
    close = program._background.close

    def fail():
        close()
        raise ValueError("no")

    monkeypatch.setattr(program._background, "close", fail)
    leave(qtbot, program)
    assert len(shut) == 1


class Restless(QObject):
    """Asks the office for something again and again, as a page with a timer does."""

    def __init__(self, program):
        super().__init__(program)
        self.background = program._background
        self.timer = QTimer(self, interval=0)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    @later
    async def look(self):
        await self.background.read(lists.of, "lead_source")


def test_what_asks_to_the_last_moment_is_stopped(qtbot, program, impatient):
    """Closing ends however often something is asked, and none of it is called a fault."""
    ready(qtbot, program)
    restless, said = Restless(program), []
    program.notices.posted.connect(said.append)
    leave(qtbot, program)
    restless.timer.stop()
    qtbot.waitUntil(lambda: not busy())
    assert said == []


class Asking(QDialog):
    """Asks before it goes."""

    def __init__(self, window):
        super().__init__(window)
        self.answers = []

    def reject(self):
        self.leave()

    @later
    async def leave(self):
        self.answers.append(await ask(self, "Close?", "Something is lost.", "Close"))


def test_a_question_that_nobody_answers_does_not_keep_it_open(qtbot, program, impatient):
    """A dialog that asks as it is closed is asked no more once the program had patience."""
    ready(qtbot, program)
    dialog = Asking(program.window)
    dialog.open()
    leave(qtbot, program)
    assert dialog.answers == []
