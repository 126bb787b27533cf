"""A new API key: what it is for and what it may; then the key itself, this once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.errors import BadSettings, RallyError
from rally_desktop.model.work import Work
from rally_desktop.services import api_keys
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH = 620
WHAT = (
    "Give each program a key of its own, so that you can revoke one without the others. Whoever "
    "has it can enrol your contacts in sequences, and is told who is known and who may not enter, "
    "but nothing else of them."
)
ONCE = (
    "Copy it into the program now. It is shown this once and cannot be looked up again; if it gets "
    "lost, revoke it and make another one."
)


class KeyDialog(QDialog):
    """Makes one key and shows it until the window is closed."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("New API key")
        self.setFixedWidth(WIDTH)
        self._desk = desk
        self.heading = PlainLabel("New API key", "title")
        self.name = QLineEdit(placeholderText="Online shop", maxLength=api_keys.LONGEST)
        self.name.setAccessibleName("Name")
        self.adds = QCheckBox("It may add contacts that are not there yet")
        self.problem = _words("")
        self.problem.set_tone("bad")
        self.problem.hide()
        self.cancel = button(desk.theme, "Cancel")
        self.make = button(desk.theme, "Make the key", "", "primary")
        self.make.setDefault(True)
        self.key = QLineEdit(readOnly=True)
        self.key.setAccessibleName("API key")
        self.key.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy = button(desk.theme, "Copy", "copy", "primary")
        self.ready = button(desk.theme, "Done")
        self._stages = QStackedLayout()
        self._build()
        self.name.textChanged.connect(lambda _: self._look())
        self.cancel.clicked.connect(self.reject)
        self.make.clicked.connect(lambda: self.keep())
        self.copy.clicked.connect(self._copy)
        self.ready.clicked.connect(self.accept)
        self._look()

    @later
    async def keep(self) -> None:
        """Make the key and show it; what is wrong with its name is told here."""
        self.make.setEnabled(False)
        name = self.name.text()
        try:
            key = await self._desk.background.write(_make, name, self.adds.isChecked())
        except BadSettings as error:
            self._say(f"The name {error.problems['Name']}.")
        except RallyError as error:
            self._say(str(error))
        else:
            self.show_key(" ".join(name.split()), key)

    def show_key(self, name: str, key: str) -> None:
        """Show a key that was made."""
        self.heading.setText(f"The key of ‘{name}’")
        self.key.setText(key)
        self.key.setCursorPosition(0)
        self._stages.setCurrentIndex(1)
        self.copy.setFocus()

    def show_error(self, error: Exception) -> None:
        """Say in place what went wrong."""
        self._say(str(error))

    def _say(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.show()
        self.make.setEnabled(True)
        self.name.setFocus()

    def _look(self) -> None:
        self.problem.hide()
        self.make.setEnabled(bool(self.name.text().strip()))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.key.text())
        self.key.selectAll()
        self.copy.setText(" Copied")

    def _build(self) -> None:
        label = PlainLabel("Name", "sub")
        label.setBuddy(self.name)
        asked, shown = QWidget(), QWidget()
        first, second = _column(asked), _column(shown)
        for part in (_words(WHAT), label, self.name, self.adds, self.problem):
            first.addWidget(part)
        first.addStretch(1)
        first.addLayout(_foot(self.cancel, self.make))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.key, 1)
        line.addWidget(self.copy)
        second.addWidget(_words(ONCE))
        second.addLayout(line)
        second.addStretch(1)
        second.addLayout(_foot(self.ready))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(self.heading)
        column.addLayout(self._stages)
        for part in (asked, shown):
            self._stages.addWidget(part)


def _column(part: QWidget) -> QVBoxLayout:
    made = QVBoxLayout(part)
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(8)
    return made


def _foot(*buttons: QWidget) -> QHBoxLayout:
    made = QHBoxLayout()
    made.setContentsMargins(0, 8, 0, 0)
    made.setSpacing(8)
    made.addStretch(1)
    for each in buttons:
        made.addWidget(each)
    return made


def _words(text: str) -> PlainLabel:
    made = PlainLabel(text, "sub")
    made.setWordWrap(True)
    return made


def _make(work: Work, name: str, adds: bool) -> str:
    return api_keys.make(work, name, adds=adds)
