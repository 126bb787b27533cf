"""Action: take the record out of a sequence or another workflow."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.schema import Pick
from rally_desktop.engine import doors
from rally_desktop.engine.nodes import people
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, StepKind
from rally_desktop.model.work import Work


class RemoveFromSequence(StepKind, frozen=True):
    """Takes the contact out of a sequence, or the record out of another workflow.

    Its run there ends where it stands, without the Stop Actions; whoever waits to enter does not.
    A record that is not inside is left alone. A deal takes its contact out where the sequence is
    for contacts.
    """

    title: ClassVar = "Remove from a sequence"
    icon: ClassVar = "log-out"
    family: ClassVar[Family] = "flow"
    says: ClassVar = "Out of “{sequence}”"
    reads: ClassVar = "Remove from the sequence “{sequence}”"
    example: ClassVar = {"sequence": "Welcome"}
    words: ClassVar = ("stop", "leave", "unenrol", "workflow", "cancel")

    sequence: Annotated[str, Pick("Sequence", source="workflow")]

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where there is no such workflow for this record."""
        return (("next", ""), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Ask at the door, within the run's transaction; the engine sees it off next."""
        try:
            door = doors.named(work, self.sequence)
        except (NotFound, Refused) as error:
            return Failed("no_workflow", str(error))
        ref = here.ref if door.record == here.ref.kind else people.contact_of(work, here)
        if ref is None or ref.kind != door.record:
            return Failed("wrong_record", f"‘{door.name}’ is for another kind of record.")
        doors.show_out(work, door.id, ref, f"leave:{here.run_id}:{here.seq}")
        return Done(f"Takes it out of “{door.name}”.", detail={"workflow": door.id})
