"""One run on the canvas: the way it took, where it stands, and what happened at each step."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Signal

from rally_desktop.canvas.plan import Spot
from rally_desktop.services import outbox, run_letters, runs, versions, written
from rally_desktop.services.run_letters import Letter
from rally_desktop.services.runs import RunRow, Visit
from rally_desktop.services.written import Written
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.letters.proof import show_proof
from rally_desktop.ui.pages.run_detail import RunDetail
from rally_desktop.ui.pages.workflow_page import CanvasPage
from rally_desktop.ui.pages.workflow_path import path_of
from rally_desktop.ui.pages.workflow_people import WIDTH
from rally_desktop.ui.pages.workflow_published import Padlock
from rally_desktop.ui.pages.workflow_run_finder import RunFinder
from rally_desktop.ui.pages.workflow_view import Bar, CanvasView
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.run_words import state_of

SHOWS = frozenset({"run", "visit", "outbox"})


class OneRunView(CanvasView):
    """Shows the version that a run goes by, with its path; ``closed`` goes back."""

    key: ClassVar = "run"
    title: ClassVar = "One run"
    tip: ClassVar = "The way of one person through the workflow"
    closed = Signal()

    def __init__(self, page: CanvasPage) -> None:
        super().__init__(page)
        theme = self.desk.theme
        self.run_id = 0
        self.row: RunRow | None = None
        self.visits: tuple[Visit, ...] = ()
        self._shown = self._at = 0
        self._letters: tuple[Letter, ...] = ()
        self._texts: tuple[Written, ...] = ()
        self.name = PlainLabel("", "strong")
        self.state = PlainLabel("", "pill")
        self.state.setProperty("pill", True)
        self.before = tool(theme, "Step before (,)", "chevron-left")
        self.after = tool(theme, "Next step (.)", "chevron-right")
        self.place = PlainLabel("", "sub")
        self.finder = RunFinder(self.desk, page.workflow_id)
        self.close = button(theme, "Close", "x", "quiet")
        self.side = self.detail = RunDetail(theme)
        self.detail.setFixedWidth(WIDTH)
        self.bar = Bar()
        self.bar.add(Padlock(theme), self.name, self.state, self.before, self.place, self.after)
        self.bar.add(None, self.finder, self.close)
        self.before.clicked.connect(lambda: self.step(-1))
        self.after.clicked.connect(lambda: self.step(1))
        self.close.clicked.connect(self.closed)
        self.detail.recalled.connect(lambda number: self.recall(number))
        self.detail.proof_wanted.connect(lambda number: show_proof(self.desk, self.detail, number))
        page.canvas.picked.connect(lambda _: self._tell())
        page.canvas.wanted.connect(self._hear_keys)
        self.desk.background.changed.connect(self._hear)

    def enter(self) -> None:
        """Show the run that was opened."""
        self._shown = 0
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read the run and its version, and lay the path over it."""
        number = self.run_id
        read = self.desk.background.read
        self.row, self.visits = await read(runs.one, number)
        letters = await read(run_letters.of_run, self.row.ref, number)
        texts = await read(written.of_run, self.row.ref, number)
        graph = await read(versions.graph_of, self.row.workflow_id, self.row.version)
        if not self.entered or number != self.run_id:
            return
        self._letters, self._texts = letters, texts
        path, flow = path_of(graph, self.row, self.visits), self.page.view.flow
        if self._shown == number:
            flow.follow(path)
        else:
            self._shown = number
            self.present(graph, f"This is the way of {self.row.record}: it cannot be changed.")
            flow.set_overlay(path)
            self._go(len(self.visits) - 1)
        self._tell()

    @later
    async def recall(self, number: int) -> None:
        """Take a message back that has not been handed over."""
        await self.desk.background.write(outbox.recall, number)
        self.desk.notices.tell("The message is not sent.", "ok")

    def step(self, by: int) -> None:
        """Go to the next or the previous visit."""
        here = self._here()
        start = len(self.visits) - 1 if here is None else here + by
        self._go(max(0, min(len(self.visits) - 1, start)))

    def _go(self, number: int) -> None:
        if 0 <= number < len(self.visits):
            self._at = number
            self.page.canvas.select(Spot("step", self.visits[number].key))
            self._tell()

    def _here(self) -> int | None:
        """Return the visit that is looked at: one to the selected step."""
        spot = self.page.view.flow.selected
        if not isinstance(spot, Spot):
            return None
        numbers = [n for n, visit in enumerate(self.visits) if visit.key == spot.id]
        return self._at if self._at in numbers else next(iter(numbers), None)

    def _tell(self) -> None:
        """Say at the right what happened at the selected step, or all that happened."""
        if not self.entered or self.row is None:
            return
        words, tone = state_of(self.row)
        self.name.setText(self.row.record)
        self.state.setText(words)
        self.state.set_tone(tone)
        here = self._here()
        count = len(self.visits)
        self.place.setText(f"{here + 1} of {count}" if here is not None else f"{count} steps")
        self.before.setEnabled(here != 0 and bool(count))
        self.after.setEnabled(here is None or here < count - 1)
        told = self.visits
        if here is not None:
            key = self.visits[here].key
            told = tuple(visit for visit in self.visits if visit.key == key)
        self.detail.show_run(self.row, told, self._letters, self._texts)

    def _hear(self, touched: frozenset[str]) -> None:
        if self.entered and touched & SHOWS:
            self.refresh()

    def _hear_keys(self, command: str) -> None:
        if self.entered and command in ("next_visit", "visit_before"):
            self.step(1 if command == "next_visit" else -1)
