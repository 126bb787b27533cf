"""Watching the people inside: what happened to a record may stop its runs or wake them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from rally_desktop.core.days import in_zone, local
from rally_desktop.core.fold import fold
from rally_desktop.engine import clockwork, control, inside, matrix
from rally_desktop.engine.definitions import Definitions, Version
from rally_desktop.engine.intake import Arrival, concerned
from rally_desktop.engine.nodes.base import ClockTrigger, Event
from rally_desktop.engine.walk import STOP, Walk, cause_of
from rally_desktop.model.changes import RunState
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Snapshot
from rally_desktop.services import records, tasks

ANSWERED_WITHIN = timedelta(days=1)
AWAKE = ("active", "paused")  # a run that rests hears what it awaits, and goes on when it may


def look(walk: Walk, definitions: Definitions, arrivals: Sequence[Arrival]) -> None:
    """Let every new line act upon the runs of its record, in the order of the lines."""
    if not definitions.watched:
        return
    about = _about(walk, definitions, arrivals, _deals(walk, definitions, arrivals))
    runs: dict[Ref, list[RunState]] = {}
    for state in inside.open_runs(walk.work, {ref for _, refs in about for ref in refs}):
        runs.setdefault(state.ref, []).append(state)
    for one, refs in about:
        if within := [state for ref in refs for state in runs.get(ref, ())]:
            _happened(walk, definitions, one, within)
    walk.holding = False


def catch_up(walk: Walk, definitions: Definitions, arrivals: Sequence[Arrival]) -> None:
    """Let lines act upon the runs that earlier lines of the same batch have begun."""
    begun: dict[Ref, list[RunState]] = {}
    for (_, ref), state in walk.begun.items():
        if ref.kind in definitions.watched and state.cause.startswith("activity:"):
            begun.setdefault(ref, []).append(state)
    if not begun:
        return
    for one, refs in _about(walk, definitions, arrivals, _by_contact(walk, begun)):
        after = [
            state
            for ref in refs
            for state in begun.get(ref, ())
            if int(state.cause.removeprefix("activity:")) < one.activity_id
        ]
        if after:
            _happened(walk, definitions, one, after)
    walk.holding = False


def _about(
    walk: Walk,
    definitions: Definitions,
    arrivals: Sequence[Arrival],
    deals: Mapping[int, Sequence[Ref]],
) -> list[tuple[Arrival, list[Ref]]]:
    """Return with each line the records whose runs it may meet; ``deals`` by their contacts."""
    return [
        (one, [ref for ref in refs if ref.kind in definitions.watched] + _theirs(one.event, deals))
        for one, refs in concerned(walk.work, arrivals)
    ]


def _by_contact(walk: Walk, refs: Iterable[Ref]) -> Mapping[int, Sequence[Ref]]:
    """Return those of some records that are deals, by their contacts."""
    made: dict[int, list[Ref]] = {}
    deals = [ref for ref in refs if ref.kind == "deal"]
    walk.work.load(deals)
    for ref in deals:
        if (found := walk.work.find(ref)) and found["contact_id"]:
            made.setdefault(found["contact_id"], []).append(ref)
    return made


def _theirs(event: Event, deals: Mapping[int, Sequence[Ref]]) -> list[Ref]:
    """Return the deals of whom a line is about, where it tells what a person did."""
    of_a_person = event.ref.kind == "contact" and event.kind in matrix.OF_PEOPLE
    return list(deals.get(event.ref.id, ())) if of_a_person else []


def _deals(
    walk: Walk, definitions: Definitions, arrivals: Sequence[Arrival]
) -> Mapping[int, Sequence[Ref]]:
    """Return the deals that are in a workflow, by the contacts whom lines are about."""
    people = {
        one.event.ref.id
        for one in arrivals
        if one.event.ref.kind == "contact" and one.event.kind in matrix.OF_PEOPLE
    }
    return inside.deals_of(walk.work, people) if "deal" in definitions.watched else {}


def _happened(
    walk: Walk, definitions: Definitions, one: Arrival, within: Sequence[RunState]
) -> None:
    """Let one line act upon the runs of those whom it is about."""
    told = matrix.told(walk.work, one.event, one.run_id)
    obeyed = [state for state in within if _meet(walk, definitions, state, one, told)]
    if obeyed and (title := matrix.asked(told, one.event)):
        _ask(walk, obeyed[0], one, title)


def _meet(walk: Walk, definitions: Definitions, state: RunState, one: Arrival, told: str) -> bool:
    """Let a line act upon a run, unless that run caused it or has ended.

    Say whether the matrix has paused it. Where the workflow is held, what would stop or wake the
    run does so once the workflow moves again.
    """
    stopping = state.awaited is not None and state.awaited.startswith(STOP)
    if state.ended_at is not None or state.id == one.run_id or stopping:
        return False
    version = definitions.version(walk.work, state.version_id)
    if version is None or not version.watches:
        return False
    walk.holding = state.workflow_id not in definitions.moving
    return _act(walk, version, state, one, told)


def _act(walk: Walk, version: Version, state: RunState, one: Arrival, told: str) -> bool:
    action = "" if _is_gone(walk, state) else matrix.action(version.graph, told, one.event)
    if _stops(walk, version, state, one):
        walk.stop(version, state)
    elif _over(version, state, one):
        walk.cancel(state, "episode_over")
    elif action == "stop" or (action == "pause" and state.reason == control.LEAVING):
        # Somebody removed it: no pause keeps it, and undoing must not pass over what was told.
        walk.stop(version, state, told)
    elif action == "pause":
        return _pause(walk, state, told)
    elif told == "automatic_reply" and matrix.minds_absence(version.graph):
        _wait_for_return(walk, state, one)
    elif state.state in AWAKE and (exit_ := walk.met(version, state, one.event)) is not None:
        walk.wake(version, state, exit_)
    return False


def _stops(walk: Walk, version: Version, state: RunState, one: Arrival) -> bool:
    """Say whether a run is to stop: one of the events it stops on, or what it stops when."""
    if _is_gone(walk, state):
        return False
    if one.event.ref == state.ref and _matches(version, one):
        return True
    if version.stop_when is None:
        return False
    return walk.asking.test(version.stop_when, state.ref, state.trigger)


def _over(version: Version, state: RunState, one: Arrival) -> bool:
    """Say whether a line ends what the clock began a run for, before the run has acted."""
    kind = version.triggers.get(state.trigger)
    begun = state.seq > 1 or (state.seq == 1 and state.exit is None)
    if begun or one.event.ref != state.ref or not isinstance(kind, ClockTrigger):
        return False
    own = one.event.kind.endswith("_sent") and str(state.workflow_id) in one.chain.split(",")
    return not own and kind.over(one.event)


def _is_gone(walk: Walk, state: RunState) -> bool:
    """Say whether a run's record is in the trash: the run ends there by itself, when it is due."""
    found = walk.work.find(state.ref)
    return found is None or found["deleted_at"] is not None


def _matches(version: Version, one: Arrival) -> bool:
    """Say whether one of the triggers that stop a run listens to this line and fits it."""
    for kind in version.stop_on:
        for activity, field in kind.listens():
            moved = field is None or field in one.event.detail.get("fields", ())
            if activity == one.event.kind and moved and kind.matches(one.event):
                return True
    return False


# -- what the matrix does ----------------------------------------------------------------------


def _pause(walk: Walk, state: RunState, told: str) -> bool:
    """Pause a run; one that rests for a time already rests until somebody ends it."""
    lasts = matrix.PAUSES.get(told)
    until = walk.work.now + lasts if lasts else None
    if state.state not in ("active", "in_review") and not _outlasts(until, state):
        return False
    walk.put_aside(state, "paused", told, until)
    return True


def _outlasts(until: datetime | None, state: RunState) -> bool:
    """Say whether a pause until then is longer than the one that a run is in."""
    ends = state.resume_at
    return state.state == "paused" and ends is not None and (until is None or until > ends)


def _ask(walk: Walk, state: RunState, one: Arrival, title: str) -> None:
    """Give the owner of the record something to do, once for all the runs that were paused."""
    work, event = walk.work, one.event
    ref = event.ref if event.ref.kind == "contact" else state.ref
    found = work.find(ref)
    if found is None or found["deleted_at"] is not None:
        return
    with work.caused_by(cause_of(state)):
        tasks.create(
            work,
            ref,
            title=title,
            assignee_id=found["owner_id"],
            due_at=work.now + ANSWERED_WITHIN,
            priority="High",
        )
        if event.kind == "email_bounced" and ref.kind == "contact" and _is_its_own(found, event):
            records.set_fields(work, ref, {"email_invalid": True})


def _is_its_own(person: Snapshot, event: Event) -> bool:
    """Say whether what came back went to the address that a person has now."""
    return fold(event.detail.get("address") or person["email"]) == fold(person["email"])


def _wait_for_return(walk: Walk, state: RunState, one: Arrival) -> None:
    """Let the next step wait for the business day after somebody is back."""
    back = _day(one.event.detail.get("returns"))
    found = walk.work.find(state.ref)
    if back is None or state.state != "active" or state.due_at is None or found is None:
        return
    zone = clockwork.zone_of(walk.work, found)
    there = in_zone(datetime.combine(back, local(state.due_at, zone).time()), zone)
    until = clockwork.plus_business_days(walk.work, there, 1, zone)
    if until > state.due_at:
        walk.postpone(state, until)


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
