"""What is to be done about a record, or for a run: to be ticked off, and questions to answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.services import tasks
from rally_desktop.services.tasks import Task
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.focus import kept
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.task_deeds import TaskDeeds
from rally_desktop.ui.widgets.task_line import TaskLine

MOST = 3  # shown until one asks for all


class OpenTasks(QFrame):
    """The open tasks of a record or of a run, the most urgent first; hidden while there are none.

    A question that several people were asked stands there once: the first answer counts.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._of: Mapping[str, Any] = {}
        self._all = False
        self.deeds = TaskDeeds(desk, self)
        self.setAccessibleName("To be done")
        self.lines: list[TaskLine] = []
        self.more = button(desk.theme, "", kind="link")
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 12)
        column.setSpacing(6)
        column.addLayout(self._list)
        column.addWidget(self.more)
        self.more.clicked.connect(self._show_all)
        desk.background.changed.connect(self._hear)
        self.hide()

    def show_ref(self, ref: Ref | None) -> None:
        """Show what is to be done about a record."""
        self._show_of({"ref": ref} if ref else {})

    def show_run(self, run_id: int | None) -> None:
        """Show what a run waits for."""
        self._show_of({"run_id": run_id} if run_id else {})

    def _show_of(self, of: Mapping[str, Any]) -> None:
        if of != self._of:
            self._of, self._all = of, False
            self._draw(())
            self._read()

    @later
    @newest
    async def _read(self) -> None:
        of = self._of
        found = await self._desk.background.read(tasks.listed, **of) if of else ()
        if of == self._of:
            self._draw(tuple(_each_once(found)))

    def _draw(self, found: Sequence[tuple[Task, str]]) -> None:
        shown = found if self._all else found[:MOST]
        if [line.shown for line in self.lines] != list(shown):
            with kept(self):
                self._fill(shown)
        rest = len(found) - len(shown)
        self.more.setText(f"{rest} more to be done")
        self.more.setVisible(rest > 0)
        self.setVisible(bool(found))

    def _fill(self, shown: Sequence[tuple[Task, str]]) -> None:
        for line in self.lines:
            line.setParent(None)  # type: ignore[arg-type]
            line.deleteLater()
        now = self._desk.clock.now()
        self.lines = [TaskLine(self._desk, *one, now) for one in shown]
        for line in self.lines:
            self._list.addWidget(line)
            self.deeds.heed(line)

    def _show_all(self) -> None:
        self._all = True
        self._read()

    def _hear(self, touched: frozenset[str]) -> None:
        if "task" in touched and self._of:
            self._read()


def _each_once(found: Sequence[Task]) -> Iterator[tuple[Task, str]]:
    """Yield the tasks with the names of those who have them, a question of a run only once."""
    asked: dict[tuple[int | None, str], list[Task]] = {}
    for one in found:
        key = (one.run_id, one.title) if one.asks and one.run_id else (None, str(one.id))
        asked.setdefault(key, []).append(one)
    for alike in asked.values():
        yield alike[0], " or ".join(one.assignee for one in alike if one.assignee)
