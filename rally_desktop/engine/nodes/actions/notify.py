"""Action: tell somebody in the office."""

from __future__ import annotations

from typing import Annotated, ClassVar

from rally_desktop.core.schema import Pick, Text
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import users


class Notify(StepKind, frozen=True):
    """Puts a line into somebody's notification centre: the owner's, or a chosen person's."""

    title: ClassVar = "Notify"
    icon: ClassVar = "bell"
    family: ClassVar[Family] = "record"
    says: ClassVar = "“{text}”"
    example: ClassVar = {"text": "Ready for a call"}
    words: ClassVar = ("tell", "alert", "message", "owner")

    text: Annotated[str, Text("Text", merge=True)]
    user: Annotated[str, Pick("Who", help="Empty: the owner.", source="user", required=False)] = ""

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where nobody is there to be told."""
        return (("next", ""), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Notify, within the run's transaction."""
        told = [
            user
            for user in users.listed(work)
            if (user.name == self.user if self.user else user.id == here.record["owner_id"])
        ]
        if not told:
            reason = "no_user" if self.user else "no_owner"
            return Failed(reason, "There is nobody to notify.")
        text = here.merge(self.text)
        users.notify(work, here.ref, told[0], text)
        return Done(f"Told {told[0].name}: “{text}”")
