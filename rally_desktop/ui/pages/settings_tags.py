"""The office's tags in the settings: colours, names, who wears them, which workflows name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout

from rally_desktop.core.fold import fold
from rally_desktop.engine import naming, renaming
from rally_desktop.engine.naming import Sort
from rally_desktop.model.work import Work
from rally_desktop.services import tags
from rally_desktop.services.tags import Tag
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.settings_own import OwnSection, follows, many
from rally_desktop.ui.widgets.own_list import Item
from rally_desktop.ui.widgets.own_pane import OwnPane
from rally_desktop.ui.widgets.pick_dialog import PickDialog
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.swatches import Swatches

KINDS = (("contact", "contacts"), ("company", "companies"), ("deal", "deals"))
EMPTY = "No tags yet. Type the first one and press Enter, or put one on a record."


class Tags(OwnSection):
    """The tags by name; what is chosen of one is kept at once."""

    title: ClassVar = "Tags"
    line: ClassVar = (
        "Words that records wear, and that workflows listen to. Records, views and drafts follow a "
        "new name; a merged tag leaves the other one in its place."
    )
    watched: ClassVar = frozenset({"tag", "record_tag", "workflow", "workflow_version"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.pane = OwnPane(desk.theme, "Tags", "Add a tag", EMPTY, ordered=False)
        self.pane.setMaximumWidth(680)
        self.pane.act("Merge into…", "merge", self._ask_merge)
        self.pane.act("Delete", "trash-2", lambda item: self.remove(item), kind="danger")
        self.colours = Swatches(desk.theme)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(PlainLabel("Colour", "sub"))
        row.addWidget(self.colours)
        row.addStretch(1)
        self.pane.put_below(row)
        self.panes.addWidget(self.pane, 1)
        self.panes.addStretch(0)
        self.pane.adding.connect(lambda text: self.add(text))
        self.pane.list.renamed.connect(lambda item, text: self.rename(item, text))
        self.pane.list.removing.connect(lambda item: self.remove(item))
        self.pane.list.chosen.connect(self._show_chosen)
        self.colours.chosen.connect(lambda family: self._paint(family))
        self.setFocusProxy(self.pane.list)

    @later
    @newest
    async def refresh(self) -> None:
        """Read the tags, and what names them."""
        found, named = await self.read(_listed)
        self.pane.show_items([_item(one, named[fold(one.name)]) for one in found])

    @later
    async def add(self, name: str) -> None:
        """Add a tag."""
        number = await self.write(tags.add, name)
        self.pane.added()
        self.tell(f"The tag ‘{name.strip()}’ is there.", tags.remove, number)

    @later
    async def rename(self, item: Item, new: str) -> None:
        """Call a tag otherwise, once it was said who follows."""
        lines = follows("", await self.read(naming.uses, Sort("tag"), item.name), item.name)
        if await self.agrees(f"Rename ‘{item.name}’ to ‘{new.strip()}’?", lines, "Rename"):
            await self.write(renaming.rename_tag, item.key, new)
            said = f"‘{item.name}’ is called ‘{new.strip()}’ now."
            self.tell(said, renaming.rename_tag, item.key, item.name)

    @later
    async def paint(self, item: Item, family: str) -> None:
        """Give a tag a colour."""
        before = await self.write(tags.set_colour, item.key, family)
        self.tell(f"‘{item.name}’ has another colour.", tags.set_colour, item.key, before)

    @later
    async def merge(self, item: Item, into: Item) -> None:
        """Make two tags one, once it was said who follows."""
        uses = await self.read(naming.uses, Sort("tag"), item.name)
        first = f"Whoever wears ‘{item.name}’ wears ‘{into.name}’ then."
        question = f"Merge ‘{item.name}’ into ‘{into.name}’?"
        if await self.agrees(question, [first, *follows("", uses, item.name)], "Merge"):
            joined = await self.write(renaming.merge_tags, item.key, into.key)
            self.tell(f"‘{item.name}’ is ‘{into.name}’ now.", renaming.part_tags, joined)

    @later
    async def remove(self, item: Item) -> None:
        """Delete a tag, once it was said what names it."""
        uses = await self.read(naming.uses, Sort("tag"), item.name)
        named = ", ".join(f"‘{name}’" for name in sorted({*uses.drafts, *uses.published}))
        said = f"Workflows go on naming it, and may put it on again: {named}." if named else ""
        if await self.agrees(f"Delete the tag ‘{item.name}’?", [said], "Delete"):
            gone = await self.write(tags.remove, item.key)
            self.tell(f"The tag ‘{item.name}’ is deleted.", tags.restore, gone)

    def _ask_merge(self, item: Item) -> None:
        others = [one for one in self.pane.list.items.items if one.key != item.key]
        PickDialog(self.desk.theme, self, f"Merge ‘{item.name}’ into", others).ask(
            lambda into: self.merge(item, into)
        )

    def _paint(self, family: str) -> None:
        item = self.pane.list.current()
        if item is not None:
            self.paint(item, family)

    def _show_chosen(self, item: Item | None) -> None:
        self.colours.setEnabled(item is not None)
        self.colours.choose("" if item is None else item.colour or "")


def _listed(work: Work) -> tuple[list[Tag], Mapping[str, int]]:
    return tags.listed(work), naming.counts(work, Sort("tag"))


def _item(one: Tag, workflows: int) -> Item:
    held = Counter(one.records)
    worn = [many(held[kind], kind, more) for kind, more in KINDS]
    note = " · ".join(filter(None, (*worn, many(workflows, "workflow"))))
    return Item(one.id, one.name, "", note, one.colour)
