"""Action: enrol the record in a sequence or another workflow."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.schema import Pick
from rally_desktop.engine import doors
from rally_desktop.engine.nodes import people
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, StepKind
from rally_desktop.model.work import Work


class EnrolInSequence(StepKind, frozen=True):
    """Enrols the contact in a sequence, or the record in another published workflow.

    What that workflow asks for holds there as ever: whom it is for, whether one may enter again,
    what happens to whoever is inside. A workflow that in the end enrols into itself is not
    entered. A deal enrols its contact where the sequence is for contacts.
    """

    title: ClassVar = "Enrol in a sequence"
    icon: ClassVar = "log-in"
    family: ClassVar[Family] = "flow"
    says: ClassVar = "Into “{sequence}”"
    reads: ClassVar = "Enrol in the sequence “{sequence}”"
    example: ClassVar = {"sequence": "Welcome"}
    words: ClassVar = ("add", "start", "workflow", "nurture", "outreach")

    sequence: Annotated[str, Pick("Sequence", source="workflow")]

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where there is no such workflow for this record."""
        return (("next", ""), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Ask at the door, within the run's transaction; the engine decides next."""
        try:
            door = doors.named(work, self.sequence, published=True)
        except (NotFound, Refused) as error:
            return Failed("not_published", str(error))
        ref = here.ref if door.record == here.ref.kind else people.contact_of(work, here)
        if ref is None or ref.kind != door.record:
            return Failed("wrong_record", f"‘{door.name}’ is for another kind of record.")
        chain = work.cause.chain if work.cause else ""
        doors.let_in(work, door.id, ref, f"run:{here.run_id}:{here.seq}", "by_step", chain=chain)
        return Done(f"Asked to enrol it in “{door.name}”.", detail={"workflow": door.id})
