"""Flow: ask a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, ClassVar, Literal

from rally_desktop.core.days import plus_length
from rally_desktop.core.errors import Refused
from rally_desktop.core.schema import Choice, Duration, Pick, Text
from rally_desktop.engine import clockwork
from rally_desktop.engine.nodes.base import (
    Again,
    Done,
    Event,
    Failed,
    Family,
    Here,
    Outcome,
    StepKind,
)
from rally_desktop.model.work import Work
from rally_desktop.services import tasks, users
from rally_desktop.services.users import User

LOOK = timedelta(days=1)  # how often it looks, should it have been paused when somebody answered
WAYS = {"approved": "Approved", "rejected": "Rejected"}


class Approve(StepKind, frozen=True):
    """Asks a person, or everybody with a role, whether to go on.

    Each of them gets a task and a notification; the first answer counts. Where nobody has
    answered by the deadline the default holds, however late the engine comes to it, and the
    tasks are taken back. It fails where there is nobody to ask.
    """

    title: ClassVar = "Approve"
    icon: ClassVar = "stamp"
    family: ClassVar[Family] = "condition"
    says: ClassVar = "“{question}”"
    reads: ClassVar = "Ask for approval: {sentence}"
    example: ClassVar = {"question": "May the discount be given?", "role": "admin"}
    words: ClassVar = ("ask", "permission", "decide", "review", "sign off")
    late_after: ClassVar = timedelta.max

    question: Annotated[str, Text("Question", merge=True)]
    approver: Annotated[str, Pick("Who decides", source="user", required=False)] = ""
    role: Annotated[
        Literal["", "admin", "staff"],
        Choice("Or anybody with the role", required=False, options=("admin", "staff")),
    ] = ""
    description: Annotated[str, Text("Details", merge=True, required=False, lines=4)] = ""
    deadline: Annotated[timedelta, Duration("Time to decide")] = timedelta(days=2)
    default: Annotated[Literal["approved", "rejected"], Choice("Without an answer")] = "rejected"

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Lead on by what was decided, or the other way where nobody can be asked."""
        return (*WAYS.items(), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Ask, within the run's transaction; come back at the deadline."""
        if asked := here.said.get("tasks"):
            return self._look(work, here, asked)
        people = self._asked(work)
        if isinstance(people, Failed):
            return people
        question, description = here.merge(self.question), here.merge(self.description)
        made = [
            tasks.create(
                work,
                here.ref,
                title=question,
                due_at=self._deadline(work, here),
                assignee_id=user.id,
                type=tasks.APPROVAL,
                description=description,
                run_id=here.run_id,
            )
            for user in people
        ]
        for user in people:
            users.notify(work, here.ref, user, question)
        names = " or ".join(user.name for user in people)
        return self._wait(work, here, made, f"Asks {names}: “{question}”")

    def met(self, work: Work, here: Here, event: Event) -> str | None:
        """Go on by the first answer."""
        answer = event.detail.get("answer") if event.kind == "task_completed" else None
        ours = answer in WAYS and tasks.run_of(work, event.detail["task"]) == here.run_id
        return answer if ours else None

    def problems(self) -> dict[str, str]:
        """Ask for whoever decides: one person or one role."""
        found = super().problems()
        if bool(self.approver) == bool(self.role):
            found["approver"] = "or a role must be chosen, and not both"
        return found

    def _look(self, work: Work, here: Here, asked: list[int]) -> Outcome:
        """Look whether somebody answered unseen; at the deadline the default holds."""
        if answer := tasks.answer_of(work, asked):
            return Done(f"Was {answer}.", answer)
        if work.now < self._deadline(work, here):
            return self._wait(work, here, asked, "Waits for an answer.")
        tasks.withdraw(work, here.ref, here.run_id)
        return Done(f"Nobody answered: {self.default}.", self.default)

    def _wait(self, work: Work, here: Here, asked: list[int], summary: str) -> Again:
        until = min(self._deadline(work, here), work.now + LOOK)
        return Again(until, "", summary, {"tasks": asked}, f"approval:{here.run_id}:{here.seq}")

    def _deadline(self, work: Work, here: Here) -> datetime:
        return plus_length(here.entered_at, self.deadline, clockwork.office_zone(work))

    def _asked(self, work: Work) -> list[User] | Failed:
        if self.role:
            found = [user for user in users.listed(work) if user.role == self.role]
            here = [user for user in found if not user.away(work.now)]
            return here or found or Failed("no_user", f"Nobody has the role {self.role}.")
        try:
            return [users.named(work, self.approver)]
        except users.SameName as error:
            return Failed("same_name", str(error))
        except Refused as error:
            return Failed("no_user", str(error))
