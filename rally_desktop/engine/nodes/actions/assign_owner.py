"""Action: give the record an owner."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from rally_desktop.core.schema import Choice, YesNo
from rally_desktop.engine.nodes import people
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, Skipped, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import records


class AssignOwner(StepKind, frozen=True):
    """Gives the record to a user, or to each of several in turn.

    Taking turns is even: whoever has been given least is next, whoever is away is passed over,
    and whoever joins later goes on from the least that the others have. It fails where the user
    does not work here any more, and where everybody in the pool is away.
    """

    title: ClassVar = "Assign owner"
    icon: ClassVar = "user-round-check"
    family: ClassVar[Family] = "record"
    says: ClassVar = "Owner → {assign}"
    example: ClassVar = {"assign": "a user", "assignee": "Admin", "only_if_empty": False}
    words: ClassVar = ("round robin", "rotate", "responsible", "distribute", "user")

    assign: Annotated[Literal["a user", "round robin"], Choice("Who")]
    assignee: people.Assignee = ""
    pool: people.Pool = ()
    only_if_empty: Annotated[bool, YesNo("Only if it has no owner")] = True

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where nobody can be the owner."""
        return (("next", ""), ("failed", "Failed"))

    def causes(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Change the owner."""
        return (("updated", "owner_id", None),)

    def run(self, work: Work, here: Here) -> Outcome:
        """Set the owner, within the run's transaction."""
        if self.only_if_empty and here.record["owner_id"] is not None:
            return Skipped("unchanged", "It has an owner already.")
        user = people.chosen(work, here, self)
        if isinstance(user, Failed):
            return user
        records.vouch(work, "user_account", [user.id])
        if records.set_fields(work, here.ref, {"owner_id": user.id}):
            return Done(f"Gave it to {user.name}.", detail={"user": user.id})
        return Skipped("unchanged", f"It belongs to {user.name} already.")

    def problems(self) -> dict[str, str]:
        """Ask for whoever is to be the owner."""
        return super().problems() | people.missing(self)

    def sentence(self) -> str:
        """Say who is to own it."""
        return f"Owner → {people.said(self)}"
