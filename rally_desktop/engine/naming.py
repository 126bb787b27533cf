"""Which workflows and saved views name a thing of the office, and how they follow a new name.

Drafts and views follow. What is published stays as it was published: whoever renames is told which
workflows go on with the former name until they are published again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select

from rally_desktop.core.conditions import Fields
from rally_desktop.core.errors import BadDefinition
from rally_desktop.core.fold import fold
from rally_desktop.core.schema import Described, Filter, Paths, Pick
from rally_desktop.engine import nodes
from rally_desktop.engine.runfields import run_fields
from rally_desktop.model.changes import RowChanged
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.model.ref import RecordKind
from rally_desktop.model.rows import to_json
from rally_desktop.model.tables import saved_view, workflow, workflow_version
from rally_desktop.model.work import OWN, Work
from rally_desktop.services import workflows

_PAGES: Mapping[str, RecordKind] = {
    "contacts": "contact", "companies": "company", "deals": "deal",
}  # fmt: skip
Swap = Callable[[str], str]


@dataclass(frozen=True)
class Sort:
    """What kind of name it is: one of a list, or one of the options of an own field.

    A stage says its ``pipeline`` where another pipeline has a stage of the same name.
    """

    source: str = ""
    kind: RecordKind | None = None
    field: str = ""
    pipeline: str = ""

    def is_asked_by(self, kind: str, name: str, source: str) -> bool:
        """Say whether a field of a kind of record holds names of this sort."""
        if self.field:
            own = name.removeprefix(f"{kind}.")
            return kind == self.kind and own == f"{OWN}{self.field}"
        return source == self.source and not self.pipeline


@dataclass(frozen=True)
class Uses:
    """Who names it: views, drafts, and workflows of which the published version does."""

    views: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    published: tuple[str, ...] = ()


@dataclass(frozen=True)
class Followed:
    """What views and drafts were before and became, so that it can be taken back."""

    views: tuple[tuple[int, Any, Any], ...] = ()
    drafts: tuple[tuple[int, str, str], ...] = ()


def uses(work: Work, sort: Sort, name: str) -> Uses:
    """Return who names something."""
    swap = _to({name: f"{name} "})  # anything else than the name itself
    drafts, published = [], []
    for _, called, draft, version in _stored(work):
        for text, found in ((draft, drafts), (version, published)):
            if _changed(work, text, sort, swap) is not None:
                found.append(called)
    views = tuple(found.name for found, _ in _views(work, sort, swap))
    return Uses(views, tuple(drafts), tuple(published))


def field_uses(work: Work, kind: RecordKind, field: str) -> Uses:
    """Return who names one of the office's own fields, in filters, steps or merge fields."""
    named = re.compile(rf"\b{re.escape(OWN + field)}\b")
    abroad = re.compile(rf"\b{kind}\.{re.escape(OWN + field)}\b")
    records = {row.id: row.record_kind for row in work.connection.execute(select(workflow))}
    drafts, published = [], []
    for number, called, draft, version in _stored(work):
        wanted = named if records[number] == kind else abroad
        for text, found in ((draft, drafts), (version, published)):
            if text and wanted.search(text):
                found.append(called)
    held = work.connection.execute(select(saved_view)).all()
    views = [
        view.name
        for view in held
        if _PAGES.get(view.page) == kind and named.search(to_json(view.definition))
    ]
    return Uses(tuple(views), tuple(drafts), tuple(published))


def counts(work: Work, sort: Sort) -> Counter[str]:
    """Return in how many workflows, drafted or published, each name of a sort stands, folded."""
    counted: Counter[str] = Counter()
    for _, _, *texts in _stored(work):
        here: set[str] = set()

        def note(said: str, here: set[str] = here) -> str:
            here.add(fold(said))
            return said

        for text in texts:
            _changed(work, text, sort, note)
        counted.update(here)
    return counted


def follow(work: Work, sort: Sort, name: str, new: str) -> Followed:
    """Let views and drafts say the new name; what is published stays."""
    return follow_all(work, sort, {name: new})


def follow_all(work: Work, sort: Sort, names: Mapping[str, str]) -> Followed:
    """Let views and drafts say new names in the place of former ones, all at once."""
    swap = _to(names)
    views = []
    for found, made in _views(work, sort, swap):
        work.change(RowChanged("saved_view", found.id, {"definition": made}))
        views.append((found.id, found.definition, made))
    drafts = []
    for number, _, draft, _ in _stored(work):
        if (made := _changed(work, draft, sort, swap)) is not None:
            _put(work, number, made)
            drafts.append((number, draft or "", made))
    return Followed(tuple(views), tuple(drafts))


def take_back(work: Work, followed: Followed) -> None:
    """Put back what followed, save what somebody has changed since."""
    held = {number: draft for number, _, draft, _ in _stored(work)}
    for number, before, after in followed.drafts:
        if held.get(number) == after:
            _put(work, number, before)
    stood = {row.id: row.definition for row in work.connection.execute(select(saved_view))}
    for number, before, after in followed.views:
        if stood.get(number) == after:
            work.change(RowChanged("saved_view", number, {"definition": before}))


def _put(work: Work, number: int, draft: str) -> None:
    """Write a draft as its next revision; no password is asked, since nothing else changes."""
    query = select(workflow.c.draft_revision).where(workflow.c.id == number)
    revision = work.connection.execute(query).scalar_one() + 1
    values = {"draft": draft, "draft_revision": revision, "draft_from": "", "updated_at": work.now}
    work.change(RowChanged("workflow", number, {**values, "draft_at": work.now}))


def _stored(work: Work) -> Iterator[tuple[int, str, str | None, str | None]]:
    """Yield the workflows by name: number, name, draft, published definition."""
    query = (
        select(workflow.c.id, workflow.c.name, workflow.c.draft, workflow_version.c.definition)
        .outerjoin(workflow_version, workflow_version.c.id == workflow.c.published_id)
        .where(workflow.c.deleted_at.is_(None))
        .order_by(workflow.c.name, workflow.c.id)
    )
    for row in work.connection.execute(query).all():
        yield row.id, row.name, row.draft, row.definition


def _views(work: Work, sort: Sort, swap: Swap) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield the views that name it, each with its definition as it is to be."""
    for found in work.connection.execute(select(saved_view)).all():
        tree = (found.definition or {}).get("filter")
        kind = _PAGES.get(found.page)
        if kind and tree:
            made = _Walk(sort, kind, run_fields(work, kind), swap).tree(tree)
            if made != tree:
                yield found, {**found.definition, "filter": made}


def _changed(work: Work, stored: str | None, sort: Sort, swap: Swap) -> str | None:
    """Return a document with other names; None where it names nothing that changes."""
    if not stored:
        return None
    try:
        graph = workflows.read(stored)
    except BadDefinition:
        return None
    walk = _Walk(sort, graph.record, run_fields(work, graph.record), swap)
    made = walk.graph(graph)
    return None if made == graph else to_json(made.dump())


def _to(names: Mapping[str, str]) -> Swap:
    meant = {fold(name): new for name, new in names.items()}
    return lambda said: meant.get(fold(said), said)


class _Walk:
    """One way through a document: every name of a sort goes through ``swap``."""

    def __init__(self, sort: Sort, kind: RecordKind, fields: Fields, swap: Swap) -> None:
        self._sort, self._kind, self._fields, self._swap = sort, kind, fields, swap

    def graph(self, graph: Graph) -> Graph:
        """Return a workflow with other names."""
        return graph.with_(
            triggers=tuple(self._trigger(one) for one in graph.triggers),
            stop_on=tuple(self._trigger(one) for one in graph.stop_on),
            steps={key: self._step(step) for key, step in graph.steps.items()},
            audience=self.tree(graph.audience),
            stop_when=self.tree(graph.stop_when),
            settings=self._rules(graph.settings),
        )

    def _rules(self, rules: Rules) -> Rules:
        """Return the rules of a workflow, which name the account that it sends from."""
        if self._sort.source != "mail_account" or not rules.account:
            return rules
        return msgspec.structs.replace(rules, account=self._swap(rules.account))

    def tree(self, stored: Any) -> Any:
        """Return a stored filter with other names."""
        if not isinstance(stored, dict):
            return stored
        if "not" in stored:
            return {**stored, "not": self.tree(stored["not"])}
        for group in ("all", "any"):
            if isinstance(stored.get(group), list):
                return {**stored, group: [self.tree(part) for part in stored[group]]}
        if "value" in stored and self._asks(str(stored.get("field"))):
            return {**stored, "value": self._value(stored["value"])}
        return stored

    def _step(self, step: Step) -> Step:
        known = nodes.step_kinds().get(step.kind)
        made = self._settings(known, step.settings) if known else step.settings
        return msgspec.structs.replace(step, settings=made)

    def _trigger(self, trigger: Trigger) -> Trigger:
        known = nodes.trigger_kinds().get(trigger.kind)
        made = self._settings(known, trigger.settings) if known else trigger.settings
        return msgspec.structs.replace(trigger, settings=made)

    def _settings(self, kind: type[Described], stored: Mapping[str, Any]) -> dict[str, Any]:
        made = dict(stored)
        for setting in kind.settings():
            if setting.name in made:
                made[setting.name] = self._setting(setting.name, setting.field, stored)
        return made

    def _setting(self, name: str, field: object, stored: Mapping[str, Any]) -> Any:
        value = stored[name]
        if isinstance(field, Filter):
            return self.tree(value)
        if isinstance(field, Paths) and isinstance(value, list):
            return [self._path(each) for each in value]
        if isinstance(field, Pick) and self._offers(field.source, stored):
            return self._value(value)
        beside = stored.get("field")
        if name == "value" and isinstance(beside, str) and self._asks(beside):
            return self._value(value)
        return value

    def _path(self, path: Any) -> Any:
        held = isinstance(path, dict) and "filter" in path
        return {**path, "filter": self.tree(path["filter"])} if held else path

    def _offers(self, source: str, stored: Mapping[str, Any]) -> bool:
        """Say whether a setting that picks from a list holds names of this sort."""
        if source == "value":
            return any(self._asks(str(name)) for name in stored.get("fields") or ())
        if self._sort.field:
            return False
        here = self._sort.pipeline in ("", stored.get("pipeline"))
        return here and source.removeprefix("open_") == self._sort.source

    def _asks(self, name: str) -> bool:
        known = self._fields.get(name)
        source = getattr(known, "source", "")
        return self._sort.is_asked_by(self._kind, name, source)

    def _value(self, value: Any) -> Any:
        """Return a value, or several, with the names swapped; two that became one stay one."""
        if isinstance(value, list | tuple):
            return list(dict.fromkeys(self._value(each) for each in value))
        return self._swap(value) if isinstance(value, str) else value
