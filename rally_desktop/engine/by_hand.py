"""Enrolling by hand: what it would mean is said first, then people enter at the next beat.

It skips the trigger and the rule for entering again, and nothing else (semantics, section 5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from graphlib import TopologicalSorter

from rally_desktop.core.clock import to_micros
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.engine import doors
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.enrolling import MAX_DEPTH, Candidate, Enrolling
from rally_desktop.engine.nodes.base import StepKind
from rally_desktop.engine.nodes.triggers.by_hand import ByHand
from rally_desktop.engine.problems.loading import step_of
from rally_desktop.engine.problems.outline import enrolled_by
from rally_desktop.engine.walk import Walk
from rally_desktop.model.graph import Graph, Step
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work
from rally_desktop.services import users, workflows


@dataclass(frozen=True)
class Forecast:
    """How many would enter, how many not and why (by reason code), and at most how many messages.

    ``messages`` counts the way with the most of them, for everybody who enters.
    """

    entering: int
    refused: Mapping[str, int]
    messages: int


def forecast(work: Work, workflow_id: int, refs: Iterable[Ref]) -> Forecast:
    """Say what enrolling some records would mean now; nothing is changed."""
    definitions = Definitions()
    version = _published(work, definitions, workflow_id)
    wanted = _of_its_kind(version, refs)
    enrolling = Enrolling(work, Walk(work, {}), definitions)
    reasons = enrolling.refusals([Candidate(version, "", ref, "", by_hand=True) for ref in wanted])
    refused = Counter(reason for reason in reasons if reason)
    entering = len(wanted) - refused.total()
    return Forecast(entering, dict(refused), entering * most_messages(work, version.graph))


def enrol(work: Work, workflow_id: int, refs: Iterable[Ref]) -> int:
    """Enrol records at the next beat; return how many were put down, each once.

    Raises Refused where the workflow is not published, is for other records, or the user may not.
    """
    version = _published(work, Definitions(), workflow_id)
    wanted = _of_its_kind(version, refs)
    trigger = _trigger(work, version)
    cause = f"{doors.BY_HAND}{work.user_id or 0}:{to_micros(work.now)}"
    for ref in wanted:
        doors.let_in(work, workflow_id, ref, cause, "by_hand", trigger=trigger)
    return len(wanted)


def most_messages(
    work: Work, graph: Graph, known: dict[str, int] | None = None, depth: int = 1
) -> int:
    """Return how many messages a run sends at most, by whichever way it goes.

    What the sequences send that it enrols in counts too, as deep as one may cause the next;
    those ``known`` are counted already, or lie around it and let nobody in a second time.
    """
    steps, known = graph.steps, {graph.name: 0} if known is None else known
    most: dict[str, int] = {}
    after = {key: list(step.exits.values()) for key, step in steps.items()}
    for key in TopologicalSorter(after).static_order():
        own = 0 if steps[key].disabled else _messages(work, steps[key], known, depth)
        most[key] = own + max((most[one] for one in after[key]), default=0)
    return sum(most.get(one or "", 0) for one in (graph.start, graph.stop_start))


def _messages(work: Work, step: Step, known: dict[str, int], depth: int) -> int:
    """Return how many messages one step sends, or has another workflow send."""
    kind = step_of(step)
    if not isinstance(kind, StepKind):
        return 0
    name = enrolled_by(kind)
    if not name or depth == MAX_DEPTH:
        return int(kind.family == "talk")
    if name not in known:
        known[name] = 0
        with suppress(NotFound, Refused):
            door = doors.named(work, name, published=True)
            if found := workflows.draft(work, door.id).published:
                known[name] = most_messages(work, found, known, depth + 1)
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
