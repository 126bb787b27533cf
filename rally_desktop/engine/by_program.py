"""Enrolling by a program outside: what becomes of it is said at once, and nobody enters twice.

A program is no person who looks at it first, so the rule for entering again counts, and so does
what asks somebody where many enter at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from sqlalchemy import select

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.engine import doors, enrol_preview, inside
from rally_desktop.engine.by_hand import Channel
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.doors import Door
from rally_desktop.engine.enrolling import Candidate, Enrolling
from rally_desktop.engine.walk import Walk
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import enrolment, run, workflow
from rally_desktop.model.work import Work
from rally_desktop.services import api_keys, api_people
from rally_desktop.services.api_keys import ApiKey
from rally_desktop.services.api_people import Named

_SEQUENCE = (workflow.c.purpose == "sequence", workflow.c.deleted_at.is_(None))


class NoSequence(NotFound):
    """There is no such sequence."""


class EnrolsNobody(Refused):
    """The sequence enrols nobody at the moment."""


@dataclass(frozen=True)
class Enrolled:
    """What became of a request: ``reason`` is the code why somebody was left out.

    ``unwritten`` says on which channels somebody who enters gets nothing, and why; ``added``
    that the contact was not known before, ``repeated`` that the same request came before.
    """

    outcome: Literal["enrolled", "inside", "left_out"]
    ref: Ref
    reason: str = ""
    unwritten: Mapping[Channel, str] = field(default_factory=dict)
    added: bool = False
    repeated: bool = False


def sequences(work: Work) -> list[Door]:
    """Return the sequences that enrol contacts now, by name."""
    own = workflow.c
    query = select(own.id, own.name, own.record_kind).where(
        *_SEQUENCE, own.state == "published", own.record_kind == "contact"
    )
    return [Door(*row) for row in work.connection.execute(query.order_by(own.name, own.id))]


def enrol(work: Work, key: ApiKey, sequence: int, named: Named, request: str = "") -> Enrolled:
    """Have somebody enrolled at the next beat, or say why not.

    The same ``request`` for the same person enrols once, however often it comes. Raises
    NoSequence, EnrolsNobody, and what finding or adding the contact raises.
    """
    definitions = Definitions()
    definitions.refresh(work)
    version = _version(work, definitions, sequence)
    ref = api_people.find(work, named)
    if ref is None:
        api_keys.take_turn(work, key)
        ref = api_people.find(work, named)  # the same request may just have added them
    added = ref is None
    if ref is None:
        ref = _add(work, key, named)
    work.record(ref)  # held until the end, so that nobody else enrols the same person meanwhile
    cause = f"{doors.PROGRAM}{key.id}:{_digest(request) if request else secrets.token_hex(16)}"
    if request and _came_before(work, sequence, ref, cause):
        return Enrolled("enrolled", ref, repeated=True)
    if _is_inside(work, sequence, ref):
        return Enrolled("inside", ref)
    judging = Enrolling(work, Walk(work, {}), definitions)
    (reason,) = judging.refusals([Candidate(version, "", ref, cause)])
    if reason:
        return Enrolled("left_out", ref, reason, added=added)
    doors.let_in(work, sequence, ref, cause, "by_program")
    return Enrolled("enrolled", ref, "", enrol_preview.unwritten(work, version, ref), added)


def _version(work: Work, definitions: Definitions, sequence: int) -> Version:
    found = select(workflow.c.name).where(workflow.c.id == sequence, *_SEQUENCE)
    name = work.connection.execute(found).scalar()
    if name is None:
        raise NoSequence
    version = definitions.published(sequence)
    if version is None:
        raise EnrolsNobody(f"‘{name}’ enrols nobody at the moment.")
    if version.record != "contact":
        raise EnrolsNobody(f"‘{name}’ is not for contacts.")
    return version


def _add(work: Work, key: ApiKey, named: Named) -> Ref:
    if not named.fields:
        raise api_people.NoContact
    if not key.adds:
        raise api_people.MayNotAdd
    return api_people.add(work, named, f"program ‘{key.name}’")


def _came_before(work: Work, sequence: int, ref: Ref, cause: str) -> bool:
    return any(
        work.connection.execute(
            select(rows.c.id).where(
                rows.c.workflow_id == sequence, rows.c.record_kind == ref.kind,
                rows.c.record_id == ref.id, rows.c.cause == cause,
            )
        ).first()
        for rows in (run, enrolment)
    )  # fmt: skip


def _is_inside(work: Work, sequence: int, ref: Ref) -> bool:
    """Say whether somebody is in a sequence, or waits to enter it already."""
    own = enrolment.c
    waits = select(own.id).where(
        own.record_kind == ref.kind, own.record_id == ref.id, own.workflow_id == sequence,
        own.state != doors.LEAVING,
    )  # fmt: skip
    if work.connection.execute(waits.limit(1)).first():
        return True
    return bool(inside.open_runs(work, [ref], {sequence}))


def _digest(request: str) -> str:
    return sha256(request.encode()).hexdigest()[:32]
