"""Enrolling by hand: whether people may is asked first, then they enter at the next beat.

It skips the trigger and the rule for entering again, and nothing else (semantics, section 5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from graphlib import TopologicalSorter
from types import MappingProxyType
from typing import Literal

from sqlalchemy import select

from rally_desktop.core.clock import to_micros
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.engine import doors, inside
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.enrolling import MAX_DEPTH, Candidate, Enrolling
from rally_desktop.engine.nodes.base import StepKind
from rally_desktop.engine.nodes.triggers.by_hand import ByHand
from rally_desktop.engine.problems.loading import step_of
from rally_desktop.engine.problems.outline import enrolled_by
from rally_desktop.engine.walk import Walk
from rally_desktop.model.changes import RowRemoved
from rally_desktop.model.graph import Graph, Step
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import enrolment, outbox, run
from rally_desktop.model.tables.workflow import OPEN_STATES
from rally_desktop.model.work import Work
from rally_desktop.services import outbox as outboxes
from rally_desktop.services import users, workflows

Channel = Literal["email", "sms"]
# The steps that write to people, and on which channel each does.
CHANNELS: Mapping[str, Channel] = MappingProxyType({"send_email": "email", "send_sms": "sms"})
UNSENT = (*outboxes.WAITING, "failed")  # the states of messages that nobody has got


@dataclass(frozen=True)
class TakenBack:
    """How many of those who were enrolled were let go again, and how many had got a message."""

    done: int
    kept: int


def refusals(
    work: Work, workflow_id: int, refs: Iterable[Ref]
) -> tuple[Version, Mapping[Ref, str]]:
    """Return what records would enter, and for each why it may not; empty where it may."""
    definitions = Definitions()
    version = _published(work, definitions, workflow_id)
    wanted = _of_its_kind(version, refs)
    enrolling = Enrolling(work, Walk(work, {}), definitions)
    reasons = enrolling.refusals([Candidate(version, "", ref, "", by_hand=True) for ref in wanted])
    return version, dict(zip(wanted, reasons, strict=True))


def enrol(work: Work, workflow_id: int, refs: Iterable[Ref], cause: str = "") -> int:
    """Enrol records at the next beat; return how many were put down, each once.

    A ``cause`` holds several batches together, so that they can be taken back as one. Raises
    Refused where the workflow is not published, is for other records, or the user may not.
    """
    version = _published(work, Definitions(), workflow_id)
    wanted = _of_its_kind(version, refs)
    trigger = _trigger(work, version)
    for ref in wanted:
        doors.let_in(work, workflow_id, ref, cause or cause_now(work), "by_hand", trigger=trigger)
    return len(wanted)


def cause_now(work: Work) -> str:
    """Return what those are caused by whom the user enrols now."""
    return f"{doors.BY_HAND}{work.user_id or 0}:{to_micros(work.now)}"


def take_back(work: Work, workflow_id: int, cause: str, most: int) -> TakenBack:
    """Let those go again whom somebody enrolled, at most so many, as if they had not entered.

    Who was written to already, or is being written to, stays.
    """
    waiting, own = enrolment.c, run.c
    query = select(waiting.id).where(waiting.workflow_id == workflow_id, waiting.cause == cause)
    before = work.connection.execute(query.limit(most)).scalars().all()
    for number in before:
        work.change(RowRemoved("enrolment", number))
    written = select(outbox.c.run_id).where(
        outbox.c.workflow_id == workflow_id,
        outbox.c.run_id.is_not(None),
        outbox.c.state.not_in(UNSENT),
    )
    entered = (own.workflow_id == workflow_id, own.cause == cause, own.state.in_(OPEN_STATES))
    ids = select(own.id).where(*entered, own.id.not_in(written)).limit(most)
    found = inside.some(work, work.connection.execute(ids).scalars())
    leaving = _being_written_to(work, [one.id for one in found])
    runs = [one for one in found if one.id not in leaving]
    work.load(one.ref for one in runs)
    walk = Walk(work, {})
    for one in runs:
        walk.cancel(one, "taken_back")
    kept = select(own.id).where(*entered, own.id.in_(written))
    return TakenBack(
        len(before) + len(runs), len(leaving.union(work.connection.execute(kept).scalars()))
    )


def _being_written_to(work: Work, runs: Sequence[int]) -> set[int]:
    """Return those of some runs with a message that is on its way out at this very moment."""
    theirs = outbox.c.run_id.in_(runs)
    free = select(outbox.c.id).where(theirs, outbox.c.state.in_(UNSENT))
    held = work.connection.execute(free.with_for_update(skip_locked=True)).scalars().all()
    taken = select(outbox.c.run_id).where(theirs, outbox.c.id.not_in(held))
    return set(work.connection.execute(taken).scalars())


def most_messages(work: Work, graph: Graph, channel: Channel | None = None) -> int:
    """Return how many messages, of a channel or of any, a run sends at most, whatever its way.

    What the sequences send that it enrols in counts too, as deep as one may cause the next; one
    that lies around it lets nobody in a second time.
    """
    return _Counting(work, channel).most(graph, {graph.name: 0})


def most_along(graph: Graph, counts: Callable[[Step], int]) -> int:
    """Return what the steps of a graph come to at most, by whichever way a run goes."""
    most: dict[str, int] = {}
    after = {key: list(step.exits.values()) for key, step in graph.steps.items()}
    for key in TopologicalSorter(after).static_order():
        most[key] = counts(graph.steps[key]) + max((most[one] for one in after[key]), default=0)
    return sum(most.get(one or "", 0) for one in (graph.start, graph.stop_start))


@dataclass(frozen=True)
class _Counting:
    work: Work
    channel: Channel | None

    def most(self, graph: Graph, known: dict[str, int], depth: int = 1) -> int:
        """Count along a graph; those ``known`` are counted already."""
        return most_along(graph, lambda step: self._messages(step, known, depth))

    def _messages(self, step: Step, known: dict[str, int], depth: int) -> int:
        """Return how many messages one step sends, or has another workflow send."""
        kind = None if step.disabled else step_of(step)
        if not isinstance(kind, StepKind):
            return 0
        name = enrolled_by(kind)
        if not name or depth == MAX_DEPTH:
            own = CHANNELS.get(step.kind)
            return int(kind.family == "talk" and self.channel in (None, own))
        if name not in known:
            known[name] = 0
            with suppress(NotFound, Refused):
                door = doors.named(self.work, name, published=True)
                if found := workflows.draft(self.work, door.id).published:
                    known[name] = self.most(found, known, depth + 1)
        return known[name]


def _published(work: Work, definitions: Definitions, workflow_id: int) -> Version:
    draft = workflows.draft(work, workflow_id)
    definitions.refresh(work)
    version = definitions.published(workflow_id)
    if version is None:
        raise Refused(f"‘{draft.graph.name}’ enrols nobody now: publish it first.")
    return version


def _of_its_kind(version: Version, refs: Iterable[Ref]) -> list[Ref]:
    wanted = list(dict.fromkeys(refs))
    if any(ref.kind != version.record for ref in wanted):
        raise Refused(f"‘{version.graph.name}’ is for {_PLURAL[version.record]} only.")
    return wanted


_PLURAL = {"contact": "contacts", "company": "companies", "deal": "deals"}


def _trigger(work: Work, version: Version) -> str:
    """Return the trigger that says who may enrol by hand; raise Refused where the user may not."""
    triggers = [(key, kind) for key, kind in version.triggers.items() if isinstance(kind, ByHand)]
    if triggers and work.user_id is not None:
        role = _role(work, work.user_id)
        triggers = [(key, kind) for key, kind in triggers if kind.allows(role)]
        if not triggers:
            raise Refused(f"You may not enrol anybody in ‘{version.graph.name}’ by hand.")
    return triggers[0][0] if triggers else ""


def _role(work: Work, user_id: int) -> str:
    for user in users.listed(work):
        if user.id == user_id:
            return user.role
    raise NotFound("You are not a user of this office any more.")
