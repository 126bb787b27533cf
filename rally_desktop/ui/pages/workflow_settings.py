"""The settings of what is selected on the canvas: a step, a trigger, or the workflow itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import getdoc
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.canvas.draft import Draft
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.view import FlowView
from rally_desktop.core.schema import Described
from rally_desktop.engine.nodes import step_kinds, trigger_kinds
from rally_desktop.engine.nodes.base import Node, StepKind
from rally_desktop.engine.problems import Problem
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.ui.forms.editor import Lists
from rally_desktop.ui.forms.form import Form
from rally_desktop.ui.pages.workflow_asking import Asker
from rally_desktop.ui.pages.workflow_faces import FAILED, KnownFields, fields_for, step_face
from rally_desktop.ui.pages.workflow_filter import Audience
from rally_desktop.ui.pages.workflow_preview import Read, preview_of
from rally_desktop.ui.pages.workflow_triggers import Tools
from rally_desktop.ui.pages.workflow_whole import OPEN_FIRST, Whole
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH = 384


class SettingsPanel(QFrame):
    """Shows one form at a time; each edit is a change of the draft that can be undone."""

    wanted_path = Signal(object)  # the Slot of an exit to add something at
    wanted_step = Signal(str)  # the id of a step that is to be selected

    def __init__(self, theme: Theme, draft: Draft, view: FlowView) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setFixedWidth(WIDTH)
        self._theme, self._draft = theme, draft
        self._asker = Asker(view)
        self._open = set(OPEN_FIRST)
        self._problems: Sequence[Problem] = ()
        self.lists: Lists = {}
        self.fields: KnownFields = {}
        self.read: Read | None = None
        self.spot: Spot | None = None
        self._kind = ""
        self._shown: dict[str, Any] = {}
        self.form: Form[Described] | None = None
        self.title: QLineEdit | None = None
        self.audience: Audience | None = None
        self.whole: Whole | None = None
        self._disabled: QCheckBox | None = None
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll)
        draft.changed.connect(self._follow)

    def show_target(self, target: object) -> None:
        """Show the settings of a card; of the whole workflow for anything else."""
        self._draft.seal()
        self.spot = target if isinstance(target, Spot) and target.id else None
        self._build()

    def focus_first(self) -> None:
        """Put the cursor into the first setting."""
        if self.form is not None and self.form.focusProxy() is not None:
            self.form.setFocus()
        elif self.title is not None:
            self.title.setFocus()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show in the parts of the whole what is wrong with them."""
        self._problems = problems
        if self.whole is not None:
            self.whole.show_problems(problems)

    def show_part(self, key: str) -> None:
        """Open the part of the whole that a problem is about, and bring it into view."""
        if self.whole is not None and (fold := self.whole.open(key)) is not None:
            self._body.activate()
            self._scroll.ensureWidgetVisible(fold.head, 0, 40)

    # -- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        self.form = self.title = self.audience = self.whole = self._disabled = None
        body = QWidget(objectName="scrolled")
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(18, 16, 18, 20)
        self._body.setSpacing(14)
        graph = self._draft.graph
        item = self._item(graph)
        self._kind = item.kind if item is not None else ""
        if isinstance(item, Step):
            self._build_step(item)
        elif isinstance(item, Trigger):
            self._build_trigger(item)
        else:
            self._build_whole()
        self._body.addStretch(1)
        if (old := self._scroll.takeWidget()) is not None:
            old.deleteLater()  # later: what was clicked to get here may be in it
        self._scroll.setWidget(body)

    def _item(self, graph: Graph) -> Step | Trigger | None:
        if self.spot is None:
            return None
        if self.spot.kind == "step":
            return graph.steps.get(self.spot.id)
        return next((item for item in graph.triggers if item.id == self.spot.id), None)

    def _heading(self, title: str, icon: str, family: str, help_: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(10)
        picture = PlainLabel()
        picture.setPixmap(self._theme.pixmap(icon, family, 20))
        row.addWidget(picture)
        row.addWidget(PlainLabel(title, "title"), 1)
        self._body.addLayout(row)
        if help_:
            words = PlainLabel(help_, "sub")
            words.setWordWrap(True)
            self._body.addWidget(words)

    def _build_step(self, step: Step) -> None:
        kind = step_kinds().get(step.kind)
        if kind is None:
            self._heading(step.kind, "circle-question-mark", "flow", _UNKNOWN)
            return
        self._heading(kind.title, kind.icon, kind.family, _help(kind))
        if kind.shape != "end":
            self._add_form(kind, step.settings)
            self.title = QLineEdit(step.title, placeholderText=kind.title, maxLength=80)
            self.title.setAccessibleName("Name on the card")
            self.title.textEdited.connect(self._retitled)
            self._body.addWidget(_named("Name on the card", self.title))
        self._disabled = QCheckBox("Disabled: everybody passes it by")
        self._disabled.setChecked(step.disabled)
        self._disabled.toggled.connect(self._switched)
        self._body.addWidget(self._disabled)
        self._offer_failed(step, kind)

    def _offer_failed(self, step: Step, kind: type[StepKind]) -> None:
        knows = FAILED in {name for name, _ in kind.load(kind.example).exits()}
        if knows and FAILED not in step.exits:
            button = QPushButton("Add a path for when it fails")
            button.setProperty("kind", "link")
            slot = Slot("connector", step.id, FAILED)
            button.clicked.connect(lambda: self.wanted_path.emit(slot))
            row = QHBoxLayout()
            row.addWidget(button)
            row.addStretch(1)
            self._body.addLayout(row)

    def _build_trigger(self, trigger: Trigger) -> None:
        kind = trigger_kinds().get(trigger.kind)
        if kind is None:
            self._heading(trigger.kind, "circle-question-mark", "flow", _UNKNOWN)
            return
        self._heading(kind.title, kind.icon, kind.family, _help(kind))
        self._add_form(kind, trigger.settings)
        self.audience = Audience(self._tools(), titled=True)
        self._body.addWidget(self.audience)

    def _build_whole(self) -> None:
        self._heading("The whole workflow", "workflow", "accent", "")
        self.whole = Whole(self._tools(), self._open)
        self.whole.wanted.connect(self.wanted_step)
        self.whole.show_problems(self._problems)
        self.audience = self.whole.audience
        self._body.addWidget(self.whole)

    def _tools(self) -> Tools:
        names = [one.id for one in self._draft.graph.triggers]
        lists = {**self.lists, "trigger": names}
        return Tools(self._theme, self._draft, lists, self.fields, self._asker, self.read)

    def _add_form(self, kind: type[Node], settings: Mapping[str, Any]) -> None:
        if not kind.settings():
            return
        tools, record = self._tools(), self._draft.graph.record
        fields = fields_for(record, tools.fields)
        self.form = Form[Described](kind, settings, tools.lists, record=record, fields=fields)
        self._shown = self.form.stored()
        self.form.changed.connect(self._edited)
        self._body.addWidget(self.form)
        if line := preview_of(kind, self.form, record, self.read):
            self._body.addWidget(line)

    # -- editing ----------------------------------------------------------------------------

    def _edited(self) -> None:
        graph, spot, form = self._draft.graph, self.spot, self.form
        item = self._item(graph)
        if item is None or spot is None or form is None:
            return
        stored, before = form.stored(), self._shown
        names = stored.keys() | before.keys()
        touched = {name for name in names if stored.get(name) != before.get(name)}
        self._shown = stored
        field = (spot, tuple(sorted(touched)))
        if isinstance(item, Step):
            self._draft.edit(
                f"Change {step_face(item).title}", graph.with_settings(item.id, stored), field
            )
        else:
            made = graph.with_trigger(msgspec.structs.replace(item, settings=stored))
            self._draft.edit(f"Change {trigger_kinds()[item.kind].title}", made, field)

    def _retitled(self, text: str) -> None:
        self._replace("Rename", "title", title=text.strip())

    def _switched(self, disabled: bool) -> None:
        self._replace("Disable" if disabled else "Enable", None, disabled=disabled)

    def _replace(self, word: str, field: str | None, **values: Any) -> None:
        step = self._item(self._draft.graph)
        if isinstance(step, Step):
            made = self._draft.graph.with_step(msgspec.structs.replace(step, **values))
            token = (self.spot, field) if field else None
            self._draft.edit(f"{word} {step_face(step).title}", made, token)

    def _follow(self, before: Graph, after: Graph) -> None:
        """Show what undo, redo or the canvas changed."""
        item = self._item(after)
        if self.spot is not None and (item is None or item.kind != self._kind):
            self.show_target(None)
            return
        if item is not None and self.form is not None and self.form.stored() != item.settings:
            self.form.fill(item.settings)
            self._shown = self.form.stored()
        if isinstance(item, Step):
            if self.title is not None and self.title.text().strip() != item.title:
                self.title.setText(item.title)
            if self._disabled is not None:
                self._disabled.blockSignals(True)
                self._disabled.setChecked(item.disabled)
                self._disabled.blockSignals(False)


_UNKNOWN = "This program does not know this kind. Update it, or remove this."


def _help(kind: type[Node]) -> str:
    return " ".join((getdoc(kind) or "").partition("\n\n")[0].split())


def _named(label: str, editor: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    name = PlainLabel(label, "strong")
    name.setBuddy(editor)
    column.addWidget(name)
    column.addWidget(editor)
    return box
