"""A filter of the whole workflow, as rows of conditions on its record."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rally_desktop.model.graph import Graph
from rally_desktop.ui.pages.workflow_faces import audience_of, fields_for
from rally_desktop.ui.pages.workflow_rows import Part, explained
from rally_desktop.ui.pages.workflow_triggers import Tools
from rally_desktop.ui.widgets.filter_rows import FilterRows
from rally_desktop.ui.widgets.plain_label import PlainLabel

WHOM = "Who meets these conditions enters; without any, everybody."
_TITLES = {"audience": "Change the audience", "stop_when": "Change when it stops"}


class GraphFilter(QWidget):
    """Edits the audience, or the condition that stops a run."""

    def __init__(self, tools: Tools, name: Literal["audience", "stop_when"]) -> None:
        super().__init__()
        self._tools, self._draft, self._name = tools, tools.draft, name
        record = self._draft.graph.record
        self.rows = FilterRows(record, fields_for(record, tools.fields), tools.lists)
        self.rows.explain(tools.sample.count)
        self.rows.fill(self._stored(self._draft.graph))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)
        self.rows.changed.connect(self._edited)
        self.rows.stepped.connect(tools.draft.seal)
        self._draft.changed.connect(self._follow)

    def _stored(self, graph: Graph) -> dict[str, object] | None:
        return getattr(graph, self._name)

    def _edited(self) -> None:
        graph = self._draft.graph.with_(**{self._name: self.rows.filter()})
        self._draft.edit(_TITLES[self._name], graph, self._name)

    def _follow(self, before: Graph, after: Graph) -> None:
        if before.record != after.record:
            fields = fields_for(after.record, self._tools.fields)
            self.rows.offer(fields, self._tools.lists)
        if self.rows.as_stored() != self._stored(after):
            with QSignalBlocker(self.rows):
                self.rows.fill(self._stored(after))


class Audience(Part):
    """Whom the workflow is for; under its own title where it stands beside other settings."""

    def __init__(self, tools: Tools, *, titled: bool = False) -> None:
        super().__init__()
        self._tools = tools
        self.filter = GraphFilter(tools, "audience")
        self.rows = self.filter.rows
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        if titled:
            column.addWidget(PlainLabel("Filter audience", "strong"))
        column.addWidget(explained(WHOM))
        column.addWidget(self.filter)

    def follow(self, graph: Graph) -> None:
        """Leave it to the rows, which hear of each change themselves."""

    def summary(self, graph: Graph) -> str:
        """Return whom it is for in a line."""
        return audience_of(graph, self._tools.fields) or "Everybody"
