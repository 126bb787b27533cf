"""One part of the panel under a heading that folds; folded, it says in a line what is set."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from rally_desktop.engine.problems import Problem
from rally_desktop.ui.forms.problem_lines import ProblemLines
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel


class Fold(QWidget):
    """A heading, and a body below it while it is open; ``opened`` tells that it turned."""

    opened = Signal(bool)
    fixed = Signal(object)

    def __init__(self, theme: Theme, title: str, body: QWidget, icon: str = "") -> None:
        super().__init__()
        self.head = _Head(theme, title, icon)
        self.problems = ProblemLines()
        self.body = body
        self._row = QHBoxLayout()
        self._row.setSpacing(4)
        self._row.addWidget(self.head, 1)
        self._inner = QVBoxLayout()
        self._inner.setSpacing(12)
        self._inner.addWidget(self.problems)
        self._inner.addWidget(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row)
        column.addLayout(self._inner)
        self.head.toggled.connect(self._turn)
        self.problems.fixed.connect(self.fixed)
        self._turn(False)

    def is_open(self) -> bool:
        """Say whether the body is shown."""
        return self.head.isChecked()

    def open(self, open_: bool = True) -> None:
        """Show the body, or only the heading."""
        self.head.setChecked(open_)

    def say(self, summary: str) -> None:
        """Say in a line what is set here."""
        self.head.say(summary)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong here, and mark the heading."""
        self.problems.show_problems(problems)
        self.problems.setVisible(self.is_open() and bool(problems))
        self.head.mark(problems)

    def lock(self, locked: bool) -> None:
        """Let nothing in it be edited, or everything again."""
        self.body.setEnabled(not locked)
        self.problems.setEnabled(not locked)

    def put_beside(self, widget: QWidget) -> None:
        """Put a button to the right of the heading."""
        self._row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def _turn(self, open_: bool) -> None:
        self._inner.setContentsMargins(0, 8 if open_ else 0, 0, 8 if open_ else 0)
        self.body.setVisible(open_)
        self.problems.setVisible(open_ and self.problems.count() > 0)
        self.head.turn(open_)
        self.opened.emit(open_)


class _Head(QPushButton):
    """The heading: a click, Space, Enter or the arrows to the right and left turn it."""

    def __init__(self, theme: Theme, title: str, icon: str) -> None:
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setProperty("kind", "fold")
        self.setAccessibleName(title)
        self._arrow, self._badge = PlainLabel(), PlainLabel()
        self._title = ShortLabel(title, "strong")
        self._line = ShortLabel("", "sub")
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._line)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 7, 6, 7)
        row.setSpacing(8)
        row.addWidget(self._arrow)
        if icon:
            picture = PlainLabel()
            picture.setPixmap(theme.pixmap(icon, "trigger", 18))
            row.addWidget(picture)
        row.addLayout(words, 1)
        row.addWidget(self._badge)
        for label in self.findChildren(PlainLabel):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.hide()

    def turn(self, open_: bool) -> None:
        """Show whether the body is open."""
        name = "chevron-down" if open_ else "chevron-right"
        self._arrow.setPixmap(self._theme.pixmap(name, "ink2", 16))
        self._line.setVisible(not open_ and bool(self._line.whole()))

    def say(self, summary: str) -> None:
        """Say in a line what is set."""
        self._line.setText(summary)
        self._line.setVisible(not self.isChecked() and bool(summary))
        self.setAccessibleDescription(summary)

    def mark(self, problems: Sequence[Problem]) -> None:
        """Show that something is wrong in the part."""
        self._badge.setVisible(bool(problems))
        if problems:
            error = problems[0].severity == "error"
            icon = "circle-alert" if error else "triangle-alert"
            self._badge.setPixmap(self._theme.pixmap(icon, "bad" if error else "warn", 16))
            self._badge.setToolTip(problems[0].text)
            self._badge.setAccessibleName(problems[0].text)

    def sizeHint(self) -> QSize:
        """Return the room of the words, whatever the style makes of buttons."""
        return self.layout().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return the height of the words; the width may shrink."""
        return QSize(0, self.layout().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn it with Enter, open it with the right arrow, fold it with the left."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.setChecked(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)
