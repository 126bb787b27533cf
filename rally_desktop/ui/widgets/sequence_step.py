"""One step of a sequence in its list: the day it comes, what it is, and a grip to move it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel

WHEN_WIDTH = 128
GAP, INSIDE = 16, 14  # between the day and the card, and from its edge to the icon
TILE, ICON, ROUND = 36, 20, 9


@dataclass(frozen=True)
class StepLine:
    """What is shown of a step; ``day`` and ``date`` say when it comes.

    ``wait`` is what is waited for before it: a number and a unit, or words that are only read;
    so many are ``waiting``. ``figures`` say what became of it so far.
    """

    key: str
    title: str
    words: str
    icon: str
    family: str
    day: str
    date: str
    wait: tuple[int, str] | str = (0, "days")
    problem: str = ""
    severity: str = ""
    disabled: bool = False
    figures: str = ""
    waiting: int = 0


class StepRow(QWidget):
    """Shows a step; ``pressed``, ``dragged`` and ``let_go`` tell where on the screen."""

    pressed = Signal(object)
    dragged = Signal(object)
    let_go = Signal(object)
    opened = Signal()
    asked = Signal(object)

    def __init__(self, theme: Theme, key: str) -> None:
        super().__init__()
        self.key = key
        self._from = None
        self.day, self.date = PlainLabel("", "strong"), PlainLabel("", "sub")
        self.title, self.words = ShortLabel("", "strong"), ShortLabel("", "sub")
        self.above, self.problem = ShortLabel("", "sub"), ShortLabel("", "sub")
        self.figures, self.below = PlainLabel("", "sub"), ShortLabel("", "sub")
        self._narrow = False
        self._when = QWidget()
        self.tile, self._grip = Tile(theme), PlainLabel()
        self.card = QFrame()
        self.card.setProperty("step", True)
        self._theme = theme
        self._build()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.lock(False)

    def show_line(self, line: StepLine) -> None:
        """Show a step as it is now."""
        self.day.setText(line.day)
        self.date.setText(line.date)
        self.above.setText(" · ".join(filter(None, (line.day, line.date))))
        self.title.setText(line.title)
        self.title.set_tone("quiet" if line.disabled else "plain")
        words = " · ".join(filter(None, ("Disabled" if line.disabled else "", line.words)))
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self.problem.setText(line.problem)
        self.problem.set_tone("bad" if line.severity == "error" else "warn")
        self.problem.setVisible(bool(line.problem))
        self.figures.setText(line.figures)
        self.below.setText(line.figures)
        self._place_figures()
        self.tile.show_icon(line.icon, line.family, line.disabled)
        said = (line.day, line.date, line.title, words, line.problem, line.figures)
        self.setAccessibleName(", ".join(filter(None, said)))

    def mark(self, chosen: bool, lifted: bool = False) -> None:
        """Show whether it is the chosen one, and whether it is on its way."""
        state = "lifted" if lifted else "chosen" if chosen else ""
        if self.card.property("state") != state:
            self.card.setProperty("state", state)
            self.card.style().unpolish(self.card)
            self.card.style().polish(self.card)

    def lock(self, locked: bool) -> None:
        """Offer to take hold of it, or not while nothing can be changed."""
        self._grip.setVisible(not locked)
        shape = Qt.CursorShape.ArrowCursor if locked else Qt.CursorShape.OpenHandCursor
        self.setCursor(shape)

    def be_narrow(self, narrow: bool) -> None:
        """Show the day on the card, or beside it."""
        self._narrow = narrow
        self._when.setVisible(not narrow)
        self.above.setVisible(narrow)
        self._place_figures()

    def _place_figures(self) -> None:
        """Show what became of the step at the right, or below where there is no room."""
        told = bool(self.figures.text())
        self.figures.setVisible(told and not self._narrow)
        self.below.setVisible(told and self._narrow)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().toPoint()
            self.pressed.emit(self._from)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take it along."""
        if self._from is not None:
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Leave it here."""
        if self._from is not None and event.button() == Qt.MouseButton.LeftButton:
            self._from = None
            self.let_go.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open its settings."""
        self.opened.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with it."""
        self.asked.emit(event.globalPos())

    @Slot()
    def _restyle(self) -> None:
        self._grip.setPixmap(self._theme.pixmap("grip-vertical", "ink3", 16))

    def _build(self) -> None:
        self._when.setFixedWidth(WHEN_WIDTH)
        left = QVBoxLayout(self._when)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(1)
        left.addStretch(1)
        for label in (self.day, self.date):
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            left.addWidget(label)
        left.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        for part in (self.above, self.title, self.words, self.problem, self.below):
            words.addWidget(part)
        words.addStretch(1)
        self._grip.setToolTip("Drag to another place (Alt+Up, Alt+Down)")
        inside = QHBoxLayout(self.card)
        inside.setContentsMargins(INSIDE, 12, 10, 12)
        inside.setSpacing(12)
        inside.addWidget(self.tile)
        inside.addLayout(words, 1)
        self.figures.setToolTip("So far, in all versions")
        inside.addWidget(self.figures)
        inside.addWidget(self._grip)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP)
        across.addWidget(self._when)
        across.addWidget(self.card, 1)


def line_at(narrow: bool) -> int:
    """Return where the line from step to step runs: below the middle of the icons."""
    return INSIDE + TILE // 2 + (0 if narrow else WHEN_WIDTH + GAP)


class Tile(QWidget):
    """An icon on a ground in the tint of its family."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon, self._family = "circle-question-mark", "flow"
        self.setFixedSize(QSize(TILE, TILE))

    def show_icon(self, icon: str, family: str, faint: bool) -> None:
        """Show an icon; a faint one is grey, whatever its family."""
        self._icon, self._family = icon, "flow" if faint else family
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(f"{self._family}_tint"))
        painter.drawRoundedRect(QRectF(self.rect()), ROUND, ROUND)
        picture = self._theme.pixmap(self._icon, self._family, ICON)
        edge = (TILE - ICON) // 2
        painter.drawPixmap(edge, edge, picture)
