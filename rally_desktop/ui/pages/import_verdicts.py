"""The last steps of an import: a verdict for every row, before and after."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.services.imports import Result, Verdict
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.import_task import TaskBar
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.segments import Segments

_WORDS = {
    "created": "New", "updated": "Updated", "merged": "Merged", "unchanged": "As it is",
    "skipped": "Left out",
}  # fmt: skip
_TONES = {
    "created": "ok", "updated": "accent", "merged": "accent", "unchanged": "plain",
    "skipped": "warn",
}  # fmt: skip
_SHOWN = {"all": "All", "remark": "With a remark", "skipped": "Left out"}


class VerdictsStep(QWidget):
    """Counts at the top, what more there is to know, then row by row.

    Only with ``every`` are there rows of which nothing needs to be said.
    """

    def __init__(self, desk: Desk, *, every: bool) -> None:
        super().__init__()
        self.result = Result()
        self.heading = PlainLabel("", "title")
        self.counts = PlainLabel("", "body")
        self.more = PlainLabel("", "sub")
        for label in (self.heading, self.counts, self.more):
            label.setWordWrap(True)
        self.shown = Segments("Which rows")
        for key, words in _SHOWN.items():
            self.shown.add(key, words)
        self.shown.buttons["all"].setVisible(every)
        self.side = QHBoxLayout()
        self.rows: ListTable[Verdict] = ListTable(desk.theme, "Rows of the list", _columns())
        self.task = TaskBar(desk)
        self.shown.chosen.connect(self._narrow)
        across = QHBoxLayout()
        across.addWidget(self.shown)
        across.addStretch(1)
        across.addLayout(self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.heading)
        column.addWidget(self.counts)
        column.addWidget(self.more)
        column.addWidget(self.task)
        column.addLayout(across)
        column.addWidget(self.rows, 1)
        self._kept: Sequence[Verdict] = ()

    def begin(self, heading: str) -> None:
        """Show that something is on its way."""
        self.heading.setText(heading)
        self.say("", ())
        self.show_verdicts(())

    def say(self, counts: str, more: Sequence[str]) -> None:
        """Say what it came to, and what more there is to know."""
        self.counts.setText(counts)
        self.counts.setVisible(bool(counts))
        self.more.setText("\n".join(more))
        self.more.setVisible(bool(more))

    def show_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Show what becomes, or became, of each row."""
        self._kept = verdicts
        narrowed = {
            "all": len(verdicts),
            "remark": sum(bool(one.reason) for one in verdicts),
            "skipped": sum(one.outcome == "skipped" for one in verdicts),
        }
        for key, count in narrowed.items():
            self.shown.buttons[key].setText(f"{_SHOWN[key]} {count:,}" if count else _SHOWN[key])
            self.shown.buttons[key].setEnabled(bool(count) or key == "all")
        first = "remark" if narrowed["remark"] else "all"
        self.shown.choose(first)
        self._narrow(first)

    def _narrow(self, which: str) -> None:
        some = [
            one
            for one in self._kept
            if which == "all" or (bool(one.reason) if which == "remark" else one.outcome == which)
        ]
        self.rows.show_rows(some, lambda one: one.row)


def counted(result: Result) -> str:
    """Say how many rows come to what."""
    words = {
        "created": "new", "updated": "updated", "merged": "merged with an earlier row",
        "unchanged": "as they are", "skipped": "left out",
    }  # fmt: skip
    some = [
        f"{getattr(result, key):,} {said}" for key, said in words.items() if getattr(result, key)
    ]
    if result.companies:
        some.append(f"{result.companies:,} new compan{'y' if result.companies == 1 else 'ies'}")
    return " · ".join(some) or "The list has no rows."


def _columns() -> list[Column[Verdict]]:
    return [
        Column("Row", lambda one: f"{one.row:,}", 76, sort=lambda one: one.row, right=True),
        Column("", lambda one: _WORDS[one.outcome], 104, pill=lambda one: _TONES[one.outcome]),
        Column("Who", lambda one: one.who, 190, strong=True),
        Column("Remark", lambda one: one.reason, tip=lambda one: one.reason.replace("<", "‹")),
    ]
