"""What the sections for the office's own lists share: they hear, they tell, they ask before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Thread
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from rally_desktop.core.errors import Refused
from rally_desktop.engine.naming import Uses
from rally_desktop.model.breaking import Break, BrokenOff
from rally_desktop.model.work import Work
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

P = ParamSpec("P")
T = TypeVar("T")
WIDTH = 900
STOPPED = "Stopped. Everything is as it was."
PATIENCE = 500  # milliseconds that nobody needs an explanation for


class OwnSection(QFrame):
    """Shows lists of the office; what anybody changes in ``watched`` tables shows at once."""

    title: ClassVar = ""
    line: ClassVar = ""
    watched: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        said = PlainLabel(self.line, "sub")
        said.setWordWrap(True)
        said.setMaximumWidth(WIDTH)
        self.top = QHBoxLayout()
        self.panes = QHBoxLayout()
        self.panes.setSpacing(24)
        self.under_way = UnderWay(desk.theme)
        column.addWidget(said)
        column.addWidget(self.under_way)
        column.addLayout(self.top)
        column.addLayout(self.panes, 1)
        desk.background.changed.connect(self._hear)

    def refresh(self) -> None:
        """Read what the office has."""
        raise NotImplementedError

    def showEvent(self, event: QShowEvent) -> None:
        """Show what was changed elsewhere meanwhile."""
        super().showEvent(event)
        self.refresh()

    async def read(
        self, query: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Await a query."""
        return await self.desk.background.read(query, *args, **kw)

    async def write(
        self, service: Callable[Concatenate[Work, P], T], *args: P.args, **kw: P.kwargs
    ) -> T:
        """Await a change; show the lists anew also where it was refused.

        One that is stopped has changed nothing: it is done whole, or not at all.
        """
        try:
            with self.under_way.shown() as broken:
                stoppable = partial(
                    _stoppable, broken=broken, does=lambda work: service(work, *args, **kw)
                )
                return await self.desk.background.write(stoppable)
        finally:
            self.refresh()

    @later
    async def change(self, service: Callable[..., Any], *args: Any) -> None:
        """Carry out what shows by itself and is taken back by doing it again."""
        await self.write(service, *args)

    @later
    async def take_back(self, service: Callable[..., Any], *args: Any) -> None:
        """Undo something, and say that it is done."""
        await self.write(service, *args)
        self.desk.notices.tell("Undone.", "ok")

    def tell(self, text: str, service: Callable[..., Any], *args: Any) -> None:
        """Say what was done, with a way to take it back."""
        self.desk.notices.tell(text, "ok", ("Undo", lambda: self.take_back(service, *args)))

    async def agrees(self, question: str, lines: Sequence[str], yes: str) -> bool:
        """Ask where there is something to say before it is done."""
        said = [line for line in lines if line]
        return not said or await ask(self, question, "\n\n".join(said), yes)

    def show_error(self, error: Exception) -> None:
        """Tell what went wrong."""
        self.desk.notices.show_error(error)

    def fill(
        self, words: QWidget, large: Sequence[QWidget], deeds: Sequence[QWidget]
    ) -> QVBoxLayout:
        """Put words above what is large, and what can be done in a row below.

        Return the column, for what else stands below.
        """
        box = QWidget()
        box.setMaximumWidth(WIDTH)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(words)
        for part in large:
            column.addWidget(part, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        for deed in deeds:
            row.addWidget(deed)
        row.addStretch(1)
        column.addLayout(row)
        self.panes.addWidget(box, 1)
        self.panes.addStretch(0)
        return column

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & self.watched and self.isVisible():
            self.refresh()


class UnderWay(QFrame):
    """Says that something goes on, where that takes longer than one waits, and stops it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._going: list[Break] = []
        self.stop_button = button(theme, "Stop", "circle-stop")
        self.stop_button.setToolTip("Leave everything as it was")
        self.stop_button.clicked.connect(self._stop)
        words = PlainLabel("Every record that says so is being changed. That can take a while.")
        words.setWordWrap(True)
        bar = QProgressBar(textVisible=False)
        bar.setRange(0, 0)
        bar.setFixedWidth(120)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(bar)
        row.addWidget(words, 1)
        row.addWidget(self.stop_button)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE)
        self._patience.timeout.connect(self.show)
        self.hide()

    @contextmanager
    def shown(self) -> Iterator[Break]:
        """Wait for a while, then be seen until it is over; yield what breaks it off."""
        self._going.append(broken := Break())
        self.stop_button.setEnabled(True)
        self._patience.start()
        try:
            yield broken
        finally:
            self._going.remove(broken)
            if not self._going:
                self._patience.stop()
                self.hide()

    def _stop(self) -> None:
        """Break it off; a server is told on a thread of its own."""
        self.stop_button.setEnabled(False)
        for broken in self._going:
            Thread(target=broken, daemon=True).start()


def _stoppable(work: Work, broken: Break, does: Callable[[Work], T]) -> T:
    """Change something, or leave everything as it was where it is broken off."""
    try:
        with broken.ending(work.connection):
            return does(work)
    except BrokenOff:
        raise Refused(STOPPED) from None


def follows(records: str, uses: Uses, name: str) -> tuple[str, str]:
    """Say who follows a new name at once, and what goes on with the former one."""
    who = [records, _views(uses.views), _listed("the draft of", "the drafts of", uses.drafts)]
    there = [one for one in who if one]
    first = f"{_capital(_joined(there))} will say so at once." if there else ""
    return first, stays(uses, f"looks for ‘{name}’")


def stays(uses: Uses, does: str) -> str:
    """Say which published workflows are not changed by it."""
    if not uses.published:
        return ""
    one = len(uses.published) == 1
    names = _joined([f"‘{name}’" for name in uses.published])
    return (
        f"{names} {'is' if one else 'are'} published, and nothing published is changed by itself: "
        f"it still {does} until you publish {'it' if one else 'them'} again."
    )


def many(count: int, one: str, more: str = "") -> str:
    """Return a count with its noun; nothing where there are none."""
    return f"{count:,} {one if count == 1 else more or one + 's'}" if count else ""


def _views(names: Sequence[str]) -> str:
    return _listed("the view", "the views", names)


def _listed(one: str, more: str, names: Sequence[str]) -> str:
    said = _joined([f"‘{name}’" for name in names])
    return f"{one if len(names) == 1 else more} {said}" if names else ""


def _joined(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
