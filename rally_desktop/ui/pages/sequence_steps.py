"""The steps of a sequence as a list that is edited: the same draft as on the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from rally_desktop.canvas.plan import Spot
from rally_desktop.core.days import in_words
from rally_desktop.engine import sequence_days
from rally_desktop.engine.sequence_plan import Line
from rally_desktop.model.work import Work
from rally_desktop.services import calendar
from rally_desktop.services.calendar import Calendar
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.sequence_adding import AddBar
from rally_desktop.ui.pages.sequence_hands import SequenceHands
from rally_desktop.ui.pages.sequence_settings import SequenceSettings
from rally_desktop.ui.pages.sequence_tallies import Tallies
from rally_desktop.ui.pages.sequence_words import end_of, lines_of
from rally_desktop.ui.pages.workflow_page import CanvasPage
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sequence_rows import SequenceRows

WIDEST, MARGIN = 860, 28
NARROW, SLIM = 600, 14  # in a narrower window the days stand on the cards
AFTER = "Days are those of somebody who enters on {when}."


@dataclass(frozen=True)
class OfficeDays:
    """The office's calendar, and where it is."""

    calendar: Calendar
    zone: ZoneInfo


class SequenceSteps(QScrollArea):
    """Shows the draft of a page as rows, below what holds for all of them."""

    def __init__(self, page: CanvasPage, workflow_id: int) -> None:
        super().__init__()
        self._page, self._draft = page, page.draft
        self.hands = SequenceHands(page, self._anchor)
        self._days: OfficeDays | None = None
        self.tallies = Tallies(page.desk, workflow_id, self)
        self.tallies.counted.connect(self.refresh)
        self.settings: SequenceSettings | None = None
        self.rows = SequenceRows(page.desk.theme, self.hands)
        self.adding = AddBar(page.desk.theme)
        self.entering = PlainLabel("", "sub")
        self._build()
        self.setFocusProxy(self.rows)
        self.adding.chosen.connect(lambda offer: self.hands.add(offer, len(self.line.rows)))
        self.adding.asked.connect(lambda: self.hands.ask(len(self.line.rows)))
        page.canvas.picked.connect(self._mark)
        page.draft.locks.connect(lambda _why: self._lock())
        page.desk.background.changed.connect(self._hear)

    @property
    def line(self) -> Line:
        """Return the list that is shown."""
        return self.hands.line

    # -- showing ----------------------------------------------------------------------------------

    @later
    async def begin(self) -> None:
        """Read the office's calendar, and show the days."""
        self._days = await self._page.desk.background.read(_office_days)
        self.refresh()

    def show_line(self, line: Line) -> None:
        """Show the draft, of which this is the list."""
        self.hands.line = line
        self.refresh()

    def refresh(self) -> None:
        """Show what the draft says now, its days and its problems."""
        graph, faces, office = self._draft.own, self._page.faces, self._days
        dues, zone = [], ZoneInfo("UTC")
        if office is not None:
            zone, now = office.zone, self._page.desk.clock.now()
            entered = sequence_days.begins(graph, office.calendar, zone, now)
            dues = sequence_days.timetable(graph, self.line, office.calendar, zone, entered)
            self.entering.setText(AFTER.format(when=in_words(entered, zone)))
        self.entering.setVisible(bool(dues) and bool(self.line.rows))
        lines = lines_of(graph, self.line, faces, dues, zone, self.tallies)
        self.rows.show_lines(lines, end_of(graph, self.line, faces, dues))
        self._mark(self._page.canvas.scene.selected)
        self.adding.show_offers(self.hands.offers(), empty=not lines)
        if self.settings is not None:
            self.settings.follow(graph)

    def showEvent(self, event: QShowEvent) -> None:
        """Count what became of the steps since."""
        super().showEvent(event)
        self.tallies.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the cards have the room of the days where the window is narrow."""
        super().resizeEvent(event)
        self._fit()

    def renew_settings(self) -> None:
        """Make the card above anew, with what the office has to choose from now."""
        open_ = self.settings is not None and self.settings.fold.is_open()
        if self.settings is not None:
            self._column.removeWidget(self.settings)
            self.settings.hide()
            self.settings.deleteLater()
        self.settings = SequenceSettings(self._page.settings.tools())
        self.settings.fold.open(open_)
        self._column.insertWidget(0, self.settings)
        self._fit()
        self._lock()

    # -- following -------------------------------------------------------------------------------

    def _anchor(self, at: int) -> QWidget:
        return self.rows.gaps[at].add if at < len(self.rows.gaps) else self.adding.more

    def _mark(self, spot: object) -> None:
        at = self.line.place_of(spot.id) if isinstance(spot, Spot) else None
        key = self.line.rows[at].key if at is not None else ""
        if self.rows.mark(key):
            QTimer.singleShot(0, self, self._bring)  # once a new row has its place

    def _bring(self) -> None:
        row = self.rows.row(self.rows.chosen)
        if row is not None and self.isVisible():
            self.ensureWidgetVisible(row, 0, MARGIN)

    def _fit(self) -> None:
        narrow = self.width() < NARROW
        edge = SLIM if narrow else MARGIN
        self._across.setContentsMargins(edge, 18, edge, 28)
        self.rows.be_narrow(narrow)
        if self.settings is not None:
            self.settings.be_narrow(narrow)

    def _lock(self) -> None:
        locked = bool(self._draft.locked)
        self.rows.lock(locked)
        self.adding.lock(locked)
        if self.settings is not None:
            self.settings.fold.lock(locked)

    def _hear(self, touched: frozenset[str]) -> None:
        if "setting" in touched:
            self.begin()

    def _build(self) -> None:
        body, inside = QWidget(objectName="page"), QWidget()
        inside.setMaximumWidth(WIDEST)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        for part in (self.entering, self.rows, self.adding):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._across = across = QHBoxLayout(body)
        across.addStretch(1)
        across.addWidget(inside, 100)
        across.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


def _office_days(work: Work) -> OfficeDays:
    return OfficeDays(calendar.of(work), calendar.office_zone(work))
