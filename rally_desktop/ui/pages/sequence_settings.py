"""What holds for a sequence as a whole, above its steps: who sends, when, what stops it."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from rally_desktop.model.graph import Graph
from rally_desktop.services.way_out import FOOTER
from rally_desktop.ui.pages.workflow_entering import EXCLUSIVE
from rally_desktop.ui.pages.workflow_fold import Fold
from rally_desktop.ui.pages.workflow_messages import Messages
from rally_desktop.ui.pages.workflow_rows import silent, stacked, under
from rally_desktop.ui.pages.workflow_stops import StopMatrix
from rally_desktop.ui.pages.workflow_triggers import Tools
from rally_desktop.ui.widgets.plain_label import PlainLabel

LEAVING = (
    "It stands below e-mails whose template says nothing of it, unless they are transactional. "
    "Mail programs show a button of their own besides."
)


class SequenceSettings(QFrame):
    """One card that folds; folded, it says in a line what is set."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self.setObjectName("card")
        self._draft = tools.draft
        self.messages, self.stops = Messages(tools), StopMatrix(tools)
        self.exclusive = QCheckBox("Exclusive")
        self.exclusive.toggled.connect(self._switch_exclusive)
        self.footer = QCheckBox("A link below e-mails that do not say how")
        self.words = QLineEdit(maxLength=200, placeholderText="Words of the link")
        self.words.setAccessibleName("Words of the link to unsubscribe")
        self.footer.toggled.connect(self._switch_footer)
        self.words.textEdited.connect(self._write_footer)
        self.words.editingFinished.connect(self._draft.seal)
        self.fold = Fold(
            tools.theme, "Who sends, when, and what stops it", self._body(), "sliders-horizontal"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 4)
        column.addWidget(self.fold)
        self.follow(tools.draft.graph)

    def follow(self, graph: Graph) -> None:
        """Show what a graph says."""
        for part in (self.messages, self.stops):
            part.follow(graph)
        rules = graph.settings
        with silent(self.exclusive, self.footer, self.words):
            self.exclusive.setChecked(rules.exclusive)
            self.footer.setChecked(bool(rules.footer))
            if self.words.text().strip() != rules.footer:
                self.words.setText(rules.footer)
        self.words.setVisible(bool(rules.footer))
        stops = self.stops.summary(graph)
        said = [self.messages.summary(graph), f"stops {stops[0].lower()}{stops[1:]}"]
        said += ["exclusive"] if rules.exclusive else []
        self.fold.say(" · ".join(said))

    def be_narrow(self, narrow: bool) -> None:
        """Put what stops it below, or beside."""
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(self._right, int(narrow), 0 if narrow else 1, top)
        self._grid.setColumnStretch(1, int(not narrow))

    def _switch_exclusive(self, on: bool) -> None:
        self._edit("Change exclusive", exclusive=on)

    def _switch_footer(self, on: bool) -> None:
        self._edit("Change the link to unsubscribe", footer=FOOTER if on else "")

    def _write_footer(self, words: str) -> None:
        if words.strip():  # without words there is no link: that is what the box is for
            self._edit("Change the link to unsubscribe", "footer", footer=words.strip())

    def _edit(self, title: str, field: object = None, **rules: Any) -> None:
        graph = self._draft.graph
        made = msgspec.structs.replace(graph.settings, **rules)
        self._draft.edit(title, graph.with_(settings=made), field)

    def _body(self) -> QWidget:
        body = QWidget()
        self._grid = grid = QGridLayout(body)
        grid.setContentsMargins(6, 4, 6, 8)
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(16)
        grid.setColumnStretch(0, 1)
        top = Qt.AlignmentFlag.AlignTop
        sends = stacked(PlainLabel("Who sends, and when", "strong"), self.messages, gap=10)
        title = PlainLabel("To unsubscribe", "strong")
        leaving = stacked(title, under(self.footer, LEAVING), self.words, gap=8)
        left = stacked(sends, under(self.exclusive, EXCLUSIVE), leaving, gap=16)
        self._right = stacked(PlainLabel("When they answer", "strong"), self.stops, gap=10)
        grid.addWidget(left, 0, 0, top)
        self.be_narrow(False)
        return body
