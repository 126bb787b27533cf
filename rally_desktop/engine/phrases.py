"""What a workflow is made of, in plain English: triggers, audience, rules, steps, stops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rally_desktop.core import conditions, schema
from rally_desktop.core.conditions import Fields
from rally_desktop.core.errors import RallyError
from rally_desktop.core.filter import parse
from rally_desktop.engine import matrix, nodes
from rally_desktop.engine.nodes.base import Node
from rally_desktop.engine.problems.loading import step_of, trigger_of
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.services.calendar import WEEKDAYS

LONGEST = 300  # characters of one setting
_AGAIN = {
    "never": "Each enters once only.",
    "after_end": "Each may enter again after the end.",
    "every_event": "Each may enter at every event.",
}
_INSIDE = {
    "restart": "Whoever enters again while inside begins anew.",
    "queue": "Whoever enters again while inside waits for their turn.",
    "parallel": "Whoever enters again while inside runs beside it.",
}
_LATE = {
    "ask": "What came due while the computer was off is asked about.",
    "skip": "What came due while the computer was off is skipped.",
    "run": "What came due while the computer was off is done late.",
}
ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "reply": "they reply",
        "automatic_reply": "an automatic reply comes",
        "text_back": "they send an SMS",
        "call_back": "they call",
        "meeting_planned": "a meeting is booked",
        "deal_won": "a deal is won",
        "hard_bounce": "the address or number does not exist",
        "soft_bounces": "a third message bounces in 7 days",
        "unsubscribed": "they unsubscribe",
        "stop_word": "they text STOP",
        "written_by_hand": "the owner writes by hand",
    }
)


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Return things as one says them: a, b and c."""
    return f" {word} ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def lowered(text: str) -> str:
    """Return a sentence to go on within another one; names and signs stay as they are."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


# -- who enters --------------------------------------------------------------------------------


def starts_said(triggers: Sequence[Trigger]) -> str:
    """Return in a sentence what starts a workflow."""
    if not triggers:
        return "Nothing starts it yet."
    return f"Starts {listed([lowered(sentence(one)) for one in triggers], 'or')}."


def audience_said(graph: Graph, fields: Fields) -> list[str]:
    """Return who may enter, nothing where everybody may."""
    return [f"Only if {filter_said(graph.audience, fields)}."] if graph.audience else []


def rules_said(rules: Rules) -> list[str]:
    """Return how the workflow as a whole behaves, a sentence a rule."""
    return list(_rules(rules))


def _rules(rules: Rules) -> Iterator[str]:
    days = f"Each may enter again after {rules.after_days} day{'s' * (rules.after_days != 1)}."
    yield days if rules.again == "after_days" else _AGAIN[rules.again]
    if rules.inside in _INSIDE:
        yield _INSIDE[rules.inside]
    if rules.allow_loops:
        yield "What it changes itself may start it again, at most three times a record and day."
    if rules.exclusive:
        yield "Nobody is in two exclusive sequences at a time."
    if rules.review:
        yield "Somebody reviews each run before it begins."
    if rules.settle_minutes:
        minutes = f"{rules.settle_minutes} minute{'s' * (rules.settle_minutes != 1)}"
        yield f"A record is left alone for {minutes} before it enters."
    yield from _messages(rules)


def _messages(rules: Rules) -> Iterator[str]:
    if rules.hours is not None:
        times = f"{rules.hours.opens} to {rules.hours.closes}"
        yield f"Messages go out {_days(rules.hours.days)}, {times}."
    if rules.sends_an_hour is not None:
        yield f"At most {rules.sends_an_hour:,} message{'s' * (rules.sends_an_hour != 1)} an hour."
    if rules.account:
        yield f"E-mails go out from the account ‘{rules.account}’."
    if rules.footer:
        yield f"Below e-mails that do not say how to unsubscribe stands a link “{rules.footer}”."
    if rules.late is not None:
        yield _LATE[rules.late]


def _days(days: Sequence[int]) -> str:
    names = [WEEKDAYS[day] for day in sorted(set(days))]
    if len(names) == len(WEEKDAYS):
        return "every day"
    if len(names) > 2 and max(days) - min(days) == len(names) - 1:
        return f"{names[0]} to {names[-1]}"
    return listed(names) or "on no day"


# -- what stops it -----------------------------------------------------------------------------


def stops_said(graph: Graph, fields: Fields) -> list[str]:
    """Return what stops or pauses those inside, a sentence each."""
    lines = []
    if graph.stop_on:
        events = listed([lowered(sentence(one)) for one in graph.stop_on], "or")
        lines.append(f"Stops {events}.")
    if graph.stop_when:
        lines.append(f"Stops if {filter_said(graph.stop_when, fields)}.")
    return lines + list(_answers(matrix.of(graph)))


def _answers(actions: Mapping[str, str]) -> Iterator[str]:
    for action, word in (("stop", "Stops"), ("pause", "Pauses")):
        events = [words for event, words in ANSWERS.items() if actions.get(event) == action]
        if events:
            yield f"{word} when {listed(events, 'or')}."


# -- steps -------------------------------------------------------------------------------------


def titled(step: Step) -> str:
    """Return what a step is called: its own title, or the name of its kind."""
    kind = nodes.step_kinds().get(step.kind)
    return " ".join(step.title.split()) or (kind.title if kind else step.kind.replace("_", " "))


def step_said(step: Step) -> str:
    """Return what a step is called and what it does, in one line."""
    kind, off = step_of(step), " (disabled)" if step.disabled else ""
    if not isinstance(kind, Node):
        return f"{titled(step)}: {_not_ready(step, kind)}{off}"
    said = kind.plain()
    own = " ".join(step.title.split())
    if not own or said.casefold().startswith(own.casefold()):
        return f"{said}{off}"
    return f"{own}{off}" if hasattr(kind, "paths") else f"{own}: {lowered(said)}{off}"


def details_said(one: Step | Trigger, fields: Fields) -> list[str]:
    """Return the settings that differ from the usual and that its sentence does not say."""
    kind = _loaded(one)
    if not isinstance(kind, Node):
        return []
    said = kind.plain() if isinstance(one, Step) else kind.sentence()
    found = (_detail(kind, setting, fields) for setting in kind.settings())
    return [
        detail
        for value, detail in filter(None, found)
        if value not in said and value.removesuffix("s") not in said
    ]


def _detail(kind: Node, setting: schema.Setting, fields: Fields) -> tuple[str, str] | None:
    """Return what a setting says, and that with its name; None where it goes without saying."""
    field, value = setting.field, getattr(kind, setting.name)
    other = field.shown_when[0] if field.shown_when else ""
    usual = value == setting.default or value in (None, "", (), [])
    if usual or isinstance(field, schema.Paths | schema.Shares):
        return None
    if other and not field.applies(getattr(kind, other)):
        return None
    label = lowered(field.label)
    if isinstance(field, schema.YesNo):
        return label, label if value else f"{label}: no"
    said = filter_said(value, fields) if isinstance(field, schema.Filter) else field.say(value)
    said = " ".join(said.split())
    return said, f"{label}: {said if len(said) <= LONGEST else f'{said[:LONGEST]}…'}"


def sentence(one: Step | Trigger) -> str:
    """Return what a step or trigger says of itself, or what is wrong with it."""
    kind = _loaded(one)
    return kind.sentence() if isinstance(kind, Node) else f"{one.kind}: {kind}"


def filter_said(stored: Any, fields: Fields) -> str:
    """Return a filter in words, or why it has none."""
    try:
        return conditions.say(parse(stored, fields), fields)
    except RallyError as error:
        return f"(cannot be read: {str(error).rstrip('.')})"


def _loaded(one: Step | Trigger) -> Node | RallyError:
    return step_of(one) if isinstance(one, Step) else trigger_of(one)


def _not_ready(step: Step, error: RallyError) -> str:
    """Say what a step lacks, by the names of its settings."""
    kind = nodes.step_kinds().get(step.kind)
    if kind is None:
        return str(error).rstrip(".")
    labels = {s.name: s.field.label for s in kind.settings()}
    problems: Iterable[tuple[str, str]] = getattr(error, "problems", {}).items()
    found = [f"{lowered(labels.get(name, name))} {what}" for name, what in problems]
    return f"not ready, {listed(found)}" if found else str(error).rstrip(".")
