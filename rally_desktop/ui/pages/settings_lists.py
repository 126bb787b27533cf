"""The office's own lists in the settings: statuses, sources, types, priorities, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QListWidget

from rally_desktop.engine import naming, renaming
from rally_desktop.engine.naming import Sort
from rally_desktop.services import list_edits
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.settings_own import OwnSection, follows, many
from rally_desktop.ui.widgets.own_list import HEIGHT, Item
from rally_desktop.ui.widgets.own_pane import OwnPane
from rally_desktop.ui.widgets.pick_dialog import PickDialog

NOUNS: Mapping[str, str] = {
    "task_type": "task", "task_priority": "task", "call_outcome": "call", "meeting_type": "meeting",
}  # fmt: skip
ENDS = "ends a lead"


class Lists(OwnSection):
    """The lists at the left, the values of the chosen one beside them."""

    title: ClassVar = "Lists"
    line: ClassVar = (
        "What one picks from on cards, in filters and in workflows. Records, views and drafts "
        "follow a new name. An archived value is offered no more and stays where it is."
    )
    watched: ClassVar = frozenset({"choice", "contact", "task", "call", "meeting"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.lists = QListWidget()
        self.lists.setAccessibleName("Lists")
        self.lists.addItems(list(list_edits.TITLES.values()))
        self.lists.setObjectName("card")
        self.lists.setFixedWidth(220)
        for place in range(self.lists.count()):
            self.lists.item(place).setSizeHint(QSize(0, HEIGHT))
        self.lists.setCurrentRow(0)
        self.pane = OwnPane(desk.theme, "", "Add a value", "Nothing yet. Type the first value.")
        self.pane.setMaximumWidth(640)
        used = self.pane
        used.act("Merge into…", "merge", self._ask_merge, lambda item: not _kept(item))
        used.act("Archive", "archive", self._archive, _may_archive)
        used.act("Bring back", "archive-restore", self._bring_back, lambda item: item.archived)
        self.panes.addWidget(self.lists)
        self.panes.addWidget(self.pane, 1)
        self.panes.addStretch(0)
        self.lists.currentRowChanged.connect(lambda _: self.refresh())
        self.pane.adding.connect(lambda text: self.add(text))
        self.pane.list.renamed.connect(lambda item, name: self.rename(item, name))
        self.pane.list.moved.connect(lambda key, place: self.shift(key, place))
        self.pane.list.removing.connect(self._archive)
        self.setFocusProxy(self.lists)

    @property
    def name(self) -> str:
        """Return which list is chosen."""
        return tuple(list_edits.TITLES)[max(0, self.lists.currentRow())]

    @later
    @newest
    async def refresh(self) -> None:
        """Read the values of the chosen list."""
        name = self.name
        found = await self.read(list_edits.listed, name)
        self.pane.heading.setText(list_edits.TITLES[name])
        self.pane.list.setAccessibleName(list_edits.TITLES[name])
        self.pane.show_items([
            Item(
                one.id, one.value, ENDS if one.kept else "",
                self._records(one.records), archived=one.archived,
            )
            for one in found
        ])  # fmt: skip

    @later
    async def add(self, value: str) -> None:
        """Add a value behind the others."""
        number = await self.write(list_edits.add, self.name, value)
        self.pane.added()
        self.tell(f"‘{value.strip()}’ is offered now.", list_edits.remove, number)

    @later
    async def rename(self, item: Item, new: str) -> None:
        """Call a value otherwise, once it was said who follows."""
        uses = await self.read(naming.uses, Sort(self.name), item.name)
        lines = follows(item.note, uses, item.name)
        if await self.agrees(f"Rename ‘{item.name}’ to ‘{new.strip()}’?", lines, "Rename"):
            await self.write(renaming.rename_value, item.key, new)
            said = f"‘{item.name}’ is called ‘{new.strip()}’ now."
            self.tell(said, renaming.rename_value, item.key, item.name)

    @later
    async def shift(self, key: int, place: int) -> None:
        """Put a value at another place."""
        before = self.pane.place(key)
        await self.write(list_edits.move, key, place)
        self.tell("The order is changed.", list_edits.move, key, before)

    @later
    async def archive(self, item: Item) -> None:
        """Offer a value no more, once it was said who asks for it."""
        uses = await self.read(naming.uses, Sort(self.name), item.name)
        names = sorted({*uses.drafts, *uses.published})
        said = f"Workflows that name it go on doing so: {', '.join(names)}." if names else ""
        if await self.agrees(f"Archive ‘{item.name}’?", [said], "Archive"):
            await self.write(list_edits.archive, item.key)
            self.tell(f"‘{item.name}’ is offered no more.", list_edits.bring_back, item.key)

    @later
    async def merge(self, item: Item, into: Item) -> None:
        """Make two values one, once it was said who follows."""
        uses = await self.read(naming.uses, Sort(self.name), item.name)
        lines = (*follows(item.note, uses, item.name), f"‘{item.name}’ is no more after that.")
        if await self.agrees(f"Merge ‘{item.name}’ into ‘{into.name}’?", lines, "Merge"):
            joined = await self.write(renaming.merge_values, item.key, into.key)
            said = f"‘{item.name}’ is ‘{into.name}’ now."
            self.tell(said, renaming.part_values, joined)

    def _records(self, count: int) -> str:
        return many(count, NOUNS.get(self.name, "contact"))

    def _archive(self, item: Item) -> None:
        if _may_archive(item):
            self.archive(item)

    def _bring_back(self, item: Item) -> None:
        self.change(list_edits.bring_back, item.key)

    def _ask_merge(self, item: Item) -> None:
        others = [one for one in self.pane.list.items.items if one.key != item.key]
        PickDialog(self.desk.theme, self, f"Merge ‘{item.name}’ into", others).ask(
            lambda into: self.merge(item, into)
        )


def _kept(item: Item) -> bool:
    return item.what == ENDS


def _may_archive(item: Item) -> bool:
    return not item.archived and not _kept(item)
