"""The options of one of the office's own fields, beside the list of fields."""

from __future__ import annotations

from collections.abc import Callable

from rally_desktop.engine import naming, renaming
from rally_desktop.engine.naming import Sort
from rally_desktop.services import field_edits
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.settings_own import OwnSection, follows
from rally_desktop.ui.widgets.own_list import Item
from rally_desktop.ui.widgets.own_pane import OwnPane

EMPTY = "No options yet. Type the first one and press Enter."


class Options(OwnPane):
    """Shows what the chosen field offers, and what only records have still."""

    def __init__(self, section: OwnSection, counted: Callable[[int], str]) -> None:
        super().__init__(section.desk.theme, "Options", "Add an option", EMPTY)
        self._section, self._counted = section, counted
        self._field = 0
        self.act("Archive", "archive", self._drop, lambda item: not item.archived)
        self.act("Offer again", "archive-restore", self._offer_again, lambda item: item.archived)
        self.adding.connect(lambda text: self.add_one(text))
        self.list.renamed.connect(lambda item, text: self.rename(item, text))
        self.list.moved.connect(lambda key, place: self.shift(key, place))
        self.list.removing.connect(self._drop)
        self.hide()

    def show_of(self, field: Item | None) -> None:
        """Show the options of a field; nothing where it is no choice."""
        if field is None or field.what != field_edits.SAID["choice"]:
            self._field = 0
            self.hide()
            return
        self._field = field.key
        self.heading.setText(f"Options of ‘{field.name}’")
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read the options."""
        field = self._field
        found = await self._section.read(field_edits.options, field) if field else []
        if field and field == self._field:
            self.show_items([
                Item(one.value, one.value, "", self._counted(one.records),
                     archived=not one.offered)
                for one in found
            ])  # fmt: skip
            self.setVisible(True)

    @later
    async def add_one(self, value: str) -> None:
        """Offer one more option."""
        field, given = self._field, " ".join(value.split())
        await self._section.write(field_edits.add_option, field, value)
        self.added()
        self._section.tell(f"‘{given}’ is offered now.", field_edits.drop_option, field, given)

    @later
    async def rename(self, item: Item, new: str) -> None:
        """Call an option otherwise, once it was said who follows."""
        section, field, given = self._section, self._field, " ".join(new.split())
        row = await section.read(field_edits.one, field)
        sort = Sort(kind=row.record_kind, field=row.name)
        lines = follows(item.note, await section.read(naming.uses, sort, item.name), item.name)
        if await section.agrees(f"Rename ‘{item.name}’ to ‘{given}’?", lines, "Rename"):
            await section.write(renaming.rename_option, field, item.name, given)
            back = (field, given, item.name)
            said = f"‘{item.name}’ is called ‘{given}’ now."
            section.tell(said, renaming.rename_option, *back)

    @later
    async def shift(self, value: str, place: int) -> None:
        """Put an option at another place."""
        field, before = self._field, self.place(value)
        await self._section.write(field_edits.move_option, field, value, place)
        said = "The order is changed."
        self._section.tell(said, field_edits.move_option, field, value, before)

    @later
    async def drop(self, item: Item) -> None:
        """Offer an option no more; records that have it keep it."""
        field = self._field
        before = await self._section.write(field_edits.drop_option, field, item.name)
        said = f"‘{item.name}’ is offered no more."
        self._section.tell(said, field_edits.offer, field, before)

    def _drop(self, item: Item) -> None:
        if not item.archived:
            self.drop(item)

    def _offer_again(self, item: Item) -> None:
        self._section.change(field_edits.add_option, self._field, item.name)
