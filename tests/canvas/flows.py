"""Small workflows, faces and offers for tests of the canvas, without the engine."""

from __future__ import annotations

import random

from rally_desktop.canvas.faces import Chain, Face, Offer
from rally_desktop.model.graph import Graph, Place, Step, Trigger

NEXT = (("next", ""),)
EXITS = {
    "branch": (("yes", "Yes"), ("else", "Else")),
    "fork": (("a", "First"), ("b", "Second"), ("else", "Else")),
    "end": (),
}
SHAPES = {"wait": "wait", "end": "end"}
FAMILIES = {"branch": "condition", "fork": "condition", "mail": "talk", "wait": "flow"}


class PlainFaces:
    """Cards named after kind and settings."""

    def __init__(self):
        self.problems = {}

    def face(self, step):
        """The card of a step."""
        return Face(
            step.title or step.kind.capitalize(),
            str(step.settings.get("text", "")),
            "mail",
            FAMILIES.get(step.kind, "flow"),
            SHAPES.get(step.kind, "card"),
            EXITS.get(step.kind, NEXT),
            self.problems.get(step.id, ""),
            "error" if step.id in self.problems else "",
            int(step.id in self.problems),
        )

    def trigger_face(self, trigger):
        """The card of a trigger."""
        return Face(trigger.kind.capitalize(), "", "zap", "trigger")


def offer(kind, **more):
    """What the palette offers for a kind."""
    exits = tuple(name for name, _ in EXITS.get(kind, NEXT))
    family = FAMILIES.get(kind, "flow")
    return Offer(kind, kind.capitalize(), "mail", family, exits=exits, **more)


MAIL = offer("mail", help="Writes to the contact", words=("letter",))
UNITS = ("hours", "days", "business days", "weeks")
TASK, BRANCH, END = offer("task"), offer("branch"), offer("end")
WAIT = offer("wait", lengths=UNITS)
CREATED = Offer("created", "Created", "zap", "trigger")
TAGGED = Offer("tagged", "Tagged", "tag", "trigger")


RECIPE = Offer(
    "recipe",
    "Remind",
    "book-open",
    "flow",
    help="Waits, then writes",
    exits=("next",),
    chain=Chain(
        (Step("r1", "wait", {}, {"next": "r2"}), Step("r2", "mail")), (Place("r2", "next"),)
    ),
)


class PlainCatalogue:
    """A few kinds."""

    def steps(self, record):
        """Five kinds."""
        return (MAIL, TASK, BRANCH, WAIT, END)

    def triggers(self, record):
        """Two kinds."""
        return (CREATED, TAGGED)

    def recipes(self, record):
        """One, of two steps."""
        return (RECIPE,)

    def turned(self, step, kind):
        """A step of another kind; its settings are lost, and of its paths all but the first."""
        offered = next(each for each in self.steps("contact") if each.kind == kind)
        led = list(step.exits.values())
        exits = dict(zip(offered.exits, led[: len(offered.exits)], strict=False))
        lost = (*step.settings, *(f"path {name}" for name in list(step.exits)[len(exits) :]))
        return Step(step.id, kind, {}, exits, step.title), lost


def step(key, kind="mail", **exits):
    """A step; ``else_`` stands for the exit ‘else’."""
    return Step(key, kind, {}, {name.rstrip("_"): to for name, to in exits.items()})


def graph(*steps, start=None, triggers=("t1",)):
    """A workflow that starts with its first step."""
    first = start or (steps[0].id if steps else None)
    return Graph(
        "Test",
        triggers=tuple(Trigger(key, "created") for key in triggers),
        start=first,
        steps={each.id: each for each in steps},
    )


CHAIN = graph(
    step("a", next="b"), step("b", "wait", next="c"), step("c", next="z"), step("z", "end")
)
SPLIT = graph(
    step("a", next="if"),
    step("if", "branch", yes="y", else_="n"),
    step("y", next="m"),
    step("n", "wait", next="m"),
    step("m", next="z"),
    step("z", "end"),
)
OPEN = graph(step("a", next="if"), step("if", "branch", yes="y"), step("y", "wait"))


def random_graph(size, seed):
    """A workflow of about that size with branches, open ends and places where paths meet."""
    dice = random.Random(seed)
    kinds = ("mail", "wait", "mail", "branch", "task", "fork", "task", "end")
    steps, exits = {}, {}
    open_exits = [None]
    for number in range(size):
        key = f"s{number}"
        kind = dice.choice(kinds) if len(open_exits) > 4 else dice.choice(kinds[:-1])
        count = dice.choice((1, 1, 1, 1, 2, 3))
        chosen = dice.sample(open_exits[-8:], min(count, len(open_exits[-8:])))
        for place in chosen:
            open_exits.remove(place)
            if place is not None:
                exits[place[0]][place[1]] = key
        names = [name for name, _ in EXITS.get(kind, NEXT)]
        steps[key], exits[key] = kind, {}
        open_exits += [(key, name) for name in names]
    made = [Step(key, kind, {}, exits[key]) for key, kind in steps.items()]
    return graph(*made, triggers=("t1",) * dice.choice((1, 1, 0)))
