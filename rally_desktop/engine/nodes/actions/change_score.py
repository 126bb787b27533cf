"""Action: change a contact's score."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.schema import Choice, Number
from rally_desktop.engine.nodes import people
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import scores


class ChangeScore(StepKind, frozen=True):
    """Sets the score of the contact, adds to it or takes away from it.

    It stays between 0 and 100. Up to 25 a contact is cold, up to 50 warm, up to 75 hot, above
    that sales-ready. For a deal it is the contact of the deal.
    """

    title: ClassVar = "Change score"
    icon: ClassVar = "gauge"
    family: ClassVar[Family] = "record"
    says: ClassVar = "{how} {points}"
    reads: ClassVar = "Change the score: {how} {points}"
    example: ClassVar = {"how": "add", "points": 10}
    records: ClassVar = ("contact", "deal")
    words: ClassVar = ("points", "lead score", "hot", "warm", "cold")

    how: Annotated[scores.How, Choice("Change")] = "add"
    points: Annotated[int, Number("Points", least=0, most=100)] = 10

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where the deal has no contact."""
        return (("next", ""), ("failed", "Failed"))

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Change the score."""
        return (("updated", "score", str(self.points) if self.how == "set" else None),)

    def run(self, work: Work, here: Here) -> Outcome:
        """Change the score, within the run's transaction."""
        ref = people.contact_of(work, here)
        if ref is None:
            return Failed("no_contact", "The deal has no contact.")
        before, after = scores.change(work, ref, self.how, self.points)
        if before == after:
            return Skipped("unchanged", f"The score is {after} already.")
        return Done(f"Moved the score from {before} to {after} ({scores.band(after)}).")

    def sentence(self) -> str:
        """Say how the score moves."""
        points = f"{self.points} point{'s' * (self.points != 1)}"
        return {
            "set": f"Score → {self.points}", "add": f"Score + {points}",
            "subtract": f"Score − {points}",
        }[self.how]  # fmt: skip
