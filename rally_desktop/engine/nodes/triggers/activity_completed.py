"""Trigger: a task, call or meeting was done."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from rally_desktop.core.schema import Choice, Pick
from rally_desktop.engine.nodes.base import Event, TriggerKind

_KINDS = {"Task": "task_completed", "Call": "call_logged", "Meeting": "meeting_completed"}
_OUTCOME = Pick(
    "Call outcome",
    help="Empty: any.",
    source="call_outcome",
    required=False,
    shown_when=("activity", "Call"),
)


class ActivityCompleted(TriggerKind, frozen=True):
    """Starts when somebody completes a task, a call or a meeting with the record."""

    title: ClassVar = "Activity completed"
    icon: ClassVar = "circle-check"
    says: ClassVar = "When a {activity} is completed"
    example: ClassVar = {"activity": "Call", "outcome": "Reached"}
    words: ClassVar = ("task", "call", "meeting", "done")

    activity: Annotated[Literal["Task", "Call", "Meeting"], Choice("Activity")] = "Task"
    outcome: Annotated[str, _OUTCOME] = ""

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at activities of the chosen kind."""
        return ((_KINDS[self.activity], None),)

    def matches(self, event: Event) -> bool:
        """Compare the outcome of a call, where one is asked for."""
        return not self.outcome or event.detail.get("outcome") == self.outcome

    def sentence(self) -> str:
        """Say which activity, and with which outcome."""
        tail = f" with outcome {self.outcome}" if self.outcome else ""
        return f"When a {self.activity.lower()} is completed{tail}"
