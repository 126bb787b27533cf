"""What holds for a sequence as a whole, above its steps: who sends, when, what stops it."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QVBoxLayout, QWidget

from rally_desktop.model.graph import Graph
from rally_desktop.ui.pages.workflow_entering import EXCLUSIVE
from rally_desktop.ui.pages.workflow_fold import Fold
from rally_desktop.ui.pages.workflow_messages import Messages
from rally_desktop.ui.pages.workflow_rows import explained, silent, stacked, under
from rally_desktop.ui.pages.workflow_stops import StopMatrix
from rally_desktop.ui.pages.workflow_triggers import Tools
from rally_desktop.ui.widgets.plain_label import PlainLabel

LEAVING = (
    "Every e-mail that is not transactional says in its head how to unsubscribe, and mail "
    "programs show it. In its text it stands where the template says it."
)


class SequenceSettings(QFrame):
    """One card that folds; folded, it says in a line what is set."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self.setObjectName("card")
        self._draft = tools.draft
        self.messages, self.stops = Messages(tools), StopMatrix(tools)
        self.exclusive = QCheckBox("Exclusive")
        self.exclusive.toggled.connect(self._edit)
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
        with silent(self.exclusive):
            self.exclusive.setChecked(graph.settings.exclusive)
        stops = self.stops.summary(graph)
        said = [self.messages.summary(graph), f"stops {stops[0].lower()}{stops[1:]}"]
        said += ["exclusive"] if graph.settings.exclusive else []
        self.fold.say(" · ".join(said))

    def be_narrow(self, narrow: bool) -> None:
        """Put what stops it below, or beside."""
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(self._right, int(narrow), 0 if narrow else 1, top)
        self._grid.setColumnStretch(1, int(not narrow))

    def _edit(self, exclusive: bool) -> None:
        graph = self._draft.graph
        rules = msgspec.structs.replace(graph.settings, exclusive=exclusive)
        self._draft.edit("Change exclusive", graph.with_(settings=rules))

    def _body(self) -> QWidget:
        body = QWidget()
        self._grid = grid = QGridLayout(body)
        grid.setContentsMargins(6, 4, 6, 8)
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(16)
        grid.setColumnStretch(0, 1)
        top = Qt.AlignmentFlag.AlignTop
        sends = stacked(PlainLabel("Who sends, and when", "strong"), self.messages, gap=10)
        leaving = stacked(PlainLabel("To unsubscribe", "strong"), explained(LEAVING))
        left = stacked(sends, under(self.exclusive, EXCLUSIVE), leaving, gap=16)
        self._right = stacked(PlainLabel("When they answer", "strong"), self.stops, gap=10)
        grid.addWidget(left, 0, 0, top)
        self.be_narrow(False)
        return body
