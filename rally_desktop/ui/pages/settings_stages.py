"""The stages of a pipeline: their order, colours, odds, and what they end in."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from rally_desktop.engine import naming, renaming
from rally_desktop.services import pipelines
from rally_desktop.services.pipelines import Step
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.settings_own import OwnSection, follows, many
from rally_desktop.ui.widgets.flow_layout import FlowLayout
from rally_desktop.ui.widgets.own_list import Item
from rally_desktop.ui.widgets.own_pane import OwnPane
from rally_desktop.ui.widgets.pick_dialog import PickDialog
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.spin import spin
from rally_desktop.ui.widgets.swatches import Swatches

EMPTY = "No stages yet. Type the first one and press Enter."


class Stages(OwnPane):
    """What is set of the chosen stage is kept at once."""

    def __init__(self, section: OwnSection) -> None:
        super().__init__(section.desk.theme, "Stages", "Add a stage", EMPTY)
        self._section, self._pipeline = section, 0
        self._steps: dict[int, Step] = {}
        self.act("Delete…", "trash-2", self._ask_where, kind="danger")
        self.colours = Swatches(section.desk.theme)
        self.outcome = QComboBox()
        self.outcome.setAccessibleName("Counts as")
        for key, text in pipelines.OUTCOMES.items():
            self.outcome.addItem(text, key)
        self.odds = spin("Probability", 0, 100, 0, after=" %")
        self.odds.setMinimumWidth(84)
        self.odds.setToolTip("How likely a deal in this stage is won")
        self._lay_out()
        self.adding.connect(lambda text: self.add_one(text))
        self.list.renamed.connect(lambda item, text: self.rename(item, text))
        self.list.moved.connect(lambda key, place: self.shift(key, place))
        self.list.removing.connect(self._ask_where)
        self.list.chosen.connect(self._show_chosen)
        self.colours.chosen.connect(lambda family: self._put(colour=family))
        self.outcome.activated.connect(lambda _: self._put(outcome=self.outcome.currentData()))
        self.odds.editingFinished.connect(self._put_odds)

    def show_of(self, line: Item | None) -> None:
        """Show the stages of a pipeline."""
        self._pipeline = 0 if line is None else line.key
        self.setVisible(line is not None)
        if line is not None:
            self.heading.setText(f"Stages of ‘{line.name}’")
            self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read the stages."""
        number = self._pipeline
        found = await self._section.read(pipelines.steps, number) if number else []
        if number == self._pipeline:
            self._steps = {one.id: one for one in found}
            self.show_items([_item(one) for one in found])

    @later
    async def add_one(self, name: str) -> None:
        """Add a stage before the ends."""
        await self._section.write(pipelines.add_stage, self._pipeline, name)
        self.added()

    @later
    async def rename(self, item: Item, new: str) -> None:
        """Call a stage otherwise, once it was said who follows."""
        section, given = self._section, " ".join(new.split())
        sort = await section.read(renaming.stage_sort, item.key)
        lines = follows(item.note, await section.read(naming.uses, sort, item.name), item.name)
        if await section.agrees(f"Rename ‘{item.name}’ to ‘{given}’?", lines, "Rename"):
            await section.write(renaming.rename_stage, item.key, given)
            said = f"‘{item.name}’ is called ‘{given}’ now."
            section.tell(said, renaming.rename_stage, item.key, item.name)

    @later
    async def shift(self, key: int, place: int) -> None:
        """Put a stage at another place."""
        before = self.place(key)
        await self._section.write(pipelines.move_stage, key, place)
        self._section.tell("The order is changed.", pipelines.move_stage, key, before)

    @later
    async def put(self, step: Step, **values: object) -> None:
        """Set something of a stage."""
        before = await self._section.write(pipelines.set_stage, step.id, values)
        said = f"‘{step.name}’ is changed."
        self._section.tell(said, pipelines.set_stage, step.id, before)

    @later
    async def remove(self, item: Item, into: Item) -> None:
        """Take a stage away, once it was said what happens to its deals."""
        section = self._section
        sort = await section.read(renaming.stage_sort, item.key)
        uses = await section.read(naming.uses, sort, item.name)
        _, still = follows("", uses, item.name)
        drafts = ", ".join(f"‘{name}’" for name in uses.drafts)
        verb = "moves" if item.note.startswith("1 ") else "move"
        moved = f"{item.note} {verb} to ‘{into.name}’, as if somebody had done it by hand."
        lines = [
            moved if item.note else "",
            f"Drafts that name it go on with ‘{into.name}’: {drafts}." if drafts else "",
            still,
        ]
        if await section.agrees(f"Delete the stage ‘{item.name}’?", lines, "Delete"):
            gone = await section.write(renaming.remove_stage, item.key, into.key)
            section.tell(f"‘{item.name}’ is deleted.", renaming.restore_stage, gone)

    def _ask_where(self, item: Item) -> None:
        others = [one for one in self.list.items.items if one.key != item.key]
        title = f"Move the deals of ‘{item.name}’ to"
        PickDialog(self._section.desk.theme, self, title, others).ask(
            lambda into: self.remove(item, into)
        )

    def _put(self, **values: object) -> None:
        step = self._chosen()
        if step is not None:
            self.put(step, **values)

    def _put_odds(self) -> None:
        step = self._chosen()
        if step is not None and self.odds.value() != step.probability:
            self._put(probability=self.odds.value())

    def _chosen(self) -> Step | None:
        item = self.list.current()
        return None if item is None else self._steps.get(item.key)

    def _show_chosen(self) -> None:
        step = self._chosen()
        for each in (self.colours, self.outcome, self.odds):
            each.setEnabled(step is not None)
        if step is not None:
            self.colours.choose(step.colour)
            with QSignalBlocker(self.odds):
                self.odds.setValue(step.probability)
            self.odds.setEnabled(step.outcome == "open")
            self.outcome.setCurrentIndex(self.outcome.findData(step.outcome))

    def _lay_out(self) -> None:
        line = FlowLayout()
        line.addWidget(self.colours)
        for text, widget in (("Counts as", self.outcome), ("Probability", self.odds)):
            line.addWidget(_named(text, widget))
        self.put_below(line)


def _named(text: str, editor: QWidget) -> QWidget:
    """Return an editor with its name before it."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    label = PlainLabel(text, "sub")
    label.setBuddy(editor)
    row.addWidget(label)
    row.addWidget(editor)
    return made


def _item(one: Step) -> Item:
    ends = pipelines.OUTCOMES[one.outcome] if one.outcome != "open" else f"{one.probability} %"
    return Item(one.id, one.name, ends, many(one.deals, "deal"), one.colour)
