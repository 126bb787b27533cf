"""One record that texts are shown filled in for while they are written, and who matches now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from rally_desktop.core import merge, wording
from rally_desktop.core.errors import MissingValue, RallyError
from rally_desktop.core.filter import EVERYTHING, parse
from rally_desktop.core.merge import compile_template
from rally_desktop.engine import runfacts
from rally_desktop.engine.clocks import audience
from rally_desktop.engine.runfacts import About
from rally_desktop.engine.runfields import run_fields
from rally_desktop.engine.sealed import SECRET
from rally_desktop.engine.template_use import used_in
from rally_desktop.model.graph import Graph
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.model.tables import metadata
from rally_desktop.model.work import Work
from rally_desktop.services import grid, merging, templates
from rally_desktop.services.templates import Template

MOST_FOUND, MOST_WALKED = 30, 500
_SECOND: Mapping[RecordKind, str] = {"contact": "email", "company": "domain", "deal": "stage"}


@dataclass(frozen=True)
class Sample:
    """A record to show texts for; ``about`` tells it from others of the same name."""

    ref: Ref
    name: str
    about: str = ""


@dataclass(frozen=True)
class Filled:
    """A text filled in for somebody; ``problem`` is why it would not be sent like that.

    Where a field is empty its label stands in the text, such as «‹Job title›».
    """

    text: str = ""
    problem: str = ""


def first(work: Work, record: RecordKind, stored: Mapping[str, Any] | None) -> Sample | None:
    """Return the first record by name that a filter lets in; without one, the first of all."""
    try:
        numbers = grid.ids(work, record, grid.Query(stored), 1)
    except RallyError:  # it is being written, or asks what only a run knows
        numbers = ()
    numbers = numbers or grid.ids(work, record, grid.Query(), 1)
    return next(iter(_named(work, record, numbers)), None)


def found(work: Work, record: RecordKind, typed: str) -> list[Sample]:
    """Return the first records that what was typed finds, by name."""
    query = grid.Query(text=typed)
    return _named(work, record, grid.ids(work, record, query, MOST_FOUND))


def _named(work: Work, record: RecordKind, numbers: Iterable[int]) -> list[Sample]:
    rows = grid.rows(work, record, numbers, ["name", _SECOND[record]])
    return [
        Sample(Ref(record, number), str(row.cells[0] or "No name"), str(row.cells[1] or ""))
        for number in numbers
        if (row := rows.get(number)) is not None
    ]


def values(
    work: Work, ref: Ref, names: Iterable[str], graph: Graph | None = None
) -> dict[str, str]:
    """Return what merge fields would write for a record; nothing where they are empty."""
    names = list(names)
    data, made = merging.data(work, ref, names, _about(work, ref, graph)), dict[str, str]()
    for name in names:
        value: Any = data
        for key in name.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        made[name] = "" if wording.is_missing(value) else wording.as_text(value)
    return made


def fill(
    work: Work, ref: Ref, source: str, graph: Graph | None = None, *, html: bool = False
) -> Filled:
    """Fill a text in as a step of the workflow would; secrets stay closed."""
    source = re.sub(SECRET, r"‹\1›", source)
    try:
        template = compile_template(source, html=html)
        data = merging.data(work, ref, template.fields, _about(work, ref, graph))
        return _with_gaps(work, ref, template, data)
    except RallyError as error:
        return Filled(problem=str(error))


def _with_gaps(work: Work, ref: Ref, template: merge.Template, data: dict[str, Any]) -> Filled:
    """Fill a template in; where that needs a field that is empty, its label stands there."""
    gaps: list[str] = []
    while True:
        try:
            return Filled(str(template.render(data)), _said_of(gaps))
        except MissingValue as error:
            label = merging.label(work, error.field, ref.kind)
            *way, name = error.field.split(".")
            inner: Any = data
            for key in way:
                inner = inner.setdefault(key, {}) if isinstance(inner, dict) else None
            if label in gaps or not isinstance(inner, dict):
                raise
            gaps.append(label)
            inner[name] = f"‹{label}›"


def _said_of(gaps: list[str]) -> str:
    """Say which fields are empty; nothing where none is."""
    if not gaps:
        return ""
    *others, last = (f"‘{one}’" for one in gaps)
    if not others:
        return f"{last} is empty and has no fallback."
    return f"{', '.join(others)} and {last} are empty and have no fallback."


@dataclass(frozen=True)
class Letter:
    """A template filled in for somebody; ``uses`` are the workflows that it is used in.

    ``empty`` are the labels of the fields that it names and of which nothing is known here.
    """

    template: Template
    subject: Filled
    text: Filled
    html: Filled
    uses: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    preheader: Filled = Filled()

    @property
    def problem(self) -> str:
        """Return why it would not be sent to this person, or nothing."""
        parts = (self.subject, self.preheader, self.text, self.html)
        return next((one.problem for one in parts if one.problem), "")


def _about(work: Work, ref: Ref, graph: Graph | None) -> About | None:
    """Return what a run would say of itself that the first trigger had started."""
    if graph is None:
        return None
    trigger = graph.triggers[0].id if graph.triggers else ""
    return runfacts.about(work, graph, trigger, work.record(ref))


def letter(work: Work, name: str, ref: Ref | None, graph: Graph | None = None) -> Letter:
    """Return a template as somebody would get it; raise NotFound where there is none."""
    template = templates.named(work, name)
    uses = tuple(used_in(work, name))
    return written(work, template, ref, graph, uses)


def written(
    work: Work,
    template: Template,
    ref: Ref | None,
    graph: Graph | None = None,
    uses: tuple[str, ...] = (),
) -> Letter:
    """Return what is being written as somebody would get it."""
    if ref is None:
        subject, text, html = map(Filled, (template.subject, template.text, template.html))
        return Letter(template, subject, text, html, uses)
    return Letter(
        template,
        fill(work, ref, template.subject, graph),
        fill(work, ref, template.text, graph),
        fill(work, ref, template.html, graph, html=True),
        uses,
    )


def draft(
    work: Work, template: Template, ref: Ref | None, graph: Graph | None = None, *, dark: bool
) -> Letter:
    """Return a template that is not saved yet as somebody would get it, in light or in dark."""
    try:
        # The line beside the subject is shown there: not everything that draws HTML hides it.
        made = templates.written(replace(template, preheader=""), dark=dark)
    except RallyError as error:
        return Letter(template, Filled(), Filled(problem=str(error)), Filled())
    letter = written(work, made, ref, graph)
    if ref is None:
        return letter
    preheader = fill(work, ref, template.preheader, graph)
    return replace(letter, preheader=preheader, empty=_empty(work, made, ref, graph))


def _empty(work: Work, made: Template, ref: Ref, graph: Graph | None) -> tuple[str, ...]:
    try:
        used = compile_template(f"{made.subject}\n{made.text}").fields
    except RallyError:
        return ()
    said = values(work, ref, used, graph)
    return tuple(merging.label(work, name, ref.kind) for name in used if not said[name])


def neighbour(work: Work, record: RecordKind, ref: Ref | None, by: int) -> Sample | None:
    """Return who comes so many places after somebody in the list by name, round and round."""
    numbers = list(grid.ids(work, record, grid.Query(), MOST_WALKED))
    if not numbers:
        return None
    here = numbers.index(ref.id) if ref and ref.id in numbers else -max(by, 0)
    return next(iter(_named(work, record, [numbers[(here + by) % len(numbers)]])), None)


def count(work: Work, record: RecordKind, stored: Mapping[str, Any] | None) -> int | None:
    """Return how many records match a filter now; None where only a run can tell."""
    tree = parse(stored, run_fields(work, record)) if stored else EVERYTHING
    only = audience(work, record, tree)
    if only is None:
        return None
    table = metadata.tables[record]
    query = select(func.count()).select_from(table).where(table.c.deleted_at.is_(None), only)
    return work.connection.execute(query).scalar_one()
