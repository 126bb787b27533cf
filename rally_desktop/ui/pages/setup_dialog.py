"""The frame of setting an account up: pages, what goes on, and what can be done now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.outside.secrets import Keyring, Vault
from rally_desktop.services.mail_accounts import Account
from rally_desktop.ui.aside import Aside
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH = 620


class SetupDialog(QDialog):
    """``connected`` brings the number of the account once it is kept.

    An ``account`` that is there already is set up anew, from the second page on. On the last
    page all of it is tried; ``works`` says that it went well.
    """

    connected = Signal(int)
    titles: ClassVar[tuple[str, str]]  # of a new account; of one that is there already
    untried: ClassVar[str]  # what keeps it although it was not tried, or did not work

    def __init__(
        self, desk: Desk, parent: QWidget, account: Account | None, vault: Vault | None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self.account, self.vault = desk, account, vault or Vault(Keyring())
        self.first, self.works, self.busy = 0 if account is None else 1, False, False
        self.aside = Aside()
        self.setWindowTitle(self.titles[self.first])
        self.setFixedWidth(WIDTH)
        self.heading = PlainLabel("", "heading")
        self.line = PlainLabel("", "sub")
        self.line.setWordWrap(True)
        self.pages = QStackedWidget()
        self.back = button(desk.theme, "Back")
        self.cancel = button(desk.theme, "Cancel")
        self.anyway = button(desk.theme, self.untried)
        self.go_on = button(desk.theme, "Next", kind="primary")
        self.go_on.setDefault(True)
        self.back.clicked.connect(lambda: self.show_page(self.pages.currentIndex() - 1))
        self.cancel.clicked.connect(self.reject)
        self.anyway.clicked.connect(lambda: self.keep())
        self.go_on.clicked.connect(lambda: self.press(self.pages.currentIndex()))

    # -- what a kind of account says -----------------------------------------------------

    def headed(self, page: int) -> str:
        """Return the heading of a page."""
        raise NotImplementedError

    def ahead(self, page: int) -> tuple[str, bool]:
        """Return what going on from a page is called, and whether that can be done."""
        raise NotImplementedError

    def press(self, page: int) -> None:
        """Go on from a page."""
        raise NotImplementedError

    async def store(self) -> int:
        """Write the account and return its number."""
        raise NotImplementedError

    # -- what is the same for all --------------------------------------------------------

    def show_page(self, page: int) -> None:
        """Show a page."""
        self.pages.setCurrentIndex(page)
        self.heading.setText(self.headed(page))
        self.say("", "quiet")
        self.offer()

    def offer(self) -> None:
        """Show what can be done now."""
        page = self.pages.currentIndex()
        words, ready = self.ahead(page)
        self.go_on.setText(words)
        self.go_on.setAccessibleName(words)
        self.go_on.setEnabled(ready and not self.busy)
        self.back.setVisible(page > self.first)
        self.back.setEnabled(not self.busy)
        last = page == self.pages.count() - 1
        self.anyway.setVisible(last and not self.works and not self.busy)
        self.cancel.setText("Stop" if self.busy else "Cancel")

    @contextmanager
    def doing(self, text: str) -> Iterator[None]:
        """Say what goes on while it lasts."""
        self.busy = True
        self.say(text, "quiet")
        self.offer()
        try:
            yield
        finally:
            waited = self.cancel.hasFocus()
            self.busy = False
            self.say("", "quiet")
            self.offer()
            if waited:  # while going on could not be pressed; Enter must not give all of it up
                self.go_on.setFocus()

    def say(self, text: str, tone: str) -> None:
        """Say something below the page."""
        self.line.setText(text)
        self.line.set_tone(tone)

    def say_wrong(self, error: RallyError) -> None:
        """Say what went wrong, and what to do."""
        self.say(str(error), "bad")

    @later
    async def keep(self) -> None:
        """Keep the account as it was typed."""
        if self.busy:
            return
        try:
            number = await self.store()
        except RallyError as error:
            self.say_wrong(error)
            return
        self.connected.emit(number)
        self.accept()

    def reject(self) -> None:
        """Call off what goes on; once nothing does, close."""
        if self.busy:
            self.aside.stop()
        else:
            super().reject()

    def show_error(self, error: Exception) -> None:
        """Say what went wrong."""
        self.desk.notices.show_error(error)

    def lay_out(self, *pages: QWidget) -> None:
        """Put the pages in place."""
        for one in pages:
            self.pages.addWidget(one)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.back)
        foot.addStretch(1)
        for each in (self.cancel, self.anyway, self.go_on):
            foot.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(14)
        column.addWidget(self.heading)
        column.addWidget(self.pages, 1)
        column.addWidget(self.line)
        column.addLayout(foot)
