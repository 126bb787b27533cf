"""What holds for a workflow as a whole, in parts that fold: who enters, what stops it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from rally_desktop.engine.problems import Problem
from rally_desktop.engine.problems.problem import (
    AUDIENCE,
    ENTERING,
    MESSAGES,
    STOP_ACTIONS,
    STOP_WHEN,
    STOPS,
    Fix,
)
from rally_desktop.model.graph import Graph
from rally_desktop.ui.pages.workflow_entering import About, Entering
from rally_desktop.ui.pages.workflow_filter import Audience
from rally_desktop.ui.pages.workflow_fold import Fold
from rally_desktop.ui.pages.workflow_messages import Messages
from rally_desktop.ui.pages.workflow_protection import Protection
from rally_desktop.ui.pages.workflow_rows import Part
from rally_desktop.ui.pages.workflow_stops import StopActions, StopMatrix, StopWhen
from rally_desktop.ui.pages.workflow_triggers import STARTS, Tools, TriggerList

ABOUT, TRIGGERS, PROTECTION = "about", "triggers", "protection"
TITLES = {
    ABOUT: "What it is",
    TRIGGERS: "What starts it",
    AUDIENCE: "Audience",
    ENTERING: "Entering",
    STOP_WHEN: "Stop When",
    STOPS: "When they answer",
    STOP_ACTIONS: "Stop Actions",
    MESSAGES: "Messages",
    PROTECTION: "Protection",
}
OPEN_FIRST: tuple[str, ...] = (TRIGGERS, AUDIENCE)


class Whole(QWidget):
    """All parts of the whole; ``wanted`` brings the id of a step that is to be shown.

    ``open_`` holds which parts are open; it is kept by whoever makes this anew.
    """

    wanted = Signal(str)

    def __init__(self, tools: Tools, open_: set[str]) -> None:
        super().__init__()
        self._tools, self._open = tools, open_
        self.about, self.entering = About(tools), Entering(tools)
        self.triggers = TriggerList(tools, "triggers", STARTS)
        self.audience = Audience(tools)
        self.stop_when, self.stops = StopWhen(tools), StopMatrix(tools)
        self.stop_actions, self.messages = StopActions(tools), Messages(tools)
        self.stop_actions.wanted.connect(self.wanted)
        self.folds: dict[str, Fold] = {}
        self._parts: dict[str, Part] = {
            ABOUT: self.about,
            TRIGGERS: self.triggers,
            AUDIENCE: self.audience,
            ENTERING: self.entering,
            STOP_WHEN: self.stop_when,
            STOPS: self.stops,
            STOP_ACTIONS: self.stop_actions,
            MESSAGES: self.messages,
        }
        if tools.guard is not None:
            self._parts[PROTECTION] = Protection(tools.theme, tools.guard)
            tools.guard.changed.connect(self._told)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for place, (key, part) in enumerate(self._parts.items()):
            if place:
                column.addWidget(QFrame(objectName="rule"))
            fold = self.folds[key] = Fold(tools.theme, TITLES[key], part)
            fold.open(key in open_)
            fold.opened.connect(lambda on, key=key: self._turned(key, on))
            fold.fixed.connect(self._fix)
            column.addWidget(fold)
        self._say()
        tools.draft.changed.connect(self._follow)

    def open(self, key: str) -> Fold | None:
        """Open the part that a problem is about, and put the cursor there."""
        fold = self.folds.get(self._home(key))
        if fold is not None:
            fold.open()
            fold.head.setFocus()
        for triggers in (self.triggers, self.stop_when.events):
            if key in triggers.entries:
                triggers.entries[key].fold.open()
        return fold

    def lock(self, locked: bool) -> None:
        """Let nothing be edited, or everything again; the parts fold as before."""
        for key, fold in self.folds.items():
            fold.lock(locked and key != PROTECTION)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show what is wrong where it is."""
        found: defaultdict[str, list[Problem]] = defaultdict(list)
        homes: defaultdict[str, list[Problem]] = defaultdict(list)
        for problem in problems:
            found[problem.step or ""].append(problem)
            homes[self._home(problem.step or "")].append(problem)
        for key, fold in self.folds.items():
            fold.show_problems(found.get(key, ()))
            fold.head.mark(homes.get(key, ()))
        for triggers in (self.triggers, self.stop_when.events):
            triggers.show_problems(found)

    def _home(self, key: str) -> str:
        """Return the part in which something is told: its own, or that of its list."""
        if key in self.triggers.entries:
            return TRIGGERS
        return STOP_WHEN if key in self.stop_when.events.entries else key

    def _turned(self, key: str, on: bool) -> None:
        (self._open.add if on else self._open.discard)(key)

    def _fix(self, fix: Fix) -> None:
        draft = self._tools.draft
        draft.edit(fix.label, fix.apply(draft.graph))

    @Slot()
    def _told(self) -> None:
        """Show that it is protected otherwise now."""
        graph = self._tools.draft.graph
        self._follow(graph, graph)

    def _follow(self, before: Graph, after: Graph) -> None:
        for part in self._parts.values():
            part.follow(after)
        self._say()

    def _say(self) -> None:
        graph = self._tools.draft.graph
        for key, part in self._parts.items():
            self.folds[key].say(part.summary(graph))
