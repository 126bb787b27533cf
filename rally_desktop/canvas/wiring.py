"""Draws the connectors of a sketch that was laid out: their lines, their labels and every '+'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from rally_desktop.canvas import route
from rally_desktop.canvas.ground import Ground
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.shapes import Label, Slot, Wire
from rally_desktop.canvas.sketch import BELOW, BELOW_SPLIT, FAN, PLUS, Run, Sketch, label_width
from rally_desktop.model.graph import Place

LABEL_BELOW = route.BEND_BELOW + route.LABEL_BELOW
BEND_BELOW_FRAME = 45.0
BEND_OF_ONLY = 40.0
INTO_CARD = 28.0
INTO_MEETING = 12.0


class Wiring:
    """The connectors of one sheet."""

    def __init__(self, drawn: Sketch) -> None:
        self.wires: list[Wire] = []
        self.labels: list[Label] = []
        self.pluses: dict[Slot, Point] = {}
        self._drawn = drawn
        self._cards: Ground | None = None
        self._bends = _bends(drawn) if drawn.yards else {}
        pinned = drawn.at is not drawn.tidy
        for run in drawn.runs:
            if pinned and self._is_torn(run) and self._lead_round(run):
                continue
            if run.gates:
                self._lead_out(run)
            else:
                self._connect(run)
        for number, count in enumerate(drawn.entrances):
            if count > 1:
                self._meet(number)

    def _connect(self, run: Run) -> None:
        """Lead from a card to one that stands where the layout has it below the first."""
        drawn = self._drawn
        x, y = drawn.foot(run.above)
        split = len(drawn.nodes[run.above].ways) > 1
        met = run.target is not None and run.room is not None
        if split:
            plus = y + LABEL_BELOW + route.PLUS_BELOW_LABEL
        else:
            plus = y + (route.PLUS_BEFORE_BEND if met else route.PLUS_BELOW_STEP)
        points = self._plain(run, plus)
        lane = x if run.room is None else drawn.top(run.room)[0]
        if split and run.target is not None and not met:
            lane = points[-1][0]
        self._add(run, points, (lane, plus), (lane, y + LABEL_BELOW))

    def _plain(self, run: Run, end: float) -> tuple[Point, ...]:
        """Return the line to a card below, or down to where an open path ends."""
        drawn = self._drawn
        above = drawn.foot(run.above)
        split = len(drawn.nodes[run.above].ways) > 1
        lane = above[0] if run.room is None else drawn.top(run.room)[0]
        if run.target is not None and run.room is not None:
            return route.meeting(above, lane, drawn.entry(run.target), split)
        below = (lane, end) if run.target is None else drawn.top(run.target)
        return route.parted(above, below) if split else route.straight(above, below)

    def _lead_out(self, run: Run) -> None:
        """Lead out of the frames around a card to what follows below them."""
        drawn = self._drawn
        x, y = drawn.foot(run.above)
        points, bend = [(x, y)], y + route.BEND_BELOW
        for gate in run.gates:
            lane = x if gate.room is None else drawn.top(gate.room)[0]
            points += [(x, bend), (lane, bend)]
            x, bend = lane, self._bends[run.way.place, gate.foot]
        label = points[2]
        plus = (x, drawn.at[run.gates[-1].foot][1] + route.PLUS_BELOW_STEP)
        end = drawn.top(run.room) if run.room is not None else plus
        points += [(x, bend), (end[0], bend)]
        if run.target is None:
            plus = (end[0], end[1] + PLUS.height / 2)
            points.append(plus)
        elif run.room is not None:
            below = drawn.entry(run.target)
            last = below[1] - route.BEND_ABOVE
            points += [(end[0], last), (below[0], last), (below[0], last + INTO_MEETING)]
        else:
            below = drawn.top(run.target)
            points[-1] = (below[0], bend)
            points.append(below)
        self._add(run, route.without_repeats(points), plus, (label[0], y + LABEL_BELOW))

    def _lead_round(self, run: Run) -> bool:
        """Lead from a card to one that may stand anywhere; say if that was needed."""
        drawn = self._drawn
        above = drawn.foot(run.above)
        end = run.target if run.target is not None else run.room
        assert end is not None
        below = drawn.top(end)
        split = len(drawn.nodes[run.above].ways) > 1
        least = BELOW_SPLIT if split else BELOW
        if run.target is not None and run.room is not None:
            least += route.BEND_ABOVE
        if below[1] >= above[1] + least and not self._crossed(self._plain(run, below[1])):
            return False
        into = INTO_CARD
        if run.target is None:
            below = (below[0], below[1] + drawn.sizes[end].height / 2)
        elif run.room is not None:
            x, y = drawn.entry(end)
            below, into = (x, y - route.BEND_ABOVE + INTO_MEETING), INTO_MEETING
        sides = [*self._sides(run.above), *self._sides(end)]
        if run.room is not None:
            sides += self._sides(run.room)
        points = route.best(route.around(above, below, sides, into), self._crossed)
        label = plus = route.middle(points)
        if run.target is None:
            plus = below
        elif split:
            label, plus = route.two_places(points, label_width(run.way.label))
        self._add(run, points, plus, label)
        return True

    def _add(self, run: Run, points: tuple[Point, ...], plus: Point, label: Point) -> None:
        node, way = self._drawn.nodes[run.above], run.way
        key = None if run.target is None else self._drawn.nodes[run.target].key
        arrow = run.target is not None and run.room is None
        dashed = node.step is not None and node.step.disabled
        self.wires.append(Wire(way.slot, points, arrow, dashed, key))
        self.pluses[way.slot] = plus
        if way.label and len(node.ways) > 1:
            self.labels.append(Label(way.place, way.label, label, tone(way.place.exit)))

    def _meet(self, number: int) -> None:
        """Draw what leads on from where several connectors meet."""
        x, y = self._drawn.top(number)
        bend = self._drawn.entry(number)[1] - route.BEND_ABOVE
        key = self._drawn.nodes[number].key
        slot = Slot("meeting", before=key)
        self.wires.append(Wire(slot, ((x, bend + 12), (x, y)), target=key))
        self.pluses[slot] = (x, bend + route.PLUS_BELOW_BEND)

    def _is_torn(self, run: Run) -> bool:
        ends = [end for end in (run.room, run.target) if end is not None]
        return any(self._drawn.torn(run.above, end) for end in ends)

    def _sides(self, number: int) -> tuple[float, float]:
        left = self._drawn.at[number][0]
        return (left, left + self._drawn.sizes[number].width)

    def _crossed(self, points: Sequence[Point]) -> int:
        if self._cards is None:
            drawn, self._cards = self._drawn, Ground()
            for number in range(len(drawn.nodes)):
                self._cards.take((*drawn.at[number], *drawn.sizes[number][:2]))
        return self._cards.crossed(points)


def _bends(drawn: Sketch) -> dict[tuple[Place, int], float]:
    """Return the heights at which connectors turn aside below the foot of a frame they leave.

    Of those that turn left the leftmost turns first, of those that turn right the rightmost, so
    that none crosses another.
    """
    turning: dict[int, list[tuple[bool, float, Run]]] = {}
    for run in (run for run in drawn.runs if run.gates):
        for foot, x, below in drawn.passages(run):
            to = x if below is None else drawn.top(below)[0]
            turning.setdefault(foot, []).append((to > x, -x if to > x else x, run))
    alone = {yard.foot for yard in drawn.yards if not yard.spread}
    bends: dict[tuple[Place, int], float] = {}
    for foot, runs in turning.items():
        first = drawn.at[foot][1] + (BEND_OF_ONLY if foot in alone else BEND_BELOW_FRAME)
        for right in (False, True):
            turns = sorted((x, run.way.place) for way, x, run in runs if way is right)
            for number, (_, place) in enumerate(turns):
                bends[place, foot] = first + FAN * number
    return bends


def tone(exit_name: str) -> Literal["ok", "flow", "bad"]:
    """Return how an exit's label is tinted: what applies, what is left over, what failed."""
    if exit_name == "failed":
        return "bad"
    return "flow" if exit_name in ("else", "no") else "ok"
