"""A small window that asks for one name, and says in place why a name was not taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.ui.later import later
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel


class NameDialog(QDialog):
    """Hands the name to ``take``; what that refuses is said below the box."""

    def __init__(
        self, theme: Theme, parent: QWidget, title: str, does: str,
        take: Callable[[str], Awaitable[None]],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(400)
        self._take = take
        self.box = QLineEdit()
        self.box.setAccessibleName("Name")
        self.problem = PlainLabel(role="sub")
        self.problem.set_tone("bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.save_button = button(theme, does, kind="primary")
        self.save_button.setDefault(True)
        cancel = button(theme, "Cancel")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.save_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(PlainLabel(title, role="title"))
        layout.addSpacing(4)
        label = PlainLabel("Name", role="sub")
        label.setBuddy(self.box)
        layout.addWidget(label)
        layout.addWidget(self.box)
        layout.addWidget(self.problem)
        layout.addSpacing(8)
        layout.addLayout(foot)
        cancel.clicked.connect(self.reject)
        self.save_button.clicked.connect(self._press)
        self.box.textChanged.connect(self.problem.hide)

    def ask(self, name: str = "") -> None:
        """Show the window with a name to begin with."""
        self.box.setText(name)
        self.box.selectAll()
        self.open()
        self.box.setFocus()

    @later
    async def _press(self) -> None:
        self.save_button.setEnabled(False)
        try:
            await self._take(self.box.text())
        except RallyError as error:
            self.problem.setText(str(error))
            self.problem.show()
            self.box.setFocus()
            return
        finally:
            self.save_button.setEnabled(True)
        self.accept()
