"""Draws the connectors of a sketch that was laid out: their lines, their labels and every '+'."""

from __future__ import annotations

from typing import Literal

from rally_desktop.canvas import route
from rally_desktop.canvas.route import Point
from rally_desktop.canvas.shapes import Label, Slot, Wire
from rally_desktop.canvas.sketch import Run, Sketch

PLUS_OF_SPLIT = route.BEND_BELOW + route.LABEL_BELOW + route.PLUS_BELOW_LABEL


class Wiring:
    """The connectors of one sheet."""

    def __init__(self, drawn: Sketch) -> None:
        self.wires: list[Wire] = []
        self.labels: list[Label] = []
        self.pluses: dict[Slot, Point] = {}
        self._drawn = drawn
        for run in drawn.runs:
            self._connect(run)
        for number, count in enumerate(drawn.entrances):
            if count > 1:
                self._meet(number)

    def _connect(self, run: Run) -> None:
        drawn = self._drawn
        node = drawn.nodes[run.above]
        x, y = above = drawn.foot(run.above)
        split = len(node.ways) > 1
        met = run.target is not None and run.room is not None
        plus_y = y + PLUS_OF_SPLIT
        if not split:
            plus_y = y + (route.PLUS_BEFORE_BEND if met else route.PLUS_BELOW_STEP)
        lane = x if run.room is None else drawn.top(run.room)[0]
        below = (lane, plus_y) if run.target is None else drawn.top(run.target)
        if met:
            points = route.meeting(above, lane, below, split)
        else:
            points = route.parted(above, below) if split else route.straight(above, below)
            lane = below[0]
        key = None if run.target is None else drawn.nodes[run.target].key
        ends = run.target is not None and not met
        dashed = node.step is not None and node.step.disabled
        slot = run.way.slot
        self.wires.append(Wire(slot, points, ends, dashed, key))
        self.pluses[slot] = (lane, plus_y)
        if split and run.way.label:
            self._label(run, (lane, y + route.BEND_BELOW + route.LABEL_BELOW))

    def _label(self, run: Run, at: Point) -> None:
        place = run.way.place
        self.labels.append(Label(place, run.way.label, at, tone(place.exit)))

    def _meet(self, number: int) -> None:
        """Draw what leads on from where several connectors meet."""
        x, y = self._drawn.top(number)
        bend = y - route.BEND_ABOVE
        key = self._drawn.nodes[number].key
        slot = Slot("meeting", before=key)
        self.wires.append(Wire(slot, ((x, bend + 12), (x, y)), target=key))
        self.pluses[slot] = (x, bend + route.PLUS_BELOW_BEND)


def tone(exit_name: str) -> Literal["ok", "flow", "bad"]:
    """Return how an exit's label is tinted: what applies, what is left over, what failed."""
    if exit_name == "failed":
        return "bad"
    return "flow" if exit_name in ("else", "no") else "ok"
