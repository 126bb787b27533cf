"""What is wrong with the workflow, below the canvas; a click shows where, another mends it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.canvas import keys
from rally_desktop.engine.problems import Problem
from rally_desktop.ui.preferences import Preferences
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button

ROW = 28
MOST_ROWS, LEAST_HEIGHT = 4, ROW + 4
PROBLEM = Qt.ItemDataRole.UserRole
OPEN, HEIGHT = "problems_open", "problems_height"
VCENTER = Qt.AlignmentFlag.AlignVCenter


class ProblemRow(QStyledItemDelegate):
    """Paints one problem: how bad, where and what, and at the right what would mend it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._rows = theme, parent
        self.mendable = True

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the one height of rows."""
        return QSize(100, ROW)

    def fix_rect(self, rect: QRect, problem: Problem) -> QRect:
        """Return where the words that mend a problem are in its row."""
        if problem.fix is None:
            return QRect()
        metrics = QFontMetrics(self._theme.font("strong"))
        width = min(rect.width() // 2, metrics.horizontalAdvance(problem.fix.label) + 22)
        return QRect(rect.right() - width - 6, rect.top(), width, rect.height())

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one row."""
        problem: Problem = index.data(PROBLEM)
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state: QStyle.StateFlag = option.state  # type: ignore[attr-defined]
        theme = self._theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(state & QStyle.StateFlag.State_Selected) and self._rows.hasFocus()
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if chosen else "flow_tint"))
            painter.drawRoundedRect(QRectF(rect).adjusted(2, 1, -2, -1), 6, 6)
        error = problem.severity == "error"
        icon = theme.pixmap(
            "circle-alert" if error else "triangle-alert", "bad" if error else "warn", 16
        )
        painter.drawPixmap(rect.left() + 10, rect.center().y() - 7, icon)
        fix = self.fix_rect(rect, problem)
        right = fix.left() - 8 if problem.fix else rect.right() - 10
        room = QRect(rect.left() + 34, rect.top(), right - rect.left() - 34, rect.height())
        self._write(painter, room, index.data(), "body", "ink")
        if problem.fix is not None:
            colour = "accent" if self.mendable else "ink3"
            self._write(painter, fix.adjusted(10, 0, -10, 0), problem.fix.label, "strong", colour)
        painter.restore()

    def _write(self, painter: QPainter, rect: QRect, text: str, role: str, colour: str) -> None:
        font = self._theme.font(role)
        painter.setFont(font)
        painter.setPen(self._theme.colour(colour))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, VCENTER, shown)


class ProblemRows(QListWidget):
    """The rows; ``wanted`` and ``mended`` bring the problem whose place or fix is asked for."""

    wanted = Signal(object)
    mended = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.row_painter = ProblemRow(theme, self)
        self.setItemDelegate(self.row_painter)
        self.setAccessibleName("Problems")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemActivated.connect(lambda item: self.wanted.emit(item.data(PROBLEM)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Mend what is clicked at its right, show the place of what is clicked elsewhere."""
        super().mouseReleaseEvent(event)
        item = self.itemAt(event.position().toPoint())
        if item is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        problem: Problem = item.data(PROBLEM)
        if self._is_on_fix(event, item):
            self.mended.emit(problem)
        else:
            self.wanted.emit(problem)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point a hand at what mends."""
        super().mouseMoveEvent(event)
        item = self.itemAt(event.position().toPoint())
        hand = item is not None and self._is_on_fix(event, item)
        shape = Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Mend the chosen problem by the key of the canvas."""
        item = self.currentItem()
        if item is not None and keys.command_of(event) == "mend":
            self.mended.emit(item.data(PROBLEM))
        else:
            super().keyPressEvent(event)

    def _is_on_fix(self, event: QMouseEvent, item: QListWidgetItem) -> bool:
        rect = self.row_painter.fix_rect(self.visualItemRect(item), item.data(PROBLEM))
        return rect.contains(event.position().toPoint())


class ProblemList(QFrame):
    """How many problems there are, and a line for each, errors first.

    ``wanted`` brings the id of the step or trigger, or nothing; ``fixed`` the fix of a problem.
    Whether it is unfolded, and how high it is, stays so.
    """

    wanted = Signal(str)
    fixed = Signal(object)

    def __init__(self, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._preferences = preferences
        self._problems: list[Problem] = []
        self.head = button(theme, "")
        self.head.setProperty("kind", "fold")
        self.head.setCursor(Qt.CursorShape.PointingHandCursor)
        self._theme = theme
        self._sign = QLabel()
        self.list = ProblemRows(theme)
        self.grip = Grip(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 0, 10, 4)
        column.setSpacing(0)
        column.addWidget(self.grip)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._sign)
        row.addWidget(self.head, 1)
        column.addLayout(row)
        column.addWidget(self.list)
        self.head.clicked.connect(lambda: self.unfold(not self.is_open))
        self.list.wanted.connect(lambda problem: self.wanted.emit(problem.step or ""))
        self.list.mended.connect(self._mend)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Say whether the lines are shown."""
        return bool(self._preferences.get(OPEN, True))

    @property
    def is_current(self) -> bool:
        """Say whether the problems are those of the workflow as it is now."""
        return self.list.row_painter.mendable

    def outdate(self) -> None:
        """Mend nothing until it is known what is wrong now."""
        self.list.row_painter.mendable = False
        self.list.viewport().update()

    def unfold(self, shown: bool) -> None:
        """Show the lines, or only how many there are."""
        self._preferences.put(OPEN, shown)
        self._lay_out()

    def show_problems(self, problems: list[Problem], name_of: Callable[[str], str]) -> None:
        """Show these problems, errors first; hide where there are none."""
        kept = self.list.currentRow()
        self._problems = sorted(problems, key=lambda problem: problem.severity != "error")
        self.list.row_painter.mendable = True
        self.list.clear()
        for problem in self._problems:
            where = name_of(problem.step) if problem.step else ""
            item = QListWidgetItem(f"{where}: {problem.text}" if where else problem.text)
            item.setToolTip(f"<qt>{escape(item.text())}</qt>")
            item.setData(PROBLEM, problem)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _spoken(item.text(), problem))
            self.list.addItem(item)
        self.list.setCurrentRow(max(0, min(kept, len(problems) - 1)))
        said = counted(self._problems)
        self.head.setText(said)
        self.head.setAccessibleName(said)
        self._lay_out()
        self.setVisible(bool(problems))

    def fix_of(self, key: str) -> Problem | None:
        """Return the first problem of a step that can be mended, if it is still there."""
        found = (each for each in self._problems if each.step == key and each.fix is not None)
        return next(found, None) if self.is_current else None

    def grow(self, by: int) -> None:
        """Make the lines higher or lower; it stays so."""
        height = max(LEAST_HEIGHT, min(self.window().height() // 2, self.list.height() + by))
        self._preferences.put(HEIGHT, height)
        self._lay_out()

    def _mend(self, problem: Problem) -> None:
        if problem.fix is not None and self.is_current:
            self.fixed.emit(problem.fix)

    def _lay_out(self) -> None:
        shown = self.is_open
        usual = ROW * min(MOST_ROWS, max(1, len(self._problems))) + 4
        self.list.setFixedHeight(int(self._preferences.get(HEIGHT, usual)))
        self.list.setVisible(shown)
        self.grip.setVisible(shown)
        icon = "chevron-down" if shown else "chevron-right"
        self._sign.setPixmap(self._theme.pixmap(icon, "ink2", 16))
        self.head.setToolTip("Hide the lines" if shown else "Show the lines")


class Grip(QWidget):
    """The upper edge, by which the list is made higher."""

    def __init__(self, problems: ProblemList) -> None:
        super().__init__(problems)
        self._problems = problems
        self._held: float | None = None
        self.setFixedHeight(5)
        self.setCursor(Qt.CursorShape.SizeVerCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._held = event.globalPosition().y()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the hand."""
        if self._held is not None:
            at = event.globalPosition().y()
            self._problems.grow(round(self._held - at))
            self._held = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = None


def _spoken(text: str, problem: Problem) -> str:
    word = "Problem" if problem.severity == "error" else "Warning"
    return f"{word}: {text}" + (f" Can be put right: {problem.fix.label}." if problem.fix else "")


def counted(problems: list[Problem]) -> str:
    """Say how many problems there are, those that forbid publishing first."""
    errors = sum(problem.severity == "error" for problem in problems)
    others = len(problems) - errors
    said = [f"{errors} problem{'s' * (errors != 1)}"] if errors else []
    return ", ".join(said + ([f"{others} warning{'s' * (others != 1)}"] if others else []))
