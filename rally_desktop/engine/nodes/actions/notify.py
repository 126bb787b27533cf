"""Action: tell somebody in the office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from rally_desktop.core.errors import Refused
from rally_desktop.core.schema import Choice, Pick, Text, YesNo
from rally_desktop.engine.nodes.base import Done, Failed, Family, Here, Outcome, StepKind
from rally_desktop.model.work import Work
from rally_desktop.services import users
from rally_desktop.services.users import User


class Notify(StepKind, frozen=True):
    """Puts a line into the notification centre of the owner, of chosen people, or of a role.

    Everybody is told once, however often they are named. Somebody who does not work here any
    more, or shares a name with another, is left out; it fails where nobody is left to be told.
    """

    title: ClassVar = "Notify"
    icon: ClassVar = "bell"
    family: ClassVar[Family] = "record"
    says: ClassVar = "“{text}”"
    example: ClassVar = {"text": "Ready for a call"}
    words: ClassVar = ("tell", "alert", "message", "owner")

    text: Annotated[str, Text("Text", merge=True)]
    who: Annotated[
        tuple[str, ...],
        Pick("Who", help="Nobody chosen: the owner.", source="user", many=True, required=False),
    ] = ()
    role: Annotated[
        Literal["", "admin", "staff", "viewer"],
        Choice("Everybody with the role", required=False, options=users.ROLES),
    ] = ""
    owner: Annotated[bool, YesNo("The owner, too")] = False

    @classmethod
    def renewed(cls, stored: Mapping[str, Any]) -> Mapping[str, Any]:
        """Read a step that named one user."""
        if "user" not in stored:
            return stored
        named = [stored["user"]] if stored["user"] else []
        return {"who": named, **{k: v for k, v in stored.items() if k != "user"}}

    def exits(self) -> tuple[tuple[str, str], ...]:
        """Go on, or the other way where nobody is there to be told."""
        return (("next", ""), ("failed", "Failed"))

    def run(self, work: Work, here: Here) -> Outcome:
        """Notify, within the run's transaction."""
        told, left_out = self._told(work, here.record["owner_id"])
        if not told:
            return self._nobody(left_out)
        text = here.merge(self.text)
        for user in told:
            users.notify(work, here.ref, user, text)
        names = ", ".join(user.name for user in told)
        detail = {"left_out": [str(error) for error in left_out]} if left_out else {}
        return Done(f"Told {names}: “{text}”", detail=detail)

    def _nobody(self, left_out: list[Refused]) -> Failed:
        """Say why nobody is left to be told."""
        for error in left_out:
            if isinstance(error, users.SameName):
                return Failed("same_name", str(error))
        named = self.who or self.role
        return Failed("no_user" if named else "no_owner", "There is nobody to notify.")

    def _told(self, work: Work, owner: int | None) -> tuple[list[User], list[Refused]]:
        """Return who is to be told, each once, and why others who are named are not."""
        wanted, left_out = set[int](), list[Refused]()
        for name in self.who:
            try:
                wanted.add(users.named(work, name).id)
            except Refused as error:
                left_out.append(error)
        also_owner = self.owner or not (self.who or self.role)
        told = [
            user
            for user in users.listed(work)
            if user.id in wanted or user.role == self.role or (also_owner and user.id == owner)
        ]
        return told, left_out
