"""A filter of the whole workflow, as rows of conditions on its record."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rally_desktop.canvas.draft import Draft
from rally_desktop.model.fields import fields_of
from rally_desktop.model.graph import Graph
from rally_desktop.ui.forms.editor import Lists
from rally_desktop.ui.pages.workflow_faces import audience_of
from rally_desktop.ui.pages.workflow_rows import Part, explained
from rally_desktop.ui.widgets.filter_rows import FilterRows
from rally_desktop.ui.widgets.plain_label import PlainLabel

WHOM = "Who meets these conditions enters; without any, everybody."
_TITLES = {"audience": "Change the audience", "stop_when": "Change when it stops"}


class GraphFilter(QWidget):
    """Edits the audience, or the condition that stops a run."""

    def __init__(self, draft: Draft, lists: Lists, name: Literal["audience", "stop_when"]) -> None:
        super().__init__()
        self._draft, self._lists, self._name = draft, lists, name
        record = draft.graph.record
        self.rows = FilterRows(record, fields_of(record), lists)
        self.rows.fill(self._stored(draft.graph))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)
        self.rows.changed.connect(self._edited)
        draft.changed.connect(self._follow)

    def _stored(self, graph: Graph) -> dict[str, object] | None:
        return getattr(graph, self._name)

    def _edited(self) -> None:
        graph = self._draft.graph.with_(**{self._name: self.rows.filter()})
        self._draft.edit(_TITLES[self._name], graph, self._name)

    def _follow(self, before: Graph, after: Graph) -> None:
        if before.record != after.record:
            self.rows.offer(fields_of(after.record), self._lists)
        if self.rows.filter() != self._stored(after):
            with QSignalBlocker(self.rows):
                self.rows.fill(self._stored(after))


class Audience(Part):
    """Whom the workflow is for; under its own title where it stands beside other settings."""

    def __init__(self, draft: Draft, lists: Lists, *, titled: bool = False) -> None:
        super().__init__()
        self.filter = GraphFilter(draft, lists, "audience")
        self.rows = self.filter.rows
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        if titled:
            column.addWidget(PlainLabel("Audience", "strong"))
        column.addWidget(explained(WHOM))
        column.addWidget(self.filter)

    def follow(self, graph: Graph) -> None:
        """Leave it to the rows, which hear of each change themselves."""

    def summary(self, graph: Graph) -> str:
        """Return whom it is for in a line."""
        return audience_of(graph) or "Everybody"
