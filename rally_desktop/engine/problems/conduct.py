"""What is wrong with how a whole workflow behaves: who enters, what stops it, whom it writes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

import msgspec

from rally_desktop.engine import matrix
from rally_desktop.engine.nodes.base import ClockTrigger, Node, StateTrigger, StepKind, TriggerKind
from rally_desktop.engine.problems.office import Office
from rally_desktop.engine.problems.outline import enrolled_by
from rally_desktop.engine.problems.problem import (
    ENTERING,
    MESSAGES,
    STOP_ACTIONS,
    STOP_WHEN,
    STOPS,
    Fix,
    Problem,
)
from rally_desktop.engine.problems.settings import asks_about
from rally_desktop.model.graph import Graph, Hours
from rally_desktop.services import calendar
from rally_desktop.services.templates import Template

CONSENT = frozenset(
    f"{prefix}{name}" for prefix in ("", "contact.") for name in ("consent_email", "consent_sms")
)
_WAYS_OUT = ("unsubscribe", "opt out", "opt-out")

Steps = Mapping[str, StepKind]
Triggers = Mapping[str, TriggerKind]


def conduct(graph: Graph, steps: Steps, triggers: Triggers, office: Office) -> Iterator[Problem]:
    """Yield what is wrong with the workflow as a whole."""
    if not graph.name.strip():
        yield Problem(None, "error", "The workflow needs a name.")
    if not graph.triggers:
        yield Problem(None, "error", "Nothing starts the workflow: choose a trigger.")
    if graph.start is None:
        yield Problem(None, "error", "The workflow has no steps yet.")
    if office.time_zone not in calendar.zone_names():
        text = f"The office's time zone ‘{office.time_zone}’ does not exist: choose another one."
        yield Problem(None, "error", text)
    yield from _doubled(graph)
    yield from _rules(graph, steps, triggers, office)
    yield from _stopping(graph, triggers)
    yield from _writing(graph, steps, office)
    yield from _handing_on(steps, office)


def _doubled(graph: Graph) -> Iterator[Problem]:
    seen: dict[tuple[str, bytes], str] = {}
    ids: set[str] = set()
    for place, one in enumerate(graph.triggers):
        said = (one.kind, msgspec.json.encode(one.settings, order="deterministic"))
        if one.id in ids:
            yield Problem(one.id, "error", f"Two triggers are called ‘{one.id}’.")
        elif said in seen:
            fix = Fix("Remove it", partial(_without_trigger, place=place))
            yield Problem(one.id, "warning", "This trigger is there twice.", fix)
        ids.add(one.id)
        seen.setdefault(said, one.id)


def _without_trigger(graph: Graph, place: int) -> Graph:
    kept = (one for number, one in enumerate(graph.triggers) if number != place)
    return graph.with_(triggers=tuple(kept))


def _with_rules(graph: Graph, **rules: object) -> Graph:
    return graph.with_(settings=msgspec.structs.replace(graph.settings, **rules))


# -- who enters, and when ----------------------------------------------------------------------


def _rules(graph: Graph, steps: Steps, triggers: Triggers, office: Office) -> Iterator[Problem]:
    rules = graph.settings
    if rules.account and rules.account not in office.lists["mail_account"]:
        text = f"The mail account ‘{rules.account}’ does not exist."
        yield Problem(MESSAGES, "error", text, setting="account")
    yield from _hours(rules.hours)
    if rules.inside != "ignore" and rules.again in ("never", "after_end"):
        text = "A record never enters while it is inside: ‘already inside’ does nothing here."
        fix = Fix("Leave it out", partial(_with_rules, inside="ignore"))
        yield Problem(ENTERING, "warning", text, fix, "inside")
    if rules.exclusive and rules.inside == "parallel":
        text = "Exclusive, and several times at once: the two contradict each other."
        fix = Fix("Only once at a time", partial(_with_rules, inside="ignore"))
        yield Problem(ENTERING, "warning", text, fix, "exclusive")
    yield from _needless(graph, steps, triggers)


def _needless(graph: Graph, steps: Steps, triggers: Triggers) -> Iterator[Problem]:
    rules = graph.settings
    if rules.settle_minutes and triggers and all(_by_clock(one) for one in triggers.values()):
        text = "Its triggers go by the clock, so there is nothing to settle before a record enters."
        fix = Fix("Do not wait for it", partial(_with_rules, settle_minutes=0))
        yield Problem(ENTERING, "warning", text, fix, "settle_minutes")
    if rules.review and not _talkers(steps):
        text = "Each run waits for somebody's review, though the workflow sends nothing."
        fix = Fix("Leave out the review", partial(_with_rules, review=False))
        yield Problem(ENTERING, "warning", text, fix, "review")


def _hours(hours: Hours | None) -> Iterator[Problem]:
    if hours is not None and (not hours.days or hours.opens == hours.closes):
        what = "on no day of the week" if not hours.days else f"from {hours.opens} to {hours.opens}"
        text = f"Its hours never open ({what}): no message would ever go out."
        fix = Fix("Send at any hour", partial(_with_rules, hours=None))
        yield Problem(MESSAGES, "error", text, fix, "hours")


def _by_clock(kind: TriggerKind) -> bool:
    return isinstance(kind, ClockTrigger) and not isinstance(kind, StateTrigger)


# -- what stops it -----------------------------------------------------------------------------


def _stopping(graph: Graph, triggers: Triggers) -> Iterator[Problem]:
    stops = graph.stop_on or graph.stop_when or "stop" in matrix.of(graph).values()
    if graph.stop_start is not None and not stops:
        text = "Nothing stops this workflow, so its Stop Actions rest."
        yield Problem(STOP_ACTIONS, "warning", text)
    yield from _events(graph, triggers)
    if graph.stop_when and graph.stop_when == graph.audience:
        text = "It stops for the very records it is for: nobody gets to the first step."
        fix = Fix("Never stop for that", lambda graph: graph.with_(stop_when=None))
        yield Problem(STOP_WHEN, "error", text, fix)
    yield from _unheard(graph)


def _unheard(graph: Graph) -> Iterator[Problem]:
    if graph.purpose == "sequence" and "reply" not in matrix.of(graph):
        text = "The sequence goes on writing to people who have replied."
        yield Problem(STOPS, "warning", text, Fix("Stop on a reply", _stop_on_reply))


def _events(graph: Graph, triggers: Triggers) -> Iterator[Problem]:
    """Look for what can never stop a run, because it is no event."""
    for one in graph.stop_on:
        if isinstance(triggers.get(one.id), StateTrigger):
            text = "A filter stops a run where it is the condition under Stop When, not an event."
            yield Problem(one.id, "error", text)
        elif isinstance(triggers.get(one.id), ClockTrigger):
            yield Problem(one.id, "error", "The clock cannot stop a run: choose an event.")
    for event in graph.settings.stops.keys() - set(matrix.EVENTS):
        known = ", ".join(matrix.EVENTS)
        text = f"It says what ‘{event}’ does, which is no event; there are {known}."
        yield Problem(STOPS, "error", text)


def _stop_on_reply(graph: Graph) -> Graph:
    stops = {event: act for event, act in graph.settings.stops.items() if event != "reply"}
    return _with_rules(graph, stops=stops)


# -- whom it writes to -------------------------------------------------------------------------


def _talkers(steps: Mapping[str, Node]) -> list[str]:
    return [key for key, kind in steps.items() if kind.family == "talk"]


def _writing(graph: Graph, steps: Steps, office: Office) -> Iterator[Problem]:
    """Look for marketing that neither asks who wants it nor says how to be rid of it."""
    asked = asks_about(graph.audience, CONSENT)
    told: set[str] = set()
    for key in _talkers(steps):
        name = getattr(steps[key], "template", "")
        template = office.templates.get(name)
        if template is None or asked or name in told or _lets_go(template):
            continue
        told.add(name)
        text = (
            f"‘{name}’ says nowhere how to unsubscribe, and the audience does not ask for consent."
        )
        fix = Fix("Only those who consented", partial(_consenting, channel=template.channel))
        yield Problem(key, "warning", text, fix, "template")


def _handing_on(steps: Steps, office: Office) -> Iterator[Problem]:
    """Look for sequences that people are to be enrolled in though they let nobody in."""
    open_ = {one.name for one in office.workflows}
    for key, kind in steps.items():
        name = enrolled_by(kind)
        if name and name in office.lists["workflow"] and name not in open_:
            text = f"‘{name}’ is not published, so nobody can enter it."
            yield Problem(key, "warning", text, setting="sequence")


def _lets_go(template: Template) -> bool:
    if template.transactional or template.channel != "email":
        return True
    said = f"{template.text} {template.html}".lower()
    return any(word in said for word in _WAYS_OUT)


def _consenting(graph: Graph, channel: str) -> Graph:
    """Return the workflow for those alone who consented to be written to."""
    name = "consent_sms" if channel == "sms" else "consent_email"
    field = name if graph.record == "contact" else f"contact.{name}"
    clause = {"field": field, "op": "is", "value": "granted"}
    audience = {"all": [graph.audience, clause]} if graph.audience else clause
    return graph.with_(audience=audience)
