"""The order in which a workflow is read, with what each line stands for on the sheet."""

from __future__ import annotations

from collections.abc import Iterator

from rally_desktop.canvas.faces import Faces
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.model import order
from rally_desktop.model.graph import NEXT, STOP, Graph


class Line(order.Line):
    """One line: a card by its id, or what an exit of a step leads to."""

    __slots__ = ()

    @property
    def target(self) -> Spot | Slot | None:
        """Return what it stands for on the sheet."""
        if self.kind in ("trigger", "step", "note", "frame"):
            return Spot(self.kind, self.id)  # type: ignore[arg-type]
        if self.kind in ("open", "path"):
            return Slot("connector", self.id, self.exit)
        if self.kind == "stopped":
            return Slot("connector", STOP, NEXT)
        return None


ALL, STOPPED, LOOSE = Line("all"), Line("stopped"), Line("loose")


class Reading(order.Order[Line]):
    """The lines inside each line, and the number of every step."""

    def spots(self) -> Iterator[Spot]:
        """Yield every card in order: triggers, steps, notes."""
        for line in self.lines():
            if isinstance(line.target, Spot):
                yield line.target


def read(graph: Graph, faces: Faces) -> Reading:
    """Return a workflow in reading order."""
    exits = {key: all_exits(graph, key, faces) for key in graph.steps}
    made = order.read(graph, exits)
    inside = {
        Line(*top): tuple(Line(*line) for line in lines) for top, lines in made.inside.items()
    }
    above = {Line(*line): Line(*top) for line, top in made.above.items()}
    return Reading(graph, exits, inside, above, made.numbers)


def all_exits(graph: Graph, key: str, faces: Faces) -> tuple[tuple[str, str], ...]:
    """Return the exits of a step, those too that its kind does not know."""
    shown = faces.face(graph.steps[key]).exits
    known = {name for name, _ in shown}
    more = ((name, name.capitalize()) for name in graph.steps[key].exits if name not in known)
    return (*shown, *more)
