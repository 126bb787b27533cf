"""What is wrong with the settings of one trigger or step, as the office stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from rally_desktop.core import schema
from rally_desktop.core.errors import BadSettings, RallyError, UnknownField
from rally_desktop.core.filter import parse
from rally_desktop.core.fold import fold
from rally_desktop.core.merge import fields_used
from rally_desktop.engine.nodes.base import Node
from rally_desktop.engine.problems.office import Office
from rally_desktop.engine.problems.problem import Problem
from rally_desktop.engine.runfields import ENTERED_BY
from rally_desktop.engine.sealed import SECRET, without_secrets
from rally_desktop.model.graph import Graph
from rally_desktop.services import calendar
from rally_desktop.services.templates import Template

LONGEST_DAYS = 3_650
ZONES = ("zone", "time_zone")
_DAYS = {"minutes": 1 / 1440, "hours": 1 / 24, "days": 1, "weeks": 7, "months": 31, "years": 366}


def bad(key: str, error: RallyError, kind: type[Node] | None) -> Iterator[Problem]:
    """Say each problem by the label that the form shows for its setting."""
    labels = {one.name: one.field.label for one in kind.settings()} if kind else {}
    if isinstance(error, BadSettings):
        for name, what in error.problems.items():
            label = labels.get(name) or name.replace("_", " ").capitalize()
            yield Problem(key, "error", f"{label} {what}.", setting=name)
    else:
        yield Problem(key, "error", str(error))


def settings(key: str, kind: Node, graph: Graph, office: Office) -> Iterator[Problem]:
    """Yield what is wrong with the settings of one trigger or step."""
    for setting in _telling(type(kind)):
        if value := getattr(kind, setting.name):
            for text in _setting(setting, value, graph, office):
                yield Problem(key, "error", text, setting=setting.name)
    yield from _owner(key, kind, office)
    amount, unit = getattr(kind, "amount", None), getattr(kind, "unit", None)
    if isinstance(amount, int | float) and amount * _DAYS.get(str(unit), 0) > LONGEST_DAYS:
        text = "It waits longer than ten years."
        yield Problem(key, "error", text, setting="amount")


def _owner(key: str, kind: Node, office: Office) -> Iterator[Problem]:
    """Say what is wrong with a name that is written into the field of the owner."""
    written = (getattr(kind, "field", ""), getattr(kind, "how", "")) == ("owner", "set to")
    name = str(getattr(kind, "value", "")).strip() if written else ""
    if name and "{" not in name:
        for text in _person("Value", name, office):
            yield Problem(key, "error", text, setting="value")


@cache
def _telling(kind: type[Node]) -> tuple[schema.Setting, ...]:
    """Return the settings of a kind in which something of the office may be named."""
    return tuple(
        one
        for one in kind.settings()
        if isinstance(one.field, schema.Pick | schema.Paths | schema.Filter)
        or (isinstance(one.field, schema.Text) and one.field.merge)
        or one.name in ZONES
    )


def _setting(setting: schema.Setting, value: Any, graph: Graph, office: Office) -> Iterator[str]:
    field = setting.field
    if isinstance(field, schema.Pick):
        yield from _picked(field, value, graph, office)
    elif isinstance(field, schema.Text) and field.merge:
        if "{" in value:
            yield from _merged(value, field.secrets, office)
    elif isinstance(field, schema.Paths):
        for path in value:
            yield from conditions(path.filter, graph, office)
    elif isinstance(field, schema.Filter):
        yield from conditions(value, graph, office)
    elif setting.name in ZONES and value not in calendar.zone_names():
        yield f"There is no time zone ‘{value}’."


def _picked(field: schema.Pick, value: Any, graph: Graph, office: Office) -> Iterator[str]:
    names = value if field.many else (value,)
    if field.source in ("field", "date_field"):
        fields = office.fields[graph.record]
        yield from (f"There is no field ‘{name}’." for name in names if name not in fields)
    elif field.source == "user":
        yield from (text for name in names for text in _person(field.label, name, office))
    else:
        yield from _listed(field, names, graph, office)


def _listed(
    field: schema.Pick, names: Iterable[str], graph: Graph, office: Office
) -> Iterator[str]:
    known = _known(field.source, graph, office)
    if known is None:
        return
    for name in names:
        if field.source == "open_stage" and name in office.lists["stage"] - frozenset(known):
            yield f"{field.label} cannot be ‘{name}’: nothing is awaited there."
        elif name not in known:
            yield f"{field.label} ‘{name}’ does not exist."
        elif field.source == "template":
            yield from broken(office.templates.get(name), office)


def _person(label: str, name: str, office: Office) -> Iterator[str]:
    """Say why a name does not lead to one user."""
    count = office.people.get(fold(name), 0)
    if not count:
        yield f"{label} ‘{name}’ does not exist."
    elif count > 1:
        yield f"{label} ‘{name}’ is the name of {count} people; choose one by the e-mail."


def _known(source: str, graph: Graph, office: Office) -> Iterable[str] | None:
    if source == "step":
        return graph.steps
    if source == "trigger":
        return {one.id for one in graph.triggers}
    return office.lists.get(source)


def broken(template: Template | None, office: Office) -> Iterator[str]:
    """Say why a template that was saved once can no longer be filled in."""
    if template is None:
        return
    for source in (template.subject, template.text, template.html):
        for text in _merged(source, False, office):
            yield f"The template ‘{template.name}’ can no longer be filled in: {text}"
            return


def _merged(source: str, secrets: bool, office: Office) -> Iterator[str]:
    used = _used(without_secrets(source) if secrets else source)
    if isinstance(used, str):
        yield used
        return
    for name in used:
        if name not in office.merge_fields:
            yield str(UnknownField(name, list(office.merge_fields)))
    for name in re.findall(SECRET, source) if secrets else ():
        if name not in office.secrets:
            yield f"There is no secret ‘{name}’. Add it in the settings."


@lru_cache(20_000)
def _used(source: str) -> tuple[str, ...] | str:
    """Return the merge fields of a text, or why it cannot be filled in."""
    try:
        return fields_used(source)
    except RallyError as error:
        return str(error)


def conditions(stored: Any, graph: Graph, office: Office) -> Iterator[str]:
    """Say why a filter cannot be read, or never matches."""
    if not stored:
        return
    try:
        parse(stored, office.fields[graph.record])
    except RallyError as error:
        yield str(error)
        return
    known = {one.id for one in graph.triggers}
    for clause in _clauses(stored):
        if clause["field"] == ENTERED_BY:
            value = clause.get("value")
            for name in value if isinstance(value, list | tuple) else (value,):
                if name not in known and name is not None:
                    yield f"‘Entered by’ names no trigger of this workflow: ‘{name}’."


def _clauses(stored: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "field" in stored:
        yield stored
    for inside in stored.values():
        for part in inside if isinstance(inside, list | tuple) else (inside,):
            if isinstance(part, Mapping):
                yield from _clauses(part)


def asks_about(stored: Mapping[str, Any] | None, names: frozenset[str]) -> bool:
    """Say whether a filter looks at one of some fields."""
    return any(clause["field"] in names for clause in _clauses(stored or {}))
