"""The office's own fields in the settings, by kind of record, with the options of a choice."""

from __future__ import annotations

from typing import ClassVar, cast

from PySide6.QtWidgets import QComboBox

from rally_desktop.engine import naming
from rally_desktop.engine.naming import Uses
from rally_desktop.model.ref import RecordKind
from rally_desktop.services import field_edits
from rally_desktop.services.field_edits import OwnField
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.settings_options import Options
from rally_desktop.ui.pages.settings_own import OwnSection, many, stays
from rally_desktop.ui.widgets.own_list import Item
from rally_desktop.ui.widgets.own_pane import OwnPane
from rally_desktop.ui.widgets.segments import Segments

KINDS = {"contact": "Contacts", "company": "Companies", "deal": "Deals"}
NO_FIELDS = (
    "No fields of your own yet. Type what you want to note of each record, such as ‘Shoe size’, "
    "choose what it holds, and press Enter."
)


class Fields(OwnSection):
    """The fields at the left; where one is a choice, its options at the right."""

    title: ClassVar = "Fields"
    line: ClassVar = (
        "Fields of your own stand on cards, in grids, filters, imports, exports, texts and "
        "workflows as soon as they are made. Renaming one changes what people read, nothing else; "
        "an archived one keeps its values."
    )
    watched: ClassVar = frozenset({"custom_field", "contact", "company", "deal"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.kind: RecordKind = "contact"
        self.segments = Segments("Kind of record")
        for key, text in KINDS.items():
            self.segments.add(key, text)
        self.segments.choose(self.kind)
        self.top.addWidget(self.segments)
        self.top.addStretch(1)
        self.fields = OwnPane(desk.theme, "Fields", "Add a field", NO_FIELDS)
        self.holds = QComboBox()
        self.holds.setAccessibleName("What it holds")
        for kind in field_edits.KINDS:
            self.holds.addItem(field_edits.SAID[kind], kind)
        self.fields.row.insertWidget(1, self.holds)
        self.fields.act("Archive", "archive", self._archive, lambda item: not item.archived)
        self.fields.act("Bring back", "archive-restore", self._bring_back, lambda one: one.archived)
        self.options = Options(self, self._count)
        for pane in (self.fields, self.options):
            pane.setMaximumWidth(560)
            self.panes.addWidget(pane, 1)
        self.panes.addStretch(0)
        self._connect()
        self.setFocusProxy(self.fields.box)

    def _connect(self) -> None:
        self.segments.chosen.connect(self._choose_kind)
        fields = self.fields
        fields.adding.connect(lambda text: self.add(text))
        fields.list.renamed.connect(lambda item, text: self.rename(item, text))
        fields.list.moved.connect(lambda key, place: self.shift(key, place))
        fields.list.removing.connect(self._archive)
        fields.list.chosen.connect(self.options.show_of)

    @later
    @newest
    async def refresh(self) -> None:
        """Read the fields of the chosen kind of record."""
        found = await self.read(field_edits.listed, self.kind)
        self.fields.show_items([self._item(one) for one in found])
        self.options.show_of(self.fields.list.current())

    @later
    async def add(self, label: str) -> None:
        """Make a field."""
        number = await self.write(field_edits.add, self.kind, label, self.holds.currentData())
        self.fields.added()
        await self._read_and_choose(number)
        self.tell(f"‘{label.strip()}’ is a field now.", field_edits.archive, number)

    @later
    async def rename(self, item: Item, label: str) -> None:
        """Give a field another label."""
        await self.write(field_edits.rename, item.key, label)
        said = f"‘{item.name}’ is called ‘{label.strip()}’ now."
        self.tell(said, field_edits.rename, item.key, item.name)

    @later
    async def shift(self, key: int, place: int) -> None:
        """Put a field at another place."""
        before = self.fields.place(key)
        await self.write(field_edits.move, key, place)
        self.tell("The order is changed.", field_edits.move, key, before)

    @later
    async def archive(self, item: Item) -> None:
        """Take a field out of use, once it was said what asks for it."""
        found = await self.read(field_edits.one, item.key)
        uses = await self.read(naming.field_uses, self.kind, found.name)
        if await self.agrees(f"Archive ‘{item.name}’?", _breaks(uses), "Archive"):
            await self.write(field_edits.archive, item.key)
            self.tell(f"‘{item.name}’ is archived.", field_edits.bring_back, item.key)

    async def _read_and_choose(self, number: int) -> None:
        found = await self.read(field_edits.listed, self.kind)
        self.fields.show_items([self._item(one) for one in found])
        self.fields.list.choose(number)

    def _item(self, one: OwnField) -> Item:
        note = self._count(one.records)
        return Item(one.id, one.label, field_edits.SAID[one.kind], note, archived=one.archived)

    def _count(self, records: int) -> str:
        return many(records, *{"company": ("company", "companies")}.get(self.kind, (self.kind,)))

    def _choose_kind(self, kind: str) -> None:
        self.kind = cast(RecordKind, kind)
        self.refresh()

    def _archive(self, item: Item) -> None:
        if not item.archived:
            self.archive(item)

    def _bring_back(self, item: Item) -> None:
        self.change(field_edits.bring_back, item.key)


def _breaks(uses: Uses) -> list[str]:
    """Say what asks for a field that is to go."""
    views = ", ".join(f"‘{name}’" for name in uses.views)
    drafts = ", ".join(f"‘{name}’" for name in uses.drafts if name not in uses.published)
    return [
        f"Views that show or ask for it: {views}. A filter on it finds nothing." if views else "",
        f"Workflows that name it: {drafts}. They cannot be published before that is changed."
        if drafts else "",
        stays(uses, "asks for the field; a step that does so fails and says why, and a workflow "
              "whose audience does is paused,"),
    ]  # fmt: skip
