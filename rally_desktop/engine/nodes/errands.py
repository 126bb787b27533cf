"""What a call step and a LinkedIn step share: a task with the words to say, and the wait for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from rally_desktop.core.days import plus_length
from rally_desktop.core.schema import Duration, Pick, Text, YesNo
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes import people
from rally_desktop.engine.nodes.base import (
    Again,
    Done,
    Event,
    Failed,
    Here,
    Outcome,
    StepKind,
)
from rally_desktop.model.work import Work
from rally_desktop.services import tasks

LOOK = timedelta(days=1)  # how often it looks, should it have been paused when the task was done


class Errand(StepKind, frozen=True):
    """A step that has a person do something, and goes on when it is done or at once."""

    says: ClassVar = "“{task}”"
    type: ClassVar[str]
    late_after: ClassVar = timedelta.max  # what follows is late, a task for a person is not

    task: Annotated[str, Text("Title", merge=True)]
    text: Annotated[str, Text("What to say", merge=True, required=False, lines=6)] = ""
    due_in: Annotated[timedelta, Duration("Due in")] = timedelta(days=1)
    assign: people.Assign = "the owner"
    assignee: people.Assignee = ""
    pool: people.Pool = ()
    priority: Annotated[str, Pick("Priority", source="task_priority", required=False)] = "Medium"
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
        if number := here.said.get("task"):
            return self._look(work, here, number)
        title, text = here.merge(self.task), self.words_for(work, here)
        assignee = people.assignee(work, here, self)
        if isinstance(assignee, Failed):
            return assignee
        number = tasks.create(
            work,
            here.ref,
            title=title,
            due_at=plus_length(work.now, self.due_in, clockwork.office_zone(work)),
            assignee_id=assignee,
            priority=self.priority,
            type=self.type,
            description=text,
            run_id=here.run_id if self.waits else None,
        )
        said = f"Created the task “{title}”."
        return self._wait(work, here, number, said) if self.waits else Done(said)

    def _look(self, work: Work, here: Here, number: int) -> Outcome:
        """Look whether the task was done while nobody watched, or is out of time."""
        if tasks.answer_of(work, [number]) is not None:
            return Done("The task was done.")
        if work.now >= self._until(work, here):
            return Done("The task was not done in time.", "timed_out")
        return self._wait(work, here, number, "Waits for the task.")

    def _wait(self, work: Work, here: Here, number: int, summary: str) -> Outcome:
        until = min(self._until(work, here), work.now + LOOK)
        return Again(until, "", summary, {"task": number}, f"task:{number}")

    def _until(self, work: Work, here: Here) -> datetime:
        """Return when it has been waited for long enough."""
        return plus_length(here.entered_at, self.at_most, clockwork.office_zone(work))

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
