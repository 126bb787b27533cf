"""The runs page: who is on the way through which workflow, and what happened to each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
)

from rally_desktop.engine.reasons import sentence
from rally_desktop.services import outbox, run_letters, runs, workflows, written
from rally_desktop.services.runs import RunRow
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.letters.proof import show_proof
from rally_desktop.ui.pages import Page
from rally_desktop.ui.pages.run_actions import RunActions
from rally_desktop.ui.pages.run_detail import RunDetail
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.beside import beside
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.open_tasks import OpenTasks
from rally_desktop.ui.widgets.page_head import PageHead, lay_out
from rally_desktop.ui.widgets.relative_time import ago, exactly
from rally_desktop.ui.widgets.run_words import state_of, step_title

SHOWS = frozenset(
    {"run", "visit", "outbox", "workflow", "workflow_version", "contact", "company", "deal"}
)
TYPING_PAUSE = 200  # milliseconds
WHY = 5  # the column that is left out while no run has a reason
STATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Every state", ()),
    ("Under way", ("active",)),
    ("In review", ("in_review",)),
    ("Held or paused", ("held", "paused")),
    ("Needs attention", ("needs_attention",)),
    ("Done", ("done",)),
    ("Stopped or cancelled", ("stopped", "cancelled", "rejected")),
    ("Failed", ("failed",)),
)


class RunsPage(Page):
    """Lists runs and shows the chosen one in full; keeps up while the engine works."""

    title: ClassVar = "Runs"
    icon: ClassVar = "history"
    order: ClassVar = 30

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._limit = runs.PAGE
        self.head = PageHead(self.title)
        self.search = QLineEdit(placeholderText="Find a name", clearButtonEnabled=True)
        self.search.setAccessibleName("Find runs by the record's name")
        self.search.setFixedWidth(220)
        self.states = QComboBox()
        self.states.setAccessibleName("State")
        for words, states in STATES:
            self.states.addItem(words, states)
        self.of_workflow = QComboBox()
        self.of_workflow.setAccessibleName("Workflow")
        self.of_workflow.setMinimumWidth(200)
        self.of_workflow.addItem("Every workflow", None)
        self.head.add(self.search, self.states, self.of_workflow)
        self.table: ListTable[RunRow] = ListTable(desk.theme, "Runs", self._columns(), many=True)
        self.hand = RunActions(desk, self.table, self._asked)
        self.detail = RunDetail(desk.theme, links=True)
        self.tasks = OpenTasks(desk)
        self.empty = EmptyPanel(desk.theme)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_PAUSE)
        self._build()
        self._typing.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda: self._typing.start())
        self.states.currentIndexChanged.connect(lambda: self.refresh())
        self.of_workflow.currentIndexChanged.connect(lambda: self.refresh())
        self.empty.pressed.connect(self._show_all)
        self.detail.recalled.connect(lambda number: self.recall(number))
        self.detail.proof_wanted.connect(lambda number: show_proof(self.desk, self, number))
        self.detail.decided.connect(lambda number, sent: self.decide(number, sent))
        self.table.chosen.connect(lambda _: self._show_chosen())
        self.table.opened.connect(lambda row: desk.go("workflows", row.workflow_id, "run", row.id))
        self.detail.pictured.connect(lambda *way: desk.go("workflows", way[0], "run", way[1]))
        desk.background.changed.connect(self._hear)
        self.setFocusProxy(self.table)

    def shown(self) -> None:
        """Read the list anew."""
        self.refresh()

    def scenes(self) -> Mapping[str, Callable[[], None]]:
        """Show a run that did not simply end well."""
        return {"run": self._choose_telling}

    def open(self, *what: object) -> None:
        """Show the runs of one workflow, one run (at a visit), or the one that is in doubt."""
        if what and isinstance(what[0], int):
            self._open_workflow(what[0])
        elif what and what[0] == "run" and isinstance(what[1], int):
            self._open_run(what[1], what[2] if isinstance(what[2], int) else None)
        elif "doubt" in what:
            self._open_run()

    @later
    async def _open_run(self, number: int | None = None, seq: int | None = None) -> None:
        """Show one run, at a visit; without one that whose message is in doubt the longest."""
        if number is None:
            number = await self.desk.background.read(run_letters.run_in_doubt)
        if number is None:
            self.desk.notices.tell("No message is in doubt any more.", "ok")
            return
        run, _ = await self.desk.background.read(runs.one, number)
        self._show_all()
        self.search.setText(run.record)
        self._limit = runs.PAGE
        page = await self.desk.background.read(runs.listed, **self._asked(), limit=self._limit)
        self._show(page)
        self.table.choose(lambda row: row.id == number)
        self.detail.look_at(seq)

    @later
    @newest
    async def refresh(self) -> None:
        """Read the runs."""
        await self._read_workflows()
        page = await self.desk.background.read(runs.listed, **self._asked(), limit=self._limit)
        self._show(page)

    def _asked(self) -> dict[str, Any]:
        """Return what the list is narrowed to."""
        return {
            "states": self.states.currentData(),
            "workflow_id": self.of_workflow.currentData(),
            "text": self.search.text(),
        }

    @later
    async def _open_workflow(self, number: int) -> None:
        await self._read_workflows()
        self.of_workflow.setCurrentIndex(max(0, self.of_workflow.findData(number)))

    @later
    async def _show_chosen(self) -> None:
        row = self.table.current()
        if row is None:
            self.detail.clear()
            self.tasks.show_run(None)
            return
        run, visits = await self.desk.background.read(runs.one, row.id)
        letters = await self.desk.background.read(run_letters.of_run, run.ref, run.id)
        texts = await self.desk.background.read(written.of_run, run.ref, run.id)
        chosen = self.table.current()
        if chosen is not None and chosen.id == run.id:
            self.detail.show_run(run, visits, letters, texts)
            self.tasks.show_run(run.id)

    @later
    async def recall(self, number: int) -> None:
        """Take a message back that has not been handed over."""
        await self.desk.background.write(outbox.recall, number)
        self.desk.notices.tell("The message is not sent.", "ok")

    @later
    async def decide(self, number: int, sent: bool) -> None:
        """Close a message in doubt, or send it again once somebody said so twice."""
        what = "Should it have arrived after all, the person gets it twice."
        if sent or await ask(self, "Send the message again?", what, "Send again"):
            await self.desk.background.write(outbox.decide, number, sent=sent)
            said = "The message counts as sent." if sent else "The message is sent next."
            self.desk.notices.tell(said, "ok")

    async def _read_workflows(self) -> None:
        """Offer the workflows there are, keeping the one that is chosen."""
        rows = await self.desk.background.read(workflows.listed)
        chosen = self.of_workflow.currentData()
        with QSignalBlocker(self.of_workflow):
            self.of_workflow.clear()
            self.of_workflow.addItem("Every workflow", None)
            for row in rows:
                self.of_workflow.addItem(row.name, row.id)
            self.of_workflow.setCurrentIndex(max(0, self.of_workflow.findData(chosen)))

    def _show(self, page: runs.RunPage) -> None:
        self.table.setColumnHidden(WHY, not any(row.reason for row in page.rows))
        self.table.show_rows(page.rows, lambda row: row.id)
        if page.rows and self.table.current() is None:
            self.table.choose(lambda row: True)
        else:
            self._show_chosen()
        self.hand.offer(page.count)
        shown = f"the newest {len(page.rows):,} of " if page.count > len(page.rows) else ""
        self.head.line.setText(f"{shown}{page.count:,} run{'s' * (page.count != 1)}")
        self._lists.setCurrentWidget(self._split if page.rows else self.empty)
        if not page.rows:
            self._say_why_empty()

    def _say_why_empty(self) -> None:
        if self._narrowed():
            words = "No run matches what you asked for."
            self.empty.say("search", "Nothing found", words, "Show every run")
        else:
            words = "A run begins when a published workflow starts for a contact or a deal."
            self.empty.say("history", "No runs yet", words)

    def _narrowed(self) -> bool:
        chosen = self.states.currentIndex() > 0 or self.of_workflow.currentIndex() > 0
        return chosen or bool(self.search.text())

    def _choose_telling(self) -> None:
        states = ("needs_attention", "failed", "stopped", "active")
        any(self.table.choose(lambda row, state=state: row.state == state) for state in states)

    def _show_all(self) -> None:
        with QSignalBlocker(self.states), QSignalBlocker(self.of_workflow):
            self.states.setCurrentIndex(0)
            self.of_workflow.setCurrentIndex(0)
        self.search.clear()
        self.refresh()

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & SHOWS and self.isVisible():
            self.refresh()

    def _columns(self) -> list[Column[RunRow]]:
        clock = self.desk.clock
        return [
            Column("Record", lambda row: row.record, strong=True),
            Column("Workflow", lambda row: f"{row.workflow} · v{row.version}"),
            Column("State", lambda row: state_of(row)[0], 120, pill=lambda row: state_of(row)[1]),
            Column("At step", lambda row: step_title(row.step), 120),
            Column("Entered", lambda row: ago(row.started_at, clock.now()), 100,
                   sort=lambda row: row.started_at, tip=lambda row: exactly(row.started_at)),
            Column("Why", lambda row: sentence(row.reason) if row.reason else "",
                   tip=lambda row: sentence(row.reason) if row.reason else ""),
        ]  # fmt: skip

    def _build(self) -> None:
        card = QFrame(objectName="card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(8, 4, 8, 8)
        inside.setSpacing(0)
        inside.addWidget(self.hand)
        inside.addWidget(self.table)
        side = QFrame(objectName="card")
        within = QVBoxLayout(side)
        within.setContentsMargins(1, 6, 1, 6)
        within.addWidget(self.detail)
        within.addWidget(self.tasks)
        side.setMinimumWidth(300)
        self._split = beside(card, side, (700, 360))
        self._lists = QStackedWidget()
        self._lists.addWidget(self._split)
        self._lists.addWidget(self.empty)
        lay_out(self, self.head, self._lists)
