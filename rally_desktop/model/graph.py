"""A workflow as a value: changing it makes another one, so undo is two references.

The same document is in the database, in ``*.rally.json`` files, on the clipboard and in the
HTTP API (semantics, section 1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from rally_desktop.core.errors import BadDefinition
from rally_desktop.model.document import misread
from rally_desktop.model.ref import RecordKind

FORMAT = 1
START = "start"  # the source of the connector that leads from the triggers to the first step
STOP = "when stopped"  # the same above the first of the Stop Actions
NEXT = "next"
MAX_STEPS = 5_000
TimeOfDay = Annotated[str, msgspec.Meta(pattern=r"\A([01]\d|2[0-3]):[0-5]\d\Z")]

# What steps, triggers and exits are known by; runs and visits keep it in a short column.
Key = Annotated[str, msgspec.Meta(max_length=64, pattern=r"\A[^\0]*\Z")]

Again = Literal["never", "after_days", "after_end", "every_event"]


class Place(NamedTuple):
    """One connector: out of which exit of which step (or of ``START``, or of ``STOP``)."""

    source: str
    exit: str = NEXT


class Trigger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the events that start the workflow; several are joined by «or»."""

    id: Key
    kind: Key
    settings: dict[str, Any] = {}


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One box after the trigger: its kind, its settings, and where each exit leads."""

    id: Key
    kind: Key
    settings: dict[str, Any] = {}
    exits: dict[Key, Key] = {}
    title: str = ""
    disabled: bool = False


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When messages may go out: on these days of the week, between two times of day.

    Monday is 0. A range that ends before it begins goes over midnight (22:00 to 06:00).
    """

    days: tuple[Annotated[int, msgspec.Meta(ge=0, le=6)], ...] = (0, 1, 2, 3, 4)
    opens: TimeOfDay = "09:00"
    closes: TimeOfDay = "17:00"


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """How the whole workflow behaves: who may enter again, and when.

    ``again`` is the re-enrolment policy; the number belongs to ``after_days`` alone. A sequence
    that says nothing is entered once. ``inside``
    is what happens to a record that is in the workflow already. ``stops`` overrides the stop
    matrix: what an event of the timeline does to the runs inside; the events are reply,
    automatic_reply, text_back, call_back, meeting_planned, deal_won, hard_bounce, soft_bounces,
    unsubscribed, stop_word and written_by_hand (engine/matrix.py). ``None`` takes the office's
    own setting. ``footer`` are the words of a link to unsubscribe, below e-mails that say nothing
    of it; without words there is none.
    """

    again: Again = "after_days"
    after_days: Annotated[int, msgspec.Meta(ge=1, le=36_500)] = 30
    inside: Literal["ignore", "restart", "queue", "parallel"] = "ignore"
    allow_loops: bool = False
    exclusive: bool = False
    review: bool = False
    settle_minutes: Annotated[int, msgspec.Meta(ge=0, le=60)] = 0
    hours: Hours | None = None
    sends_an_hour: Annotated[int, msgspec.Meta(ge=1)] | None = None
    late: Literal["ask", "skip", "run"] | None = None
    account: str = ""
    footer: Annotated[str, msgspec.Meta(max_length=200)] = ""
    stops: dict[str, Literal["stop", "pause", "go_on"]] = {}


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A remark on the canvas; nothing follows from it.

    Where ``step`` names a step or trigger it stands beside that and moves with it, and ``x`` and
    ``y`` are counted from that card's upper right corner; else they are places on the sheet.
    Lengths are in pixels at 100 %.
    """

    id: Key
    text: str = ""
    step: Key = ""
    x: float = 0.0
    y: float = 0.0
    width: float = 208.0
    height: float = 96.0


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Some steps with a title around them; nothing follows from it but how they are drawn."""

    id: Key
    title: str = ""
    steps: tuple[Key, ...] = ()


class Graph(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One workflow: triggers, audience, steps and the connectors between them.

    ``layout`` holds where steps stand that were placed by hand: the upper left corner, in pixels
    at 100 %; all others stand where the tidy layout puts them.
    """

    name: str = ""
    record: RecordKind = "contact"
    purpose: Literal["workflow", "sequence"] = "workflow"
    description: str = ""
    triggers: tuple[Trigger, ...] = ()
    audience: dict[str, Any] | None = None
    start: str | None = None
    steps: dict[Key, Step] = {}
    stop_on: tuple[Trigger, ...] = ()
    stop_when: dict[str, Any] | None = None
    stop_start: str | None = None
    settings: Rules = Rules()
    layout: dict[str, tuple[float, float]] = {}
    notes: tuple[Note, ...] = ()
    frames: tuple[Frame, ...] = ()
    id: str = ""
    format: int = FORMAT

    # -- reading -------------------------------------------------------------------------

    def target(self, place: Place) -> str | None:
        """Return the step a connector leads to, or None where the path ends."""
        if place.source == START:
            return self.start
        if place.source == STOP:
            return self.stop_start
        return self.steps[place.source].exits.get(place.exit)

    def places(self) -> Iterator[Place]:
        """Yield every connector that leads somewhere, the first ones first, steps in order."""
        if self.start is not None:
            yield Place(START)
        if self.stop_start is not None:
            yield Place(STOP)
        for step in self.steps.values():
            for name in step.exits:
                yield Place(step.id, name)

    def entrances(self, key: str) -> tuple[Place, ...]:
        """Return the connectors that lead to a step, the first ones first."""
        found = [Place(START)] if self.start == key else []
        if self.stop_start == key:
            found.append(Place(STOP))
        for step in self.steps.values():
            if key in step.exits.values():
                found += [Place(step.id, name) for name, to in step.exits.items() if to == key]
        return tuple(found)

    def reachable(self, key: str | None) -> dict[str, None]:
        """Return a step and everything that can follow it, in the order of a first visit."""
        seen: dict[str, None] = {}
        waiting = [key] if key else []
        while waiting:
            here = waiting.pop()
            if here in self.steps and here not in seen:
                seen[here] = None
                waiting += reversed(list(self.steps[here].exits.values()))
        return seen

    def only_after(self, key: str) -> dict[str, None]:
        """Return a step and what can be reached only through it."""
        rest = self.without_entrances(key)
        kept = rest.reachable(rest.start) | rest.reachable(rest.stop_start)
        return {step: None for step in self.reachable(key) if step not in kept}

    def find_cycle(self) -> list[str]:
        """Return the steps of one circle, or an empty list; paths may meet, not turn back."""
        done: set[str] = set()
        for root in self.steps:
            path: dict[str, Iterator[str]] = {}
            stack = [root] if root not in done else []
            while stack:
                here = stack[-1]
                follow = path.setdefault(here, iter(self.steps[here].exits.values()))
                after = next((x for x in follow if x not in done and x in self.steps), None)
                if after is None:
                    done.add(stack.pop())
                    path.pop(here)
                elif after in path:
                    return [*list(path)[list(path).index(after) :], after]
                else:
                    stack.append(after)
        return []

    # -- changing ------------------------------------------------------------------------

    def with_(self, **fields: Any) -> Graph:
        """Return the workflow with some of its own fields replaced."""
        return msgspec.structs.replace(self, **fields)

    def with_step(self, step: Step) -> Graph:
        """Return the workflow with a step added or replaced."""
        return self.with_(steps={**self.steps, step.id: step})

    def with_settings(self, key: str, settings: Mapping[str, Any]) -> Graph:
        """Return the workflow with other settings for one step."""
        return self.with_step(msgspec.structs.replace(self.steps[key], settings=dict(settings)))

    def with_trigger(self, trigger: Trigger) -> Graph:
        """Return the workflow with a trigger added, or replaced where its id is known."""
        known = {item.id: item for item in self.triggers} | {trigger.id: trigger}
        return self.with_(triggers=tuple(known.values()))

    def connected(self, place: Place, target: str | None) -> Graph:
        """Return the workflow with one connector leading to ``target``, or to nothing."""
        if place.source == START:
            return self.with_(start=target)
        if place.source == STOP:
            return self.with_(stop_start=target)
        step = self.steps[place.source]
        exits = {name: to for name, to in step.exits.items() if name != place.exit}
        if target is not None:
            exits = {**step.exits, place.exit: target}
        return self.with_step(msgspec.structs.replace(step, exits=exits))

    def inserted(self, step: Step, place: Place, leads_on: str | None = NEXT) -> Graph:
        """Return the workflow with a new step on a connector.

        What came after the connector follows ``leads_on``, an exit of the new step; with None
        (a kind without exits) it is cut off, so only ask for that where nothing follows.
        """
        after = self.target(place)
        exits = {**step.exits, leads_on: after} if leads_on and after else step.exits
        return self.with_step(msgspec.structs.replace(step, exits=exits)).connected(place, step.id)

    def removed_after(self, key: str) -> Graph:
        """Return the workflow without a step and all that only it leads to."""
        return dropped(self.without_entrances(key), set(self.only_after(key)))

    def without_entrances(self, key: str) -> Graph:
        """Return the workflow with every connector that led to a step cut."""
        cut = self
        for place in self.entrances(key):
            cut = cut.connected(place, None)
        return cut

    # -- storing -------------------------------------------------------------------------

    def dump(self) -> dict[str, Any]:
        """Return the document as JSON values, its steps as a list in order."""
        made = msgspec.to_builtins(self)
        made["steps"] = list(made.get("steps", {}).values())
        rules = made.pop("settings", {})
        if self.purpose == "sequence":
            rules = {"again": self.settings.again, **rules}
        return {"format": self.format, **made, **({"settings": rules} if rules else {})}

    @classmethod
    def load(cls, stored: Any) -> Graph:
        """Read a document, or raise BadDefinition that names the place and what to do."""
        if not isinstance(stored, dict) or "steps" not in stored:
            raise BadDefinition("This is not a Rally workflow file: it has no list of steps.")
        if not isinstance(stored.get("format", FORMAT), int) or stored.get("format", 1) > FORMAT:
            raise BadDefinition(
                "This workflow was made by a newer Rally Desktop. Update this program to open it."
            )
        try:
            made = msgspec.convert({**stored, "steps": {}}, cls)
        except msgspec.ValidationError as error:
            raise BadDefinition(f"The workflow cannot be read: {misread(error)}.") from error
        return _checked(_once(made.with_(steps=_steps(stored["steps"])), stored))


def usual_again(purpose: str) -> Again:
    """Return who may enter again where nobody says anything else."""
    return "never" if purpose == "sequence" else "after_days"


def _once(graph: Graph, stored: Mapping[str, Any]) -> Graph:
    """Return a workflow with what its purpose asks for where it is silent about entering again."""
    if "again" in stored.get("settings", {}):
        return graph
    again = usual_again(graph.purpose)
    return graph.with_(settings=msgspec.structs.replace(graph.settings, again=again))


def dropped(graph: Graph, keys: set[str]) -> Graph:
    """Return the workflow without some steps, and without what led to them."""
    steps = {
        key: msgspec.structs.replace(
            step, exits={name: to for name, to in step.exits.items() if to not in keys}
        )
        if keys.intersection(step.exits.values())
        else step
        for key, step in graph.steps.items()
        if key not in keys
    }
    return graph.with_(
        steps=steps,
        start=None if graph.start in keys else graph.start,
        stop_start=None if graph.stop_start in keys else graph.stop_start,
        layout={key: at for key, at in graph.layout.items() if key not in keys},
        notes=tuple(note for note in graph.notes if note.step not in keys),
        frames=_shrunk(graph.frames, keys),
    )


def _shrunk(frames: tuple[Frame, ...], gone: set[str]) -> tuple[Frame, ...]:
    """Return the frames without steps that went; one with nothing left goes too."""
    if not any(gone.intersection(frame.steps) for frame in frames):
        return frames
    left = (
        msgspec.structs.replace(frame, steps=tuple(key for key in frame.steps if key not in gone))
        for frame in frames
    )
    return tuple(frame for frame in left if frame.steps)


def swept(graph: Graph, before: Graph) -> Graph:
    """Drop what was reachable before and is no more; leave what already hung loose."""
    was = {*before.reachable(before.start), *before.reachable(before.stop_start)}
    now = {*graph.reachable(graph.start), *graph.reachable(graph.stop_start)}
    lost = (was & graph.steps.keys()) - now
    return dropped(graph, lost) if lost else graph


def _checked(graph: Graph) -> Graph:
    for place in graph.places():
        if place.source != STOP and graph.target(place) not in graph.steps:
            raise BadDefinition(
                f"Exit ‘{place.exit}’ of ‘{place.source}’ leads to a step that is not there."
            )
    if graph.stop_start is not None and graph.stop_start not in graph.steps:
        raise BadDefinition("The Stop Actions begin at a step that is not there.")
    if circle := graph.find_cycle():
        raise BadDefinition(f"The steps go round in a circle: {' → '.join(circle)}.")
    return graph


def _steps(listed: Any) -> dict[str, Step]:
    """Read steps one by one: all at once would keep the screen waiting while a draft is saved."""
    if not isinstance(listed, list) or len(listed) > MAX_STEPS:
        raise BadDefinition(f"‘steps’ must be a list of at most {MAX_STEPS:,} steps.")
    keyed: dict[str, Step] = {}
    for number, step in enumerate(listed, start=1):
        key = step.get("id") if isinstance(step, dict) else None
        if not isinstance(key, str) or not key or key in keyed or key in (START, STOP):
            raise BadDefinition(f"Step {number} needs an ‘id’ of its own.")
        try:
            keyed[key] = msgspec.convert(step, Step)
        except msgspec.ValidationError as error:
            why = f"step {number} (‘{key}’): {misread(error)}"
            raise BadDefinition(f"The workflow cannot be read: {why}.") from error
    return keyed
