"""What a screen reader says of each line of a workflow, in one sentence."""

from __future__ import annotations

from rally_desktop.canvas.faces import Face, Faces
from rally_desktop.canvas.overlay import NOTHING, Overlay
from rally_desktop.canvas.plan import CHOOSE_TRIGGER, Slot
from rally_desktop.canvas.reading import Line, Reading
from rally_desktop.model.graph import START, STOP, Frame, Note

MARKS = {
    "here": "here now",
    "failed": "failed here",
    "added": "added",
    "removed": "removed",
    "changed": "changed",
}


class Speaker:
    """Says the lines of one reading."""

    def __init__(self, reading: Reading, faces: Faces, overlay: Overlay = NOTHING) -> None:
        self.reading, self._faces, self._overlay = reading, faces, overlay
        graph = reading.graph
        self._triggers = {trigger.id: trigger for trigger in graph.triggers}
        self._remarks: dict[str, Note | Frame] = {
            one.id: one for one in (*graph.notes, *graph.frames)
        }
        self._groups = {key: frame.title for frame in graph.frames for key in frame.steps}

    def sentence(self, line: Line) -> str:
        """Return everything there is to know of a line."""
        if line.kind == "step":
            return ", ".join(self._about_step(line.id))
        if line.kind == "trigger":
            return ", ".join(self._about_trigger(line.id))
        return self.title(line)

    def title(self, line: Line) -> str:
        """Return what a line is called."""
        face = self.face(line)
        if face is not None:
            return face.title
        if line.kind in ("note", "frame"):
            return self._remark(self._remarks[line.id])
        if line.kind == "path":
            return f"{self.reading.number_of_path(line)}. {self.reading.label(line)}"
        if line.kind == "jump":
            return f"→ goes on with {self._numbered(self._after(line))}"
        if line.kind == "open":
            return f"Insert a step {self._where(line)}"
        return {"stopped": "When stopped", "loose": "Not connected"}[line.kind]

    def face(self, line: Line) -> Face | None:
        """Return the card of a line, if it has one."""
        if line.kind == "step":
            return self._faces.face(self.reading.graph.steps[line.id])
        if line.kind != "trigger":
            return None
        trigger = self._triggers.get(line.id)
        return self._faces.trigger_face(trigger) if trigger else CHOOSE_TRIGGER

    def insert(self, slot: Slot) -> str:
        """Return what a '+' does."""
        return (
            "Add another trigger" if slot.kind == "trigger" else f"Insert a step {self.where(slot)}"
        )

    def where(self, slot: Slot) -> str:
        """Return where a '+' adds something."""
        if slot.kind == "meeting":
            return f"before {_whole(self._step(slot.before))}"
        if slot.kind == "trigger":
            return "beside the trigger"
        return self._where(Line("open", slot.source, slot.exit))

    def _where(self, line: Line) -> str:
        if line.id in (START, STOP):
            return "after the trigger" if line.id == START else "before the Stop Actions"
        ways = self.reading.exits.get(line.id, ())
        after = f"after {_whole(self._step(line.id))}"
        return f"{after}, on the path {self.reading.label(line)}" if len(ways) > 1 else after

    def _about_step(self, key: str) -> list[str]:
        reading, graph = self.reading, self.reading.graph
        step, face = graph.steps[key], self._step(key)
        said = [f"Step {reading.numbers[key]} of {len(graph.steps)}", _whole(face)]
        if step.disabled:
            said.append("disabled")
        if self._groups.get(key):
            said.append(f"in the group {self._groups[key]}")
        said += self._laid_over(key)
        ways = reading.exits[key]
        if len(ways) > 1:
            said.append(f"paths: {', '.join(label for _, label in ways)}")
        elif ways:
            after = step.exits.get(ways[0][0])
            said.append(f"next: {_whole(self._step(after))}" if after else "nothing follows")
        if key in graph.layout:
            said.append("placed by hand")
        return said + _problem(face)

    def _about_trigger(self, key: str) -> list[str]:
        face = self.face(Line("trigger", key))
        assert face is not None
        count = len(self._triggers)
        word = (
            f"Trigger {list(self._triggers).index(key) + 1} of {count}" if count > 1 else "Trigger"
        )
        return [word, _whole(face), *self._laid_over(key), *_problem(face)]

    def _laid_over(self, key: str) -> list[str]:
        """Return what lies over a card at the moment: numbers, and what became of somebody."""
        over = self._overlay
        told = over.tips.get(key, "").splitlines()
        if not told:
            told = [over.cards.get(key, ""), over.below.get(key, ("", ""))[0]]
        marks = [MARKS.get(over.marks.get(key, ""), "")]
        stops = ["breakpoint"] if key in over.breakpoints else []
        return [text.replace(" · ", ", ") for text in (*told, *marks, *stops) if text]

    def _remark(self, remark: Note | Frame) -> str:
        if isinstance(remark, Note):
            return f"Note: {' '.join(remark.text.split()) or 'empty'}"
        count = len(remark.steps)
        return f"Group {remark.title or 'without a title'}, {count} step{'s' * (count != 1)}"

    def _numbered(self, key: str) -> str:
        return f"{self.reading.numbers[key]} {self._step(key).title}"

    def _after(self, line: Line) -> str:
        return self.reading.graph.steps[line.id].exits[line.exit]

    def _step(self, key: str) -> Face:
        return self._faces.face(self.reading.graph.steps[key])


def _whole(face: Face) -> str:
    """Return the two lines of a card as one."""
    if not face.subtitle or face.subtitle == face.title:
        return face.title
    return f"{face.title} {face.subtitle}"


def _problem(face: Face) -> list[str]:
    if not face.problem:
        return []
    more = face.problems - 1
    word = "problem" if face.severity == "error" else "warning"
    return [f"{word}: {face.problem.rstrip('.')}" + (f" and {more} more" if more > 0 else "")]
