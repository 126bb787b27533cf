"""The sequences page: the list, and the steps and people of the one that is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rally_desktop.engine import cookbook
from rally_desktop.model.graph import Graph, Rules, Trigger
from rally_desktop.services.workflows import WorkflowRow
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.workflow_listing import WorkflowListing, state_column
from rally_desktop.ui.widgets.list_table import Column

if TYPE_CHECKING:
    from rally_desktop.ui.pages.workflow_editor import WorkflowEditor


class SequencesPage(WorkflowListing):
    """Lists the sequences and opens one."""

    title: ClassVar = "Sequences"
    icon: ClassVar = "send"
    order: ClassVar = 25
    purpose: ClassVar = "sequence"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._recipe = cookbook.recipes_for(self.purpose)[0]
        self.empty.say(
            "send",
            "No sequences yet",
            "A sequence writes to people step by step, an e-mail on day 1, a call on day 3, until "
            f"they answer. ‘{self._recipe.title}’ is a whole one to begin with.",
            "Begin with the recipe",
        )
        self.empty.pressed.connect(lambda: self.begin_from(self._recipe))

    def fresh(self, name: str) -> Graph:
        """Return a sequence that people are enrolled in by hand."""
        hand = Trigger("hand", "by_hand")
        rules = Rules(again="never", exclusive=True)
        return Graph(name=name, purpose="sequence", triggers=(hand,), settings=rules)

    def editor_of(self, number: int, at: str) -> WorkflowEditor:
        """Return the page of one sequence."""
        from rally_desktop.ui.pages.sequence_editor import SequenceEditor

        return SequenceEditor(self.desk, number, at)

    def columns(self) -> list[Column[WorkflowRow]]:
        """Return what is said of each sequence."""
        return [
            Column("Name", lambda row: row.name, strong=True),
            state_column(),
            Column(
                "Inside", lambda row: f"{row.open_runs:,}", 90,
                sort=lambda row: row.open_runs, right=True, tip=lambda row: "People inside now",
            ),
        ]  # fmt: skip
