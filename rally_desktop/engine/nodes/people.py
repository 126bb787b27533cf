"""Whom a step means: the contact that a record is about, and the user who is to do something."""

from __future__ import annotations

from typing import Annotated, Literal, Protocol

from rally_desktop.core.errors import Refused
from rally_desktop.core.schema import Choice, Pick
from rally_desktop.engine.nodes.base import Failed, Here
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work
from rally_desktop.services import rotation, users
from rally_desktop.services.users import User

# The settings by which a step says who is to do it.
Assign = Annotated[Literal["the owner", "a user", "round robin"], Choice("Who")]
Assignee = Annotated[
    str, Pick("User", source="user", required=False, shown_when=("assign", "a user"))
]
Pool = Annotated[
    tuple[str, ...],
    Pick(
        "In turn",
        help="Evenly; whoever is away is passed over.",
        source="user",
        required=False,
        many=True,
        shown_when=("assign", "round robin"),
    ),
]


class Assigning(Protocol):
    """A step that says who is to do something."""

    @property
    def assign(self) -> str:
        """Return how that person is found."""
        ...

    @property
    def assignee(self) -> str:
        """Return the name of the user."""
        ...

    @property
    def pool(self) -> tuple[str, ...]:
        """Return the names of those who take turns."""
        ...


def missing(step: Assigning) -> dict[str, str]:
    """Return what the settings lack to find somebody, by setting."""
    if step.assign == "a user" and not step.assignee:
        return {"assignee": "is required"}
    if step.assign == "round robin" and not step.pool:
        return {"pool": "is required"}
    return {}


def said(step: Assigning) -> str:
    """Say who is to do it."""
    if step.assign == "round robin":
        return f"{', '.join(step.pool)} in turn"
    return step.assignee if step.assign == "a user" else "the owner"


def chosen(work: Work, here: Here, step: Assigning) -> User | Failed:
    """Return the user a step names, or whose turn it is; or why there is none."""
    try:
        if step.assign == "a user":
            return users.named(work, step.assignee)
        members = [users.named(work, name) for name in dict.fromkeys(step.pool)]
    except users.SameName as error:
        return Failed("same_name", str(error))
    except Refused as error:
        return Failed("no_user", str(error))
    member = rotation.turn(work, f"{here.workflow_id}:{here.step_id}", members)
    return member or Failed("all_away", f"Nobody of {', '.join(step.pool)} is here.")


def assignee(work: Work, here: Here, step: Assigning) -> int | Failed | None:
    """Return the number of the user who is to do it; None where the record has no owner."""
    if step.assign == "the owner":
        return here.record["owner_id"]
    found = chosen(work, here, step)
    return found if isinstance(found, Failed) else found.id


def contact_of(work: Work, here: Here) -> Ref | None:
    """Return the contact itself, or the contact of the deal; None where there is none."""
    if here.ref.kind == "contact":
        return here.ref
    number = here.record.get("contact_id")
    ref = Ref("contact", number) if number else None
    found = work.find(ref) if ref else None
    return ref if found and found["deleted_at"] is None else None
