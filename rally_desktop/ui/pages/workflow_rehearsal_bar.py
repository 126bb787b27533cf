"""What is to be rehearsed: with whom, for how long, and who answers."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QDate, QPoint, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QProgressBar

from rally_desktop.engine import samples
from rally_desktop.engine.rehearsal import LONGEST_DAYS, Plan
from rally_desktop.engine.samples import Sample
from rally_desktop.model.graph import Graph
from rally_desktop.model.ref import RecordKind
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_view import Bar
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.search_popup import Found, SearchPopup
from rally_desktop.ui.widgets.spin import spin

EVERYBODY, ONE, BACK = "everybody", "one", "back"
WHOM = (
    (EVERYBODY, "Everybody who matches"),
    (ONE, "One record alone"),
    (BACK, "What has happened since"),
)
ANSWERS = ((0, "Nobody answers"), (10, "One in ten answers"), (30, "Three in ten answer"))
USUAL_DAYS, USUAL_BACK = 30, 90


class RehearsalBar(Bar):
    """Choices in a row; ``wanted`` says that it shall begin, ``cancelled`` that it shall stop."""

    wanted = Signal()
    cancelled = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.record: RecordKind = "contact"
        self.sample: Sample | None = None
        self.whom = QComboBox()
        self.whom.setAccessibleName("With whom")
        for key, words in WHOM:
            self.whom.addItem(words, key)
        self.who = button(desk.theme, "Choose who …", "user")
        self.popup = SearchPopup("Find a record", self.who)
        self.since = QDateEdit(calendarPopup=True, displayFormat="d MMM yyyy")
        self.since.setAccessibleName("Since")
        self.since.setMaximumDate(_today(desk).addDays(-1))
        self.since.setDate(_today(desk).addDays(-USUAL_BACK))
        self.days = spin("For how many days", 1, LONGEST_DAYS, USUAL_DAYS, after=" days")
        self.answers = QComboBox()
        self.answers.setAccessibleName("Who answers")
        for share, words in ANSWERS:
            self.answers.addItem(words, share)
        self.seed = spin("Seed", 0, 9_999, 0, before="Seed ")
        self.seed.setToolTip("Decides who answers: the same number decides the same way again")
        self.run = button(desk.theme, "Rehearse", "play", "primary")
        self.cancel = button(desk.theme, "Cancel", "x")
        self.progress = QProgressBar(textVisible=False, maximum=1000)
        self.progress.setFixedWidth(140)
        self.words = PlainLabel("", "sub")
        self.add(self.whom, self.who, self.since, PlainLabel("for", "sub"), self.days)
        self.add(self.answers, self.seed, None, self.words, self.progress, self.cancel, self.run)
        self.since.dateChanged.connect(lambda _: self._offer())
        self.whom.currentIndexChanged.connect(lambda _: self._offer())
        self.answers.currentIndexChanged.connect(lambda _: self._offer())
        self.who.clicked.connect(self._ask)
        self.popup.typed.connect(lambda _: self.look())
        self.popup.chosen.connect(self.choose)
        self.run.clicked.connect(self.wanted)
        self.cancel.clicked.connect(self.cancelled)
        self.show_running(False)

    def plan(self, graph: Graph, workflow_id: int) -> Plan:
        """Return what was chosen, for a workflow."""
        how, share = self.whom.currentData(), self.answers.currentData()
        date = self.since.date()
        since = datetime(date.year(), date.month(), date.day(), tzinfo=UTC)
        return Plan(
            graph,
            workflow_id,
            self.days.value(),
            since if how == BACK else None,
            record_id=self.sample.ref.id if how == ONE and self.sample else None,
            seed=self.seed.value() if share else 0,
            replies=share,
        )

    def show_running(self, running: bool) -> None:
        """Offer to cancel while it runs, and to begin while it does not."""
        self.progress.setVisible(running)
        self.cancel.setVisible(running)
        self.run.setVisible(not running)
        for part in (self.whom, self.who, self.since, self.days, self.answers, self.seed):
            part.setEnabled(not running)
        self.words.setText("Rehearsing …" if running else "")
        self._offer()

    def show_part(self, part: float) -> None:
        """Show how far it has come."""
        self.progress.setValue(round(part * 1000))

    def choose(self, sample: object) -> None:
        """Rehearse with this record."""
        assert isinstance(sample, Sample)
        self.sample = sample
        self._offer()

    @later
    async def look(self) -> None:
        """Read which records match what was typed."""
        typed = self.popup.search.text()
        found = await self._desk.background.read(samples.found, self.record, typed)
        if typed == self.popup.search.text():
            lines = [Found(one.name, one, one.about, words=typed) for one in found]
            self.popup.offer(lines, "Nobody is called that.")

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    def _ask(self) -> None:
        self.popup.offer((), "Looking …")
        self.popup.open_at(self.who.mapToGlobal(QPoint(0, self.who.height() + 2)))
        self.look()

    def _offer(self) -> None:
        how = self.whom.currentData()
        self.who.setVisible(how == ONE)
        self.who.setText(f" {self.sample.name}" if self.sample else " Choose who …")
        self.since.setVisible(how == BACK)
        self.seed.setVisible(bool(self.answers.currentData()))
        self.run.setEnabled(how != ONE or self.sample is not None)
        if how == BACK:
            self.days.setMaximum(max(1, self.since.date().daysTo(_today(self._desk))))
        else:
            self.days.setMaximum(LONGEST_DAYS)


def _today(desk: Desk) -> QDate:
    today = desk.clock.now().astimezone().date()
    return QDate(today.year, today.month, today.day)
