"""When the messages of a workflow go out, how many an hour, from whom, and what if late."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QTimeEdit, QToolButton, QVBoxLayout, QWidget

from rally_desktop.model.graph import Graph, Hours
from rally_desktop.services.calendar import WEEKDAYS
from rally_desktop.ui.pages.workflow_rows import (
    Part,
    choices,
    choose,
    explained,
    named,
    number,
    silent,
)
from rally_desktop.ui.pages.workflow_triggers import Tools
from rally_desktop.ui.widgets.calm import calm
from rally_desktop.ui.widgets.plain_label import PlainLabel

FORMAT = "HH:mm"
LATE = (
    ("As the office has set", ""),
    ("Ask me", "ask"),
    ("Skip it", "skip"),
    ("Do it, though late", "run"),
)
OWNERS = "The owner’s, else the office’s first"
ANY_TIME = "In each person's time zone; the office's own quiet hours hold besides."
AS_OFFICE = "As the office allows"


class HoursEditor(QWidget):
    """On which days, from when until when; ``changed`` tells of each edit."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.days: list[QToolButton] = []
        days = QHBoxLayout()
        days.setSpacing(4)
        for name in WEEKDAYS:
            day = QToolButton()
            day.setText(name[:2])
            day.setCheckable(True)
            day.setAccessibleName(name)
            day.setToolTip(name)
            day.setProperty("day", True)
            day.toggled.connect(self.changed)
            self.days.append(day)
            days.addWidget(day, 1)
        self.opens, self.closes = _clock("From"), _clock("Until")
        times = QHBoxLayout()
        times.setSpacing(8)
        for word, box in (("from", self.opens), ("until", self.closes)):
            times.addWidget(PlainLabel(word, "sub"))
            times.addWidget(box)
            box.timeChanged.connect(self.changed)
        times.addStretch(1)
        self.hint = explained("")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(days)
        column.addLayout(times)
        column.addWidget(self.hint)

    def read(self) -> Hours:
        """Return the hours as they stand."""
        days = tuple(number for number, day in enumerate(self.days) if day.isChecked())
        return Hours(days, self.opens.time().toString(FORMAT), self.closes.time().toString(FORMAT))

    def fill(self, hours: Hours) -> None:
        """Show hours."""
        with silent(*self.days, self.opens, self.closes):
            for number_, day in enumerate(self.days):
                day.setChecked(number_ in hours.days)
            self.opens.setTime(QTime.fromString(hours.opens, FORMAT))
            self.closes.setTime(QTime.fromString(hours.closes, FORMAT))
        self.hint.setText(_hint(hours))


class Messages(Part):
    """The rules about what the workflow sends."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._draft = tools.draft
        self.limited = QCheckBox("Only at certain hours")
        self.hours = HoursEditor()
        self.most = number(0, 100_000, "an hour", "At most this many messages an hour", AS_OFFICE)
        names = tools.lists.get("mail_account", ())
        self.account = choices(((OWNERS, ""), *((name, name) for name in names)), "Send from")
        self.late = choices(LATE, "What came due while the computer was off")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.limited)
        column.addWidget(self.hours)
        column.addWidget(named("At most", self.most))
        none = "" if names else "No account is set up yet; one is needed before mail can go out."
        column.addWidget(named("Send e-mail from", self.account, none))
        column.addWidget(named("What came due while the computer was off", self.late))
        self.follow(tools.draft.graph)
        self._connect()

    def follow(self, graph: Graph) -> None:
        """Show what a graph says."""
        rules = graph.settings
        with silent(self.limited, self.hours, self.most, self.account, self.late):
            self.limited.setChecked(rules.hours is not None)
            self.hours.fill(rules.hours or Hours())
            self.most.setValue(rules.sends_an_hour or 0)
            choose(self.account, rules.account)
            choose(self.late, rules.late or "")
        self.hours.setVisible(rules.hours is not None)

    def summary(self, graph: Graph) -> str:
        """Return when messages go out, and what else differs from the office's rules."""
        rules = graph.settings
        found = [_span(rules.hours) if rules.hours else "At any hour the office allows"]
        found += [f"{rules.sends_an_hour:,} an hour"] if rules.sends_an_hour else []
        found += [f"from {rules.account}"] if rules.account else []
        return " · ".join(found)

    def _connect(self) -> None:
        self.limited.toggled.connect(
            lambda on: self._edit("Change its hours", hours=self.hours.read() if on else None)
        )
        self.hours.changed.connect(
            lambda: self._edit("Change its hours", "hours", hours=self.hours.read())
        )
        self.most.valueChanged.connect(
            lambda most: self._edit("Change its pace", "most", sends_an_hour=most or None)
        )
        self.account.currentIndexChanged.connect(
            lambda: self._edit("Change its account", account=self.account.currentData())
        )
        self.late.currentIndexChanged.connect(
            lambda: self._edit("Change what is late", late=self.late.currentData() or None)
        )

    def _edit(self, title: str, field: object = None, **rules: Any) -> None:
        graph = self._draft.graph
        made = msgspec.structs.replace(graph.settings, **rules)
        self._draft.edit(title, graph.with_(settings=made), field)


def _clock(says: str) -> QTimeEdit:
    box = QTimeEdit()
    box.setDisplayFormat(FORMAT)
    box.setAccessibleName(says)
    box.setMinimumWidth(90)
    calm(box)
    return box


def _hint(hours: Hours) -> str:
    if not hours.days:
        return "Choose at least one day, or no message ever goes out."
    if hours.opens == hours.closes:
        return "Choose two different times, or no message ever goes out."
    overnight = hours.closes < hours.opens
    return f"Over midnight, until {hours.closes} of the next day." if overnight else ANY_TIME


def _span(hours: Hours) -> str:
    days = sorted(set(hours.days))
    names = [WEEKDAYS[day][:2] for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        names = [f"{names[0]}–{names[-1]}"]
    return f"{', '.join(names) or 'on no day'} {hours.opens}–{hours.closes}"
