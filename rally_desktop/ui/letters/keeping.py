"""Keeps what is being written while it is written, so that no crash and no closing loses it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from rally_desktop.core.errors import Conflict
from rally_desktop.services import writing
from rally_desktop.services.writing import Draft
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later

KEEP_AFTER = 600  # milliseconds without a key


class Keeping(QObject):
    """Saves what ``read`` returns a moment after ``soon``; one saving after the other.

    As its window goes, whatever is typed is saved at once: the program may be ending.

    ``kept`` says that it is safe; ``clashed`` that another window has changed it.
    """

    kept = Signal()
    clashed = Signal()

    def __init__(self, desk: Desk, read: Callable[[], Draft], parent: QWidget) -> None:
        super().__init__(parent)
        parent.installEventFilter(self)
        self._desk, self._read = desk, read
        self.draft = read()
        self._saving = asyncio.Lock()
        self._timer = QTimer(self, singleShot=True, interval=KEEP_AFTER)
        self._timer.timeout.connect(self._keep)

    @property
    def pending(self) -> bool:
        """Say whether something is typed that is not safe yet."""
        return self._timer.isActive() or self._saving.locked()

    def is_safe(self) -> bool:
        """Say whether what stands there is what is kept."""
        same = replace(self._read(), updated_at=self.draft.updated_at)
        return bool(self.draft.id) and self._marked(same) == self.draft

    def soon(self) -> None:
        """Save once nobody types any more."""
        self._timer.start()

    async def now(self, *, anyway: bool = False) -> Draft:
        """Save at once; raise Conflict where another window has changed it."""
        self._timer.stop()
        async with self._saving:
            mine = self._marked(self._read())
            self.draft = await self._desk.background.write(writing.save, mine, anyway=anyway)
        self.kept.emit()
        return self.draft

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Wait no longer once the window goes."""
        if event.type() == QEvent.Type.Hide and self._timer.isActive():
            self._timer.stop()
            self._keep()
        return super().eventFilter(watched, event)

    def go_on_with(self, draft: Draft) -> None:
        """Take a draft as it is kept."""
        self._timer.stop()
        self.draft = draft

    async def throw_away(self) -> None:
        """Keep nothing of it."""
        self._timer.stop()
        async with self._saving:
            if self.draft.id:
                await self._desk.background.write(writing.discard, self.draft.id)
                self.draft = replace(self.draft, id=0, revision=0)

    @later
    async def _keep(self) -> None:
        try:
            await self.now()
        except Conflict:
            self.clashed.emit()

    def _marked(self, draft: Draft) -> Draft:
        return replace(draft, id=self.draft.id, revision=self.draft.revision)
