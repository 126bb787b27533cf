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
        if until := here.said.get("until"):
            return self._come_back(work, here, datetime.fromisoformat(until))
        asked = self._asked(work)
        if isinstance(asked, Failed):
            return asked
        question, description = here.merge(self.question), here.merge(self.description)
        deadline = plus_length(work.now, self.deadline, clockwork.office_zone(work))
        for user in asked:
            tasks.create(
                work,
                here.ref,
                title=question,
                due_at=deadline,
                assignee_id=user.id,
                type=tasks.APPROVAL,
                description=description,
                run_id=here.run_id,
            )
            users.notify(work, here.ref, user, question)
        names = " or ".join(user.name for user in asked)
        return self._wait(here, deadline, f"Asks {names}: “{question}”")

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

    def _come_back(self, work: Work, here: Here, deadline: datetime) -> Outcome:
        """Let the default hold; where somebody let the run go on early, wait for the rest."""
        if work.now < deadline:
            return self._wait(here, deadline, "Waits for an answer.")
        tasks.withdraw(work, here.run_id)
        return Done(f"Nobody answered: {self.default}.", self.default)

    def _wait(self, here: Here, until: datetime, summary: str) -> Again:
        awaits = f"approval:{here.run_id}:{here.seq}"
        return Again(until, "", summary, {"until": until.isoformat()}, awaits)

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
