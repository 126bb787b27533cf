"""What a call step and a LinkedIn step share: a task with the words to say, and the wait for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from rally_desktop.core.days import plus_length
from rally_desktop.core.schema import Choice, Duration, Text, YesNo
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes import people
from rally_desktop.engine.nodes.base import (
    Done,
    Event,
    Failed,
    Here,
    Outcome,
    StepKind,
    Waiting,
)
from rally_desktop.model.work import Work
from rally_desktop.services import tasks


class Errand(StepKind, frozen=True):
    """A step that has a person do something, and goes on when it is done or at once."""

    says: ClassVar = "“{task}”"
    type: ClassVar[str]

    task: Annotated[str, Text("Title", merge=True)]
    text: Annotated[str, Text("What to say", merge=True, required=False, lines=6)] = ""
    due_in: Annotated[timedelta, Duration("Due in")] = timedelta(days=1)
    assign: people.Assign = "the owner"
    assignee: people.Assignee = ""
    pool: people.Pool = ()
    priority: Annotated[Literal["Low", "Medium", "High"], Choice("Priority")] = "Medium"
    waits: Annotated[bool, YesNo("Wait until it is done")] = True
    at_most: Annotated[timedelta, Duration("Wait at most", shown_when=("waits", True))] = timedelta(
        days=7
    )

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on when it is done, otherwise where it was not done in time, or nobody could."""
        waited = (("next", "Done"), ("timed_out", "Not in time"))
        return (*(waited if self.waits else (("next", ""),)), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Create the task, within the run's transaction, and say how long to wait for it."""
        title, text = here.merge(self.task), self.words_for(work, here)
        assignee = people.assignee(work, here, self)
        if isinstance(assignee, Failed):
            return assignee
        zone = clockwork.office_zone(work)
        number = tasks.create(
            work,
            here.ref,
            title=title,
            due_at=plus_length(work.now, self.due_in, zone),
            assignee_id=assignee,
            priority=self.priority,
            type=self.type,
            description=text,
            run_id=here.run_id if self.waits else None,
        )
        said, detail = f"Created the task “{title}”.", {"task": number}
        if not self.waits:
            return Done(said, detail=detail)
        until = plus_length(work.now, self.at_most, zone)
        return Waiting(until, said, "timed_out", f"task:{number}", detail)

    def words_for(self, work: Work, here: Here) -> str:
        """Return the words to say to whom the record is about."""
        return here.merge(self.text)

    def met(self, work: Work, here: Here, event: Event) -> str | None:
        """Go on when the task is done."""
        done = event.kind == "task_completed" and here.awaited == f"task:{event.detail['task']}"
        return "next" if done else None

    def problems(self) -> dict[str, str]:
        """Ask for whoever is to do it."""
        return super().problems() | people.missing(self)

    def sentence(self) -> str:
        """Say the title, and whose it is."""
        whose = "" if self.assign == "the owner" else f", {people.said(self)}"
        return f"“{Text('', merge=True).say(self.task)}”{whose}"
