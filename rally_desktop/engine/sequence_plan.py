"""A sequence as a list: which graphs are one, and each change of the list as one of the graph.

A row is a step with the waits before it. Moving a row leaves the waits where they are, so that
the days stay and the steps change places; removing one takes the waits before it along.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from rally_desktop.engine.nodes import step_kinds
from rally_desktop.engine.nodes.errands import Errand
from rally_desktop.engine.ways import FAILED, shown_exits
from rally_desktop.model.graph import START, Graph, Place, Step, dropped

MOST = 100  # rows; a longer one is drawn on the canvas
WAIT, SPLIT, BRANCH = "wait", "split", "branch"
WAITS = frozenset({WAIT, "wait_for_date", "wait_until"})
ENDS = frozenset({"end", "end_run"})

Chain = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """A step with the waits before it; of a split, with the steps on each of its paths."""

    key: str
    waits: Chain = ()
    paths: tuple[Chain, ...] = ()

    @property
    def keys(self) -> Chain:
        """Return the step and all that belongs to it, without the waits."""
        return (self.key, *(key for path in self.paths for key in path))


@dataclass(frozen=True)
class Line:
    """The rows of a sequence in order, and the waits and the End after the last of them."""

    rows: tuple[Row, ...] = ()
    tail: Chain = ()

    def place_of(self, key: str) -> int | None:
        """Return which row a step belongs to, its waits among them."""
        places = (at for at, row in enumerate(self.rows) if key in (*row.waits, *row.keys))
        return next(places, None)


def read(graph: Graph) -> Line | str:
    """Return a graph as a list, or say in a sentence why it is none."""
    rows: list[Row] = []
    waits: list[str] = []
    here = graph.start
    while here is not None:
        step = graph.steps[here]
        if step.kind in ENDS:
            waits.append(here)
            break
        row = Row(here, tuple(waits), _paths(graph, here) if step.kind == SPLIT else ())
        targets = _after(graph, row.keys)
        if step.kind == BRANCH or len(targets) > 1:
            return f"It branches at ‘{_name(step)}’."
        if step.kind in WAITS:
            waits.append(here)
        else:
            rows.append(row)
            waits.clear()
        here = next(iter(targets), None)
    return _whole(graph, Line(tuple(rows), tuple(waits)))


def _whole(graph: Graph, line: Line) -> Line | str:
    """Return the list where nothing of the graph is left out and it is not too long."""
    shown = {*line.tail, *(key for row in line.rows for key in (*row.waits, *row.keys))}
    shown |= graph.reachable(graph.stop_start).keys()
    if lost := [step for key, step in graph.steps.items() if key not in shown]:
        return f"Nothing leads to ‘{_name(lost[0])}’."
    if len(line.rows) > MOST:
        return f"It has more than {MOST} steps."
    return line


def _paths(graph: Graph, key: str) -> tuple[Chain, ...]:
    """Return the steps on each path of a split, up to where all of them meet or end."""
    starts = [graph.steps[key].exits.get(name) for name, _ in shown_exits(graph.steps[key])]
    follow = [graph.reachable(start) for start in starts]
    common = set(follow[0]).intersection(*follow[1:]) if follow else set()
    meet = next((step for step in (follow or [{}])[0] if step in common), None)
    return tuple(_until(graph, start, meet) for start in starts)


def _until(graph: Graph, start: str | None, meet: str | None) -> Chain:
    """Return the steps from one up to another; those beyond a fork are left to be found out."""
    found: list[str] = []
    here = start
    while here is not None and here != meet:
        found.append(here)
        targets = _after(graph, (here,))
        here = targets[0] if len(targets) == 1 else None
    return tuple(found)


def _after(graph: Graph, keys: Chain) -> list[str]:
    """Return where some steps lead to together, each once."""
    ways = (to for key in keys for to in graph.steps[key].exits.values() if to not in keys)
    return list(dict.fromkeys(ways))


def _name(step: Step) -> str:
    kind = step_kinds().get(step.kind)
    return step.title or (kind.title if kind else step.kind)


# -- changing ----------------------------------------------------------------------------------


def added(graph: Graph, line: Line, steps: Sequence[Step], at: int) -> Graph:
    """Return the graph with steps put in before a row, its waits included, or at the end."""
    for step in steps:
        graph = graph.with_step(msgspec.structs.replace(step, exits={}))
    before = [block for row in line.rows[:at] for block in _blocks(row)]
    after = [block for row in line.rows[at:] for block in _blocks(row)]
    return _chained(graph, [*before, *((step.id,) for step in steps), *after, *_tail(line)])


def moved(graph: Graph, line: Line, at: int, to: int) -> Graph:
    """Return the graph with a row in another place; the waits stay where they are."""
    order = list(line.rows)
    order.insert(to, order.pop(at))
    blocks: list[Chain] = []
    for slot, row in zip(line.rows, order, strict=True):
        blocks += [*((wait,) for wait in slot.waits), row.keys]
    made = _chained(graph, [*blocks, *_tail(line)])
    own = line.rows[at].keys
    return made.with_(layout={key: spot for key, spot in made.layout.items() if key not in own})


def removed(graph: Graph, line: Line, places: Collection[int]) -> Graph:
    """Return the graph without some rows and the waits before them."""
    kept = [row for at, row in enumerate(line.rows) if at not in places]
    gone = {key for at in places for key in (*line.rows[at].waits, *line.rows[at].keys)}
    blocks = [block for row in kept for block in _blocks(row)]
    return dropped(_chained(graph, [*blocks, *_tail(line)]), gone)


def waiting(graph: Graph, line: Line, at: int, wait: Step | None) -> Graph:
    """Return the graph with another wait, or none, before a row."""
    row = line.rows[at]
    if wait is not None and row.waits == (wait.id,):
        return graph.with_settings(wait.id, wait.settings)
    rows = list(line.rows)
    rows[at] = Row(row.key, (wait.id,) if wait else (), row.paths)
    if wait is not None:
        graph = graph.with_step(msgspec.structs.replace(wait, exits={}))
    blocks = [block for each in rows for block in _blocks(each)]
    return dropped(_chained(graph, [*blocks, *_tail(line)]), {*row.waits} - {*rows[at].waits})


def _blocks(row: Row) -> Iterable[Chain]:
    yield from ((wait,) for wait in row.waits)
    yield row.keys


def _tail(line: Line) -> list[Chain]:
    return [(key,) for key in line.tail]


def _chained(graph: Graph, blocks: Sequence[Chain]) -> Graph:
    """Return the graph with its first steps leading from one block to the next."""
    ways = [(Place(START),), *(_ways_on(graph, block) for block in blocks)]
    entries = [*(block[0] for block in blocks), None]
    made = graph
    for places, entry in zip(ways, entries, strict=True):
        for place in places:
            made = made.connected(place, entry)
    return made


def _ways_on(graph: Graph, keys: Chain) -> tuple[Place, ...]:
    """Return the exits by which some steps lead on; where none does yet, those that are open."""
    steps = [graph.steps[key] for key in keys]
    taken = ((one.id, name) for one in steps for name, to in one.exits.items() if to not in keys)
    free = ((one.id, name) for one in steps for name in _open(one))
    return tuple(Place(*way) for way in tuple(taken) or free)


def _open(step: Step) -> tuple[str, ...]:
    """Return the exits by which a step at the end would lead on.

    Whoever could not be called stays in the sequence; who was not approved does not.
    """
    if step.exits and step.kind != SPLIT:
        return ()
    kind = step_kinds().get(step.kind)
    names = tuple(name for name, _ in shown_exits(step) if name != FAILED)
    every = step.kind == SPLIT or (kind is not None and issubclass(kind, Errand))
    return tuple(name for name in (names if every else names[:1]) if name not in step.exits)
