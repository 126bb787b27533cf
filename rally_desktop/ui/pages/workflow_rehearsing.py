"""The rehearsal of the draft on the canvas: what it would do, before it may do anything."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Signal

from rally_desktop.canvas.plan import Spot
from rally_desktop.engine.rehearsal import Cancelled, Plan, rehearse
from rally_desktop.engine.rehearsing.findings import Findings
from rally_desktop.model.graph import Graph
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_counts import Tally, overlay_of
from rally_desktop.ui.pages.workflow_page import CanvasPage
from rally_desktop.ui.pages.workflow_publishing import name_in
from rally_desktop.ui.pages.workflow_rehearsal_bar import RehearsalBar
from rally_desktop.ui.pages.workflow_rehearsal_findings import FindingsPanel
from rally_desktop.ui.pages.workflow_view import CanvasView

if TYPE_CHECKING:
    from rally_desktop.model.store import Store

STEP = 0.005  # of the whole, between two tellings of how far it has come
WHY = "This is a rehearsal. Go back to the draft to change it."


class RehearsalView(CanvasView):
    """Runs the draft on a copy of the office, and lays what came of it over the canvas."""

    key: ClassVar = "rehearsal"
    title: ClassVar = "Rehearsal"
    tip: ClassVar = "What the draft would do, tried on a copy of the office"
    _came = Signal(float)

    def __init__(self, page: CanvasPage) -> None:
        super().__init__(page)
        self.found: Findings | None = None
        self.running = False
        self._graph: Graph | None = None
        self._stop = threading.Event()
        self.bar = self.choices = RehearsalBar(self.desk)
        self.side = self.findings = FindingsPanel(self.desk.theme)
        self.choices.wanted.connect(self.start)
        self.choices.cancelled.connect(self.cancel)
        self.findings.wanted.connect(lambda key: page.canvas.select(Spot("step", key)))
        self._came.connect(self.choices.show_part)
        self.destroyed.connect(self._stop.set)

    def enter(self) -> None:
        """Show the draft on hatched ground, with what was found as long as it is the same draft."""
        page = self.page
        self.choices.record = page.draft.own.record
        self.present(page.draft.own, WHY)
        page.view.set_unreal(True)
        if page.draft.own is not self._graph:
            self.found = None
        self._show()

    def leave(self) -> None:
        """Stop, and show solid ground."""
        self.cancel()
        self.page.view.set_unreal(False)

    def cancel(self) -> None:
        """Stop the rehearsal that runs."""
        self._stop.set()

    @later
    async def start(self) -> None:
        """Rehearse what was chosen, unless that is being done."""
        if self.running:
            return
        graph = self.page.draft.own
        plan = self.choices.plan(graph, self.page.workflow_id)
        self.running = True
        self._stop.clear()
        self.choices.show_part(0)
        self.choices.show_running(True)
        try:
            job = partial(_rehearsed, plan, self._came.emit, self._stop)
            self.found, self._graph = await self.desk.background.job(job), graph
        except Cancelled:
            self.desk.notices.tell("The rehearsal was cancelled. Nothing came of it.")
        finally:
            self.running = False
            self.choices.show_running(False)
        self._show()

    def _show(self) -> None:
        if not self.entered:
            return
        graph, found = self.page.draft.own, self.found
        self.findings.show_findings(found, partial(name_in, graph))
        if found is not None:
            begun = {graph.triggers[0].id: found.entered} if len(graph.triggers) == 1 else {}
            self.page.view.flow.set_overlay(overlay_of(graph, _tallies(found), begun))


def _rehearsed(
    plan: Plan,
    progress: Callable[[float], None],
    stop: threading.Event,
    store: Store,
    closing: Callable[[], bool],
) -> Findings:
    """Rehearse on the thread of jobs, and let go of the copy of the office."""
    told = 0.0

    def tell(part: float) -> None:
        nonlocal told
        if part - told >= STEP:
            told = part
            progress(part)

    with rehearse(store, plan, tell, lambda: stop.is_set() or closing()) as done:
        return done.findings


def _tallies(found: Findings) -> dict[str, Tally]:
    return {
        one.step: Tally(
            one.entered, one.outcomes["waiting"], one.outcomes["done"], one.outcomes["skipped"],
            one.outcomes["failed"], one.outcomes["stopped"], one.exits,
        )
        for one in found.steps
        if one.entered
    }  # fmt: skip
