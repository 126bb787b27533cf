"""Action: create a task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from rally_desktop.core.days import at_time, local, plus_length, read_when
from rally_desktop.core.schema import Choice, Duration, Moment, Number, Pick, Text, TimeOfDay, YesNo
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes import people
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import tasks

Due = Literal["after a while", "after business days", "on a date", "never"]
MORNING = "09:00"


class CreateTask(StepKind, frozen=True):
    """Gives somebody something to do.

    The task lands in the assignee's list and on the record's timeline. Its title may use merge
    fields, such as {{ contact.first_name | default("the contact") }}. It is due by the office's
    clock; business days leave out the days on which the office is closed. A pool of users gets
    such tasks in turn. A user who is named but does not work here any more, or a pool in which
    everybody is away, is a failure.
    """

    title: ClassVar = "Create task"
    icon: ClassVar = "square-check"
    family: ClassVar[Family] = "record"
    says: ClassVar = "“{task}”"
    example: ClassVar = {"task": "Call back", "due_in": "P2D", "priority": "High"}
    words: ClassVar = ("to-do", "call", "reminder", "follow up")

    task: Annotated[str, Text("Title", merge=True)]
    type: Annotated[str, Pick("Type", source="task_type", required=False)] = "To-do"
    due: Annotated[Due, Choice("Due")] = "after a while"
    due_in: Annotated[timedelta, Duration("Due in", shown_when=("due", "after a while"))] = (
        timedelta(days=1)
    )
    due_days: Annotated[
        int,
        Number("Business days", least=0, most=365, shown_when=("due", "after business days")),
    ] = 1
    due_on: Annotated[str, Moment("On", required=False, shown_when=("due", "on a date"))] = ""
    at: Annotated[
        str,
        TimeOfDay(
            "Time of day",
            required=False,
            shown_when=("due", ("after a while", "after business days", "on a date")),
        ),
    ] = ""
    assign: people.Assign = "the owner"
    assignee: people.Assignee = ""
    pool: people.Pool = ()
    priority: Annotated[str, Pick("Priority", source="task_priority", required=False)] = "Medium"
    description: Annotated[str, Text("Description", merge=True, required=False, lines=4)] = ""
    once: Annotated[bool, YesNo("Not if an open one of that type exists")] = False

    @classmethod
    def renewed(cls, stored: Mapping[str, Any]) -> Mapping[str, Any]:
        """Read a step that named an assignee before there were other ways to find one."""
        old = "assign" not in stored and stored.get("assignee")
        return {**stored, "assign": "a user"} if old else stored

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where nobody could be found to do it."""
        return (("next", ""), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Create the task, within the run's transaction."""
        if self.once and tasks.is_open(work, here.ref, self.type):
            return Skipped("task_open", f"There is an open task of the type {self.type} already.")
        title, description = here.merge(self.task), here.merge(self.description)
        assignee = people.assignee(work, here, self)
        if isinstance(assignee, Failed):
            return assignee
        number = tasks.create(
            work,
            here.ref,
            title=title,
            due_at=self._due_at(work),
            assignee_id=assignee,
            priority=self.priority,
            type=self.type,
            description=description,
        )
        return Done(f"Created the task “{title}”.", detail={"task": number})

    def problems(self) -> dict[str, str]:
        """Ask for whoever is to do it, and for the date."""
        found = super().problems() | people.missing(self)
        if self.due == "on a date" and _day(self.due_on) is None:
            found["due_on"] = "is required"
        return found

    def sentence(self) -> str:
        """Say the title, when it is due and whose it is."""
        title, due = Text("", merge=True).say(self.task), self._said()
        return f"“{title}”{due}" + ("" if self.assign == "the owner" else f", {people.said(self)}")

    def _said(self) -> str:
        if self.due == "never":
            return ""
        if self.due == "on a date":
            when = f"on {self.due_on[:10]}"
        elif self.due == "after business days":
            when = f"in {self.due_days} business day{'s' * (self.due_days != 1)}"
        else:
            when = f"in {Duration('').say(self.due_in)}"
        return f", due {when}" + (f" at {self.at}" if self.at else "")

    def _due_at(self, work: Work) -> datetime | None:
        """Return when it is due, by the office's clock."""
        zone = clockwork.office_zone(work)
        day = _day(self.due_on)
        if self.due == "never":
            return None
        if self.due == "on a date" and day:
            return at_time(day, self.at or MORNING, zone)
        if self.due == "after business days":
            moment = clockwork.plus_business_days(work, work.now, self.due_days, zone)
        else:
            moment = plus_length(work.now, self.due_in, zone)
        return at_time(local(moment, zone).date(), self.at, zone) if self.at else moment


def _day(text: str) -> date | None:
    try:
        return read_when(text[:10])
    except ValueError:
        return None
