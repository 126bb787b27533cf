"""The frame of setting a mailbox up: three pages, what goes on, and what can be done now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.errors import RallyError
from rally_desktop.ui.pages.mail_setup_proof import ProofPanel
from rally_desktop.ui.pages.mail_setup_servers import Servers
from rally_desktop.ui.pages.workflow_rows import named
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH, HEIGHT = 620, 520
ADDRESS, SERVERS, PROOF = range(3)


class SetupFrame(QDialog):
    """``first`` is the page one cannot go back from; ``works`` says how the proof ended."""

    def __init__(self, theme: Theme, parent: QWidget, first: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Connect a mailbox" if first == ADDRESS else "Sign in again")
        self.setFixedWidth(WIDTH)
        self.setMinimumHeight(HEIGHT)
        self.first, self.works, self.busy = first, False, False
        self.heading = PlainLabel("", "heading")
        self.address = QLineEdit(placeholderText="office@example.com")
        self.name = QLineEdit(placeholderText="What recipients read, such as Hill Dental")
        self.servers = Servers(theme)
        self.proof = ProofPanel(theme)
        self.line = PlainLabel("", "sub")
        self.line.setWordWrap(True)
        self.pages = QStackedWidget()
        self.back = button(theme, "Back")
        self.cancel = button(theme, "Cancel")
        self.anyway = button(theme, "Save all the same")
        self.go_on = button(theme, "Find servers", kind="primary")
        self.go_on.setDefault(True)
        self._build()
        self.back.clicked.connect(lambda: self.show_page(self.pages.currentIndex() - 1))
        self.cancel.clicked.connect(self.reject)
        self.address.textChanged.connect(self.offer)
        self.servers.changed.connect(self.offer)
        self.show_page(first)

    def show_page(self, page: int) -> None:
        """Show a page, the cursor where one begins to type."""
        self.pages.setCurrentIndex(page)
        address = self.address.text().strip()
        self.heading.setText(("Connect a mailbox", address, f"Trying {address}")[page])
        self.line.clear()
        self.line.set_tone("quiet")
        self.offer()
        (self.address.setFocus, self.servers.begin, self.go_on.setFocus)[page]()

    def offer(self) -> None:
        """Show what can be done now."""
        page = self.pages.currentIndex()
        words = ("Find servers", "Try it", "Finish" if self.works else "Try again")[page]
        self.go_on.setText(words)
        self.go_on.setAccessibleName(words)
        ready = ("@" in self.address.text(), self.servers.ready(), True)[page]
        self.go_on.setEnabled(ready and not self.busy)
        self.back.setVisible(page > self.first)
        self.back.setEnabled(not self.busy)
        self.anyway.setVisible(page == PROOF and not self.works and not self.busy)
        self.cancel.setText("Stop" if self.busy else "Cancel")
        self.servers.setEnabled(not self.busy)

    @contextmanager
    def doing(self, text: str) -> Iterator[None]:
        """Say what goes on while it lasts."""
        self.busy = True
        self.line.set_tone("quiet")
        self.line.setText(text)
        self.offer()
        try:
            yield
        finally:
            self.busy = False
            self.line.clear()
            self.offer()

    def say_wrong(self, error: RallyError) -> None:
        """Say what went wrong, and what to do."""
        self.line.set_tone("bad")
        self.line.setText(str(error))

    def _build(self) -> None:
        for field, words in ((self.address, "E-mail address"), (self.name, "Name")):
            field.setAccessibleName(words)
        first = QWidget()
        column = QVBoxLayout(first)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        helps = "Its servers are found by its domain. Nothing is sent before you say so."
        column.addWidget(named("E-mail address", self.address, helps))
        column.addWidget(named("Name", self.name))
        column.addStretch(1)
        for page in (first, self.servers, self.proof):
            self.pages.addWidget(page)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.back)
        foot.addStretch(1)
        for each in (self.cancel, self.anyway, self.go_on):
            foot.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(14)
        layout.addWidget(self.heading)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.line)
        layout.addLayout(foot)
