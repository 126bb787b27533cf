"""Asking for a password: the one that a workflow has, or a new one, twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.ui.later import later
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH = 420
DIFFERENT = "The two are not the same yet."
# Does what the password is for; returns why it could not, or nothing.
Use = Callable[[str], Awaitable[str]]


class PasswordDialog(QDialog):
    """Asks until what the password is for was done, or somebody thinks better of it."""

    def __init__(
        self, theme: Theme, title: str, words: str, does: str, use: Use, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setFixedWidth(WIDTH)
        self._use = use
        heading, told = PlainLabel(title, "title"), PlainLabel(words, "sub")
        told.setWordWrap(True)
        self.password = _line("Password")
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.wrong.hide()
        self.cancel = button(theme, "Cancel")
        self.go = button(theme, does, "", "primary")
        self.go.setDefault(True)
        self._fields = QVBoxLayout()
        self._fields.setSpacing(8)
        self._fields.addWidget(self.password)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 18)
        column.setSpacing(12)
        for part in (heading, told):
            column.addWidget(part)
        column.addLayout(self._fields)
        column.addWidget(self.wrong)
        column.addLayout(foot)
        self.cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self.try_it)
        self.password.textChanged.connect(lambda _: self._look())
        self._look()

    @later
    async def try_it(self) -> None:
        """Use the password; what is wrong with it is told here."""
        self.go.setEnabled(False)
        self.go.setText("Checking …")
        try:
            wrong = await self._use(self.password.text())
        except RallyError as error:
            wrong = str(error)
        if not wrong:
            self.accept()
            return
        self.go.setText(self.go.accessibleName())
        self.tell(wrong)
        self.password.selectAll()
        self.password.setFocus()
        self._look()

    def ready(self) -> bool:
        """Say whether there is something to try."""
        return bool(self.password.text())

    def tell(self, wrong: str) -> None:
        """Say what is wrong, or nothing, and make room for it."""
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))
        self.adjustSize()

    def _look(self) -> None:
        self.go.setEnabled(self.ready())


class NewPasswordDialog(PasswordDialog):
    """Asks for a new password, and for the same one again."""

    def __init__(self, theme: Theme, title: str, words: str, use: Use, parent: QWidget) -> None:
        self.again = _line("The same again")
        super().__init__(theme, title, words, "Set password", use, parent)
        self._fields.addWidget(self.again)
        self.again.textChanged.connect(lambda _: self._look())

    def ready(self) -> bool:
        """Say whether both are the same."""
        same = self.password.text() == self.again.text()
        if self.again.text() and not same:
            self.tell(DIFFERENT)
        elif self.wrong.text() == DIFFERENT:
            self.tell("")
        return bool(self.password.text()) and same


def _line(says: str) -> QLineEdit:
    line = QLineEdit(placeholderText=says)
    line.setEchoMode(QLineEdit.EchoMode.Password)
    line.setAccessibleName(says)
    line.setMaxLength(200)
    return line
