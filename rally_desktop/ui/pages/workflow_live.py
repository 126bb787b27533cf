"""What happens in a published version: who came, who is where, and how they left."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter
from typing import ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox

from rally_desktop.canvas.plan import Spot
from rally_desktop.services import figures, versions
from rally_desktop.services.figures import Figures
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.workflow_counts import Tally, overlay_of, tallies
from rally_desktop.ui.pages.workflow_page import CanvasPage
from rally_desktop.ui.pages.workflow_people import PeoplePanel
from rally_desktop.ui.pages.workflow_published import Padlock, VersionPicker, locked_by
from rally_desktop.ui.pages.workflow_run_finder import RunFinder
from rally_desktop.ui.pages.workflow_view import Bar, CanvasView
from rally_desktop.ui.widgets.buttons import button

EVERY = 3_000  # milliseconds between two readings
REST = 10  # times as long as a reading took, where that is more
SINCE: tuple[tuple[str, timedelta | None], ...] = (
    ("The last 7 days", timedelta(days=7)),
    ("The last 30 days", timedelta(days=30)),
    ("Since it began", None),
)


class LiveView(CanvasView):
    """Numbers on the cards and connectors of a version, read anew while they are looked at."""

    key: ClassVar = "live"
    title: ClassVar = "Live"
    tip: ClassVar = "How many came to each step, and who is there now"

    def __init__(self, page: CanvasPage) -> None:
        super().__init__(page)
        self.found: Figures | None = None
        self._shown: int | None = None
        self.picker = VersionPicker()
        self.since = QComboBox()
        self.since.setAccessibleName("Counted")
        for words, length in SINCE:
            self.since.addItem(words, length)
        self.elsewhere = button(self.desk.theme, "", "users", "link")
        self.finder = RunFinder(self.desk, page.workflow_id)
        self.side = self.people = PeoplePanel(self.desk, page.workflow_id)
        self.bar = Bar()
        self.bar.add(
            Padlock(self.desk.theme), self.picker, self.since, self.elsewhere, None, self.finder
        )
        self._again = QTimer(self, singleShot=True, interval=EVERY)
        self._again.timeout.connect(self.refresh)
        self.picker.picked.connect(lambda _: self.refresh())
        self.since.activated.connect(lambda _: self.refresh())
        self.elsewhere.clicked.connect(self._go_elsewhere)
        page.canvas.picked.connect(self._show_people)

    def enter(self) -> None:
        """Begin to read."""
        self._shown = None
        self.refresh()

    def leave(self) -> None:
        """Stop reading."""
        self._again.stop()

    @later
    @newest
    async def refresh(self) -> None:
        """Read the figures, and lay them over the version that they are of."""
        number = self.picker.number()
        if not self.entered or number is None:
            return
        if not self.page.isVisible():
            self._again.start(EVERY)
            return
        read, began = self.desk.background.read, perf_counter()
        if self._shown != number:
            graph = await read(versions.graph_of, self.page.workflow_id, number)
        else:
            graph = None
        length = self.since.currentData()
        since = self.desk.clock.now() - length if length else None
        found = await read(figures.of_version, self.page.workflow_id, number, since)
        if not self.entered or number != self.picker.number():
            return
        flow = self.page.view.flow
        lay = flow.follow
        if graph is not None:
            self.present(graph, locked_by(number))
            self._shown, lay = number, flow.set_overlay
        self.found = found
        lay(overlay_of(self.page.draft.graph, tallies(found), found.triggers))
        self._tell()
        took = (perf_counter() - began) * 1000
        self._again.start(max(EVERY, int(REST * took)))

    def _tell(self) -> None:
        """Say who is elsewhere, and list who is here."""
        assert self.found is not None
        self.elsewhere.setVisible(bool(self.found.elsewhere))
        self.elsewhere.setText(f" {_elsewhere(self.found)}")
        self._show_people()

    def _show_people(self, *_: object) -> None:
        """List those at the selected step, or all inside where none is selected."""
        if not self.entered or self.found is None:
            return
        spot = self.page.view.flow.selected
        graph = self.page.draft.graph
        if isinstance(spot, Spot) and spot.kind == "step" and spot.id in graph.steps:
            words = tallies(self.found).get(spot.id, Tally()).says()
            at = (self.found.version, spot.id)
            self.people.show_step(self.page.canvas.face_of(spot.id).title, words, at)
        else:
            begun, inside = sum(self.found.triggers.values()), _inside(self.found)
            words = f"{begun:,} entered this version · {inside:,} are inside some version now"
            self.people.show_step("Everybody inside", words, None)

    def _go_elsewhere(self) -> None:
        if self.found is not None and self.found.elsewhere:
            self.picker.choose(max(self.found.elsewhere))
            self.refresh()


def _inside(found: Figures) -> int:
    return sum(one.here for one in found.steps.values()) + sum(found.elsewhere.values())


def _elsewhere(found: Figures) -> str:
    """Say how many are still inside another version."""
    number = max(found.elsewhere, default=0)
    count, others = found.elsewhere.get(number, 0), len(found.elsewhere) - 1
    who = "1 person is" if count == 1 else f"{count:,} people are"
    more = f" and {others} more" if others > 0 else ""
    return f"{who} inside version {number}{more}"
