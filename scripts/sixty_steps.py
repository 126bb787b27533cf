"""A workflow of sixty steps, branches three deep and paths that meet, to be pictured."""

from __future__ import annotations

from itertools import cycle

from rally_desktop.model.graph import Frame, Graph, Note, Place, Step, Trigger

COUNT = 60
KINDS = (
    ("create_task", {"task": "Call {{ contact.first_name }}"}),
    ("wait", {"amount": 2, "unit": "days"}),
    ("send_email", {"template": "Welcome"}),
    ("add_tag", {"tag": "Newsletter"}),
    ("wait", {"amount": 4, "unit": "hours"}),
    ("update_field", {"field": "lead_status", "value": "Contacted"}),
)
QUESTIONS = (
    (("Customer", "lifecycle_stage", "Customer"), ("Lead", "lifecycle_stage", "Lead")),
    (("Met at an event", "lead_source", "Event"),),
    (("Contacted", "lead_status", "Contacted"),),
)


class _Builder:
    """Adds steps where it was told to go on."""

    def __init__(self) -> None:
        self.graph = Graph(
            name="Sixty steps for new contacts", triggers=(Trigger("t1", "record_created"),)
        )
        self._kinds = cycle(KINDS)

    @property
    def count(self) -> int:
        """Return how many steps there are."""
        return len(self.graph.steps)

    def add(self, at: Place, kind: str, settings: dict[str, object]) -> str:
        """Put a step at the end of a path and return its id."""
        key = f"s{self.count + 1}"
        self.graph = self.graph.with_step(Step(key, kind, settings)).connected(at, key)
        return key

    def chain(self, at: Place, length: int) -> Place:
        """Put some plain steps one after the other and return where it goes on."""
        for _ in range(length):
            kind, settings = next(self._kinds)
            at = Place(self.add(at, kind, dict(settings)), "next")
        return at

    def branch(self, at: Place, depth: int) -> list[Place]:
        """Part the path, each part with branches of its own, and return where all of them end."""
        asked = QUESTIONS[depth]
        paths = [
            {"name": name, "exit": f"p{n}", "filter": {"field": field, "op": "is", "value": value}}
            for n, (name, field, value) in enumerate(asked)
        ]
        key = self.add(at, "branch", {"paths": paths})
        ends = []
        for name in (*(f"p{n}" for n in range(len(asked))), "else"):
            deeper = depth + 1 < len(QUESTIONS)
            end = self.chain(Place(key, name), 2 if deeper else 1)
            ends += self.branch(end, depth + 1) if deeper else [end]
        return ends

    def meet(self, places: list[Place]) -> Place:
        """Lead several paths into one step and return where it goes on."""
        after = self.chain(places[0], 1)
        for place in places[1:]:
            self.graph = self.graph.connected(place, after.source)
        return after


def sixty_steps() -> Graph:
    """Return the workflow."""
    made = _Builder()
    ends = made.branch(made.chain(Place("start", "next"), 3), 0)
    half = len(ends) // 2
    left, right = made.meet(ends[:half]), made.meet(ends[half:])
    last = made.meet([made.chain(left, 2), made.chain(right, 3)])
    last = made.chain(last, COUNT - made.count - 1)
    made.add(last, "end", {})
    remarks = (Note("n1", "Agreed in *May*: nobody is called before **nine**.", "s1", 24, -12),)
    groups = (Frame("g1", "The first days", ("s1", "s2", "s3")),)
    return made.graph.with_(description="Made to be pictured.", notes=remarks, frames=groups)
