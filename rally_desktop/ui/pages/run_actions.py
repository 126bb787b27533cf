"""What can be done to the chosen runs: a row of buttons above the list, and the same as a menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from rally_desktop.engine import control
from rally_desktop.engine.control import Tally
from rally_desktop.services import runs
from rally_desktop.services.runs import RunRow, StepName
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.list_table import ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.run_words import step_title


@dataclass(frozen=True)
class Action:
    """One thing to do: what it is called, what it says when done, what it must ask before.

    ``verb`` says in which states it can be done; ``key`` names it where two share a verb.
    """

    key: str
    verb: str
    text: str
    icon: str
    done: str
    does: Callable[..., Tally]
    asks: str = ""

    def fits(self, row: RunRow) -> bool:
        """Say whether it can be done to a run."""
        return row.state in control.ALLOWED[self.verb]


ACTIONS = (
    Action("approve", "approve", "Approve", "circle-check", "approved", control.approve),
    Action(
        "reject", "reject", "Reject", "circle-x", "rejected", control.reject,
        "They end before they begin. Nothing is sent to anybody.",
    ),
    Action("retry", "retry", "Retry", "rotate-ccw", "tried again", control.retry),
    Action("release", "release", "Do it now", "play", "released", control.release),
    Action("skip", "skip", "Skip step", "skip-forward", "sent past a step", control.skip),
    Action("pause", "pause", "Pause", "pause", "paused", control.pause),
    Action("resume", "resume", "Resume", "play", "resumed", control.resume),
    Action(
        "stop", "stop", "Stop", "circle-stop", "stopped", control.stop,
        "They end where they stand, and the Stop Actions of their workflow are done. "
        "A stopped run cannot be resumed.",
    ),
)  # fmt: skip
# Where it goes is asked first, so it is in the menu alone.
JUMP = Action("jump", "jump", "Send to a step", "skip-forward", "sent to a step", control.jump)
PAUSES = (
    ("until resumed", None),
    ("for a day", timedelta(days=1)),
    ("for three days", timedelta(days=3)),
    ("for a week", timedelta(days=7)),
    ("for 30 days", control.LONGEST_PAUSE),
)


AT_ONCE = 3  # buttons beside the last one, which stops; the menu has them all


class RunActions(QWidget):
    """The buttons, for the runs that are selected in the list; ``asked`` is what narrows it.

    Where more match than the list shows, one click means them all.
    """

    def __init__(
        self, desk: Desk, table: ListTable[RunRow], asked: Callable[[], Mapping[str, Any]]
    ) -> None:
        super().__init__()
        self._desk, self._table, self._asked = desk, table, asked
        self._count, self._all_meant = 0, False
        self.words = PlainLabel("", "strong")
        self.all_button = button(desk.theme, "", kind="link")
        self.all_button.clicked.connect(self._mean_all)
        self.buttons = {action.key: self._button(action) for action in ACTIONS}
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 4, 6)
        row.setSpacing(4)
        row.addWidget(self.words)
        row.addWidget(self.all_button)
        row.addStretch(1)
        self.more = tool(desk.theme, "More that can be done", "ellipsis")
        self.more.clicked.connect(self._open_more)
        for each in (*self.buttons.values(), self.more):
            row.addWidget(each)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._open_menu)
        table.picked.connect(lambda: self.offer(self._count))
        table.deleting.connect(lambda _: self.act(ACTIONS[-1]))
        self.offer(0)

    def offer(self, count: int, *, all_meant: bool = False) -> None:
        """Offer what can be done to the selected runs, of so many that match in all."""
        rows, self._count, self._all_meant = self._table.selected(), count, all_meant
        self.words.setText(
            f"{count if all_meant else len(rows):,} selected" if rows else "No run selected"
        )
        self.all_button.setVisible(len(rows) > 1 and count > len(rows) and not all_meant)
        self.all_button.setText(f"Select all {count:,}")
        fitting = {action.key: sum(map(action.fits, rows)) for action in ACTIONS}
        there = [key for key, count in fitting.items() if count]
        shown = {*there[:AT_ONCE], *there[-1:]}
        for action in ACTIONS:
            some = fitting[action.key]
            partly = some < len(rows) and not all_meant
            self.buttons[action.key].setVisible(action.key in shown)
            self.buttons[action.key].setText(
                f" {action.text} {some:,}" if partly else f" {action.text}"
            )
        self.more.setVisible(bool(rows))

    def menu(self, steps: Mapping[str, StepName] = {}) -> QMenu:
        """Return what can be done to the selected runs as a menu; ``steps`` they can be sent to."""
        rows = self._table.selected()
        made = QMenu(self)
        for action in (one for one in ACTIONS if any(map(one.fits, rows))):
            if action.key == "pause":
                self._pauses(made.addMenu("Pause"), action)
            else:
                made.addAction(action.text, lambda action=action: self.act(action))
        if steps and any(map(JUMP.fits, rows)):
            self._jumps(made.addMenu("Send to a step"), steps)
        if rows:
            made.addSeparator()
            first = rows[0]
            way = (first.workflow_id, "run", first.id)
            made.addAction("Show on the canvas", lambda: self._desk.go("workflows", *way))
            made.addAction("Open its workflow", lambda: self._desk.go("workflows", way[0]))
        return made

    @later
    async def act(
        self, action: Action, length: timedelta | None = None, step: str | None = None
    ) -> None:
        """Do something to the selected runs, after asking where it ends them."""
        ids = await self._meant(action)
        if not ids or (action.asks and not await self._sure(action, len(ids))):
            return
        more: dict[str, Any] = {} if step is None else {"step": step}
        if length is not None:
            more["until"] = self._desk.clock.now() + length
        tally = control.Tally()
        for start in range(0, len(ids), control.BATCH):
            some = ids[start : start + control.BATCH]
            tally += await self._desk.background.write(action.does, some, **more)
        self._desk.notices.tell(tally.says(action.done), "warn" if tally.left else "ok")

    async def _meant(self, action: Action) -> list[int]:
        """Return the runs an action is meant for, those left out to which it cannot be done."""
        if not self._all_meant:
            return [row.id for row in self._table.selected() if action.fits(row)]
        asked, allowed = self._asked(), control.ALLOWED[action.verb]
        states = [state for state in asked["states"] or allowed if state in allowed]
        if not states:
            return []
        return await self._desk.background.read(runs.numbers, **{**asked, "states": states})

    async def _sure(self, action: Action, count: int) -> bool:
        many = "this run" if count == 1 else f"these {count:,} runs"
        return await ask(self, f"{action.text} {many}?", action.asks, action.text)

    def _mean_all(self) -> None:
        self.offer(self._count, all_meant=True)

    def _open_menu(self, where: QPoint) -> None:
        if self._table.selected():
            self._pop_up(self._table.viewport().mapToGlobal(where))

    def _open_more(self) -> None:
        self._pop_up(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    @later
    async def _pop_up(self, where: QPoint) -> None:
        versions = {(row.workflow_id, row.version) for row in self._table.selected()}
        steps: Mapping[str, StepName] = {}
        if len(versions) == 1:
            steps = await self._desk.background.read(runs.steps, *versions.pop())
        menu = self.menu(steps)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def _pauses(self, menu: QMenu, action: Action) -> None:
        for words, length in PAUSES:
            menu.addAction(words.capitalize(), lambda length=length: self.act(action, length))

    def _jumps(self, menu: QMenu, steps: Mapping[str, StepName]) -> None:
        for key, step in steps.items():
            menu.addAction(step_title(step), lambda key=key: self.act(JUMP, step=key))

    def _button(self, action: Action) -> QPushButton:
        made = button(self._desk.theme, action.text, action.icon, "quiet")
        made.clicked.connect(lambda: self.act(action))
        return made
