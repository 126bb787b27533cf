"""A workflow read back in plain English: who enters, what is done in which order, what stops it.

Its steps come in the order of ``model/order.py``, so that their numbers are those of the outline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rally_desktop.core.conditions import Fields
from rally_desktop.engine import phrases
from rally_desktop.engine.problems.loading import step_of
from rally_desktop.engine.ways import FAILED, shown_exits
from rally_desktop.model.fields import fields_of
from rally_desktop.model.graph import Graph, Trigger
from rally_desktop.model.order import ALL, LOOSE, STOPPED, Line, Order, read

INDENT = "  "
_RECORDS = {"contact": "contacts", "company": "companies", "deal": "deals"}
_HEADINGS = {
    STOPPED: "When it is stopped",
    LOOSE: "Not connected: nobody gets to these steps",
}


@dataclass(frozen=True)
class Said:
    """One line of the text; ``key`` is the step, trigger or note that it is about.

    A heading begins a part of the text; the parts are set apart by an empty line.
    """

    text: str
    depth: int = 0
    key: str = ""
    heading: bool = False


def read_back(graph: Graph, fields: Fields | None = None) -> str:
    """Return the whole workflow in words, one line a step, branches indented.

    ``fields`` are those that its filters may name; without them, the built-in ones.
    """
    return as_text(lines(graph, fields))


def as_text(said: list[Said]) -> str:
    """Return lines as plain text."""
    texts = [f"{INDENT * one.depth}{one.text}" for one in said]
    apart = ["\n" if one.heading and number else "" for number, one in enumerate(said)]
    return "\n".join(f"{gap}{text}" for gap, text in zip(apart, texts, strict=True))


def lines(graph: Graph, fields: Fields | None = None) -> list[Said]:
    """Return the lines of the whole workflow."""
    known = fields if fields is not None else fields_of(graph.record)
    order = read(graph, {key: shown_exits(step) for key, step in graph.steps.items()})
    steps = _Steps(graph, known, order)
    made = [*_about(graph), *_entering(graph, known)]
    made.append(Said("What is done", heading=True))
    made += list(steps.inside(ALL)) or [Said("It has no steps yet.")]
    if stops := phrases.stops_said(graph, known):
        made.append(Said("What stops it", heading=True))
        made += [Said(text) for text in stops]
    for part, heading in _HEADINGS.items():
        if part in order.inside:
            made += [Said(heading, heading=True), *steps.inside(part)]
    return [*made, *_groups(graph, order), *_notes(graph)]


def _about(graph: Graph) -> Iterator[Said]:
    yield Said(" ".join(graph.name.split()) or "Untitled workflow", heading=True)
    yield Said(f"A {graph.purpose} for {_RECORDS[graph.record]}.")
    if graph.description.strip():
        yield Said(" ".join(graph.description.split()))


def _entering(graph: Graph, fields: Fields) -> Iterator[Said]:
    yield Said("Who enters", heading=True)
    only = graph.triggers[0].id if len(graph.triggers) == 1 else ""
    yield Said(phrases.starts_said(graph.triggers), key=only)
    for trigger in graph.triggers:
        yield from _trigger_details(trigger, fields, graph)
    said = [*phrases.audience_said(graph, fields), *phrases.rules_said(graph.settings)]
    yield from (Said(text) for text in said)


def _trigger_details(trigger: Trigger, fields: Fields, graph: Graph) -> Iterator[Said]:
    if details := phrases.details_said(trigger, fields):
        yield Said(f"{phrases.sentence(trigger)}: {'; '.join(details)}.", 1, trigger.id)
    yield from _remarks(graph, trigger.id, 1)


class _Steps:
    """Says the steps below a heading, each path further in."""

    def __init__(self, graph: Graph, fields: Fields, order: Order[Line]) -> None:
        self._graph, self._fields, self._order = graph, fields, order

    def inside(self, top: Line) -> Iterator[Said]:
        """Yield what is below a heading or a path, and what is in that."""
        waiting = [(line, 0) for line in reversed(self._order.inside.get(top, ()))]
        while waiting:
            line, depth = waiting.pop()
            within = self._order.inside.get(line, ())
            if line.kind == "step":
                yield self._step(line.id, depth)
                yield from _remarks(self._graph, line.id, depth + 1)
                waiting += [(each, depth) for each in reversed(within) if each.kind == "path"]
            elif line.kind == "path":
                said, rest = self._path(line, within)
                yield Said(said, depth + 1, line.id)
                waiting += [(each, depth + 2) for each in reversed(rest)]
            elif line.kind == "jump":
                yield Said(f"Goes on with {self._goes_on(line)}.", depth, self._after(line))

    def _step(self, key: str, depth: int) -> Said:
        step = self._graph.steps[key]
        details = "; ".join(phrases.details_said(step, self._fields))
        said = f"{self._order.numbers[key]}. {phrases.step_said(step)}"
        return Said(f"{said} ({details})" if details else said, depth, key)

    def _path(self, line: Line, within: tuple[Line, ...]) -> tuple[str, tuple[Line, ...]]:
        """Return the words above a path, and the lines that are not said in them already."""
        name = self._named(line)
        first = within[0] if within else Line("open")
        if first.kind == "jump":
            return f"{name}: goes on with {self._goes_on(first)}.", ()
        if first.kind == "open":
            return f"{name}: nothing more.", ()
        return f"{name}:", within

    def _named(self, line: Line) -> str:
        if line.exit == FAILED:
            return "If that fails"
        label = self._order.label(line)
        if line.exit == "else" and label == "Else":
            return "Otherwise"
        paths = getattr(step_of(self._graph.steps[line.id]), "paths", ())
        path = next((path for path in paths if path.exit == line.exit), None)
        if share := getattr(path, "percent", None):
            return f"{label} ({share} %)"
        asked = getattr(path, "filter", None)
        return f"{label} ({phrases.filter_said(asked, self._fields)})" if asked else label

    def _goes_on(self, line: Line) -> str:
        after = self._after(line)
        title = phrases.titled(self._graph.steps[after])
        return f"‘{title}’ (step {self._order.numbers[after]})"

    def _after(self, line: Line) -> str:
        return self._graph.steps[line.id].exits[line.exit]


# -- remarks -----------------------------------------------------------------------------------


def _remarks(graph: Graph, key: str, depth: int) -> Iterator[Said]:
    for note in graph.notes:
        if note.step == key and note.text.strip():
            yield Said(f"Note: {' '.join(note.text.split())}", depth, note.id)


def _groups(graph: Graph, order: Order[Line]) -> Iterator[Said]:
    heading = Said("Groups", heading=True)
    for frame in graph.frames:
        numbers = sorted(order.numbers[key] for key in frame.steps if key in order.numbers)
        steps = f"step{'s' * (len(numbers) != 1)} {phrases.listed(_runs(numbers))}"
        yield from (heading,) if frame is graph.frames[0] else ()
        yield Said(f"{' '.join(frame.title.split()) or 'Without a title'}: {steps}", key=frame.id)


def _runs(numbers: list[int]) -> list[str]:
    """Return numbers with those that follow each other as a range: 1 to 4, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = ([f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run) for run in runs)
    return [text for texts in said for text in texts]


def _notes(graph: Graph) -> Iterator[Said]:
    known = {*graph.steps, *(trigger.id for trigger in graph.triggers)}
    free = [note for note in graph.notes if note.step not in known and note.text.strip()]
    if free:
        yield Said("Notes", heading=True)
    yield from (Said(" ".join(note.text.split()), key=note.id) for note in free)
