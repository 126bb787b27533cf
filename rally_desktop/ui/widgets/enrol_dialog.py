"""Enrolling, asked for: in what, and what that would mean, before anything happens."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from threading import Event

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QProgressBar, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import enrol_preview, enrol_words
from rally_desktop.engine.enrol_preview import Plan, Preview
from rally_desktop.engine.reasons import sentence
from rally_desktop.model.ref import RecordKind, Ref
from rally_desktop.services.workflows import WorkflowRow
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.bulk_dialog import BulkDialog
from rally_desktop.ui.widgets.day_bars import DayBars
from rally_desktop.ui.widgets.enrol_reasons import ReasonLine
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.related_list import PAGES
from rally_desktop.ui.widgets.shrinking_area import ShrinkingArea

LOOK_MS = 120
WIDTH, MOST_OF_SCREEN = 560, 0.85
_GETS_NO = {"email": "Enter, but get no e-mail", "sms": "Enter, but get no SMS"}


class EnrolDialog(BulkDialog):
    """``value`` returns the workflow and the records that would enter it."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        many: str,
        kind: RecordKind,
        numbers: Sequence[int],
        offered: Sequence[WorkflowRow],
    ) -> None:
        super().__init__(desk.theme, parent, f"Enrol {many}", "Enrol")
        self._desk, self._numbers = desk, numbers
        self._kind: RecordKind = kind
        self.setMinimumWidth(WIDTH)
        self.box = QComboBox()
        for row in sorted(offered, key=lambda row: (row.purpose != "sequence", row.name)):
            said = "sequence" if row.purpose == "sequence" else "workflow"
            self.box.addItem(f"{row.name} · {said}", row)
        self.row("Sequence or workflow", self.box)
        self.far = QProgressBar(textVisible=False)
        self.far.setFixedHeight(6)
        self.head = PlainLabel("", "strong")
        self.reasons: list[ReasonLine] = []
        self.lines: list[PlainLabel] = []
        self.days: DayBars | None = None
        self._body = QVBoxLayout()
        self._body.setSpacing(4)
        self._body.setContentsMargins(0, 0, 8, 0)
        inside = QWidget(objectName="scrolled")
        inside.setLayout(self._body)
        self._area = ShrinkingArea(inside)
        for part in (self.head, self.far, self._area):
            self.column.addWidget(part)
        self._fit = QTimer(self, singleShot=True, interval=0)
        self._fit.timeout.connect(self._take_room)
        self._frame = 0  # what stands above and below the preview is as high as at first
        self._preview = Preview(0)
        self._stop = Event()
        self._clock = QTimer(self, interval=LOOK_MS)
        self._clock.timeout.connect(self._show_far)
        self.value = lambda: (self.box.currentData(), array("q", self._preview.entering))
        self.does_button.setEnabled(False)
        self.box.currentIndexChanged.connect(lambda _: self.look())
        self.finished.connect(lambda _: self._stop.set())
        self.look()

    @later
    async def look(self) -> None:
        """Find out what enrolling in the chosen one would mean, and show it."""
        self._stop.set()
        stop = self._stop = Event()
        far = self._preview = Preview(len(self._numbers))
        row = self.box.currentData()
        self.does_button.setEnabled(False)
        self._clear()
        self.say("")
        self._clock.start()
        self._show_far()
        try:
            await self._desk.background.job(
                lambda store, closing: enrol_preview.look(
                    store, row.id, self._kind, self._numbers, far,
                    lambda: closing() or stop.is_set(),
                )
            )  # fmt: skip
        except RallyError as error:
            if not stop.is_set():
                self._end()
                self.head.setText("")
                self.say(str(error))
            return
        if not stop.is_set():
            self._end()
            self._show(far)

    # -- parts -----------------------------------------------------------------------------

    def _show_far(self) -> None:
        far = self._preview
        self.head.setText(f"Looking at {far.looked_at:,} of {far.wanted:,}")
        self.far.setMaximum(max(1, far.wanted))
        self.far.setValue(far.looked_at)
        self.far.show()

    def _end(self) -> None:
        self._clock.stop()
        self.far.hide()

    def _show(self, found: Preview) -> None:
        entering = len(found.entering)
        enters = "enters" if entering == 1 else "enter"
        self.head.setText(f"{entering:,} of {found.wanted:,} {enters}")
        self.does_button.setText(f"Enrol {entering:,}")
        self.does_button.setEnabled(entering > 0)
        self._add_reasons("Left out", found.left_out)
        for channel, title in _GETS_NO.items():
            some = {why: ids for (way, why), ids in found.unwritten.items() if way == channel}
            self._add_reasons(title, some)
        self._add_messages(found, found.plan or Plan())
        self._fit.start()

    def _add_messages(self, found: Preview, plan: Plan) -> None:
        if said := enrol_words.first(found):
            self._add_title("What goes out")
        for line in said:
            self._add_line(line)
        if plan.days:
            self._add_title(enrol_words.heading(plan))
            self.days = DayBars(self._desk.theme, enrol_words.stretches(plan.days))
            self._body.addWidget(self.days)
        for line in (*enrol_words.notes(plan), *plan.brakes):
            self._add_line(line)

    def _add_reasons(self, title: str, found: Mapping[str, Sequence[int]]) -> None:
        if not found:
            return
        self._add_title(title)
        for code, numbers in sorted(found.items(), key=lambda one: -len(one[1])):
            line = ReasonLine(self._desk, self._kind, sentence(code), numbers)
            line.wanted.connect(self._go)
            line.unfolded.connect(self._fit.start)
            self.reasons.append(line)
            self._body.addWidget(line)

    def _add_title(self, title: str) -> None:
        self._body.addSpacing(8)
        self._body.addWidget(PlainLabel(title, "sub"))

    def _add_line(self, words: str) -> None:
        line = PlainLabel(words)
        line.setWordWrap(True)
        self.lines.append(line)
        self._body.addWidget(line)

    def _clear(self) -> None:
        self.reasons, self.lines, self.days = [], [], None
        while (item := self._body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _take_room(self) -> None:
        """Be as high as what is said needs, as far as the screen has room."""
        most = int(self.screen().availableSize().height() * MOST_OF_SCREEN)
        self._frame = self._frame or self.height() - self._area.height()
        self.resize(self.width(), min(self._frame + self._area.sizeHint().height(), most))

    def _go(self, ref: Ref) -> None:
        self.reject()
        self._desk.go(PAGES[ref.kind], ref)
