"""The window: a rail, a page, a foot. It knows no page by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QGridLayout, QMainWindow, QStackedWidget, QWidget

from rally_desktop.ui import reading
from rally_desktop.ui.commands import Command
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.notices import Notices
from rally_desktop.ui.pages import Page, PageKind
from rally_desktop.ui.preferences import Preferences
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.banner import Banner
from rally_desktop.ui.widgets.finder import Entry, Finder
from rally_desktop.ui.widgets.foot import Foot
from rally_desktop.ui.widgets.notice_stack import NoticeStack
from rally_desktop.ui.widgets.rail import Rail

NARROW_BELOW = 1040  # pixels; the words of the rail would leave the canvas too little
LEAST = (800, 500)  # what a small screen leaves where everything is drawn half as large again


class Window(QMainWindow):
    """Shows one page at a time; ``leaving`` asks whoever opened the office to close it first."""

    leaving = Signal()

    def __init__(self, theme: Theme, notices: Notices, preferences: Preferences) -> None:
        super().__init__()
        self.setWindowTitle("Rally Desktop")
        self._theme, self._preferences = theme, preferences
        self._pages: dict[str, Page] = {}
        self._kinds: Mapping[str, PageKind] = {}
        self._desk: Desk | None = None
        self._from = ""  # the page of the rail that was in front last
        self._may_close = False
        self.rail = Rail(theme)
        self.area = QStackedWidget()
        self.banner = Banner(theme)
        self.foot = Foot()
        self.notices = NoticeStack(theme)
        self._build()
        self.finder = Finder(theme, self)
        self.rail.chosen.connect(self.go)
        self.rail.finder.wanted.connect(self.finder.open)
        notices.posted.connect(self.notices.post)
        self._on("Ctrl+K", self.finder.open)
        self.setMinimumSize(*LEAST)
        self.resize(1280, 800)
        if place := preferences.get("window"):
            self.restoreGeometry(QByteArray.fromBase64(place.encode()))

    def furnish(
        self, desk: Desk, kinds: Mapping[str, PageKind], known: tuple[Command, ...]
    ) -> None:
        """Fill the rail and the palette, and show the page that was in front the last time."""
        self._desk, self._kinds = desk, kinds
        entries: list[Entry] = []
        for number, (key, kind) in enumerate(self._in_rail(), start=1):
            self.rail.add(key, kind.title, kind.icon)
            self._on(f"Ctrl+{number}", lambda key=key: self.go(key))
            entries.append(
                Entry(kind.title, kind.icon, lambda key=key: self.go(key), f"Ctrl+{number}")
            )
        for each in known:
            run = lambda each=each: each.run(desk)  # noqa: E731
            entries.append(Entry(each.title, each.icon, run, each.keys))
            if each.keys:
                self._on(each.keys, run)
        self.rail.set_narrow(self.width() < NARROW_BELOW)
        self.finder.offer(entries)
        desk.wanted.connect(self._bring)
        desk.left.connect(lambda: self.go(self._from))
        desk.seat.settle()
        from rally_desktop.ui.lookout import Lookout  # all stand on the database library
        from rally_desktop.ui.reply_count import ReplyCount
        from rally_desktop.ui.widgets.finder_search import FinderSearch

        Lookout(desk, self.banner)
        if "today" in self.keys():
            ReplyCount(desk, self.rail)
        FinderSearch(desk, self.finder)
        first = self._preferences.get("page")
        self.go(first if first in dict(self._in_rail()) else self._in_rail()[0][0])

    def cover(self, widget: QWidget) -> None:
        """Show something that is not a page, such as the progress of opening."""
        self.area.addWidget(widget)
        self.area.setCurrentWidget(widget)

    def go(self, key: str) -> None:
        """Show a page."""
        self._bring(key, ())

    def keys(self, *, hidden: bool = False) -> list[str]:
        """Return the keys of the pages in the rail, from the top; then the ``hidden`` ones."""
        shown = [key for key, _ in self._in_rail()]
        return [*shown, *(key for key in self._kinds if key not in shown)] if hidden else shown

    def page(self) -> QWidget | None:
        """Return what is in front."""
        return self.area.currentWidget()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask for the office to be closed, and close once that is done."""
        self._preferences.put("window", self.saveGeometry().toBase64().toStdString())
        event.setAccepted(self._may_close)
        if not self._may_close:
            self.leaving.emit()

    def let_close(self) -> None:
        """Close: nothing is left to be saved."""
        self._may_close = True
        self.close()

    def focusNextPrevChild(self, on: bool) -> bool:
        """Go on with Tab as one reads."""
        return reading.step(self.centralWidget(), on=on) or super().focusNextPrevChild(on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words out of the rail where room is short."""
        super().resizeEvent(event)
        self.rail.set_narrow(self.width() < NARROW_BELOW)

    def _bring(self, key: str, what: tuple[object, ...]) -> None:
        if self._desk is None or key not in self._kinds:
            return
        if self._kinds[key].order:
            self._from = key
        if key not in self._pages:
            self._pages[key] = self._kinds[key](self._desk)
            self.area.addWidget(self._pages[key])
        page = self._pages[key]
        self.area.setCurrentWidget(page)
        self.rail.choose(key)
        self._preferences.put("page", key)
        page.shown()
        page.setFocus()
        if what:
            page.open(*what)

    def _in_rail(self) -> list[tuple[str, PageKind]]:
        return [(key, kind) for key, kind in self._kinds.items() if kind.order]

    def _on(self, keys: str, does: Callable[[], object]) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(does)

    def _build(self) -> None:
        whole = QWidget(objectName="window")
        grid = QGridLayout(whole)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.rail, 0, 0, 4, 1)
        grid.addWidget(self.banner, 0, 1)
        grid.addWidget(self.area, 1, 1)
        grid.addWidget(self.notices, 2, 1)
        grid.addWidget(self.foot, 3, 1)
        grid.setRowStretch(1, 1)
        self.setCentralWidget(whole)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
