"""Puts the parts together: the only module that knows them all.

The window comes first. The database library and everything that stands on it are imported and
the office is opened behind it, on another thread. The engine and the other pages follow once the
first page shows what it has.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from rally_desktop.core.clock import Clock, SystemClock
from rally_desktop.core.errors import RallyError
from rally_desktop.model.place import data_folder, database_url
from rally_desktop.ui.application import application
from rally_desktop.ui.collector import Collector
from rally_desktop.ui.later import later, quiet, rest, screen_loop
from rally_desktop.ui.notices import Notices
from rally_desktop.ui.preferences import Preferences
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.opening import Opening, Trouble
from rally_desktop.ui.window import Window

if TYPE_CHECKING:
    from datetime import date

    from rally_desktop.core.conditions import Fields
    from rally_desktop.engine.late import CameDue
    from rally_desktop.engine.thread import EngineThread, Report
    from rally_desktop.model.graph import Graph
    from rally_desktop.model.store import Store
    from rally_desktop.services.audit_keeper import HeadKeeper
    from rally_desktop.ui.background import Background
    from rally_desktop.ui.commands import Command
    from rally_desktop.ui.pages import PageKind

EXPOSED_WITHIN = 200  # milliseconds; a window that begins minimised is not waited for longer
FIRST_PAGE_WITHIN = 1.0  # seconds in which the first page has the computer to itself
# What the window takes on with the office and stands on the database library.
BEHIND_THE_WINDOW = (
    "rally_desktop.ui.background",
    "rally_desktop.ui.desk",
    "rally_desktop.ui.lookout",
    "rally_desktop.ui.widgets.finder_search",
)
STATES = {
    "starting": ("Workflows are starting", "quiet"),
    "working": ("Workflows are running", "ok"),
    "idle": ("Workflows are running", "ok"),
}


@dataclass(frozen=True)
class Office:
    """An open office: its data and what stands on it; all of it made off the screen's thread."""

    store: Store
    pages: Mapping[str, PageKind]
    commands: tuple[Command, ...]


class Program(QObject):
    """The window and the office behind it, from opening to closing."""

    closed = Signal()
    ready = Signal()
    """The first page is shown."""
    loaded = Signal()
    """Everything else is imported too."""
    _engine_there = Signal()
    _reported = Signal(object)
    _parted = Signal()

    def __init__(
        self,
        app: QApplication,
        open_store: Callable[[], Store],
        name: str,
        *,
        clock: Clock,
        preferences: Preferences,
        engine: bool = True,
    ) -> None:
        super().__init__()
        self.app, self.clock, self.preferences = app, clock, preferences
        self.theme = Theme(app, preferences.get("look", "system"))
        self.collector = Collector(self)
        self.notices = Notices()
        self.window = Window(self.theme, self.notices, preferences)
        self.window.setWindowIcon(self.theme.icon("waypoints", "accent"))
        self._open_store, self._name, self._wants_engine = open_store, name, engine
        self._office: Office | None = None
        self._background: Background | None = None
        self._engine: EngineThread | None = None
        self._keeper: HeadKeeper | None = None
        self._came_due: CameDue | None = None
        self._others: threading.Thread | None = None
        self._opening = self._leaving = False
        self._closed = threading.Event()
        self.loaded.connect(self.collector.settle)
        self.window.leaving.connect(self.leave)
        self._engine_there.connect(self._start_engine)
        self._reported.connect(self._say_engine)
        self._parted.connect(self._say_parted)

    @later
    async def open(self) -> None:
        """Open the office behind the window and fill the window with it."""
        if self._opening or self._leaving:
            return
        self._opening = True
        self.window.cover(Opening(self._name))
        self.window.foot.say(self._name, "")
        try:
            office = await self._found()
        except RallyError as error:
            self._show_trouble(str(error))
            return
        finally:
            self._opening = False
        if office is not None and not self._leaving:
            await self._show(office)

    async def _found(self) -> Office | None:
        """Return the office once the window can be seen; None where it is closed by then."""
        await self._on_screen()
        if self._leaving:
            return None
        return await asyncio.to_thread(self._opened, str(self.preferences.get("page", "")))

    def _opened(self, first: str) -> Office:
        """Return the office, opened; one that comes after the window was closed is closed too."""
        self._office = office = _prepare(self._open_store, first)
        if self._closed.is_set():
            office.store.close()
        return office

    async def _show(self, office: Office) -> None:
        self._furnish(office)
        self.ready.emit()
        await quiet(FIRST_PAGE_WITHIN)
        if not self._leaving:
            self.collector.settle()
            self._others = threading.Thread(target=self._load_others, args=(office.pages,))
            self._others.start()

    @later
    async def leave(self) -> None:
        """Finish what is being saved, stop the engine, and close the window."""
        if self._leaving:
            return
        self._leaving = True
        for beside in self.window.findChildren(QDialog):
            beside.close()  # which keeps what is typed in it, such as a letter
        self.window.hide()
        try:
            await rest()
            await asyncio.to_thread(self._close)
            await rest(0)  # what asked for something while it was closed
        finally:
            self.collector.stop()
            self.window.let_close()
            self.closed.emit()

    def picture(self, folder: Path) -> asyncio.Task[list[Path]]:
        """Write pictures of every page into a folder, then close."""
        from rally_desktop.ui.pictures import of_pages

        task = asyncio.get_event_loop().create_task(of_pages(self.window, self.theme, folder))
        task.add_done_callback(lambda _: self.leave())
        return task

    def _load_others(self, pages: Mapping[str, PageKind]) -> None:
        """Import the engine, and the pages not in front, so that none is waited for later."""
        if self._wants_engine:
            import_module("rally_desktop.engine_room")
            self._engine_there.emit()
        for kind in pages.values():
            if self._leaving:
                return
            kind.load()
        self.loaded.emit()

    async def _on_screen(self) -> None:
        """Wait until the window can be seen: only then is anything imported that takes long."""
        handle = self.window.windowHandle()
        for _ in range(EXPOSED_WITHIN):
            await asyncio.sleep(0.001)
            if handle is None or handle.isExposed():
                return

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.notices.show_error(error)

    def _furnish(self, office: Office) -> None:
        from rally_desktop.ui.background import Background
        from rally_desktop.ui.desk import Desk

        self._background = Background(office.store)
        desk = Desk(self._background, self.theme, self.notices, self.clock, self.preferences)
        desk.setParent(self)
        self.window.furnish(desk, office.pages, office.commands)
        if self._wants_engine:
            self.window.foot.say(self._name, *STATES["starting"])

    @Slot()
    def _start_engine(self) -> None:
        if self._office is None or self._leaving:
            return
        from rally_desktop.engine_room import started

        made = started(self._office.store, self._reported.emit, self._parted.emit)
        self._engine, self._keeper = made

    @Slot(object)
    def _say_engine(self, report: Report) -> None:
        trouble = f"Workflows stand still: {report.trouble}"
        words, tone = STATES.get(report.state, (trouble, "bad"))
        self.window.foot.say(self._name, words, tone)
        if report.came_due is not None and report.came_due != self._came_due:
            self._came_due = report.came_due
            self.notices.tell(report.came_due.says(), "warn")

    @Slot()
    def _say_parted(self) -> None:
        look = ("Look", lambda: self.window.go("audit"))
        self.notices.tell("The audit log does not go on from where it stood here.", "bad", look)

    def _show_trouble(self, problem: str) -> None:
        page = Trouble(self.theme, self._name, problem)
        page.again.connect(self.open)
        page.another.connect(self._choose)
        self.window.cover(page)
        page.retry.setFocus()

    def _choose(self) -> None:
        dialog = QFileDialog(self.window, "Choose an office", str(data_folder()))
        dialog.setNameFilters(["Rally Desktop offices (*.rally)", "All files (*)"])
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix("rally")
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Open")
        dialog.fileSelected.connect(self._open_file)
        dialog.open()

    def _open_file(self, path: str) -> None:
        url = f"sqlite:///{quote(Path(path).absolute().as_posix(), safe='/:')}"
        self._open_store, self._name = opener(url, self.clock), office_name(url)
        self.open()

    def _close(self) -> None:
        """Close everything, the office last; what fails keeps nothing else from being closed."""
        self._closed.set()
        with ExitStack() as parts:
            if self._office is not None:
                parts.callback(self._office.store.close)
            if self._keeper is not None:
                parts.callback(self._keeper.close)
            if self._background is not None:
                parts.callback(self._background.close)
            if self._engine is not None:
                parts.callback(self._engine.stop)
            if self._others is not None:
                parts.callback(self._others.join)


def _prepare(open_store: Callable[[], Store], first: str) -> Office:
    """Import what needs the database library and open the office; not on the screen's thread."""
    from rally_desktop.services import office
    from rally_desktop.ui.commands import commands
    from rally_desktop.ui.pages import page_kinds

    for name in BEHIND_THE_WINDOW:
        import_module(name)
    with ExitStack() as unless_ready:
        store = open_store()
        unless_ready.callback(store.close)
        store.write(office.found)
        pages = page_kinds()
        shown = pages.get(first) or next(iter(pages.values()))
        shown.load()
        unless_ready.pop_all()
    return Office(store, pages, commands())


def opener(url: str, clock: Clock) -> Callable[[], Store]:
    """Return what opens the office at an address, importing the database library only then."""

    def open_store() -> Store:
        from rally_desktop.model.store import Store

        return Store.open(url, clock)

    return open_store


def office_name(url: str) -> str:
    """Return what the window calls a database: the file's name, or server and database."""
    bare = url.partition("?")[0]
    if bare.startswith("sqlite"):
        return Path(unquote(bare.partition("///")[2])).stem
    return bare.rpartition("@")[2].partition("://")[2] or bare.rpartition("@")[2]


def run(
    url: str = "",
    clock: Clock | None = None,
    *,
    engine: bool = True,
    then: Callable[[Program], None] | None = None,
) -> int:
    """Show the window on an office until it is closed; return the exit code.

    ``then`` is called once the office is open and its first page shown.
    """
    address = database_url(url)
    preferences = Preferences(data_folder() / "desktop.json")
    return _live(address, clock or SystemClock(), preferences, engine, then)


def take_pictures(url: str, folder: Path, clock: Clock | None = None) -> list[Path]:
    """Write a picture of every page of an office, in light and dark, and return the files.

    No window appears where Qt was not at work before; nothing in the office moves.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    task: list[asyncio.Task[list[Path]]] = []

    def begin(program: Program) -> None:
        task.append(program.picture(folder))

    _live(database_url(url), clock or SystemClock(), Preferences(), False, begin)
    return [path for each in task for path in each.result()]


def draw_workflow(
    graph: Graph, fields: Fields, version: int | None, day: date, kind: str, paper: str
) -> tuple[bytes, str]:
    """Return a workflow as the content of a file, and what one must know about it, or ''.

    No window appears; Qt draws without a screen where it was not at work before.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application()
    from rally_desktop.ui.pages.workflow_press import drawn, heading_of

    made = drawn(graph, fields, heading_of(graph, version, day), kind, paper)
    return made.content, made.remark


def _live(
    address: str,
    clock: Clock,
    preferences: Preferences,
    engine: bool,
    then: Callable[[Program], None] | None,
) -> int:
    """Show the window until it is closed."""
    app = application()
    loop = screen_loop(app)
    program = Program(
        app,
        opener(address, clock),
        office_name(address),
        clock=clock,
        preferences=preferences,
        engine=engine,
    )
    program.closed.connect(loop.stop)
    if then is not None:
        program.ready.connect(lambda: then(program))
    program.window.show()
    QTimer.singleShot(0, program.open)
    with closing(loop):
        loop.run_forever()
    return 0
