"""Action: move a contact's lifecycle stage."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from rally_desktop.core.schema import Choice
from rally_desktop.engine.nodes import people
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import contacts

Stage = Literal["Lead", "Qualified", "Opportunity", "Customer", "Evangelist"]


class UpdateLifecycleStage(StepKind, frozen=True):
    """Moves the contact, or the contact of the deal, to another lifecycle stage."""

    title: ClassVar = "Update lifecycle stage"
    icon: ClassVar = "trending-up"
    family: ClassVar[Family] = "record"
    says: ClassVar = "Lifecycle stage → {stage}"
    example: ClassVar = {"stage": "Customer"}
    records: ClassVar = ("contact", "deal")
    words: ClassVar = ("stage", "customer", "lead", "qualify")

    stage: Annotated[Stage, Choice("Stage")]

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where the deal has no contact."""
        return (("next", ""), ("failed", "Failed"))

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Change the stage."""
        return (("updated", "lifecycle_stage", self.stage),)

    def run(self, work: Work, here: Here) -> Outcome:
        """Move the stage, within the run's transaction."""
        ref = people.contact_of(work, here)
        if ref is None:
            return Failed("no_contact", "The deal has no contact.")
        before = work.record(ref)["lifecycle_stage"]
        if contacts.update(work, ref, {"lifecycle_stage": self.stage}):
            return Done(f"Moved the lifecycle stage from {before or 'none'} to {self.stage}.")
        return Skipped("unchanged", f"The lifecycle stage is {self.stage} already.")
