"""Pipelines in the settings, with the stages of the chosen one."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.engine import naming, renaming
from rally_desktop.engine.naming import Sort
from rally_desktop.services import pipelines
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.settings_own import OwnSection, follows, many
from rally_desktop.ui.pages.settings_stages import Stages
from rally_desktop.ui.widgets.own_list import Item
from rally_desktop.ui.widgets.own_pane import OwnPane


class Pipelines(OwnSection):
    """The pipelines at the left, the stages of the chosen one at the right."""

    title: ClassVar = "Pipelines"
    line: ClassVar = (
        "What deals move through. A new deal begins in the first stage of the first pipeline. "
        "Deals, views and drafts of workflows follow a new name."
    )
    watched: ClassVar = frozenset({"pipeline", "stage", "deal"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        empty = "No pipeline yet. Type the name of the first one and press Enter."
        self.lines = OwnPane(desk.theme, "Pipelines", "Add a pipeline", empty)
        self.lines.act("Delete", "trash-2", lambda item: self.remove(item), kind="danger")
        self.stages = Stages(self)
        self.lines.setMinimumWidth(210)
        self.lines.setMaximumWidth(420)
        self.stages.setMaximumWidth(680)
        self.panes.addWidget(self.lines, 2)
        self.panes.addWidget(self.stages, 3)
        self.panes.addStretch(0)
        self.lines.adding.connect(lambda text: self.add(text))
        self.lines.list.renamed.connect(lambda item, text: self.rename(item, text))
        self.lines.list.moved.connect(lambda key, place: self.shift(key, place))
        self.lines.list.removing.connect(lambda item: self.remove(item))
        self.lines.list.chosen.connect(self.stages.show_of)
        self.setFocusProxy(self.lines.list)

    @later
    @newest
    async def refresh(self) -> None:
        """Read the pipelines."""
        found = await self.read(pipelines.listed)
        items = [Item(one.id, one.name, "", many(one.deals, "deal")) for one in found]
        self.lines.show_items(items)

    @later
    async def add(self, name: str) -> None:
        """Add a pipeline, and show its stages."""
        number = await self.write(pipelines.add, name)
        self.lines.added()
        found = await self.read(pipelines.listed)
        self.lines.show_items([Item(o.id, o.name, "", many(o.deals, "deal")) for o in found])
        self.lines.list.choose(number)
        self.tell(f"‘{name.strip()}’ is a pipeline now.", pipelines.remove, number)

    @later
    async def rename(self, item: Item, new: str) -> None:
        """Call a pipeline otherwise, once it was said who follows."""
        uses = await self.read(naming.uses, Sort("pipeline"), item.name)
        lines = follows(item.note, uses, item.name)
        if await self.agrees(f"Rename ‘{item.name}’ to ‘{new.strip()}’?", lines, "Rename"):
            await self.write(renaming.rename_pipeline, item.key, new)
            said = f"‘{item.name}’ is called ‘{new.strip()}’ now."
            self.tell(said, renaming.rename_pipeline, item.key, item.name)

    @later
    async def shift(self, key: int, place: int) -> None:
        """Put a pipeline at another place."""
        before = self.lines.place(key)
        await self.write(pipelines.move, key, place)
        self.tell("The order is changed.", pipelines.move, key, before)

    @later
    async def remove(self, item: Item) -> None:
        """Take a pipeline without deals away, once it was said who names it."""
        uses = await self.read(naming.uses, Sort("pipeline"), item.name)
        names = sorted({*uses.drafts, *uses.published})
        said = f"Workflows that name it fail there from now on: {', '.join(names)}."
        if await self.agrees(f"Delete ‘{item.name}’?", [said] if names else [], "Delete"):
            gone = await self.write(pipelines.remove, item.key)
            self.tell(f"‘{item.name}’ is deleted.", pipelines.restore, gone)
