"""What a rehearsal found, in words: who entered, what they would get, what would go wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
)

from rally_desktop.canvas.naming import counted
from rally_desktop.engine.reasons import sentence
from rally_desktop.engine.rehearsing.findings import Findings
from rally_desktop.ui.pages.workflow_people import WIDTH
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.spin import spin

USUAL_MOST = 3
STATES = {
    "done": "done",
    "active": "still on their way",
    "stopped": "stopped",
    "failed": "failed",
    "held": "held",
    "paused": "paused",
    "needs_attention": "in need of attention",
}
SIGNS = {"error": ("circle-alert", "bad"), "warning": ("triangle-alert", "warn")}
NOTHING_YET = (
    "Nothing is sent and nothing is changed: the workflow runs on a copy of the office, as it "
    "stands on screen. Choose with whom and for how long, then press Rehearse."
)


@dataclass(frozen=True)
class Line:
    """One finding: what it says, how grave it is, and the step that it is about."""

    text: str
    icon: str = "info"
    colour: str = "ink3"
    step: str = ""


class FindingsPanel(QFrame):
    """Tells the findings; ``wanted`` brings the id of the step that a line is about."""

    wanted = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setFixedWidth(WIDTH)
        self._theme = theme
        self._found: Findings | None = None
        self._name_of: Callable[[str], str] = str
        self.title = PlainLabel("Rehearsal", "title")
        self.words = PlainLabel("", "sub")
        self.most = spin("How many messages are too many", 0, 999, USUAL_MOST)
        self.many = PlainLabel("")
        self.list = QListWidget()
        self.list.setAccessibleName("Findings")
        self.list.setWordWrap(True)
        self.list.setIconSize(QSize(16, 16))
        self.list.setSpacing(2)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.small = PlainLabel("", "small")
        for label in (self.words, self.small):
            label.setWordWrap(True)
        self.empty = EmptyPanel(theme)
        self.empty.say("flask-conical", "Try it without consequences", NOTHING_YET)
        self._build()
        self.most.valueChanged.connect(lambda _: self._tell())
        self.list.itemClicked.connect(self._want)
        self.list.itemActivated.connect(self._want)
        theme.changed.connect(self._tell)

    def show_findings(self, found: Findings | None, name_of: Callable[[str], str] = str) -> None:
        """Show these; None where nothing has been rehearsed yet."""
        self._found, self._name_of = found, name_of
        self._tell()

    def _tell(self) -> None:
        found = self._found
        self._pages.setCurrentWidget(self._told if found else self.empty)
        if found is None:
            return
        self.words.setText("\n".join(_head(found)))
        self.small.setText("\n".join(found.assumptions))
        most = self.most.value()
        over = sum(
            people for count, people in found.people_by_messages.items() if int(count) > most
        )
        who = "1 person gets" if over == 1 else f"{over:,} people get"
        self.many.setText(f"{who} more than")
        self._row.setVisible(bool(found.messages))
        self.list.clear()
        for line in _lines(found, self._name_of, most):
            item = QListWidgetItem(self._theme.icon(line.icon, line.colour), line.text)
            item.setData(Qt.ItemDataRole.UserRole, line.step)
            self.list.addItem(item)

    def _want(self, item: QListWidgetItem) -> None:
        step = item.data(Qt.ItemDataRole.UserRole)
        if step:
            self.wanted.emit(step)

    def _build(self) -> None:
        self._row = QFrame()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.many)
        row.addWidget(self.most)
        row.addWidget(PlainLabel("messages"), 1)
        self._told = QFrame()
        column = QVBoxLayout(self._told)
        column.setContentsMargins(20, 18, 16, 16)
        column.setSpacing(8)
        for part in (self.title, self.words, self._row):
            column.addWidget(part)
        column.addWidget(self.list, 1)
        column.addWidget(self.small)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._told)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)


def _head(found: Findings) -> Iterator[str]:
    told = "What has happened" if found.backtest else "What would happen"
    seed = f" · seed {found.seed}" if found.seed else ""  # 0 decides where nobody chose one
    yield f"{told} from {_day(found.begins)} to {_day(found.ends)}{seed}"
    yield f"{counted(found.considered, found.record)} considered, {found.entered:,} entered"
    if found.states:
        yield _counted({STATES.get(key, key): count for key, count in found.states.items()})
    if found.messages:
        yield f"{counted(found.messages, 'message')}, at most {found.most_messages} to one person"


def _lines(found: Findings, name_of: Callable[[str], str], most: int) -> Iterator[Line]:
    yield from _problems(found, name_of)
    for said in found.warnings:
        yield Line(said, "triangle-alert", "warn")
    yield from _failures(found, name_of)
    for one in found.worst:
        if one.messages > most:
            yield Line(f"{one.name} gets {one.messages} messages", "mail-warning", "warn")
    for reason, count in found.refused.items():
        yield Line(f"{count:,} did not enter: {sentence(reason)}", "user-x")
    for run in found.runs:
        for visit in run.visits:
            text = f"{_moment(visit.at)}  {name_of(visit.step)}: {visit.summary}"
            yield Line(text, "circle-dot", "ink3", visit.step)


def _problems(found: Findings, name_of: Callable[[str], str]) -> Iterator[Line]:
    """Yield what is wrong with the definition itself."""
    for one in found.problems:
        where = f"{name_of(one.step)}: " if one.step else ""
        icon, colour = SIGNS["error" if one.severity == "error" else "warning"]
        yield Line(f"{where}{one.text}", icon, colour, one.step)


def _failures(found: Findings, name_of: Callable[[str], str]) -> Iterator[Line]:
    """Yield where steps fail, and which messages cannot be made."""
    for one in found.steps:
        failed, skipped = one.outcomes["failed"], one.outcomes["skipped"]
        if failed or skipped:
            parts = [f"fails for {failed:,}"] if failed else []
            parts += [f"is skipped for {skipped:,}"] if skipped else []
            text = f"{name_of(one.step)} {' and '.join(parts)}. {_reasons(one.reasons)}".rstrip()
            sign = ("circle-x", "bad") if failed else ("circle-slash", "warn")
            yield Line(text, *sign, one.step)
    for lack in found.unfilled:
        text = f"{lack.record}, {name_of(lack.step)}: {lack.said}"
        yield Line(text, "mail-x", "bad", lack.step)


def _reasons(reasons: Mapping[str, int]) -> str:
    return " ".join(sentence(reason) for reason in reasons)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {words}" for words, count in counts.items())


def _day(moment: str) -> str:
    local = datetime.fromisoformat(moment).astimezone()
    return f"{local.day} {local:%b %Y}"


def _moment(moment: str) -> str:
    local = datetime.fromisoformat(moment).astimezone()
    return f"{local.day} {local:%b %H:%M}"
