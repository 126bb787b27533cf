"""The reference's word on who may enter, in the order of the semantics (section 5)."""

from __future__ import annotations

from datetime import timedelta

from tests.engine.model_based.asking import matches
from tests.engine.model_based.office import OPEN, Line, Office, Person, Run

MOST_DEPTH, AN_HOUR, A_DAY = 8, 10, 3


def refusal(office: Office, workflow: int, line: Line, before: list[Run]) -> str:
    """Return why somebody may not enter; empty where they may."""
    graph, person = office.graphs[workflow], line.person
    if person.deleted:
        return "gone"
    if not matches(graph.audience, person):
        return "audience"
    if person.barred:
        return "do_not_contact"
    return _again(office, workflow, before) or _inside(office, workflow, line, before)


def _again(office: Office, workflow: int, before: list[Run]) -> str:
    rules = office.graphs[workflow].settings
    if before and rules.again == "never":
        return "once"
    inside = any(one.state in OPEN for one in before)
    if inside and rules.again == "after_end":
        return "already_active"
    last = max((one.started for one in before), default=None)
    recent = last is not None and office.now < last + timedelta(days=rules.after_days)
    return "cooldown" if rules.again == "after_days" and recent and not inside else ""


def _inside(office: Office, workflow: int, line: Line, before: list[Run]) -> str:
    rules = office.graphs[workflow].settings
    if rules.inside == "ignore" and any(one.state in OPEN for one in before):
        return "already_active"
    if rules.exclusive and _elsewhere(office, workflow, line.person):
        return "exclusive"
    return _loops(office, workflow, line, before)


def _elsewhere(office: Office, workflow: int, person: Person) -> bool:
    """Say whether somebody is in another exclusive workflow."""
    others = [run for run in office.runs if run.person is person and run.workflow != workflow]
    return any(
        run.state in OPEN and office.graphs[run.workflow].settings.exclusive for run in others
    )


def _loops(office: Office, workflow: int, line: Line, before: list[Run]) -> str:
    itself = workflow in line.chain
    if len(line.chain) >= MOST_DEPTH:
        return "too_deep"
    if itself and not office.graphs[workflow].settings.allow_loops:
        return "loop_guard"
    a_day = [one for one in before if one.started > office.now - timedelta(days=1)]
    an_hour = [one for one in before if one.started > office.now - timedelta(hours=1)]
    if itself and len(a_day) >= A_DAY:
        return "loop_guard"
    return "too_often" if len(an_hour) >= AN_HOUR else ""
