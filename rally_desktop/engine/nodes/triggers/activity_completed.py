"""Trigger: a task, call or meeting was done."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from rally_desktop.core.schema import Choice, Pick
from rally_desktop.engine.nodes.base import Event, TriggerKind
from rally_desktop.engine.nodes.moves import fits

# For each activity: its line, what of it can be asked for, and where the line says it.
_KINDS = {
    "Task": ("task_completed", "task_type", "type"),
    "Call": ("call_logged", "outcome", "outcome"),
    "Meeting": ("meeting_completed", "meeting_type", "type"),
}


def _of(label: str, source: str, activity: str) -> Pick:
    when = ("activity", activity)
    return Pick(label, help="Empty: any.", source=source, required=False, shown_when=when)


class ActivityCompleted(TriggerKind, frozen=True):
    """Starts when somebody completes a task, a call or a meeting with the record.

    A task or meeting can be asked for by its type, a call by its outcome.
    """

    title: ClassVar = "Activity completed"
    icon: ClassVar = "circle-check"
    says: ClassVar = "When a {activity} is completed"
    example: ClassVar = {"activity": "Call", "outcome": "Reached"}
    words: ClassVar = ("task", "call", "meeting", "done")

    activity: Annotated[Literal["Task", "Call", "Meeting"], Choice("Activity")] = "Task"
    task_type: Annotated[str, _of("Task type", "task_type", "Task")] = ""
    outcome: Annotated[str, _of("Call outcome", "call_outcome", "Call")] = ""
    meeting_type: Annotated[str, _of("Meeting type", "meeting_type", "Meeting")] = ""

    def listens(self) -> tuple[tuple[str, str | None], ...]:
        """Look at activities of the chosen kind."""
        return ((_KINDS[self.activity][0], None),)

    def matches(self, event: Event) -> bool:
        """Compare the task's type, the call's outcome or the meeting's type with that chosen."""
        _, setting, said = _KINDS[self.activity]
        wanted = getattr(self, setting)
        return not wanted or fits(event.detail.get(said), (wanted,))

    def sentence(self) -> str:
        """Say which activity, and of which type or with which outcome."""
        wanted = getattr(self, _KINDS[self.activity][1])
        how = "with outcome" if self.activity == "Call" else "of type"
        return f"When a {self.activity.lower()} is completed{f' {how} {wanted}' if wanted else ''}"
