"""A workflow read back in plain English: who enters, what is done in which order, what stops it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rally_desktop.core import conditions
from rally_desktop.core.conditions import Fields
from rally_desktop.core.errors import RallyError
from rally_desktop.core.filter import parse
from rally_desktop.engine import nodes
from rally_desktop.engine.nodes.base import Node, StepKind
from rally_desktop.engine.problems.loading import step_of, trigger_of
from rally_desktop.model.fields import fields_of
from rally_desktop.model.graph import NEXT, Graph, Rules, Step, Trigger
from rally_desktop.services.calendar import WEEKDAYS

INDENT, FAILED = "    ", "failed"
_INSIDE = {
    "restart": "Whoever enters again while inside begins anew.",
    "queue": "Whoever enters again while inside waits for their turn.",
    "parallel": "Whoever enters again while inside runs beside it.",
}
_AGAIN = {
    "never": "Each enters once only.",
    "after_end": "Each may enter again after the end.",
    "every_event": "Each may enter at every event.",
}
_PLURALS = {"contact": "contacts", "company": "companies", "deal": "deals"}


def read_back(graph: Graph, fields: Fields | None = None) -> str:
    """Return the whole workflow in words, one line a step, branches indented.

    ``fields`` are those that its filters may name; without them, the built-in ones.
    """
    known = fields if fields is not None else fields_of(graph.record)
    lines = [f"{graph.name} ({graph.purpose} for {_PLURALS[graph.record]})"]
    lines += [graph.description] if graph.description else []
    lines += ["", *_entering(graph, known), "", *_steps(graph, graph.start, known)]
    if stops := stops_said(graph, known):
        lines += ["", *stops]
    if graph.stop_start:
        lines += ["When it is stopped:", *_steps(graph, graph.stop_start, known)]
    return "\n".join(lines)


def _entering(graph: Graph, fields: Fields) -> Iterator[str]:
    for number, one in enumerate(graph.triggers):
        yield f"{'or' if number else 'Starts'}: {sentence(one)}"
    if not graph.triggers:
        yield "Nothing starts it yet."
    yield from audience_said(graph, fields)
    yield from rules_said(graph.settings)


def audience_said(graph: Graph, fields: Fields) -> list[str]:
    """Return who may enter, nothing where everybody may."""
    return [f"Only if {_filter(graph.audience, fields)}."] if graph.audience else []


def rules_said(rules: Rules) -> list[str]:
    """Return how the workflow as a whole behaves, a sentence a rule."""
    return list(_rules(rules))


def _rules(rules: Rules) -> Iterator[str]:
    days = f"Each may enter again after {rules.after_days} days."
    yield days if rules.again == "after_days" else _AGAIN[rules.again]
    if rules.inside in _INSIDE:
        yield _INSIDE[rules.inside]
    if rules.exclusive:
        yield "Nobody is in two exclusive sequences at a time."
    if rules.review:
        yield "Somebody reviews each run before it begins."
    if rules.settle_minutes:
        yield f"A record is left alone for {rules.settle_minutes} minutes before it enters."
    if rules.hours is not None:
        times = f"{rules.hours.opens} to {rules.hours.closes}"
        yield f"Messages go out {_days(rules.hours.days)}, {times}."


def _days(days: Sequence[int]) -> str:
    names = [WEEKDAYS[day] for day in sorted(set(days))]
    if len(names) == len(WEEKDAYS):
        return "every day"
    if len(names) > 2 and max(days) - min(days) == len(names) - 1:
        return f"{names[0]} to {names[-1]}"
    return ", ".join(names) or "on no day"


def stops_said(graph: Graph, fields: Fields) -> list[str]:
    """Return what stops those inside, a sentence each."""
    lines = [f"Stops: {sentence(one)}" for one in graph.stop_on]
    return lines + ([f"Stops if {_filter(graph.stop_when, fields)}."] if graph.stop_when else [])


# -- steps -------------------------------------------------------------------------------------


def _steps(graph: Graph, start: str | None, fields: Fields) -> list[str]:
    """Return a line a step; where paths meet, the second one says where it goes on."""
    numbers: dict[str, int] = {}
    lines: list[str] = []
    # What is still to be said, the next at the end: a heading, the step after it, how deep.
    left: list[tuple[str, str | None, int]] = [("", start, 0)]
    while left:
        heading, key, depth = left.pop()
        lines += [f"{INDENT * (depth - 1)}{heading}:"] if heading else []
        while key is not None:
            before = INDENT * depth
            if key in numbers:
                lines.append(f"{before}Goes on at {numbers[key]}.")
                break
            numbers[key] = len(numbers) + 1
            step = graph.steps[key]
            lines.append(f"{before}{numbers[key]}. {step_said(step)}")
            key, ways = _ways(step, fields)
            if ways and key is not None:
                left.append(("", key, depth))
                key = None
            left += [(name, to, depth + 1) for name, to in reversed(ways)]
        else:
            if heading and lines[-1].endswith(f"{heading}:"):
                lines[-1] += " nothing more."
    return lines or ["It has no steps yet."]


def _ways(step: Step, fields: Fields) -> tuple[str | None, list[tuple[str, str | None]]]:
    """Return what simply follows a step, and the paths on which it leads elsewhere."""
    kind = step_of(step)
    exits = kind.exits() if isinstance(kind, StepKind) else tuple((k, k) for k in step.exits)
    plain = [(name, label) for name, label in exits if name != FAILED]
    failed: list[tuple[str, str | None]] = []
    if FAILED in step.exits:
        failed.append(("If that fails", step.exits[FAILED]))
    if len(plain) <= 1:
        return step.exits.get(plain[0][0] if plain else NEXT), failed
    filters = {path.exit: path.filter for path in getattr(kind, "paths", ())}
    ways = [
        (f"{label or name.capitalize()}{_asked(filters.get(name), fields)}", step.exits.get(name))
        for name, label in plain
    ]
    return None, [*ways, *failed]


def _asked(stored: object, fields: Fields) -> str:
    return f" ({_filter(stored, fields)})" if stored else ""


def titled(step: Step) -> str:
    """Return what a step is called: its own title, or the name of its kind."""
    kind = nodes.step_kinds().get(step.kind)
    return step.title or (kind.title if kind else step.kind.replace("_", " "))


def step_said(step: Step) -> str:
    """Return what a step is called and what it does, in one line."""
    kind, title, said = nodes.step_kinds().get(step.kind), titled(step), sentence(step)
    off = " (switched off)" if step.disabled else ""
    alike = said.casefold().startswith(title.casefold())
    many = kind is not None and len(step.exits) > 1 and hasattr(kind, "paths")
    return f"{said if alike else title if many else f'{title}: {said}'}{off}"


def sentence(one: Step | Trigger) -> str:
    """Return what a step or trigger says of itself, or what is wrong with it."""
    kind = step_of(one) if isinstance(one, Step) else trigger_of(one)
    return kind.sentence() if isinstance(kind, Node) else f"{one.kind}: {kind}"


def _filter(stored: object, fields: Fields) -> str:
    try:
        return conditions.say(parse(stored, fields), fields)
    except RallyError as error:
        return f"(cannot be read: {error})"
