"""How the kinds of the engine look on the canvas, and what can be added to a workflow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from inspect import getdoc
from typing import Any, TypeVar

from rally_desktop.canvas.faces import FAMILY_TITLES, Face, Offer
from rally_desktop.core import schema
from rally_desktop.core.conditions import Fields, say
from rally_desktop.core.errors import BadSettings, RallyError
from rally_desktop.core.filter import parse
from rally_desktop.engine.nodes import step_kinds, trigger_kinds
from rally_desktop.engine.nodes.base import Node, StepKind
from rally_desktop.engine.problems import Problem
from rally_desktop.engine.runfields import run_fields
from rally_desktop.engine.ways import FAILED, exits_of, shown_exits
from rally_desktop.model.fields import fields_of
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.ref import RECORD_KINDS, RecordKind
from rally_desktop.model.work import Work
from rally_desktop.ui.pages.workflow_turning import recipe_offers, turned

KnownFields = Mapping[RecordKind, Fields]
FIRST_PATH = {"name": "Yes", "exit": "yes", "filter": None}


class KindFaces:
    """Cards for steps and triggers; what did not change is not made anew."""

    def __init__(self) -> None:
        self._problems: Mapping[str, list[Problem]] = {}
        self._steps: dict[str, tuple[Step, Face]] = {}
        self._audience = ""
        self.fields: KnownFields = {}

    def know(self, problems: Iterable[Problem]) -> None:
        """Show these problems on the cards they are about."""
        found: defaultdict[str, list[Problem]] = defaultdict(list)
        for problem in problems:
            found[problem.step or ""].append(problem)
        self._problems = found

    def read_audience(self, graph: Graph) -> None:
        """Say on the first trigger whom the workflow is for."""
        self._audience = audience_of(graph, self.fields)

    def face(self, step: Step) -> Face:
        """Return the card of a step."""
        known = self._steps.get(step.id)
        if known is None or known[0] is not step:
            known = self._steps[step.id] = (step, step_face(step))
        return self._with_problems(step.id, known[1])

    def trigger_face(self, trigger: Trigger) -> Face:
        """Return the card of a trigger."""
        kind = trigger_kinds().get(trigger.kind)
        if kind is None:
            return self._with_problems(trigger.id, _unknown(trigger.kind))
        face = _face(kind, _loaded(kind, trigger.settings))
        if self._audience:
            said = f"{face.subtitle} · {self._audience}" if kind.settings() else self._audience
            face = replace(face, subtitle=said)
        return self._with_problems(trigger.id, replace(face, exits=()))

    def _with_problems(self, key: str, face: Face) -> Face:
        problems = self._problems.get(key)
        if not problems:
            return face
        first = problems[0]
        return replace(face, problem=first.text, severity=first.severity, problems=len(problems))


def office_fields(work: Work) -> KnownFields:
    """Return the fields that filters of a workflow may name, the office's own among them."""
    return {record: run_fields(work, record) for record in RECORD_KINDS}


def fields_for(record: RecordKind, known: KnownFields) -> Fields:
    """Return the fields that filters may name; without those of the office, the built-in ones."""
    return known.get(record) or fields_of(record)


def audience_of(graph: Graph, known: KnownFields) -> str:
    """Return whom a workflow is for, in words, or nothing for everyone."""
    return said(graph.audience, fields_for(graph.record, known))


def said(stored: Mapping[str, Any] | None, fields: Fields) -> str:
    """Return a filter in words, or nothing for none."""
    try:
        return say(parse(stored, fields), fields) if stored else ""
    except RallyError:
        return "Conditions that are not complete"


def step_face(step: Step) -> Face:
    """Return the card of a step without its problems."""
    kind, exits = step_kinds().get(step.kind), shown_exits(step)
    if kind is None:
        return replace(_unknown(step.kind), exits=exits)
    face = _face(kind, _loaded(kind, step.settings))
    title = step.title or face.title
    if kind.shape == "wait" and not step.title and face.subtitle:
        title = face.subtitle
    return replace(face, title=title, exits=exits)


N = TypeVar("N", bound=Node)


def _loaded(kind: type[N], settings: Mapping[str, Any]) -> N | BadSettings:
    try:
        return kind.load(settings)
    except BadSettings as error:
        return error


def _face(kind: type[Node], made: Node | BadSettings) -> Face:
    face = Face(kind.title, "", kind.icon, kind.family, kind.shape)
    if not isinstance(made, BadSettings):
        return replace(face, subtitle=made.sentence())
    name, what = next(iter(made.problems.items()))
    labels = {setting.name: setting.field.label for setting in kind.settings()}
    text = f"{labels.get(name, name)} {what}."
    return replace(face, problem=text, severity="error", problems=len(made.problems))


def _unknown(kind: str) -> Face:
    text = "This program does not know this kind of step."
    return Face(kind.replace("_", " ").capitalize(), problem=text, severity="error", problems=1)


class KindCatalogue:
    """The kinds of the engine as offers, family by family."""

    def steps(self, record: str) -> tuple[Offer, ...]:
        """Return the kinds of step for a kind of record."""
        return tuple(
            sorted(
                (_offer(key, kind) for key, kind in step_kinds().items() if record in kind.records),
                key=lambda offer: (list(FAMILY_TITLES).index(offer.family), _last(offer)),
            )
        )

    def triggers(self, record: str) -> tuple[Offer, ...]:
        """Return the kinds of trigger for a kind of record."""
        kinds = trigger_kinds().items()
        return tuple(_offer(key, kind) for key, kind in kinds if record in kind.records)

    def recipes(self, record: str) -> tuple[Offer, ...]:
        """Return the recipes about a kind of record, as chains that can be put in."""
        return recipe_offers(record)

    def turned(self, step: Step, kind: str) -> tuple[Step, tuple[str, ...]]:
        """Return a step made one of another kind, and by name what is lost on the way."""
        known = step_kinds()[kind]
        return turned(step, known, initial(known))


def _last(offer: Offer) -> int:
    """Put what ends a path after the rest of its family."""
    return 0 if offer.exits else 1


@cache
def _offer(key: str, kind: type[Node]) -> Offer:
    start = initial(kind)
    exits: tuple[str, ...] = ()
    if issubclass(kind, StepKind):
        exits = tuple(name for name, _ in exits_of(kind, start) if name != FAILED)
    help_ = (getdoc(kind) or "").partition("\n")[0].rstrip(".")
    return Offer(
        key, kind.title, kind.icon, kind.family, kind.shape, help_, kind.words, exits,
        tuple(start.items()), _lengths(kind),
    )  # fmt: skip


def _lengths(kind: type[Node]) -> tuple[str, ...]:
    """Return the units of a kind that waits for some time and asks for nothing else."""
    settings = {setting.name: setting for setting in kind.settings()}
    return settings["unit"].options if settings.keys() == {"amount", "unit"} else ()


def initial(kind: type[Node]) -> dict[str, Any]:
    """Return what a new step of a kind starts out with: one path where it has paths."""
    return {
        setting.name: [FIRST_PATH]
        for setting in kind.settings()
        if isinstance(setting.field, schema.Paths)
    }
