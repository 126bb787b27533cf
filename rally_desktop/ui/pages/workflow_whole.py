"""What holds for a workflow as a whole: whom it is for, and who may enter again."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from rally_desktop.canvas.draft import Draft
from rally_desktop.model.fields import fields_of
from rally_desktop.model.graph import Graph
from rally_desktop.ui.forms.editor import Lists
from rally_desktop.ui.widgets.filter_rows import FilterRows
from rally_desktop.ui.widgets.plain_label import PlainLabel

RECORDS = (("Contacts", "contact"), ("Companies", "company"), ("Deals", "deal"))
AGAIN = (
    ("Never", "never"),
    ("Some days after entering", "after_days"),
    ("After the run has ended", "after_end"),
    ("At every event", "every_event"),
)


class AudienceRows(QWidget):
    """Whom the workflow is for, as conditions on the record."""

    def __init__(self, draft: Draft, lists: Lists) -> None:
        super().__init__()
        self._draft, self._lists = draft, lists
        record = draft.graph.record
        self.rows = FilterRows(record, fields_of(record), lists)
        self.rows.fill(draft.graph.audience)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(PlainLabel("Audience", "strong"))
        words = PlainLabel("Who meets these conditions enters; without any, everybody.", "sub")
        words.setWordWrap(True)
        column.addWidget(words)
        column.addWidget(self.rows)
        self.rows.changed.connect(self._edited)
        draft.changed.connect(self._follow)

    def _edited(self) -> None:
        graph = self._draft.graph.with_(audience=self.rows.filter())
        self._draft.edit("Change the audience", graph, "audience")

    def _follow(self, before: Graph, after: Graph) -> None:
        if before.record != after.record:
            self.rows.offer(fields_of(after.record), self._lists)
        if self.rows.filter() != after.audience:
            with QSignalBlocker(self.rows):
                self.rows.fill(after.audience)


class WholeForm(QWidget):
    """The kind of record, and the rule for entering again; ``edited`` brings title and graph."""

    edited = Signal(str, object)

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self._graph = graph
        self.record = _choices(RECORDS, "About")
        self.again = _choices(AGAIN, "The same record may enter again")
        self.days = QSpinBox(minimum=1, maximum=3650, suffix=" days")
        self.days.setAccessibleName("Days until the same record may enter again")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(PlainLabel("About", "strong"))
        column.addWidget(self.record)
        column.addSpacing(10)
        column.addWidget(PlainLabel("The same record may enter again", "strong"))
        column.addWidget(self.again)
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 0, 0)
        row.addWidget(self.days)
        row.addStretch(1)
        column.addLayout(row)
        self.show_graph(graph)
        self.record.currentIndexChanged.connect(self._record)
        self.again.currentIndexChanged.connect(self._rules)
        self.days.valueChanged.connect(self._rules)

    def show_graph(self, graph: Graph) -> None:
        """Show what a graph says."""
        self._graph = graph
        for part in (self.record, self.again, self.days):
            part.blockSignals(True)
        self.record.setCurrentIndex(self.record.findData(graph.record))
        self.again.setCurrentIndex(self.again.findData(graph.settings.again))
        self.days.setValue(graph.settings.after_days)
        self.days.setVisible(graph.settings.again == "after_days")
        for part in (self.record, self.again, self.days):
            part.blockSignals(False)

    def _record(self) -> None:
        made = self._graph.with_(record=self.record.currentData(), audience=None)
        self.edited.emit("Change what it is about", made)

    def _rules(self) -> None:
        rules = msgspec.structs.replace(
            self._graph.settings, again=self.again.currentData(), after_days=self.days.value()
        )
        self.edited.emit("Change who may enter again", self._graph.with_(settings=rules))


def _choices(pairs: tuple[tuple[str, str], ...], says: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(says)
    for words, value in pairs:
        box.addItem(words, value)
    return box
