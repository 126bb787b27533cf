"""Looks out for what waits for somebody's word, wherever in the program they are."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from rally_desktop.services import asked, mail_accounts, safeguards
from rally_desktop.services.asked import Asked, Paused
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.banner import Banner

SHOWS = frozenset({"setting", "mail_account", "mailbox"})


class Lookout(QObject):
    """Shows the banner while all sending is stopped, and tells once of whatever is new."""

    def __init__(self, desk: Desk, banner: Banner) -> None:
        super().__init__(desk)
        self._desk, self._banner = desk, banner
        self._known = Asked()
        banner.resumed.connect(lambda: self.resume())
        desk.background.changed.connect(self._hear)
        self.look()

    @later
    @newest
    async def look(self) -> None:
        """See what waits now."""
        self._see(await self._desk.background.read(asked.now))

    @later
    @newest
    async def look_for_doubts(self) -> None:
        """See whether a message has come into doubt: all that sending itself can bring."""
        doubts = await self._desk.background.read(asked.doubts)
        self._see(replace(self._known, doubts=doubts))

    @later
    async def resume(self) -> None:
        """Let messages go out again once somebody said so twice."""
        question = "Let messages go out again?"
        what = "Everything that came due meanwhile is sent, as far as the safeguards let it."
        if await ask(self._banner, question, what, "Let them go"):
            await self._desk.background.write(safeguards.stop_sending, stopped=False)

    @later
    async def let_send(self, account: Paused) -> None:
        """Let a paused account send again."""
        await self._desk.background.write(mail_accounts.resume, account.id)
        self._desk.notices.tell(f"{account.address} sends again.", "ok")

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    def _see(self, found: Asked) -> None:
        known, self._known = self._known, found
        self._banner.setVisible(found.stopped)
        self._tell_new(known)

    def _tell_new(self, known: Asked) -> None:
        """Tell what was not there at the last look."""
        tell, go = self._desk.notices.tell, self._desk.go
        for account in self._known.accounts:
            if account not in known.accounts:
                text = f"{account.address} is paused. {account.why}"
                tell(text, "bad", ("Resume", lambda account=account: self.let_send(account)))
        heard = {one.id for one in known.unread}
        for account in self._known.unread:
            if account.id not in heard:
                text = f"The mail of {account.address} cannot be read. {account.why}"
                tell(text, "bad", ("Look", lambda: go("settings", "Mail")))
        before = {one.workflow_id for one in known.questions}
        for one in self._known.questions:
            if one.workflow_id not in before:
                text = f"‘{one.workflow}’ asks before it goes on."
                tell(text, "warn", ("Look", lambda: go("settings", "Safeguards")))
        if self._known.doubts > known.doubts:
            text = "Nobody can tell whether a message was sent: the server's answer was lost."
            tell(text, "warn", ("Look", lambda: go("runs", "doubt")))

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & SHOWS:
            self.look()
        elif "outbox" in tables:
            self.look_for_doubts()
