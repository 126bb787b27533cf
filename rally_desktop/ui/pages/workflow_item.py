"""The settings of one step or trigger: its generated form, its name, and what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from inspect import getdoc
from typing import Any

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.core import schema
from rally_desktop.core.schema import Described
from rally_desktop.engine.nodes import step_kinds, trigger_kinds
from rally_desktop.engine.nodes.base import Node, StepKind
from rally_desktop.engine.problems import Fix, Problem
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.form import Form, FormRow
from rally_desktop.ui.forms.problem_lines import ProblemLines
from rally_desktop.ui.pages.workflow_faces import FAILED, step_face
from rally_desktop.ui.pages.workflow_filter import Audience
from rally_desktop.ui.pages.workflow_lists import templates_by
from rally_desktop.ui.pages.workflow_preview import preview_of
from rally_desktop.ui.pages.workflow_rows import explained, named, silent
from rally_desktop.ui.pages.workflow_sample import SampleLine
from rally_desktop.ui.pages.workflow_template import SETTING, TemplateCard
from rally_desktop.ui.pages.workflow_triggers import Tools
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.plain_label import PlainLabel

# The kinds that send a template, and by which channel.
_CHANNELS = {"send_email": "email", "send_sms": "sms"}
UNKNOWN = "This program does not know this kind. Update it, or remove this."
Item = Step | Trigger


class ItemSettings(QWidget):
    """Edits what is at a spot; each edit is a change of the draft that can be undone."""

    wanted_path = Signal(object)  # the Slot of an exit to add something at

    def __init__(self, tools: Tools, spot: Spot, item: Item) -> None:
        super().__init__()
        self._tools, self._draft = tools, tools.draft
        self.spot, self._kind = spot, item.kind
        self._shown: dict[str, Any] = {}
        self.form: Form[Described] | None = None
        self.title: QLineEdit | None = None
        self.audience: Audience | None = None
        self.disabled: QCheckBox | None = None
        self.problems = ProblemLines()
        self.problems.fixed.connect(self._fix)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        known = step_kinds() if isinstance(item, Step) else trigger_kinds()
        kind: type[Node] | None = known.get(item.kind)
        if kind is None:
            icon = heading(tools.theme, item.kind, "circle-question-mark", "flow")
            self._put(icon, explained(UNKNOWN), self.problems)
            return
        self._put(heading(tools.theme, kind.title, kind.icon, kind.family))
        self._put(explained(_help(kind)), self.problems)
        self._add_form(kind, item.settings)
        if isinstance(item, Step) and issubclass(kind, StepKind):
            self._add_name(item, kind)
            self._offer_failed(item, kind)
        else:
            self.audience = Audience(tools, titled=True)
            self._put(self.audience)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong: at its setting where it is about one, else below the heading."""
        own = [each for each in problems if each.step == self.spot.id]
        self.problems.show_problems(own if self.form is None else self.form.tell_each(own))

    def lock(self, locked: bool) -> None:
        """Let nothing be edited, or everything again."""
        self.setEnabled(not locked)

    def first_problem(self) -> FormRow | None:
        """Return the first setting at which a problem is shown."""
        return self.form.first_told() if self.form is not None else None

    def focus_first(self) -> None:
        """Put the cursor into the first setting."""
        if self.form is not None and self.form.focusProxy() is not None:
            self.form.setFocus()
        elif self.title is not None:
            self.title.setFocus()

    def follow(self, graph: Graph) -> bool:
        """Show what undo, redo or the canvas changed; say whether it is still there."""
        item = item_at(graph, self.spot)
        if item is None or item.kind != self._kind:
            return False
        if self.form is not None and self.form.stored() != item.settings:
            self.form.fill(item.settings)
            self._shown = self.form.stored()
        if isinstance(item, Step) and self.disabled is not None:
            if self.title is not None and self.title.text().strip() != item.title:
                self.title.setText(item.title)
            with silent(self.disabled):
                self.disabled.setChecked(item.disabled)
        return True

    # -- building ---------------------------------------------------------------------------

    def _put(self, *parts: QWidget) -> None:
        for part in parts:
            self._column.addWidget(part)

    def _add_form(self, kind: type[Node], settings: Mapping[str, Any]) -> None:
        if not kind.settings():
            return
        tools, record = self._tools, self._draft.graph.record
        channel = _CHANNELS.get(kind.key())
        offer = _by_channel(tools.offer(record), channel) if channel else tools.offer(record)
        self.form = Form[Described](kind, settings, offer)
        self._shown = self.form.stored()
        self.form.changed.connect(self._edited)
        self.form.fixed.connect(self._fix)
        self.form.stepped.connect(self._draft.seal)
        if _fills_in(kind):
            self._put(SampleLine(tools.theme, tools.sample))
        self._put(self.form)
        if channel:
            take = partial(_take_template, tools, self.spot)
            card = TemplateCard(tools, self.form, record, channel, take)
            self.form.row(SETTING).put_below(card)
        if line := preview_of(kind, self.form, record, tools.desk.background.read):
            self._put(line)

    def _add_name(self, step: Step, kind: type[StepKind]) -> None:
        if kind.shape != "end":
            self.title = QLineEdit(step.title, placeholderText=kind.title, maxLength=80)
            self.title.setAccessibleName("Name on the card")
            self.title.textEdited.connect(self._retitled)
            self._put(named("Name on the card", self.title))
        self.disabled = QCheckBox("Disabled: everybody passes it by")
        self.disabled.setChecked(step.disabled)
        self.disabled.toggled.connect(self._switched)
        self._put(self.disabled)

    def _offer_failed(self, step: Step, kind: type[StepKind]) -> None:
        knows = FAILED in {name for name, _ in kind.load(kind.example).exits()}
        if knows and FAILED not in step.exits:
            button = QPushButton("Add a path for when it fails")
            button.setProperty("kind", "link")
            slot = Slot("connector", step.id, FAILED)
            button.clicked.connect(lambda: self.wanted_path.emit(slot))
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    # -- editing ----------------------------------------------------------------------------

    def _edited(self) -> None:
        graph, form = self._draft.graph, self.form
        item = item_at(graph, self.spot)
        if item is None or form is None:
            return
        stored, before = form.stored(), self._shown
        names = stored.keys() | before.keys()
        touched = {name for name in names if stored.get(name) != before.get(name)}
        self._shown = stored
        field = (self.spot, tuple(sorted(touched)))
        if isinstance(item, Step):
            made, title = graph.with_settings(item.id, stored), step_face(item).title
        else:
            made = graph.with_trigger(msgspec.structs.replace(item, settings=stored))
            title = trigger_kinds()[item.kind].title
        self._draft.edit(f"Change {title}", made, field)

    def _fix(self, fix: Fix) -> None:
        self._draft.edit(fix.label, fix.apply(self._draft.graph))

    def _retitled(self, text: str) -> None:
        self._replace("Rename", "title", title=text.strip())

    def _switched(self, disabled: bool) -> None:
        self._replace("Disable" if disabled else "Enable", None, disabled=disabled)

    def _replace(self, word: str, field: str | None, **values: Any) -> None:
        step = item_at(self._draft.graph, self.spot)
        if isinstance(step, Step):
            made = self._draft.graph.with_step(msgspec.structs.replace(step, **values))
            token = (self.spot, field) if field else None
            self._draft.edit(f"{word} {step_face(step).title}", made, token)


def item_at(graph: Graph, spot: Spot | None) -> Item | None:
    """Return the step or trigger at a spot, if there is one."""
    if spot is None or spot.kind not in ("step", "trigger"):
        return None
    if spot.kind == "step":
        return graph.steps.get(spot.id)
    return next((item for item in graph.triggers if item.id == spot.id), None)


def _take_template(tools: Tools, spot: Spot, name: str) -> None:
    """Send the template that was saved; the lists know it when they are read again."""
    step = item_at(tools.draft.graph, spot)
    if isinstance(step, Step):
        made = tools.draft.graph.with_settings(step.id, {**step.settings, SETTING: name})
        tools.draft.edit(f"Change {step_face(step).title}", made)
    tools.renew()


def heading(theme: Theme, title: str, icon: str, family: str) -> QWidget:
    """Return what something is, with its icon, above its settings."""
    line, picture = QWidget(), PlainLabel()
    picture.setPixmap(theme.pixmap(icon, family, 20))
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    row.addWidget(picture)
    row.addWidget(PlainLabel(title, "title"), 1)
    return line


def _help(kind: type[Node]) -> str:
    return " ".join((getdoc(kind) or "").partition("\n\n")[0].split())


def _by_channel(offer: Offer, channel: str) -> Offer:
    """Offer only the templates that a channel sends."""
    lists = {**offer.lists, SETTING: offer.lists.get(templates_by(channel), ())}
    return replace(offer, lists=lists)


def _fills_in(kind: type[Node]) -> bool:
    """Say whether a kind has texts that are filled in for somebody."""
    fields = [setting.field for setting in kind.settings()]
    texts = any(isinstance(each, schema.Text) and each.merge for each in fields)
    return texts or kind.key() in _CHANNELS
