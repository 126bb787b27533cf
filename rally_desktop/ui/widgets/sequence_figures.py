"""What became of a sequence: its versions side by side, and each step of the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from rally_desktop.engine.nodes import step_kinds
from rally_desktop.engine.reasons import sentence
from rally_desktop.model.graph import Step
from rally_desktop.model.work import Work
from rally_desktop.services import sequence_figures, sequence_people
from rally_desktop.services.sequence_figures import Figures, StepFigures, VersionFigures
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import ROW_HEIGHT, Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import exactly
from rally_desktop.ui.widgets.run_words import step_words

SHOWS = frozenset({"run", "visit", "outbox", "activity", "touch", "workflow_version"})
SETTLE = 1_000  # milliseconds; while the engine works, changes come in bursts
MOST_VERSIONS = 4  # lines; further ones are scrolled to
ROOMY = 860  # a narrower table leaves out what is asked for less often
LEFT_OUT = frozenset({"Entered", "Skipped", "Clicked", "Bounced", "Left"})
NOT_AVAILABLE = "not available"
WHY_NOT = (
    "Openings and clicks are counted only over the office’s public address, and only once that is "
    "switched on in Settings › Web."
)
SILENT = frozenset({"end", "end_run"})


@dataclass(frozen=True)
class VersionLine:
    """One version, or all of them together where there is no number."""

    number: int | None
    words: str
    tip: str
    entered: int
    figures: Figures


@dataclass(frozen=True)
class StepLine:
    """One step with its figures."""

    step: Step
    found: StepFigures

    @property
    def figures(self) -> Figures:
        """Return what became of its messages."""
        return self.found.figures


class SequenceFigures(QWidget):
    """``asked`` brings the id of a step whose people somebody wants to see."""

    asked = Signal(str)

    def __init__(self, desk: Desk, workflow_id: int) -> None:
        super().__init__()
        self.desk, self._workflow_id = desk, workflow_id
        self.versions: ListTable[VersionLine] = ListTable(desk.theme, "Versions", _versions())
        self.steps: ListTable[StepLine] = ListTable(desk.theme, "Steps", _steps())
        self.heading = PlainLabel("Steps", "strong")
        self.note = PlainLabel(WHY_NOT, "sub")
        self.note.set_tone("quiet")
        self.note.setWordWrap(True)
        self.empty = EmptyPanel(desk.theme)
        self.empty.say(
            "chart-column",
            "Nothing was sent yet",
            "Once people are in the sequence, what was sent, opened, clicked and answered is "
            "counted here, step by step.",
        )
        self._settle = QTimer(self, singleShot=True, interval=SETTLE)
        self._settle.timeout.connect(lambda: self.refresh())
        self._lay_out()
        self.versions.chosen.connect(lambda _: self._show_steps())
        self.steps.opened.connect(lambda line: self.asked.emit(line.step.id))
        desk.background.changed.connect(self._hear)
        self.setFocusProxy(self.versions)

    def showEvent(self, event: QShowEvent) -> None:
        """Count."""
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the names their room where the window is narrow."""
        super().resizeEvent(event)
        for table, columns in ((self.versions, _versions()), (self.steps, _steps())):
            for place, column in enumerate(columns):
                narrow = self.width() < ROOMY and column.title in LEFT_OUT
                table.setColumnHidden(place, narrow)

    @later
    @newest
    async def refresh(self) -> None:
        """Count by version, and by step of the one that is chosen."""
        lines = await self.desk.background.read(_lines, self._workflow_id)
        self.versions.show_rows(lines, lambda line: line.number)
        entered = sum(line.entered for line in lines)
        self._whole.setCurrentWidget(self._tables if entered else self.empty)
        rows = min(len(lines), MOST_VERSIONS)
        head = self.versions.horizontalHeader().sizeHint().height()
        self.versions.setFixedHeight(rows * ROW_HEIGHT + head + 4)
        if lines and self.versions.current() is None:
            self.versions.choose(lambda line: True)
        else:
            self._show_steps()

    @later
    @newest
    async def _show_steps(self) -> None:
        chosen = self.versions.current()
        if chosen is None:
            return
        lines = await self.desk.background.read(_step_lines, self._workflow_id, chosen.number)
        now = self.versions.current()
        if now is None or now.number != chosen.number:
            return
        self.heading.setText(f"Steps · {chosen.words}")
        self.steps.show_rows(lines, lambda line: line.step.id)
        known = chosen.figures
        self.note.setVisible(known.sent > 0 and None in (known.opened, known.clicked))

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & SHOWS and self.isVisible() and not self._settle.isActive():
            self._settle.start()

    def _lay_out(self) -> None:
        top, below = QFrame(objectName="card"), QFrame(objectName="card")
        for card, table, title in (
            (top, self.versions, PlainLabel("Versions", "strong")),
            (below, self.steps, self.heading),
        ):
            inside = QVBoxLayout(card)
            inside.setContentsMargins(8, 10, 8, 8)
            inside.setSpacing(4)
            title.setContentsMargins(10, 0, 0, 0)
            inside.addWidget(title)
            inside.addWidget(table)
        self._tables = QWidget()
        both = QVBoxLayout(self._tables)
        both.setContentsMargins(0, 0, 0, 0)
        both.setSpacing(12)
        both.addWidget(top)
        both.addWidget(below, 1)
        both.addWidget(self.note)
        self._whole = QStackedWidget()
        self._whole.addWidget(self._tables)
        self._whole.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._whole)


def _lines(work: Work, workflow_id: int) -> list[VersionLine]:
    """Return a line for each version, below one for all where there are several."""
    found = sequence_figures.by_version(work, workflow_id)
    lines = [_version_line(one) for one in found]
    if len(lines) < 2:
        return lines
    whole = sequence_figures.of_many(work, [workflow_id])[workflow_id]
    entered = sum(line.entered for line in lines)
    return [VersionLine(None, "All versions", "All versions together", entered, whole), *lines]


def _version_line(one: VersionFigures) -> VersionLine:
    version = one.version
    now = " · now" if version.current else ""
    by = f" by {version.by}" if version.by else ""
    tip = f"Published {exactly(version.published_at)}{by}"
    return VersionLine(
        version.number, f"Version {version.number}{now}", tip, one.entered, one.figures
    )


def _step_lines(work: Work, workflow_id: int, number: int | None) -> list[StepLine]:
    """Return the steps that do something in the order in which people come to them."""
    found = sequence_figures.by_step(work, workflow_id, number)
    steps = sequence_people.steps(work, workflow_id, number)
    return [
        StepLine(step, found.get(key, StepFigures()))
        for key, step in steps.items()
        if step.kind not in SILENT
    ]


Line = VersionLine | StepLine


def _versions() -> list[Column[VersionLine]]:
    return [
        Column("Version", lambda line: line.words, strong=True, tip=lambda line: line.tip),
        _count("Entered", lambda line: line.entered, "People who entered on this version"),
        _count("Inside", lambda line: line.figures.inside, "People inside now"),
        _count("Sent", lambda line: line.figures.sent, "Messages that were handed over"),
        *_shares(),
    ]


def _steps() -> list[Column[StepLine]]:
    return [
        Column(
            "Step", lambda line: step_words(line.step), strong=True,
            tip=lambda line: _kind(line.step),
        ),
        Column(
            "Skipped", lambda line: _plain(line.found.counts.skipped), 80, right=True,
            tip=lambda line: _why(line.found.skipped), sort=lambda line: line.found.counts.skipped,
        ),
        _count("Waiting", lambda line: line.figures.inside, "People who stand here now"),
        _count("Sent", lambda line: line.figures.sent, "Messages that were handed over"),
        *_shares(),
    ]  # fmt: skip


def _shares() -> list[Column[Any]]:
    return [
        _share("Opened", lambda one: (one.opened, one.open_rate), "People who opened one"),
        _share("Clicked", lambda one: (one.clicked, one.click_rate), "People who followed a link"),
        _share("Replied", lambda one: (one.replied, one.reply_rate), "People who answered"),
        _share("Bounced", lambda one: (one.bounced, one.bounce_rate), "Whose message came back"),
        _share("Left", lambda one: (one.unsubscribed, one.leaving_rate), "Who unsubscribed"),
    ]


def _share(
    title: str, of: Callable[[Figures], tuple[int | None, float | None]], tip: str
) -> Column[Any]:
    """Return a column of a count with its share; what nobody counted says so."""

    def says(line: Line) -> str:
        count, share = of(line.figures)
        if not line.figures.sent:
            return "–"
        if count is None:
            return NOT_AVAILABLE
        return f"{count:,} · {share:.0%}" if count and share is not None else f"{count:,}"

    def why(line: Line) -> str:
        return WHY_NOT if line.figures.sent and of(line.figures)[0] is None else tip

    return Column(title, says, 112, right=True, tip=why, sort=lambda line: of(line.figures)[0] or 0)


def _count(title: str, of: Callable[[Any], int], tip: str) -> Column[Any]:
    return Column(title, lambda line: _plain(of(line)), 80, right=True, tip=lambda _: tip, sort=of)


def _plain(count: int) -> str:
    return f"{count:,}" if count else "–"


def _kind(step: Step) -> str:
    kind = step_kinds().get(step.kind)
    return kind.title if kind else step.kind


def _why(skipped: Mapping[str, int]) -> str:
    """Return why a step was passed over, the most frequent reason first."""
    ordered = sorted(skipped.items(), key=lambda one: -one[1])
    return "\n".join(f"{count:,}: {sentence(code)}" for code, count in ordered)
