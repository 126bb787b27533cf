"""One sequence: its steps as a list or on the canvas, the people in it, and its figures."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rally_desktop.canvas.plan import Slot
from rally_desktop.engine import sequence_plan
from rally_desktop.engine.problems import Problem
from rally_desktop.model.graph import Graph
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.sequence_steps import SequenceSteps
from rally_desktop.ui.pages.workflow_editor import WorkflowEditor
from rally_desktop.ui.pages.workflow_view import Bar
from rally_desktop.ui.widgets.plain_label import ShortLabel
from rally_desktop.ui.widgets.segments import Segments
from rally_desktop.ui.widgets.sequence_figures import SequenceFigures
from rally_desktop.ui.widgets.sequence_people import SequencePeople

LIST, CANVAS = "list", "canvas"
STEPS, PEOPLE, FIGURES = "steps", "people", "figures"
AS_LIST = "The steps one below the other, with their days"
NO_LIST = (
    "A list goes one way and has 100 steps at most. Undo (Ctrl+Z), or take out what is more, "
    "and the steps can be shown as a list again."
)
AGAIN = "It can be shown as a list again."
EDGE = 24  # around a section beside the steps
ON_CANVAS = frozenset({"find", "outline", "palette"})  # commands that need the sheet


class SequenceEditor(WorkflowEditor):
    """The canvas page with a list in the place of the sheet, and sections beside the steps."""

    def __init__(self, desk: Desk, workflow_id: int, at: str = "") -> None:
        super().__init__(desk, workflow_id, at)
        self.head.back.setAccessibleName("Back to the sequences")
        self.head.back.setToolTip("Back to the sequences")
        self.head.name.setPlaceholderText("Name of the sequence")
        self.head.name.setAccessibleName("Name of the sequence")
        self.steps = SequenceSteps(self, workflow_id)
        self.steps.hands.people = self._show_people_at
        self.why = ShortLabel("", "sub")
        self.why.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.ways = Segments("How the steps are shown")
        self.ways.add(LIST, "List", AS_LIST)
        self.ways.add(CANVAS, "Canvas", "The same steps as cards, with branches")
        self._section, self._way, self._because = STEPS, LIST, ""
        self.sections = Segments("What is shown of the sequence")
        self.sections.add(STEPS, "Steps", "What is done, and when")
        self.sections.add(PEOPLE, "People", "Who is in it, and what comes next for each")
        self.sections.add(FIGURES, "Figures", "What became of what was sent")
        self.people = SequencePeople(desk, workflow_id)
        self.figures = SequenceFigures(desk, workflow_id)
        self._beside: dict[str, QWidget] = {PEOPLE: self.people, FIGURES: self.figures}
        self._frame()
        self.sections.chosen.connect(self.show_section)
        self.figures.asked.connect(self._show_people_at)
        self.sections.choose(STEPS)
        self.ways.chosen.connect(self.show_as)
        self.settings.renewed.connect(self.steps.renew_settings)
        self.views.turned.connect(self._turned)
        self.canvas.wanted.connect(self._hear_command)
        self.steps.begin()
        self.show_as(LIST)

    def show_section(self, key: str) -> None:
        """Show the steps, the people or the figures."""
        self.sections.choose(key)
        self._section, on_steps = key, key == STEPS
        self.why.setText(self._because if on_steps else "")
        self.body.setVisible(on_steps)
        for part in (self.ways, self.head.undo, self.head.redo):
            part.setVisible(on_steps)
        self._offer_views()
        for name, part in self._beside.items():
            part.setVisible(name == key)
        self._beside.get(key, self.front).setFocus()

    def show_as(self, way: str) -> None:
        """Show the steps as a list or on the canvas; what is edited is the same."""
        self._way = way
        listed = way == LIST
        if listed and self.views.current is not self.views.draft:
            self.views.show(self.views.draft.key)
        self.ways.choose(way)
        self.sheet.setVisible(not listed)
        self.zoom_bar.setVisible(not listed)
        self._offer_views()
        self.steps.setVisible(listed)
        self.room.cover(listed)
        self.front = self.steps if listed else self.view
        self.setFocusProxy(self.front)
        if self._section == STEPS:
            self.front.setFocus()
        if listed:
            self._read()

    def show_problems(self, problems: list[Problem]) -> None:
        """Show what is wrong, in the list too."""
        super().show_problems(problems)
        if self._way == LIST:
            self.steps.refresh()

    def _changed(self, before: Graph, after: Graph) -> None:
        super()._changed(before, after)
        self._read()

    def _show_people_at(self, step: str) -> None:
        self.people.show_step(step)
        self.show_section(PEOPLE)

    def _turned(self, view: str) -> None:
        if view != self.views.draft.key:
            self.show_section(STEPS)
            self.show_as(CANVAS)

    def _hear_command(self, command: str) -> None:
        if command == "find" and self._section == PEOPLE:
            self.people.search.setFocus()
        elif command in ON_CANVAS and (self._section, self._way) == (STEPS, LIST):
            self.show_as(CANVAS)
            self.hands.do(command)

    def _show_problem(self, key: str) -> None:
        self.show_section(STEPS)
        super()._show_problem(key)

    def _cover(self, covered: bool) -> None:
        super()._cover(covered)
        self.bar.setVisible(not covered)
        if not covered:
            self.show_section(self._section)

    def _ask_what_follows(self, slot: Slot) -> None:
        self.show_as(CANVAS)  # a path of its own is no list any more
        super()._ask_what_follows(slot)

    def _restyle(self) -> None:
        super()._restyle()
        if self.steps.settings is not None:
            self.steps.renew_settings()

    def _read(self) -> None:
        """Read the draft as a list; what is none is shown on the canvas, and why."""
        found = sequence_plan.read(self.draft.own)
        why = found if isinstance(found, str) else ""
        self.ways.buttons[LIST].setEnabled(not why)
        self.ways.buttons[LIST].setToolTip(NO_LIST if why else AS_LIST)
        if why:
            self._because = f"Shown on the canvas: {why[0].lower()}{why[1:]}"
        else:
            self._because = AGAIN if self._because and self._way == CANVAS else ""
        self.why.setText(self._because if self._section == STEPS else "")
        if self._way == CANVAS:
            return
        if isinstance(found, str):
            self.show_as(CANVAS)
            return
        if self.steps.settings is None and self.settings.lists:
            self.steps.renew_settings()
        self.steps.show_line(found)

    def _offer_views(self) -> None:
        """Offer the views of the canvas where the canvas is shown."""
        self.views.switch.setVisible(self._section == STEPS and self._way == CANVAS)

    def _frame(self) -> None:
        self.bar = Bar()
        self.bar.add(self.sections)
        self.bar.row.addWidget(self.why, 1)
        self.bar.add(self.ways)
        middle, whole = self.middle.layout(), self.layout()
        assert isinstance(middle, QVBoxLayout)
        assert isinstance(whole, QVBoxLayout)
        middle.insertWidget(0, self.steps, 1)
        whole.insertWidget(2, self.bar)
        for part in self._beside.values():
            part.setContentsMargins(EDGE, EDGE - 8, EDGE, EDGE)
            part.hide()
            whole.addWidget(part, 1)
