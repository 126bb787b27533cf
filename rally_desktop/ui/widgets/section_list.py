"""Sections in groups, to be chosen at the left of a page; a few letters find one.

Where room is short their icons alone are left, with the names as tips.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout

from rally_desktop.core.fold import fold
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.find_field import FindField
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH, NARROW, ROW, HEADING, GAP = 184, 58, 26, 26, 8
WIDE_EDGES, NARROW_EDGES = (12, 4, 8, 8), (6, 4, 2, 8)
TITLE, WORDS, ICON, GROUP = (Qt.ItemDataRole.UserRole + place for place in range(1, 5))
FIND = "Find (Ctrl+F)"


@dataclass(frozen=True)
class Entry:
    """A section: its name, its icon, and further words that it is found by."""

    title: str
    icon: str
    words: str = ""


class SectionList(QFrame):
    """Lists sections below the names of their groups; ``chosen`` brings the title of one."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, name: str, groups: Mapping[str, Sequence[Entry]]) -> None:
        super().__init__()
        self.setObjectName("sections")
        self._theme = theme
        self.search = FindField(placeholderText=FIND)
        self.search.setAccessibleName(f"Find in the {name.lower()}")
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setIconSize(QSize(16, 16))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = PlainLabel("Nothing here is called that.", "sub")
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        self.finding = QShortcut(QKeySequence.StandardKey.Find, self)
        self.finding.activated.connect(
            lambda: self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        )
        self._fill(groups)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        self.set_narrow(False)
        self.setFocusProxy(self.list)
        self.list.currentItemChanged.connect(self._choose)
        self.search.textChanged.connect(self._narrow)
        self.search.left.connect(self._enter)
        theme.changed.connect(self._draw)
        self._draw()

    @property
    def titles(self) -> list[str]:
        """Return the names of all sections, from the top."""
        return [item.data(TITLE) for item in self._items() if item.data(TITLE)]

    @property
    def title(self) -> str:
        """Return the name of the section that is chosen."""
        item = self.list.currentItem()
        return item.data(TITLE) if item else ""

    def choose(self, title: str) -> bool:
        """Choose a section by its name; say whether there is one of that name."""
        found = next((item for item in self._items() if item.data(TITLE) == title), None)
        if found is None:
            return False
        if found.isHidden():
            self.search.clear()
        self.list.setCurrentItem(found)
        return True

    def set_narrow(self, narrow: bool) -> None:
        """Show icons alone, or words too."""
        if narrow:
            self.search.clear()
        self.search.setHidden(narrow)
        self.finding.setEnabled(not narrow)
        self.setFixedWidth(NARROW if narrow else WIDTH)
        self.setContentsMargins(*(NARROW_EDGES if narrow else WIDE_EDGES))
        for item in self._items():
            title, high = item.data(TITLE), item.data(GROUP) and HEADING
            item.setText("" if narrow else title or item.data(GROUP))
            item.setToolTip(title if narrow else "")
            item.setSizeHint(QSize(0, (GAP if narrow else high) if high else ROW))

    def _fill(self, groups: Mapping[str, Sequence[Entry]]) -> None:
        for group, entries in groups.items():
            heading = QListWidgetItem(self.list)
            heading.setData(GROUP, group)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setFont(self._theme.font("pill"))
            heading.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
            for entry in entries:
                item = QListWidgetItem(self.list)
                item.setData(TITLE, entry.title)
                item.setData(WORDS, fold(f"{group} {entry.title} {entry.words}"))
                item.setData(ICON, entry.icon)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, entry.title)
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, group)

    def _show_heading_of(self, item: QListWidgetItem) -> None:
        """Let the name of its group be seen above the first section of a group."""
        above = self.list.item(self.list.row(item) - 1)
        if not above.data(TITLE):
            self.list.scrollToItem(above)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show_heading_of(item)
            self.chosen.emit(item.data(TITLE))

    def _narrow(self, typed: str) -> None:
        """Leave what is called so, in every word; a group without any goes as well."""
        words, heading, found = fold(typed).split(), None, 0
        for item in self._items():
            if not item.data(TITLE):
                heading = item
                heading.setHidden(True)
                continue
            fits = all(word in item.data(WORDS) for word in words)
            item.setHidden(not fits)
            found += fits
            if fits and heading is not None:
                heading.setHidden(False)
        self.nothing.setVisible(not found)

    def _enter(self) -> None:
        """Go from the search into the list, to the first that fits unless one is chosen."""
        shown = [item for item in self._items() if item.data(TITLE) and not item.isHidden()]
        if shown:
            if self.list.currentItem() not in shown:
                self.list.setCurrentItem(shown[0])
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _draw(self) -> None:
        for item in self._items():
            if name := item.data(ICON):
                item.setIcon(self._theme.icon(name))
