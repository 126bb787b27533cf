"""Who may enter a workflow again, and what happens to those who are inside already."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QVBoxLayout

from rally_desktop.model.graph import Graph, Rules, usual_again
from rally_desktop.ui.pages.workflow_rows import (
    Part,
    choices,
    choose,
    named,
    number,
    silent,
    under,
)
from rally_desktop.ui.pages.workflow_triggers import Tools

RECORDS = (("Contacts", "contact"), ("Companies", "company"), ("Deals", "deal"))
PURPOSES = (
    ("Workflow: does what is to be done", "workflow"),
    ("Sequence: writes until they answer", "sequence"),
)
AGAIN = (
    ("Never", "never"),
    ("Some days after entering", "after_days"),
    ("After the run has ended", "after_end"),
    ("At every event", "every_event"),
)
INSIDE = (
    ("Nothing: the event is ignored", "ignore"),
    ("It begins anew", "restart"),
    ("It enters once it is through", "queue"),
    ("It runs a second time, side by side", "parallel"),
)
DESCRIPTION_HEIGHT = 76
DESCRIBED = "What it is for, for whoever opens it next."
SETTLING = "Each edit begins the wait anew, so that a half-filled record is finished first."
EXCLUSIVE = "Who is in one exclusive sequence does not enter another."
REVIEW = "Each run waits, with its messages written out, until somebody approves it."
LOOPS = "Its own changes may start it again, at most three times a record and day."


class About(Part):
    """What the workflow is about, and what it is for."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._draft = tools.draft
        self.record = choices(RECORDS, "About")
        self.purpose = choices(PURPOSES, "Purpose")
        self.description = QPlainTextEdit(tabChangesFocus=True)
        self.description.setAccessibleName("Description")
        self.description.setFixedHeight(DESCRIPTION_HEIGHT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(named("About", self.record))
        column.addWidget(named("Purpose", self.purpose))
        column.addWidget(named("Description", self.description, DESCRIBED))
        self.follow(tools.draft.graph)
        self.record.currentIndexChanged.connect(self._move)
        self.purpose.currentIndexChanged.connect(self._turn)
        self.description.textChanged.connect(self._describe)

    def follow(self, graph: Graph) -> None:
        """Show what a graph says."""
        with silent(self.record, self.purpose, self.description):
            choose(self.record, graph.record)
            choose(self.purpose, graph.purpose)
            if self.description.toPlainText() != graph.description:
                self.description.setPlainText(graph.description)

    def summary(self, graph: Graph) -> str:
        """Return it in a line."""
        records = next(words for words, record in RECORDS if record == graph.record)
        return f"{graph.purpose.capitalize()} for {records.lower()}"

    def _describe(self) -> None:
        made = self._draft.graph.with_(description=self.description.toPlainText())
        self._draft.edit("Describe the workflow", made, "description")

    def _move(self) -> None:
        made = self._draft.graph.with_(
            record=self.record.currentData(), audience=None, stop_when=None
        )
        self._draft.edit("Change what it is about", made)

    def _turn(self) -> None:
        graph, purpose = self._draft.graph, self.purpose.currentData()
        rules = graph.settings
        if rules.again == usual_again(graph.purpose):
            rules = msgspec.structs.replace(rules, again=usual_again(purpose))
        self._draft.edit("Change what it is for", graph.with_(purpose=purpose, settings=rules))


class Entering(Part):
    """Entering again, entering while inside, and what is waited for before a run begins."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._draft = tools.draft
        self.again = choices(AGAIN, "The same record may enter again")
        self.days = number(1, 36_500, "days", "Days until the same record may enter again")
        self.inside = choices(INSIDE, "If it is inside already")
        self.settle = number(0, 60, "minutes", "Wait until a record is left alone", "Not at all")
        self.exclusive = QCheckBox("Exclusive")
        self.review = QCheckBox("Review before it begins")
        self.loops = QCheckBox("May start itself")
        self._exclusive = under(self.exclusive, EXCLUSIVE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(named("The same record may enter again", self.again))
        column.addWidget(self.days, 0, Qt.AlignmentFlag.AlignLeft)
        self._inside = named("If it is inside already", self.inside)
        column.addWidget(self._inside)
        column.addWidget(named("Wait until a record is left alone", self.settle, SETTLING))
        column.addWidget(self._exclusive)
        column.addWidget(under(self.review, REVIEW))
        column.addWidget(under(self.loops, LOOPS))
        self.follow(tools.draft.graph)
        self._connect()

    def follow(self, graph: Graph) -> None:
        """Show what a graph says."""
        rules = graph.settings
        parts = (self.again, self.days, self.inside, self.settle)
        with silent(*parts, self.exclusive, self.review, self.loops):
            choose(self.again, rules.again)
            self.days.setValue(rules.after_days)
            choose(self.inside, rules.inside)
            self.settle.setValue(rules.settle_minutes)
            self.exclusive.setChecked(rules.exclusive)
            self.review.setChecked(rules.review)
            self.loops.setChecked(rules.allow_loops)
        self.days.setVisible(rules.again == "after_days")
        overlaps = rules.again in ("after_days", "every_event")
        self._inside.setVisible(overlaps or rules.inside != "ignore")
        self._exclusive.setVisible(rules.exclusive or graph.purpose == "sequence")

    def summary(self, graph: Graph) -> str:
        """Return who may enter again, and what else differs from the ordinary."""
        return " · ".join(_said(graph.settings))

    def _connect(self) -> None:
        self.again.currentIndexChanged.connect(
            lambda: self._edit("Change who may enter again", again=self.again.currentData())
        )
        self.days.valueChanged.connect(
            lambda days: self._edit("Change who may enter again", "days", after_days=days)
        )
        self.inside.currentIndexChanged.connect(
            lambda: self._edit("Change who enters while inside", inside=self.inside.currentData())
        )
        self.settle.valueChanged.connect(
            lambda minutes: self._edit("Change the wait", "settle", settle_minutes=minutes)
        )
        self.exclusive.toggled.connect(lambda on: self._edit("Change exclusive", exclusive=on))
        self.review.toggled.connect(lambda on: self._edit("Change the review", review=on))
        self.loops.toggled.connect(lambda on: self._edit("Change loops", allow_loops=on))

    def _edit(self, title: str, field: object = None, **rules: Any) -> None:
        graph = self._draft.graph
        made = msgspec.structs.replace(graph.settings, **rules)
        self._draft.edit(title, graph.with_(settings=made), field)


def _said(rules: Rules) -> list[str]:
    again = {
        "never": "Once only",
        "after_days": f"Again after {rules.after_days} days",
        "after_end": "Again after the end",
        "every_event": "At every event",
    }
    inside = {"restart": "begins anew", "queue": "queues", "parallel": "side by side"}
    found = [again[rules.again], inside.get(rules.inside, "")]
    found += [f"waits {rules.settle_minutes} min"] if rules.settle_minutes else []
    found += ["exclusive"] if rules.exclusive else []
    found += ["reviewed"] if rules.review else []
    found += ["may loop"] if rules.allow_loops else []
    return [part for part in found if part]
