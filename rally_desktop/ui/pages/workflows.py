"""The workflows page: the list, and the canvas of the one that is opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from rally_desktop.model.graph import Graph
from rally_desktop.services.workflows import WorkflowRow
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.workflow_listing import WorkflowListing, state_column
from rally_desktop.ui.pages.workflow_scenes import scenes_of
from rally_desktop.ui.widgets.list_table import Column
from rally_desktop.ui.widgets.relative_time import ago, exactly

if TYPE_CHECKING:
    from rally_desktop.ui.pages.workflow_editor import WorkflowEditor

RECORDS = {"contact": "Contacts", "company": "Companies", "deal": "Deals"}


class WorkflowsPage(WorkflowListing):
    """Lists the workflows and opens one on the canvas."""

    title: ClassVar = "Workflows"
    icon: ClassVar = "workflow"
    order: ClassVar = 20
    purpose: ClassVar = "workflow"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.empty.say(
            "workflow",
            "No workflows yet",
            "A workflow does what shall happen when something happens: a welcome e-mail to a new "
            "contact, a task when a deal is won. Begin with an empty one, or with a recipe above.",
            "New workflow",
        )
        self.empty.pressed.connect(self.begin)

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show every workflow on the canvas, and the liveliest in each view."""
        return scenes_of(self.table.rows(), self.open, lambda: self.editor)

    def fresh(self, name: str) -> Graph:
        """Return a workflow without anything in it."""
        return Graph(name=name)

    def editor_of(self, number: int, at: str) -> WorkflowEditor:
        """Return the canvas."""
        from rally_desktop.ui.pages.workflow_editor import WorkflowEditor

        return WorkflowEditor(self.desk, number, at)

    def columns(self) -> list[Column[WorkflowRow]]:
        """Return what is said of each workflow."""
        clock = self.desk.clock
        return [
            Column("Name", lambda row: row.name, strong=True),
            state_column(),
            Column("Record", lambda row: RECORDS[row.record], 120),
            Column("Steps", lambda row: f"{row.steps}", 80, sort=lambda row: row.steps, right=True),
            Column(
                "Inside", lambda row: f"{row.open_runs:,}", 90,
                sort=lambda row: row.open_runs, right=True, tip=lambda row: "Open runs",
            ),
            Column(
                "Updated", lambda row: ago(row.updated_at, clock.now()), 130,
                sort=lambda row: row.updated_at, right=True,
                tip=lambda row: exactly(row.updated_at),
            ),
        ]  # fmt: skip
