"""Two people and one draft: who edits it, who looks on, and how it passes to another."""

from __future__ import annotations

import asyncio
import getpass
import os
import platform
import uuid
from functools import cache

from PySide6.QtCore import QObject, QTimer, Signal

from rally_desktop.core.errors import RallyError
from rally_desktop.services import drafts
from rally_desktop.services.drafts import Holder, Page, Standing
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.workflow_conflict import Conflicts
from rally_desktop.ui.pages.workflow_keeping import Keeping
from rally_desktop.ui.widgets.strip import Strip

RENEW_EVERY = 20_000  # milliseconds, while one edits
LOOK_EVERY = 3_000  # while one looks on
LOOK_SOON = 250  # after something was heard of in this program
HEARD = frozenset({"workflow", "draft_seat"})


class Sharing(QObject):
    """Holds the seat of the page, or shows who holds it and what they save."""

    seated = Signal()

    def __init__(self, keeping: Keeping, conflicts: Conflicts) -> None:
        super().__init__(keeping)
        self._keeping, self._conflicts, self._desk = keeping, conflicts, keeping.desk
        self.holder: Holder | None = None
        self.strip = Strip(self._desk.theme, "users", "accent")
        self._turn = asyncio.Lock()
        self._beat = QTimer(self)
        self._due = True  # the seat is to be taken or renewed
        self._soon = QTimer(self, singleShot=True, interval=LOOK_SOON)
        self._beat.timeout.connect(self.renew)
        self._soon.timeout.connect(self.look)
        self._desk.background.changed.connect(self._heard)

    def show_error(self, error: Exception) -> None:
        """Say nothing of a failed look: saving tells of the same trouble, and it looks again."""
        if not isinstance(error, RallyError):
            self._desk.notices.show_error(error)

    def begin(self, standing: Standing) -> None:
        """Take the seat, or look on where somebody else has it."""
        self._set(standing.holder)
        self.look()
        if standing.holder is None:
            self.seated.emit()

    @later
    @newest
    async def look(self) -> None:
        """See how the draft stands; take a seat that has come free, renew one that is due."""
        number, me = self._keeping.workflow_id, self._keeping.me
        background = self._desk.background
        async with self._turn:
            if self._keeping.left or not self._beat.isActive():
                return
            standing = await background.read(drafts.look, number, me)
            if standing.holder is None and (self._due or self.holder is not None):
                standing = await background.write(drafts.sit, number, me)
                self._due = False
            await self._hear(standing)

    def renew(self) -> None:
        """Look, and renew the seat in any case."""
        self._due = True
        self.look()

    @later
    async def edit_anyway(self) -> None:
        """Take the seat from whoever has it, with the draft as it is saved at this moment."""
        number, me = self._keeping.workflow_id, self._keeping.me
        async with self._turn:
            await self._desk.background.write(drafts.sit, number, me, anyway=True)
            self._keeping.show(await self._keeping.read())
            self._set(None)
        self.seated.emit()

    def wake(self) -> None:
        """Go on after the page was hidden with its window."""
        self._set(self.holder)
        self.renew()

    def rest(self) -> None:
        """Look no more, and let the seat run out."""
        self._beat.stop()

    async def get_up(self) -> None:
        """Leave the seat to the next."""
        self.rest()
        if self.holder is None:
            number, me = self._keeping.workflow_id, self._keeping.me
            await self._desk.background.write(drafts.get_up, number, me)

    async def _hear(self, standing: Standing) -> None:
        """Take in how the draft stands."""
        before, now = self.holder, standing.holder
        self._set(now)
        if now is not None and (before is None or self._keeping.unsaved):
            await self._conflicts.give_way(now)
        if standing.revision != self._keeping.revision and not standing.by_me:
            await self._conflicts.catch_up(standing, looking_on=before is not None)
        if now is None and before is not None:
            if not before.here:  # the page that one just closed oneself is no news
                self._desk.notices.tell(f"{before.who} has left. You can edit now.", "ok")
            self.seated.emit()

    def _set(self, holder: Holder | None) -> None:
        every = RENEW_EVERY if holder is None else LOOK_EVERY
        if not self._beat.isActive() or self._beat.interval() != every:
            self._beat.start(every)  # else it goes on: whoever hears much must renew in time, too
        if holder == self.holder:
            return
        self.holder = holder
        if holder is None:
            self._keeping.draft.lock("")
            self.strip.hide()
            return
        self._keeping.draft.lock(f"{holder.who} is editing this workflow. You can look at it.")
        self.strip.say(self._told(holder), ("Edit anyway", self.edit_anyway))

    def _told(self, holder: Holder) -> str:
        since = f"{holder.since.astimezone():%H:%M}"
        if holder.since.astimezone().date() != self._desk.clock.now().astimezone().date():
            since = f"{holder.since.astimezone():%A, %H:%M}"
        if holder.here:
            return (
                f"This workflow has been open in another window on this computer since {since}. "
                "You can look at it here; it updates as it is saved there."
            )
        return (
            f"{holder.who} has been editing this since {since} on {holder.computer}. "
            f"You can look at it; it updates as {holder.who} saves."
        )

    def _heard(self, touched: frozenset[str]) -> None:
        if touched & HEARD and not self._soon.isActive() and self._beat.isActive():
            self._soon.start()


def this_page() -> Page:
    """Return a new page of this program, as other computers are to know it."""
    return Page(uuid.uuid4().hex, _person(), platform.node() or "this computer", os.getpid())


@cache
def _person() -> str:
    try:
        return getpass.getuser().strip() or "Somebody"
    except (KeyError, OSError, ImportError):
        return "Somebody"
