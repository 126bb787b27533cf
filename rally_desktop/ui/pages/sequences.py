"""The sequences page: the list, and the steps and people of the one that is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit

from rally_desktop.core.fold import fold
from rally_desktop.engine import cookbook
from rally_desktop.model.graph import Graph, Rules, Trigger
from rally_desktop.services import sequence_figures
from rally_desktop.services.sequence_figures import Figures
from rally_desktop.services.way_out import FOOTER
from rally_desktop.services.workflows import WorkflowRow
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.sequence_scenes import scenes_of
from rally_desktop.ui.pages.workflow_listing import WorkflowListing, state_column
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column

if TYPE_CHECKING:
    from rally_desktop.ui.pages.workflow_editor import WorkflowEditor

# What moves the figures; they are read anew some time after the last change, not with each.
COUNTED = frozenset({"run", "outbox", "activity", "touch"})
EVERY = 2_000
ROOMY = 900  # a narrower list leaves out what the figures of one sequence say, too
LEFT_OUT = ("Clicked", "Bounced", "Left list")
NOTHING = Figures()
UNKNOWN = "–"
NOT_COUNTED = "Not available: it is not counted while no public address is set (Settings, Web)"


class SequencesPage(WorkflowListing):
    """Lists the sequences with their figures and opens one."""

    title: ClassVar = "Sequences"
    icon: ClassVar = "send"
    order: ClassVar = 25
    purpose: ClassVar = "sequence"
    shows: ClassVar = frozenset({"workflow", "workflow_version"})

    def __init__(self, desk: Desk) -> None:
        self._figures: Mapping[int, Figures] = {}
        self._rows: list[WorkflowRow] = []
        super().__init__(desk)
        self._recipe = cookbook.recipes_for(self.purpose)[0]
        self.search = QLineEdit(placeholderText="Find a sequence", clearButtonEnabled=True)
        self.search.setAccessibleName("Find a sequence")
        self.search.setMaximumWidth(280)
        self.search.textChanged.connect(self._show_found)
        self.nothing = EmptyPanel(desk.theme)
        self.nothing.pressed.connect(self.search.clear)
        self.inside.insertWidget(0, self.search)
        self.inside.addWidget(self.nothing, 1)
        self.inside.setContentsMargins(8, 10, 8, 8)
        self.empty.say(
            "send",
            "No sequences yet",
            "A sequence writes to people step by step, an e-mail on day 1, a call on day 3, until "
            f"they answer. ‘{self._recipe.title}’ is a whole one to begin with.",
            "Begin with the recipe",
        )
        self.empty.pressed.connect(lambda: self.begin_from(self._recipe))
        self._soon = QTimer(self, singleShot=True, interval=EVERY)
        self._soon.timeout.connect(self.refresh)
        desk.background.changed.connect(self._count_soon)

    def open(self, *what: object) -> None:
        """Open a sequence by its number, begin a new one, or show all of the list."""
        super().open(*what)
        if not what:
            self.search.clear()

    def fresh(self, name: str) -> Graph:
        """Return a sequence that people are enrolled in by hand."""
        hand = Trigger("hand", "by_hand")
        rules = Rules(again="never", exclusive=True, footer=FOOTER)
        return Graph(name=name, purpose="sequence", triggers=(hand,), settings=rules)

    def editor_of(self, number: int, at: str) -> WorkflowEditor:
        """Return the page of one sequence."""
        from rally_desktop.ui.pages.sequence_editor import SequenceEditor

        return SequenceEditor(self.desk, number, at)

    async def show_rows(self, rows: list[WorkflowRow]) -> None:
        """Show the sequences that are looked for, with their figures."""
        ids = [row.id for row in rows]
        self._figures = await self.desk.background.read(sequence_figures.of_many, ids)
        self._rows = rows
        self.new_button.show()
        self._show_found()

    def columns(self) -> list[Column[WorkflowRow]]:
        """Return what is said of each sequence."""
        return [
            Column("Name", lambda row: row.name, strong=True, tip=lambda row: row.name),
            state_column(116, brief=True),
            self._count("Inside", lambda one: one.inside, 70, "People inside now"),
            self._count("Due today", lambda one: one.due_today, 92, "People with a step due today"),
            self._count("Sent", lambda one: one.sent, 66, "Messages that went out"),
            self._count("Opened", lambda one: one.opened, 80, "People who opened a message"),
            self._count("Clicked", lambda one: one.clicked, 78, "People who followed a link"),
            self._count("Replied", lambda one: one.replied, 80, "People who replied"),
            self._count("Bounced", lambda one: one.bounced, 84, "People whose message came back"),
            self._count("Left list", lambda one: one.unsubscribed, 82, "People who unsubscribed"),
            Column(
                "Reply rate", lambda row: _percent(self._of(row).reply_rate), 92, right=True,
                sort=lambda row: self._of(row).reply_rate or 0.0,
                tip=lambda row: _rate(self._of(row)),
            ),
        ]  # fmt: skip

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show a sequence as a list, with its settings open, and on the canvas."""
        scenes: dict[str, Callable[[], None]] = {
            "sequences_nothing_found": lambda: self.search.setText("zzz")
        }
        if rows := self._rows:
            scenes |= scenes_of(rows, self.open, lambda: self.editor)
        return scenes

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the names their room where the window is narrow."""
        super().resizeEvent(event)
        for place, column in enumerate(self.columns()):
            narrow = column.title in LEFT_OUT and self.width() < ROOMY
            self.table.setColumnHidden(place, narrow)

    def _count(
        self, title: str, what: Callable[[Figures], int | None], width: int, says: str
    ) -> Column[WorkflowRow]:
        return Column(
            title, lambda row: _number(what(self._of(row))), width, right=True,
            sort=lambda row: what(self._of(row)) or 0,
            tip=lambda row: says if what(self._of(row)) is not None else NOT_COUNTED,
        )  # fmt: skip

    def _of(self, row: WorkflowRow) -> Figures:
        return self._figures.get(row.id, NOTHING)

    def _show_found(self) -> None:
        wanted = fold(self.search.text())
        rows = [row for row in self._rows if wanted in fold(row.name)]
        self.table.show_rows(rows, lambda row: row.id)
        self.table.viewport().update()  # the figures are no part of the rows
        words = f"No sequence is called ‘{self.search.text()}’."
        self.nothing.say("search", "Nothing found", words, "Show every sequence")
        self.nothing.setVisible(not rows)
        self.table.setVisible(bool(rows))

    def _count_soon(self, touched: frozenset[str]) -> None:
        if touched & COUNTED and self.table.isVisible() and not self._soon.isActive():
            self._soon.start()


def _number(count: int | None) -> str:
    return UNKNOWN if count is None else f"{count:,}"


def _percent(rate: float | None) -> str:
    return UNKNOWN if rate is None else f"{rate:.0%}".replace("%", " %")


def _rate(one: Figures) -> str:
    if one.reply_rate is None:
        return "Nobody was written to yet"
    return f"{one.replied:,} of the {one.reached:,} who were written to replied"
