"""The password of a workflow on its page: asked for before anything can be changed."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rally_desktop.canvas.draft import Draft
from rally_desktop.services import protection
from rally_desktop.services.protection import Guarded
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.password_dialog import NewPasswordDialog, PasswordDialog
from rally_desktop.ui.widgets.strip import Strip

BY = "password"
LOOK_EVERY = 10_000
# The screen asks a little before the office does, so that no change is refused half-way.
SPARE = timedelta(seconds=30)
LOCKED = "This workflow is protected by a password. You can look at it."
ASKED = "Looking, stopping and pausing need no password."
FORGOTTEN = (
    "Editing, publishing, deleting and exporting it will ask for the password. Nobody can tell it "
    "to you again: keep it where you will find it."
)


class Guard(QObject):
    """Knows how a workflow is protected; ``changed`` tells that it is protected otherwise now."""

    changed = Signal()

    def __init__(
        self, page: QWidget, desk: Desk, draft: Draft, workflow_id: int, above: QVBoxLayout
    ) -> None:
        super().__init__(page)
        self._page, self._desk, self._draft = page, desk, draft
        self.workflow_id = workflow_id
        self.state = Guarded()
        self._asking = False
        self.strip = Strip(desk.theme, "lock", "accent")
        above.addWidget(self.strip)
        self._beat = QTimer(self, interval=LOOK_EVERY)
        self._beat.timeout.connect(self.look)
        desk.background.changed.connect(self._hear)
        draft.refused.connect(self._refused)
        self.look()

    @later
    @newest
    async def look(self) -> None:
        """See whether it is protected, and whether it was opened here."""
        read = self._desk.background.read
        self._show(await read(protection.of, self.workflow_id, SPARE))

    def ask(self) -> None:
        """Ask for the password, and open the workflow with it."""
        if self._asking:
            return
        theme, title = self._desk.theme, "Enter the password"
        dialog = PasswordDialog(theme, title, ASKED, "Open", self._unlock, self._page)
        dialog.finished.connect(self._asked)
        self._asking = True
        dialog.open()

    def ask_new(self) -> None:
        """Ask for a first or another password."""
        title = "Change the password" if self.state.protected else "Set a password"
        NewPasswordDialog(self._desk.theme, title, FORGOTTEN, self._protect, self._page).open()

    @later
    async def take_away(self) -> None:
        """Let everybody change it again."""
        await self._desk.background.write(protection.unprotect, self.workflow_id)
        self.look()

    @later
    async def lock_again(self) -> None:
        """Ask for the password before the next change."""
        await self._desk.background.read(protection.lock, self.workflow_id)
        self.look()

    async def _unlock(self, password: str) -> str:
        tried = await self._desk.background.write(protection.unlock, self.workflow_id, password)
        self.look()
        return tried.said(self._desk.clock.now())

    async def _protect(self, password: str) -> str:
        await self._desk.background.write(protection.protect, self.workflow_id, password)
        self.look()
        return ""

    def _asked(self) -> None:
        self._asking = False

    def _refused(self, why: str) -> None:
        """Ask as soon as somebody tries to change something."""
        if why == LOCKED:
            self.ask()

    def _show(self, state: Guarded) -> None:
        before, self.state = self.state, state
        if state.protected:
            self._beat.start()
        else:
            self._beat.stop()
        if state == before:
            return
        if state.open:
            self._draft.lock("", BY)
            self.strip.hide()
        else:
            self._draft.lock(LOCKED, BY)
            self.strip.say(LOCKED, ("Enter password …", self.ask))
        self.changed.emit()

    def _hear(self, touched: frozenset[str]) -> None:
        if "setting" in touched:
            self.look()
