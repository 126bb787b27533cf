"""Action: create a task."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from rally_desktop.core.schema import Choice, Duration, Pick, Text
from rally_desktop.engine.nodes.base import Done, Family, Here, Outcome, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import tasks, users


class CreateTask(StepKind, frozen=True):
    """Gives somebody something to do.

    The task lands in the assignee's list and on the record's timeline. Its title may use merge
    fields, such as {{ contact.first_name | default("the contact") }}. Without an assignee the
    owner of the record gets it.
    """

    title: ClassVar = "Create task"
    icon: ClassVar = "square-check"
    family: ClassVar[Family] = "record"
    says: ClassVar = "“{task}”, due in {due_in}"
    example: ClassVar = {"task": "Call back", "due_in": "P2D", "priority": "High"}
    words: ClassVar = ("to-do", "call", "reminder", "follow up")

    task: Annotated[str, Text("Title", merge=True)]
    type: Annotated[str, Pick("Type", source="task_type", required=False)] = "To-do"
    due_in: Annotated[timedelta, Duration("Due in")] = timedelta(days=1)
    priority: Annotated[Literal["Low", "Medium", "High"], Choice("Priority")] = "Medium"
    assignee: Annotated[
        str, Pick("Assignee", help="Empty: the owner.", source="user", required=False)
    ] = ""
    description: Annotated[str, Text("Description", merge=True, required=False, lines=4)] = ""

    def run(self, work: Work, here: Here) -> Outcome:
        """Create the task, within the run's transaction."""
        assignee = here.record["owner_id"]
        if self.assignee:
            named = (user.id for user in users.listed(work) if user.name == self.assignee)
            assignee = next(named, assignee)
        title = here.merge(self.task)
        tasks.create(
            work,
            here.ref,
            title=title,
            due_at=work.now + self.due_in,
            assignee_id=assignee,
            priority=self.priority,
            type=self.type,
            description=here.merge(self.description),
        )
        return Done(f"Created the task “{title}”.")
