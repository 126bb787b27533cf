"""The published versions of a workflow on the canvas, to be read and not to be changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel

from rally_desktop.services import versions
from rally_desktop.services.versions import VersionRow
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_page import CanvasPage
from rally_desktop.ui.pages.workflow_view import Bar, CanvasView
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel


class Padlock(QFrame):
    """Says that what is shown cannot be changed."""

    def __init__(self, theme: Theme, says: str = "Read-only") -> None:
        super().__init__()
        self.setProperty("chip", True)
        self._theme = theme
        self._sign = QLabel()
        self.words = PlainLabel(says, "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 2, 10, 2)
        row.setSpacing(6)
        row.addWidget(self._sign)
        row.addWidget(self.words)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        self._sign.setPixmap(self._theme.pixmap("lock", "ink2", 14))


class VersionPicker(QComboBox):
    """Chooses a version; ``picked`` brings its number."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Version")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(lambda _: self.picked.emit(self.number() or 0))

    def number(self) -> int | None:
        """Return the number of the chosen version; None where there is none."""
        return self.currentData()

    def show_versions(self, rows: Sequence[VersionRow]) -> None:
        """Offer these versions; the chosen one stays so, else it is the published one."""
        chosen = self.number()
        with QSignalBlocker(self):
            self.clear()
            for row in rows:
                self.addItem(said(row), row.number)
            current = next((row.number for row in rows if row.current), None)
            newest = rows[0].number if rows else None
            known = chosen in {row.number for row in rows}
            self.choose(chosen if known else current or newest)

    def choose(self, number: int | None) -> None:
        """Show this one as chosen."""
        with QSignalBlocker(self):
            self.setCurrentIndex(max(0, self.findData(number)))


def said(row: VersionRow) -> str:
    """Say which version it is, since when and by whom."""
    local = row.published_at.astimezone()
    by = f", {row.by}" if row.by else ""
    now = " · in force" if row.current else ""
    return f"Version {row.number} · {local.day} {local:%b %Y %H:%M}{by}{now}"


class PublishedView(CanvasView):
    """Shows one of the versions."""

    key: ClassVar = "published"
    title: ClassVar = "Published"
    tip: ClassVar = "The version that is in force, and those before it"

    def __init__(self, page: CanvasPage) -> None:
        super().__init__(page)
        self.padlock = Padlock(self.desk.theme)
        self.picker = VersionPicker()
        self.edit = button(self.desk.theme, "Edit draft", "pencil")
        self.bar = Bar()
        self.bar.add(self.padlock, self.picker, None, self.edit)
        self.picker.picked.connect(lambda _: self.enter())

    @later
    async def enter(self) -> None:
        """Read the chosen version and show it."""
        number = self.picker.number()
        if number is None:
            return
        graph = await self.desk.background.read(versions.graph_of, self.page.workflow_id, number)
        if self.entered and number == self.picker.number():
            self.present(graph, locked_by(number))


def locked_by(number: int) -> str:
    """Say why a version cannot be changed, and what can be."""
    return f"Version {number} is published and stays as it is. Edit the draft to change it."
