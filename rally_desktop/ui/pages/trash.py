"""The trash page: everything that was deleted, to be found, restored or deleted for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QStackedWidget, QVBoxLayout

from rally_desktop.services import trash, trash_keeping
from rally_desktop.services.trash import Item
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages import Page
from rally_desktop.ui.pages.import_task import TaskBar
from rally_desktop.ui.pages.trash_deeds import TrashDeeds
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.more_button import MoreButton
from rally_desktop.ui.widgets.page_head import PageHead, lay_out
from rally_desktop.ui.widgets.relative_time import ago, exactly

SHOWS = frozenset({"contact", "company", "deal", "note", "task", "workflow", "template", "setting"})
TYPING_PAUSE = 200  # milliseconds
NEAR = 400  # pixels from the end at which the next page is read
KINDS = (
    ("Everything", ""),
    ("Contacts", "contact"),
    ("Companies", "company"),
    ("Deals", "deal"),
    ("Notes", "note"),
    ("Tasks", "task"),
    ("Workflows", "workflow"),
    ("Templates", "template"),
)
_WORDS = {key: words[:-1] for words, key in KINDS} | {"company": "Company"}


class TrashPage(Page):
    """Lists what was deleted, a page at a time; keeps up while others delete and restore."""

    title: ClassVar = "Trash"
    icon: ClassVar = "trash-2"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._count = 0
        self._reading = False
        self.head = PageHead(self.title)
        self.head.lead_back(desk.theme, desk.back)
        self.search = QLineEdit(placeholderText="Find what was deleted", clearButtonEnabled=True)
        self.search.setAccessibleName("Find what was deleted")
        self.search.setFixedWidth(240)
        self.kinds = QComboBox()
        self.kinds.setAccessibleName("What")
        for words, key in KINDS:
            self.kinds.addItem(words, key)
        self.more = MoreButton(desk.theme)
        self.head.add(self.search, self.kinds, self.more)
        self.table: ListTable[Item] = ListTable(desk.theme, "Deleted", self._columns(), many=True)
        self.table.setSortingEnabled(False)  # it is read a page at a time, the newest first
        self.task = TaskBar(desk, "thing")
        self.deeds = TrashDeeds(desk, self.table, self.task, self.asked)
        self.empty = EmptyPanel(desk.theme)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_PAUSE)
        self._build()
        self._connect()
        self.setFocusProxy(self.table)

    def shown(self) -> None:
        """Read the list anew."""
        self.refresh()

    def open(self, *what: object) -> None:
        """Show what was deleted of one kind, or everything."""
        self.search.clear()
        self.kinds.setCurrentIndex(max(0, self.kinds.findData(what[0] if what else "")))

    def asked(self) -> dict[str, Any]:
        """Return what the list is narrowed to."""
        kind = self.kinds.currentData()
        return {"kinds": (kind,) if kind else (), "text": self.search.text()}

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show what it looks like while nothing matches."""
        return {"trash_nothing_found": lambda: self.search.setText("zzz")}

    # -- reading ---------------------------------------------------------------------------

    @later
    @newest
    async def refresh(self) -> None:
        """Read as much of the list as is shown."""
        asked, read = self.asked(), self.desk.background.read
        limit = max(trash.PAGE, len(self.table.rows()))
        self._count = await read(trash.count, **asked)
        rows = await read(trash.listed, **asked, limit=limit)
        keeping = await read(trash_keeping.of)
        if asked == self.asked():
            self._show(rows)
            self._say(keeping.days)

    @later
    async def read_on(self) -> None:
        """Read the next page where somebody scrolls to the end of what is there."""
        rows, asked = self.table.rows(), self.asked()
        if self._reading or not rows or len(rows) >= self._count:
            return
        self._reading = True
        try:
            after = rows[-1].place
            some = await self.desk.background.read(trash.listed, **asked, after=after)
        finally:
            self._reading = False
        if asked == self.asked() and self.table.rows() == rows:
            self._show((*rows, *some))

    def _show(self, rows: tuple[Item, ...]) -> None:
        self.table.show_rows(rows, lambda row: (row.kind, row.id))
        self.deeds.offer(self._count)
        self._lists.setCurrentWidget(self._card if rows else self.empty)
        if not rows:
            self._say_why_empty()

    def _say(self, days: int) -> None:
        many = f"{self._count:,} thing{'s' * (self._count != 1)}"
        kept = f"deleted for good after {days:,} days" if days else "kept until you delete it here"
        self.head.line.setText(f"{many} · {kept}")

    def _say_why_empty(self) -> None:
        if self.kinds.currentData() or self.search.text():
            words = "Nothing in the trash matches what you asked for."
            self.empty.say("search", "Nothing found", words, "Show everything")
        else:
            words = (
                "Records, notes, tasks, workflows and templates that are deleted come here, and "
                "can be restored."
            )
            self.empty.say("trash-2", "The trash is empty", words)

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & SHOWS and self.isVisible() and not self.task.running:
            self.refresh()

    def _scrolled(self, place: int) -> None:
        if place >= self.table.verticalScrollBar().maximum() - NEAR:
            self.read_on()

    # -- layout ----------------------------------------------------------------------------

    def _columns(self) -> list[Column[Item]]:
        clock = self.desk.clock
        return [
            Column("Name", lambda row: row.name, strong=True, tip=lambda row: row.name),
            Column("What", lambda row: _WORDS[row.kind], 110),
            Column("Which", which, tip=which),
            Column("Deleted", lambda row: ago(row.at, clock.now()), 130,
                   tip=lambda row: exactly(row.at)),
            Column("By", lambda row: row.by, 180, tip=lambda row: row.by),
        ]  # fmt: skip

    def _build(self) -> None:
        self._card = QFrame(objectName="card")
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(8, 4, 8, 8)
        inside.setSpacing(0)
        inside.addWidget(self.deeds)
        inside.addWidget(self.table)
        self._lists = QStackedWidget()
        self._lists.addWidget(self.empty)
        self._lists.addWidget(self._card)
        lay_out(self, self.head, self.task, self._lists)

    def _connect(self) -> None:
        go = self.desk.go
        self.more.offer("Empty the trash…", "trash-2", lambda: self.deeds.empty(0))
        self.more.offer(
            "Delete what is older than 30 days…", "calendar-x", lambda: self.deeds.empty(30)
        )
        self.more.offer("How long things are kept…", "settings", lambda: go("settings", "Trash"))
        self._typing.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda: self._typing.start())
        self.kinds.currentIndexChanged.connect(lambda: self.refresh())
        self.empty.pressed.connect(lambda: self.open())
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.deeds.done.connect(self.refresh)
        self.desk.background.changed.connect(self._hear)


def which(row: Item) -> str:
    """Say what tells a thing from others of its name: an address, a record, a merge."""
    if row.into:
        return f"Became part of {row.into}"
    return f"On {row.about}" if row.kind in trash.WRITTEN and row.about else row.about
