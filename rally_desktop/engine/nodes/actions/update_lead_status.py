"""Action: set a contact's lead status."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.schema import Pick
from rally_desktop.engine.nodes import people
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import contacts


class UpdateLeadStatus(StepKind, frozen=True):
    """Sets the lead status of the contact, or of the contact of the deal."""

    title: ClassVar = "Update lead status"
    icon: ClassVar = "flag"
    family: ClassVar[Family] = "record"
    says: ClassVar = "Lead status → {status}"
    example: ClassVar = {"status": "Contacted"}
    records: ClassVar = ("contact", "deal")
    words: ClassVar = ("status", "lead", "won", "lost", "contacted")

    status: Annotated[str, Pick("Status", source="lead_status")]

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where the deal has no contact."""
        return (("next", ""), ("failed", "Failed"))

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Change the status."""
        return (("updated", "lead_status", self.status),)

    def run(self, work: Work, here: Here) -> Outcome:
        """Set the status, within the run's transaction."""
        ref = people.contact_of(work, here)
        if ref is None:
            return Failed("no_contact", "The deal has no contact.")
        before = work.record(ref)["lead_status"]
        if contacts.update(work, ref, {"lead_status": self.status}):
            return Done(f"Moved the lead status from {before or 'none'} to {self.status}.")
        return Skipped("unchanged", f"The lead status is {self.status} already.")
