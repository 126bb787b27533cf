"""The settings of what is selected on the canvas: a step, a trigger, or the workflow itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from rally_desktop.canvas.draft import Draft
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.view import FlowView
from rally_desktop.core.schema import Described
from rally_desktop.engine.problems import Problem
from rally_desktop.model.graph import Graph
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms.editor import Lists
from rally_desktop.ui.forms.form import Form
from rally_desktop.ui.forms.sample import SampleChoice
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.workflow_asking import Asker
from rally_desktop.ui.pages.workflow_faces import KnownFields
from rally_desktop.ui.pages.workflow_filter import Audience
from rally_desktop.ui.pages.workflow_guard import Guard
from rally_desktop.ui.pages.workflow_item import ItemSettings, heading, item_at
from rally_desktop.ui.pages.workflow_lists import WATCHED, office_lists
from rally_desktop.ui.pages.workflow_triggers import Tools
from rally_desktop.ui.pages.workflow_whole import OPEN_FIRST, Whole

WIDTH = 384


class SettingsPanel(QFrame):
    """Shows one form at a time; each edit is a change of the draft that can be undone."""

    wanted_path = Signal(object)  # the Slot of an exit to add something at
    wanted_step = Signal(str)  # the id of a step that is to be selected
    renewed = Signal()  # the office has something else to pick from: what is wrong may differ

    def __init__(self, desk: Desk, draft: Draft, view: FlowView) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setFixedWidth(WIDTH)
        self._desk, self._draft = desk, draft
        self._asker = Asker(view)
        self._open = set(OPEN_FIRST)
        self._problems: Sequence[Problem] = ()
        self.lists: Lists = {}
        self.fields: KnownFields = {}
        self.sample = SampleChoice(desk.background.read)
        self.guard: Guard | None = None
        self.spot: Spot | None = None
        self.item: ItemSettings | None = None
        self.whole: Whole | None = None
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)
        draft.changed.connect(self._follow)
        draft.locks.connect(lambda _why: self._lock())
        desk.background.changed.connect(self._hear)

    @property
    def form(self) -> Form[Described] | None:
        """Return the form of the step or trigger that is shown."""
        return self.item.form if self.item is not None else None

    @property
    def audience(self) -> Audience | None:
        """Return the editor of the audience, where one is shown."""
        shown = self.item or self.whole
        return shown.audience if shown is not None else None

    def show_target(self, target: object) -> None:
        """Show the settings of a card; of the whole workflow for anything else."""
        self._draft.seal()
        self.spot = target if isinstance(target, Spot) and target.id else None
        self._build()
        self._lock()
        self._begin_sample()
        self._show_problems()
        if self.item is not None and (first := self.item.first_problem()) is not None:
            self._bring(first)

    def focus_first(self) -> None:
        """Put the cursor into the first setting."""
        if self.item is not None:
            self.item.focus_first()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong where it is set."""
        self._problems = problems
        self._show_problems()

    def show_part(self, key: str) -> None:
        """Open the part of the whole that a problem is about, and bring it into view."""
        if self.whole is not None and (fold := self.whole.open(key)) is not None:
            self._bring(fold.head)

    @later
    async def renew(self) -> None:
        """Read the office's lists again, and show them where one picks from them."""
        self.lists = await self._read_lists()
        self.show_target(self.spot)
        self.renewed.emit()

    @later
    @newest
    async def _hear_lists(self) -> None:
        """Offer what the office has now, at once unless somebody is at work here."""
        lists = await self._read_lists()
        if not self.lists or lists == self.lists:
            return
        self.lists = lists
        focus = QApplication.focusWidget()
        if focus is None or not self.isAncestorOf(focus):
            self.show_target(self.spot)
        self.renewed.emit()

    async def _read_lists(self) -> Lists:
        return await self._desk.background.read(office_lists, self._draft.graph.record)

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & WATCHED:
            self._hear_lists()

    def _lock(self) -> None:
        """Let nothing look as if it could be edited while it cannot."""
        shown = self.item or self.whole
        if shown is not None:
            shown.lock(bool(self._draft.locked))

    def _show_problems(self) -> None:
        if self.whole is not None:
            self.whole.show_problems(self._problems)
        if self.item is not None:
            self.item.show_problems(self._problems)

    def _bring(self, part: QWidget) -> None:
        body = self._scroll.widget().layout()
        assert body is not None
        body.activate()
        self._scroll.ensureWidgetVisible(part, 0, 40)

    @later
    async def _begin_sample(self) -> None:
        await self.sample.begin(self._draft.graph)

    def _build(self) -> None:
        self.item = self.whole = None
        body = QWidget(objectName="scrolled")
        column = QVBoxLayout(body)
        column.setContentsMargins(18, 16, 18, 20)
        column.setSpacing(14)
        item = item_at(self._draft.graph, self.spot)
        if self.spot is not None and item is not None:
            self.item = ItemSettings(self.tools(), self.spot, item)
            self.item.wanted_path.connect(self.wanted_path)
            column.addWidget(self.item)
        else:
            self.whole = Whole(self.tools(), self._open)
            self.whole.wanted.connect(self.wanted_step)
            theme = self._desk.theme
            whole = f"The whole {self._draft.graph.purpose}"
            column.addWidget(heading(theme, whole, "workflow", "accent"))
            column.addWidget(self.whole)
        column.addStretch(1)
        if (old := self._scroll.takeWidget()) is not None:
            old.deleteLater()  # later: what was clicked to get here may be in it
        self._scroll.setWidget(body)

    def tools(self) -> Tools:
        """Return what forms about the workflow are made with."""
        names = [one.id for one in self._draft.graph.triggers]
        lists = {**self.lists, "trigger": names}
        return Tools(
            self._desk.theme,
            self._draft,
            lists,
            self.fields,
            self._asker,
            self._desk,
            self.sample,
            self.renew,
            self.guard,
        )

    def _follow(self, before: Graph, after: Graph) -> None:
        """Show what undo, redo or the canvas changed."""
        if self.item is not None and not self.item.follow(after):
            self.show_target(None)
