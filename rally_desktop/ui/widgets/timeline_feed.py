"""What feeds a timeline: reads the stretch one looks at, and follows what happens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from rally_desktop.model.ref import Ref
from rally_desktop.services import timeline
from rally_desktop.services.timeline import BEGINNING, Line, Place
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.timeline_model import MOST
from rally_desktop.ui.widgets.timeline_view import TimelineView

AT_ONCE = 60
_SHOWN = frozenset({"activity", "note", "contact_address", "mail_seen"})


class Asked(NamedTuple):
    """Whose timeline, what it is narrowed to, and whether conversations are folded."""

    ref: Ref | None = None
    groups: tuple[str, ...] = ()
    text: str = ""
    folded: bool = True


class TimelineFeed(QObject):
    """Keeps a stretch of lines in a view; ``filled`` says that it has been read."""

    filled = Signal()

    def __init__(self, desk: Desk, view: TimelineView) -> None:
        super().__init__(view)
        self._desk, self._view = desk, view
        self.asked = Asked()
        self._at_top = self._at_end = True
        self._reading = False
        self._following = self._missed = False
        view.near_end.connect(self._read_older)
        view.near_top.connect(self._read_newer)
        view.top_wanted.connect(lambda: self._begin(self.asked))
        view.end_wanted.connect(lambda: self._end(self.asked))
        desk.background.changed.connect(self._hear)

    def ask(self, asked: Asked) -> None:
        """Show another timeline, or another part of it; the same again stays as it is."""
        if asked != self.asked:
            self.asked = asked
            self._begin(asked)

    def ask_at(self, asked: Asked, number: int) -> None:
        """Show the part of a timeline where a line is, with the cursor on it."""
        self.asked = asked
        self._begin_at(asked, number)

    def follow(self, on: bool) -> None:
        """Follow what happens while somebody can see it, and catch up with what was missed."""
        self._following = on
        if on and self._missed:
            self.refresh()

    @later
    async def _begin(self, asked: Asked) -> None:
        """Show the newest lines."""
        found = await self._read(asked)
        if asked == self.asked:
            self._at_top, self._at_end = True, len(found) < AT_ONCE
            self._view.lines.show(found)
            self._view.scrollToTop()
            self._view.setCurrentIndex(self._view.lines.index(0))
            self.filled.emit()

    @later
    async def _begin_at(self, asked: Asked, number: int) -> None:
        """Show a line with those around it; one that is gone leaves the newest."""
        line = await self._one(asked, number)
        if line is None:
            self._begin(asked)
            return
        newer = await self._read(asked, after=line.place)
        older = await self._read(asked, before=line.place)
        if asked != self.asked:
            return
        self._at_top, self._at_end = len(newer) < AT_ONCE, len(older) < AT_ONCE
        self._view.lines.show([*newer, line, *older])
        self._view.point_at(number)
        self.filled.emit()

    @later
    async def _end(self, asked: Asked) -> None:
        """Show the oldest lines."""
        found = await self._read(asked, after=BEGINNING)
        if asked == self.asked:
            self._at_top, self._at_end = len(found) < AT_ONCE, True
            self._view.lines.show(found)
            self._view.scrollToBottom()
            self._view.setCurrentIndex(self._view.lines.index(len(found) - 1))
            self.filled.emit()

    @later
    async def _read_older(self) -> None:
        asked, lines = self.asked, self._view.lines.lines
        if self._at_end or self._reading or not lines:
            return
        edge = lines[-1].place
        found = await self._next(asked, before=edge)
        if asked == self.asked and lines and lines[-1].place == edge:
            self._at_end = len(found) < AT_ONCE
            with self._view.keeping_place(newest=self._at_top):
                self._at_top = not self._view.lines.add_older(found) and self._at_top

    @later
    async def _read_newer(self) -> None:
        asked, lines = self.asked, self._view.lines.lines
        if self._at_top or self._reading or not lines:
            return
        edge = lines[0].place
        found = await self._next(asked, after=edge)
        if asked == self.asked and lines and lines[0].place == edge:
            with self._view.keeping_place(newest=False):
                self._at_end = not self._view.lines.add_newer(found) and self._at_end
            self._at_top = len(found) < AT_ONCE

    async def _next(self, asked: Asked, **edge: Any) -> Sequence[Line]:
        self._reading = True
        try:
            return await self._read(asked, **edge)
        finally:
            self._reading = False

    @later
    @newest
    async def refresh(self) -> None:
        """Read the stretch anew: what happened appears, and what one reads stays in place."""
        self._missed = False
        asked, lines = self.asked, self._view.lines.lines
        edge: dict[str, Any] = (
            {} if self._at_top or not lines else {"before": _just_above(lines[0])}
        )
        wanted = max(AT_ONCE, len(lines)) + (0 if edge else AT_ONCE)
        found = await self._read(asked, limit=min(MOST, wanted), **edge)
        if lines is not self._view.lines.lines:
            self.refresh()  # another stretch was shown meanwhile, perhaps read before the news
        elif asked == self.asked:
            self._at_end = len(found) < min(MOST, wanted)
            with self._view.keeping_place(newest=self._at_top):
                self._view.lines.become(found)
            self.filled.emit()

    async def _read(self, asked: Asked, limit: int = AT_ONCE, **edge: Any) -> Sequence[Line]:
        if asked.ref is None:
            return ()
        how: dict[str, Any] = {"groups": asked.groups, "text": asked.text, "limit": limit}
        how |= {"folded": asked.folded and not asked.text, **edge}
        return await self._desk.background.read(timeline.lines, asked.ref, **how)

    async def _one(self, asked: Asked, number: int) -> Line | None:
        if asked.ref is None:
            return None
        return await self._desk.background.read(timeline.one, asked.ref, number)

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & _SHOWN and self.asked.ref is not None:
            self._missed = True
            self.follow(self._following)


def _just_above(line: Line) -> Place:
    """Return the place above which nothing is older than a line, and below which it is itself."""
    return Place(line.at, line.id + 1)
