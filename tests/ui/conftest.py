"""A desk as pages get it, on a real office in a file, with Qt's loop running coroutines."""

from __future__ import annotations

import asyncio

import pytest

from rally_desktop.model.store import Store
from rally_desktop.services import office
from rally_desktop.ui import later
from rally_desktop.ui.background import Background
from rally_desktop.ui.commands import commands
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.notices import Notices
from rally_desktop.ui.pages import page_kinds
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.window import Window
from tests.ui.whole import SOUND, opened
from tests.world import World


@pytest.fixture(scope="session")
def _screen_loop(qapp):
    """Qt's own loop as asyncio's, made once; Qt is run by the tests themselves."""
    loop = later.screen_loop(qapp, already_running=True)
    yield loop
    loop._QEventLoop__is_running = False
    loop.close()


@pytest.fixture(autouse=True)
def screen(_screen_loop, qtbot):
    """Let coroutines run while a test waits; what a page began must end with the test."""
    asyncio.set_event_loop(_screen_loop)
    asyncio._set_running_loop(_screen_loop)
    yield _screen_loop
    qtbot.waitUntil(lambda: not later.busy())
    asyncio._set_running_loop(None)
    asyncio.set_event_loop(None)


@pytest.fixture
def store(sqlite_url, clock):
    """An office on SQLite: the screen does not know one database from the other."""
    opened = Store.open(sqlite_url, clock)
    opened.write(office.found)
    yield opened
    opened.close()


@pytest.fixture
def world(store, clock):
    """Short ways to fill the office."""
    return World(store, clock)


@pytest.fixture(scope="session")
def theme(qapp):
    """The light look."""
    return Theme(qapp, "light")


@pytest.fixture
def desk(store, theme, clock, screen, qtbot):
    """What a page is given; its office is empty but for its lists and one user."""
    theme.wish("light")
    background = Background(store)
    yield Desk(background, theme, Notices(), clock)
    qtbot.waitUntil(lambda: not later.busy())
    background.close()


@pytest.fixture
def open_whole(desk, store, qtbot):
    """Open a workflow on the canvas with nothing selected, some parts of its panel unfolded."""

    def make(*parts, graph=SOUND):
        return opened(desk, store, qtbot, parts, graph)

    return make


@pytest.fixture
def window(qtbot, desk):
    """The window on an empty office, on screen."""
    made = Window(desk.theme, desk.notices, desk.preferences)
    qtbot.addWidget(made, before_close_func=lambda shown: shown.let_close())
    with qtbot.waitExposed(made):
        made.show()
    made.furnish(desk, page_kinds(), commands())
    made.activateWindow()
    return made
