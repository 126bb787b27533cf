"""Who stands at a step of a workflow, since when and until when, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout

from rally_desktop.services import runs
from rally_desktop.services.runs import RunRow
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.run_actions import RunActions
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel
from rally_desktop.ui.widgets.relative_time import ago, exactly
from rally_desktop.ui.widgets.run_words import state_of, step_title

WIDTH = 384
AT, STATE, SINCE = 1, 2, 3  # columns that are left out where they say nothing
PAGES = {"contact": "contacts", "company": "companies", "deal": "deals"}


class PeoplePanel(QFrame):
    """Lists those inside, all or those at a step; ``wanted`` brings a run to be shown."""

    wanted = Signal(int)

    def __init__(self, desk: Desk, workflow_id: int) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setFixedWidth(WIDTH)
        self._desk, self._workflow_id = desk, workflow_id
        self._at: tuple[int, str] | None = None
        self.title = ShortLabel("", "title")
        self.words = PlainLabel("", "sub")
        self.words.setWordWrap(True)
        self.table: ListTable[RunRow] = ListTable(
            desk.theme, "People inside", self._columns(), many=True
        )
        self.hand = RunActions(desk, self.table, self._asked)
        self.record = button(desk.theme, "Open record", "user")
        self.run = button(desk.theme, "Show path", "route")
        self.all_runs = button(desk.theme, "All runs", kind="link")
        self.empty = EmptyPanel(desk.theme)
        self._build()
        self.all_runs.clicked.connect(lambda: desk.go("runs", workflow_id))
        self.table.opened.connect(lambda row: self.wanted.emit(row.id))
        self.table.picked.connect(self._offer)
        self.run.clicked.connect(lambda: self._with(lambda row: self.wanted.emit(row.id)))
        self.record.clicked.connect(lambda: self._with(self._open_record))

    def show_step(self, title: str, words: str, at: tuple[int, str] | None) -> None:
        """Show who is at a step of a version, or with None everybody inside."""
        self.title.setText(title)
        self.words.setText(words)
        if at != self._at:
            self._at = at
            self.table.clearSelection()
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read the list anew."""
        at = self._at
        page = await self._desk.background.read(runs.listed, **self._asked())
        if at != self._at:
            return
        self.table.show_rows(page.rows, lambda row: row.id)
        told = any(state_of(row)[0] != "Waiting" for row in page.rows)
        self.table.setColumnHidden(AT, at is not None)
        self.table.setColumnHidden(STATE, not told)
        self.table.setColumnHidden(SINCE, at is None)
        self.hand.offer(page.count)
        if not page.rows:
            where = "at this step" if at else "inside"
            self.empty.say("users", f"Nobody is {where}", "Whoever comes is listed here.")
        self._lists.setCurrentWidget(self._listed if page.rows else self.empty)
        self._offer()

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    def _asked(self) -> dict[str, Any]:
        asked: Mapping[str, Any] = {"states": runs.OPEN_STATES, "workflow_id": self._workflow_id}
        return {**asked, "at": self._at}

    def _offer(self) -> None:
        one = len(self.table.selected()) == 1
        self.record.setEnabled(one)
        self.run.setEnabled(one)

    def _with(self, does: Any) -> None:
        rows = self.table.selected()
        if rows:
            does(rows[0])

    def _open_record(self, row: RunRow) -> None:
        self._desk.go(PAGES[row.ref.kind], row.ref)

    def _columns(self) -> list[Column[RunRow]]:
        now = self._desk.clock.now
        return [
            Column("Who", lambda row: row.record, strong=True, tip=lambda row: row.record),
            Column("At", _where, 108, tip=_where),
            Column("State", lambda row: state_of(row)[0], 96, pill=lambda row: state_of(row)[1]),
            Column(
                "Since", lambda row: ago(row.here_since or row.started_at, now()), 98,
                sort=lambda row: row.here_since or row.started_at,
                tip=lambda row: exactly(row.here_since or row.started_at),
            ),
            Column(
                "Until", lambda row: ago(until, now()) if (until := _until(row)) else "", 84,
                sort=lambda row: (_until(row) is None, _until(row) or row.started_at),
                tip=lambda row: exactly(until) if (until := _until(row)) else "",
            ),
        ]  # fmt: skip

    def _build(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(20, 18, 16, 8)
        head.setSpacing(4)
        first = QHBoxLayout()
        first.addWidget(self.title, 1)
        first.addWidget(self.all_runs)
        head.addLayout(first)
        head.addWidget(self.words)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(16, 4, 16, 4)
        buttons.setSpacing(8)
        for part in (self.run, self.record):
            buttons.addWidget(part)
        buttons.addStretch(1)
        buttons.addWidget(self.hand.more)
        said = QHBoxLayout()
        said.setContentsMargins(20, 0, 16, 0)
        self.hand.words.set_tone("quiet")
        said.addWidget(self.hand.words)
        said.addWidget(self.hand.all_button)
        said.addStretch(1)
        self.hand.setParent(self)
        self.hand.hide()
        self._listed = QFrame()
        column = QVBoxLayout(self._listed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(buttons)
        column.addLayout(said)
        column.addWidget(self.table, 1)
        self._lists = QStackedWidget()
        self._lists.addWidget(self._listed)
        self._lists.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self._lists, 1)


def _where(row: RunRow) -> str:
    return step_title(row.step)


def _until(row: RunRow) -> Any:
    return row.resume_at if row.state == "paused" else row.due_at
