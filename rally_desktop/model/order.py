"""A workflow in the order in which one reads it: what follows, below; what a path holds, inside.

The outline, the screen reader, Tab, the breadcrumbs and what is read back in plain English go by
it, so that step 12 is the same one everywhere. Where paths meet, the step comes after the branch
that it closes, and each path ends with a line that says where it goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

from rally_desktop.model.graph import NEXT, START, Graph, Place

Kind = Literal[
    "all", "trigger", "step", "path", "jump", "open", "stopped", "loose", "note", "frame"
]


class Line(NamedTuple):
    """One line: a card by its id, or what an exit of a step leads to."""

    kind: Kind
    id: str = ""
    exit: str = ""


ALL, STOPPED, LOOSE = Line("all"), Line("stopped"), Line("loose")
Exits = Mapping[str, Sequence[tuple[str, str]]]
L = TypeVar("L", bound=Line)


@dataclass(frozen=True)
class Order(Generic[L]):
    """The lines inside each line, and the number of every step."""

    graph: Graph
    exits: Exits
    inside: dict[L, tuple[L, ...]]
    above: dict[L, L]
    numbers: dict[str, int]

    def lines(self, top: Line = ALL) -> Iterator[L]:
        """Yield every line below one, in order."""
        waiting = list(reversed(self.inside.get(top, ())))  # type: ignore[call-overload]
        while waiting:
            line = waiting.pop()
            yield line
            waiting += reversed(self.inside.get(line, ()))

    def path_to(self, line: L) -> list[L]:
        """Return the lines that hold a line, the outermost first."""
        found: list[L] = []
        here = self.above.get(line)
        while here is not None and here != ALL:
            found.append(here)
            here = self.above.get(here)
        return found[::-1]

    def label(self, line: Line) -> str:
        """Return the words on an exit."""
        names = dict(self.exits.get(line.id, ()))
        return names.get(line.exit) or line.exit.capitalize()

    def number_of_path(self, line: Line) -> int:
        """Return which of its step's exits a path follows, from 1."""
        return [name for name, _ in self.exits[line.id]].index(line.exit) + 1


def read(graph: Graph, exits: Exits) -> Order[Line]:
    """Return a workflow in reading order; ``exits`` are each step's, with what is written there."""
    order = _order(graph, exits)
    rooms = _rooms(graph, exits, order)
    inside: dict[Line, list[Line]] = {ALL: _triggers(graph)}
    if graph.stop_start is not None:
        inside[STOPPED] = []
    for key in order:
        inside.setdefault(rooms[key], []).append(Line("step", key))
    filled = _with_ends(graph, exits, inside)
    for heading in (STOPPED, LOOSE):
        if heading in filled:
            filled[ALL].append(heading)
    _put_remarks(graph, filled)
    done = {line: tuple(lines) for line, lines in filled.items()}
    above = {line: top for top, lines in done.items() for line in lines}
    made = Order(graph, exits, done, above, {})
    steps = (line.id for line in made.lines() if line.kind == "step")
    made.numbers.update((key, number) for number, key in enumerate(steps, 1))
    return made


def _triggers(graph: Graph) -> list[Line]:
    return [Line("trigger", one.id) for one in graph.triggers] or [Line("trigger")]


def _roots(graph: Graph) -> list[tuple[Line, str]]:
    """Return where reading begins; steps that nothing leads to come last."""
    found = [(ALL, graph.start)] if graph.start else []
    if graph.stop_start:
        found.append((STOPPED, graph.stop_start))
    led_to = {to for step in graph.steps.values() for to in step.exits.values()}
    heads = sorted(graph.steps, key=lambda key: key in led_to)
    return found + [(LOOSE, key) for key in heads]


def _order(graph: Graph, exits: Exits) -> dict[str, Line]:
    """Return every step, each after all that lead to it, and the heading it was found under."""
    found: dict[str, Line] = {}
    for heading, root in _roots(graph):
        done: list[str] = []
        stack = [(root, _ways(graph, exits, root))] if root not in found else []
        if stack:
            found[root] = heading
        while stack:
            key, ways = stack[-1]
            after = next((way for way in ways if way not in found), None)
            if after is None:
                done.append(stack.pop()[0])
            else:
                found[after] = heading
                stack.append((after, _ways(graph, exits, after)))
        for key in reversed(done):
            found[key] = found.pop(key)
    return found


def _ways(graph: Graph, exits: Exits, key: str) -> Iterator[str]:
    """Yield what follows a step, the last exit first."""
    leads = graph.steps[key].exits
    for name, _ in reversed(exits[key]):
        if leads.get(name) in graph.steps:
            yield leads[name]


def _rooms(graph: Graph, exits: Exits, order: Mapping[str, Line]) -> dict[str, Line]:
    """Return the line that holds each step: a path, or a heading."""
    turn = {key: place for place, key in enumerate(order)}
    into = _entrances(graph, exits, turn)
    rooms: dict[str, Line] = {}
    closed: dict[str, str | None] = {}  # the last step on every way to a step
    heads = {graph.start: ALL, graph.stop_start: STOPPED}
    for key, heading in order.items():
        ways = into[key]
        above = _shared(closed, turn, [way.source for way in ways])
        closed[key] = above = None if key in heads else above
        if above is None:
            rooms[key] = heads.get(key, heading)
        elif len(ways) == 1 and len(exits[above]) > 1:
            rooms[key] = Line("path", above, ways[0].exit)
        else:
            rooms[key] = rooms[above]
    return rooms


def _entrances(graph: Graph, exits: Exits, turn: Mapping[str, int]) -> dict[str, list[Place]]:
    """Return the connectors that lead to each step from one before it."""
    into: dict[str, list[Place]] = {key: [] for key in turn}
    for key in turn:
        for name, _ in exits[key]:
            target = graph.steps[key].exits.get(name)
            if target is not None and turn.get(target, -1) > turn[key]:
                into[target].append(Place(key, name))
    return into


def _shared(
    closed: Mapping[str, str | None], turn: Mapping[str, int], sources: Sequence[str]
) -> str | None:
    """Return the last step through which every one of some ways goes."""
    found: str | None = sources[0] if sources else None
    for source in sources[1:]:
        other: str | None = source
        while found is not None and other is not None and found != other:
            if turn[found] > turn[other]:
                found = closed[found]
            else:
                other = closed[other]
        if found != other:
            return None
    return found


def _with_ends(
    graph: Graph, exits: Exits, inside: Mapping[Line, Sequence[Line]]
) -> dict[Line, list[Line]]:
    """Return the lines with every path of every branch, and how each path ends."""
    made: dict[Line, list[Line]] = {}
    for room, lines in inside.items():
        filled = made.setdefault(room, [])
        if room == ALL and graph.start is None:
            filled += [*lines, Line("open", START, NEXT)]
            continue
        for place, line in enumerate(lines):
            filled.append(line)
            ways = exits[line.id] if line.kind == "step" else ()
            after = lines[place + 1] if place + 1 < len(lines) else None
            if len(ways) == 1:
                filled += _end(graph, line.id, ways[0][0], after)
            elif ways:
                made[line] = [Line("path", line.id, name) for name, _ in ways]
                made.update(_path_ends(graph, made[line], inside))
    return made


def _path_ends(
    graph: Graph, paths: Sequence[Line], inside: Mapping[Line, Sequence[Line]]
) -> Iterator[tuple[Line, list[Line]]]:
    """Yield the paths that begin with a line that says where they go on."""
    for path in paths:
        first = next(iter(inside.get(path, ())), None)
        if ends := _end(graph, path.id, path.exit, first):
            yield path, ends


def _end(graph: Graph, key: str, exit_name: str, after: Line | None) -> list[Line]:
    """Return the line that says where a path goes on, if what it leads to does not follow."""
    target = graph.steps[key].exits.get(exit_name)
    if target is None:
        return [Line("open", key, exit_name)]
    return [] if after == Line("step", target) else [Line("jump", key, exit_name)]


def _put_remarks(graph: Graph, inside: dict[Line, list[Line]]) -> None:
    """Put notes into what they stand beside, the others and the frames at the end."""
    ids = {trigger.id for trigger in graph.triggers}
    for note in graph.notes:
        room = ALL
        if note.step in graph.steps:
            room = Line("step", note.step)
        elif note.step in ids:
            room = Line("trigger", note.step)
        lines = inside.setdefault(room, [])
        at = len(lines) if room == ALL else sum(line.kind == "note" for line in lines)
        lines.insert(at, Line("note", note.id))
    inside[ALL] += [Line("frame", frame.id) for frame in graph.frames]
