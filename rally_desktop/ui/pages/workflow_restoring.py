"""Offers what a program that ended too early had not saved."""

from __future__ import annotations

import asyncio
from datetime import datetime

from PySide6.QtCore import QObject

from rally_desktop.model.graph import Graph
from rally_desktop.outside.unsaved import Unsaved
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.workflow_keeping import Keeping
from rally_desktop.ui.widgets.strip import Strip


class Restoring(QObject):
    """Looks for files that hold more than the database, and offers the newest."""

    def __init__(self, keeping: Keeping) -> None:
        super().__init__(keeping)
        self._keeping, self._desk = keeping, keeping.desk
        self.strip = Strip(self._desk.theme, "history", "warn")

    @later
    @newest
    async def look(self) -> None:
        """Offer the newest of what was left; what the database has by now is cleared away."""
        for found in await asyncio.to_thread(self._keeping.files.left, self._keeping.me.key):
            if self._is_stored(found):
                self._keeping.files.remove(found.page)
            else:
                self._offer(found)
                return
        self.strip.hide()

    def _is_stored(self, found: Unsaved) -> bool:
        page, _, change = self._keeping.mark.rpartition(":")
        if page == found.page and int(change) >= found.change:
            return True
        return found.document == self._keeping.draft.own.dump()

    def _offer(self, found: Unsaved) -> None:
        when = self._when(found.at)
        self.strip.say(
            "Rally Desktop ended before everything was saved here.",
            (f"Restore what was not saved at {when}", lambda: self.restore(found)),
            ("Discard", lambda: self.discard(found)),
        )

    def _when(self, at: datetime) -> str:
        local, today = at.astimezone(), self._desk.clock.now().astimezone().date()
        day = "" if local.date() == today else f" on {local.day} {local:%B}"
        return f"{local:%H:%M}{day}"

    @later
    async def restore(self, found: Unsaved) -> None:
        """Take over what was not saved, as a change that can be undone.

        It is in this page's own file from then on, until it is saved.
        """
        graph = await asyncio.to_thread(Graph.load, found.document)
        draft = self._keeping.draft
        if draft.locked:
            self._desk.notices.tell(draft.locked, "warn")
            return
        draft.seal()
        draft.edit(f"Restore what was not saved at {self._when(found.at)}", graph)
        self._keeping.due.emit()
        self.discard(found)

    def discard(self, found: Unsaved) -> None:
        """Forget it, and offer the next."""
        self._keeping.files.remove(found.page)
        self.look()
