"""One run in full: which steps it visited, what it saw there, and why it did what it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from rally_desktop.engine.reasons import sentence
from rally_desktop.services.run_letters import Letter
from rally_desktop.services.runs import RunRow, Visit
from rally_desktop.services.written import Written
from rally_desktop.ui.pages.run_letter import LetterLine, WrittenBox
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import exactly
from rally_desktop.ui.widgets.run_words import state_of, step_title

Visits = tuple[Visit, ...]
Letters = tuple[Letter, ...]
Texts = tuple[Written, ...]

# The outcome of a visit: its words, tone and icon.
OUTCOMES: Mapping[str, tuple[str, str, str]] = {
    "done": ("Done", "ok", "circle-check"),
    "skipped": ("Skipped", "warn", "circle-slash"),
    "failed": ("Failed", "bad", "circle-x"),
    "waiting": ("Waiting", "accent", "clock"),
    "stopped": ("Stopped", "plain", "circle-stop"),
}
_TONES = {"ok": "ok", "warn": "warn", "bad": "bad", "accent": "talk", "plain": "flow"}


class RunDetail(QScrollArea):
    """Shows one run from top to bottom, in the order things happened.

    ``recalled``, ``proof_wanted`` and ``decided`` bring the number of a message in the outbox,
    and whether it was sent; ``pictured`` asks for the canvas of a workflow with a run, where
    ``links`` offers that.
    """

    pictured = Signal(int, int)
    recalled, proof_wanted = Signal(int), Signal(int)
    decided = Signal(int, bool)

    def __init__(self, theme: Theme, *, links: bool = False) -> None:
        super().__init__()
        self._theme, self._links = theme, links
        self._shown: tuple[RunRow, Visits, Letters, Texts] | None = None
        self._sought: int | None = None
        self.lines: list[VisitLine] = []
        self.setAccessibleName("Run")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(self._draw)

    def show_run(
        self, row: RunRow, visits: Visits, letters: Letters = (), texts: Texts = ()
    ) -> None:
        """Show a run; one that has not moved since is left as it stands.

        ``letters`` are the messages that can still be decided about, ``texts`` what was written.
        """
        if self._shown != (row, visits, letters, texts):
            self._shown = (row, visits, letters, texts)
            self._draw()

    def clear(self) -> None:
        """Show nothing."""
        self._shown = None
        self._draw()

    def look_at(self, seq: int | None) -> None:
        """Bring a visit into sight and put the cursor on it, also where it is drawn later."""
        self._sought = seq
        self._find()

    def _find(self) -> None:
        line = next((one for one in self.lines if one.seq == self._sought), None)
        if line is not None:
            self._sought = None
            line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.widget().adjustSize()
            self.ensureWidgetVisible(line, 0, line.height())

    def _draw(self) -> None:
        place = self.verticalScrollBar().value()
        self.lines = []
        inside = QWidget(objectName="panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 18, 20, 20)
        column.setSpacing(4)
        if self._shown is not None:
            row, visits, letters, texts = self._shown
            self._head(column, row)
            for number, visit in enumerate(visits):
                own: list[QWidget] = [self._written(one) for one in texts if one.seq == visit.seq]
                own += [self._letter(one) for one in letters if one.seq == visit.seq]
                last = number == len(visits) - 1
                self.lines.append(VisitLine(self._theme, visit, own, last=last))
                column.addWidget(self.lines[-1])
        column.addStretch(1)
        self.setWidget(inside)
        self.verticalScrollBar().setValue(place)
        self._find()

    def _written(self, one: Written) -> WrittenBox:
        made = WrittenBox(self._theme, one)
        made.proof_wanted.connect(lambda: self.proof_wanted.emit(one.id))
        return made

    def _letter(self, letter: Letter) -> LetterLine:
        made = LetterLine(self._theme, letter)
        made.recalled.connect(lambda: self.recalled.emit(letter.id))
        made.decided.connect(lambda sent: self.decided.emit(letter.id, sent))
        return made

    def _head(self, column: QVBoxLayout, row: RunRow) -> None:
        words, tone = state_of(row)
        name = PlainLabel(row.record, "title")
        name.setWordWrap(True)
        state = PlainLabel(words, "pill")
        state.setProperty("pill", True)
        state.set_tone(tone)
        first = QHBoxLayout()
        first.addWidget(name, 1)
        first.addWidget(state, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(first)
        column.addWidget(_quiet(f"{row.workflow}, version {row.version}"))
        column.addWidget(_quiet(f"Entered {exactly(row.started_at)}"))
        if row.ended_at is not None:
            column.addWidget(_quiet(f"Ended {exactly(row.ended_at)}"))
        elif row.state == "paused":
            until = "somebody resumes it" if row.resume_at is None else exactly(row.resume_at)
            column.addWidget(_quiet(f"Rests until {until}, for 30 days at most"))
        elif row.state == "active" and row.due_at is not None:
            column.addWidget(_quiet(f"Goes on {exactly(row.due_at)}"))
        if row.attempt:
            times = "once" if row.attempt == 1 else f"{row.attempt} times"
            column.addWidget(_quiet(f"Tried {times} at this step; it is tried again by itself"))
        if row.reason:
            column.addWidget(_says(sentence(row.reason), tone))
        if self._links:
            shows = button(self._theme, "Show on the canvas", "route", "link")
            shows.clicked.connect(lambda: self.pictured.emit(row.workflow_id, row.id))
            column.addWidget(shows, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(14)


class VisitLine(QWidget):
    """One visit: when, which step, what came of it and what was seen."""

    def __init__(
        self, theme: Theme, visit: Visit, letters: Sequence[QWidget] = (), *, last: bool
    ) -> None:
        super().__init__(objectName="visit_line")
        self.seq = visit.seq
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words, tone, icon = OUTCOMES.get(visit.outcome, (visit.outcome, "plain", "circle"))
        self.setAccessibleName(f"{step_title(visit.step)}: {words}. {visit.summary}")
        sign = QLabel()
        sign.setPixmap(theme.pixmap(icon, _TONES[tone], 18))
        thread = QFrame(objectName="upright")
        thread.setVisible(not last)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(sign, 0, Qt.AlignmentFlag.AlignHCenter)
        left.addWidget(thread, 1, Qt.AlignmentFlag.AlignHCenter)
        if last:
            left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(2)
        right.setContentsMargins(0, 0, 0, 16)
        top = QHBoxLayout()
        top.addWidget(PlainLabel(step_title(visit.step), "strong"), 1)
        moment = PlainLabel(_moment(visit.at), "small")
        moment.setToolTip(exactly(visit.at))
        top.addWidget(moment)
        right.addLayout(top)
        for label in self._lines(visit, words, tone):
            right.addWidget(label)
        for letter in letters:
            right.addWidget(letter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left)
        row.addLayout(right, 1)

    def _lines(self, visit: Visit, words: str, tone: str) -> Iterator[PlainLabel]:
        yield _says(f"{words}. {visit.summary}" if tone != "ok" else visit.summary, "quiet")
        if visit.until is not None:
            yield _says(f"Until {exactly(visit.until)}.", "quiet")
        if visit.reason:
            yield _says(sentence(visit.reason), tone if tone in ("warn", "bad") else "quiet")
        for line in seen(visit.detail):
            yield _says(line, "quiet", "sub")


def seen(detail: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a step saw, a line each: the conditions of a branch, or plain values."""
    # What a message says stands below in full.
    told = {"traceback", *(("outbox", "subject", "address") if "outbox" in detail else ())}
    for name, value in detail.items():
        if name == "paths":
            yield from _paths(value)
        elif name == "clauses":
            yield from _clauses(value)
        elif name not in told:
            yield f"{name.replace('_', ' ').capitalize()}: {_value(value)}"


def _paths(paths: list[dict[str, Any]]) -> Iterator[str]:
    for path in paths:
        yield f"{path['path']}: {'matches' if path['matches'] else 'does not match'}"
        yield from _clauses(path["clauses"])


def _clauses(clauses: list[dict[str, Any]]) -> Iterator[str]:
    for clause in clauses:
        sign = "✓" if clause["result"] else "✗"
        yield f"   {sign} {clause['says']} — it was {_value(clause['seen'])}"


def _value(value: Any) -> str:
    if value in (None, "", [], ()):
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    try:
        return exactly(datetime.fromisoformat(value)) if "T" in str(value) else str(value)
    except (TypeError, ValueError):
        return f"“{value}”"


def _moment(at: datetime) -> str:
    local = at.astimezone()
    return f"{local.day} {local:%b %H:%M}"


def _quiet(text: str) -> PlainLabel:
    label = PlainLabel(text, "sub")
    label.setWordWrap(True)
    return label


def _says(text: str, tone: str, role: str = "body") -> PlainLabel:
    label = PlainLabel(text, role)
    label.setWordWrap(True)
    label.set_tone(tone)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
