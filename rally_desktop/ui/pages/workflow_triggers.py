"""The triggers of a workflow in its panel: those that start it, or those that stop it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from rally_desktop.canvas.draft import Draft
from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.fragments import free_id
from rally_desktop.core.schema import Described
from rally_desktop.engine.nodes import trigger_kinds
from rally_desktop.engine.nodes.base import TriggerKind
from rally_desktop.engine.problems import Problem
from rally_desktop.model.graph import Graph, Trigger
from rally_desktop.model.ref import RecordKind
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms import editor as forms
from rally_desktop.ui.forms.editor import Lists
from rally_desktop.ui.forms.form import Form
from rally_desktop.ui.forms.sample import SampleChoice
from rally_desktop.ui.pages.workflow_asking import Asker
from rally_desktop.ui.pages.workflow_faces import KindCatalogue, KindFaces, KnownFields, fields_for
from rally_desktop.ui.pages.workflow_fold import Fold
from rally_desktop.ui.pages.workflow_guard import Guard
from rally_desktop.ui.pages.workflow_preview import preview_of
from rally_desktop.ui.pages.workflow_rows import Part, explained
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.plain_label import PlainLabel


@dataclass(frozen=True)
class Tools:
    """What the parts of the panel work with; ``renew`` reads the office's lists again."""

    theme: Theme
    draft: Draft
    lists: Lists
    fields: KnownFields
    asker: Asker
    desk: Desk
    sample: SampleChoice
    renew: Callable[[], None]
    guard: Guard | None = None

    def offer(self, record: RecordKind) -> forms.Offer:
        """Return what the forms of a workflow about a kind of record can pick from."""
        fields = fields_for(record, self.fields)
        return forms.Offer(self.lists, record, fields, self.sample)


@dataclass(frozen=True)
class Words:
    """How a list of triggers speaks of itself."""

    add: str
    ask: str
    none: str


STARTS = Words("Add a trigger", "What starts it?", "Nothing starts it yet: add a trigger.")
STOPS = Words("Add an event", "What stops it?", "No event stops a run yet.")


class TriggerList(Part):
    """Triggers joined by «or», each with its generated form; ``name`` is the graph's field."""

    def __init__(self, tools: Tools, name: str, words: Words) -> None:
        super().__init__()
        self._tools, self._name, self._words = tools, name, words
        self.entries: dict[str, TriggerEntry] = {}
        self._record = ""
        self._problems: Mapping[str, Sequence[Problem]] = {}
        self.none = explained(words.none)
        self.add = button(tools.theme, words.add, "plus", "link")
        self.add.clicked.connect(self._ask)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.none)
        column.addLayout(self._list)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.follow(tools.draft.graph)

    def stored(self, graph: Graph) -> tuple[Trigger, ...]:
        """Return the triggers of this list as a graph has them."""
        return getattr(graph, self._name)

    def follow(self, graph: Graph) -> None:
        """Show what a graph says."""
        triggers = self.stored(graph)
        shown = [(entry.trigger.id, entry.trigger.kind) for entry in self.entries.values()]
        if shown != [(one.id, one.kind) for one in triggers] or graph.record != self._record:
            self._rebuild(graph)
        for one in triggers:
            self.entries[one.id].show_trigger(one)
        self.none.setVisible(not triggers)

    def show_problems(self, found: Mapping[str, Sequence[Problem]]) -> None:
        """Show what is wrong with each."""
        self._problems = found
        for key, entry in self.entries.items():
            entry.show_problems(found.get(key, ()))

    def summary(self, graph: Graph) -> str:
        """Return what starts or stops it in a line."""
        faces = KindFaces()
        return " or ".join(faces.trigger_face(one).title for one in self.stored(graph))

    def offers(self) -> list[Offer]:
        """Return the kinds that can be added; only an event can stop a run."""
        offers = KindCatalogue().triggers(self._tools.draft.graph.record)
        if self._name == "triggers":
            return list(offers)
        events = (offer for offer in offers if _is_event(trigger_kinds()[offer.kind]))
        return [replace(one, help=one.help.replace("Starts when", "When", 1)) for one in events]

    def put(self, offer: Offer) -> None:
        """Add a trigger, open, with the cursor in its first setting."""
        graph = self._tools.draft.graph
        taken = (one.id for one in (*graph.triggers, *graph.stop_on))
        made = Trigger(free_id(offer.kind, taken), offer.kind, dict(offer.settings))
        self._edit(f"Add {offer.title}", (*self.stored(graph), made))
        entry = self.entries[made.id]
        entry.fold.open()
        (entry.form or entry.fold.head).setFocus()

    def _rebuild(self, graph: Graph) -> None:
        open_ = {key for key, entry in self.entries.items() if entry.fold.is_open()}
        while (item := self._list.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self.entries, self._record = {}, graph.record
        for place, one in enumerate(self.stored(graph)):
            if place:
                self._list.addWidget(PlainLabel("or", "sub"), 0, Qt.AlignmentFlag.AlignHCenter)
            entry = self.entries[one.id] = TriggerEntry(self._tools, one, graph)
            self._list.addWidget(entry)
            entry.fold.open(one.id in open_)
            entry.show_problems(self._problems.get(one.id, ()))
            entry.cross.clicked.connect(partial(self._remove, one.id))
            entry.fold.fixed.connect(self._fix)
            if entry.form is not None:
                entry.form.changed.connect(partial(self._edited, one.id))
                entry.form.fixed.connect(self._fix)
                entry.form.stepped.connect(self._tools.draft.seal)

    def _ask(self) -> None:
        self._tools.asker.ask(self.add, self._words.ask, self.offers(), self.put)

    def _remove(self, key: str, *_: object) -> None:
        graph = self._tools.draft.graph
        title = self.entries[key].title
        self._edit(f"Remove {title}", [one for one in self.stored(graph) if one.id != key])
        self.add.setFocus()

    def _edited(self, key: str) -> None:
        entry, graph = self.entries[key], self._tools.draft.graph
        if entry.form is None:
            return
        made = msgspec.structs.replace(entry.trigger, settings=entry.form.stored())
        kept = [made if one.id == key else one for one in self.stored(graph)]
        self._edit(f"Change {entry.title}", kept, (self._name, key))

    def _fix(self, fix: object) -> None:
        draft = self._tools.draft
        draft.edit(fix.label, fix.apply(draft.graph))  # type: ignore[attr-defined]

    def _edit(self, title: str, made: Sequence[Trigger], field: object = None) -> None:
        draft = self._tools.draft
        draft.edit(title, draft.graph.with_(**{self._name: tuple(made)}), field)


class TriggerEntry(QFrame):
    """One trigger: what it is, its form while it is open, and a cross to take it away."""

    def __init__(self, tools: Tools, trigger: Trigger, graph: Graph) -> None:
        super().__init__()
        self.setObjectName("card")
        self.trigger = trigger
        face = KindFaces().trigger_face(trigger)
        self.title = face.title
        self.form: Form[Described] | None = None
        kind = trigger_kinds().get(trigger.kind)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(6, 0, 2, 4)
        if kind is None:
            column.addWidget(explained("This program does not know this kind. Remove it."))
        elif kind.settings():
            self.form = Form[Described](kind, trigger.settings, tools.offer(graph.record))
            column.addWidget(self.form)
            if line := preview_of(kind, self.form, graph.record, tools.desk.background.read):
                column.addWidget(line)
        else:
            column.addWidget(explained("There is nothing to set."))
        self.fold = Fold(tools.theme, face.title, body, face.icon)
        self.fold.problems.setContentsMargins(6, 0, 2, 0)
        self.cross = tool(tools.theme, f"Remove ‘{face.title}’", "x")
        self.cross.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fold.put_beside(self.cross)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2, 2, 4, 2)
        outer.addWidget(self.fold)
        self.show_trigger(trigger)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong: at its setting where it is about one, else below the heading."""
        own = self.form.tell_each(problems) if self.form is not None else problems
        self.fold.show_problems(own)
        self.fold.head.mark(problems)

    def show_trigger(self, trigger: Trigger) -> None:
        """Show other settings, unless it is the form that they come from."""
        self.trigger = trigger
        if self.form is not None and self.form.stored() != trigger.settings:
            self.form.fill(trigger.settings)
        face = KindFaces().trigger_face(trigger)
        self.fold.say(face.subtitle or face.problem)


def _is_event(kind: type[TriggerKind]) -> bool:
    """Say whether a kind looks at lines of the timeline, so that one of them can stop a run."""
    return bool(kind.load(kind.example).listens())
