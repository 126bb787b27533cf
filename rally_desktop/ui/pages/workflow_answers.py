"""The two questions of publishing: what becomes of those inside, and who of those due enters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QProgressBar,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.engine.backlog import Waiting
from rally_desktop.engine.outlook import Outlook
from rally_desktop.engine.publishing import Inside
from rally_desktop.ui.pages.workflow_inside import standing_said
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

AN_HOUR = 20  # what is offered first; nobody is sent a flood by accident
WAYS: Sequence[Inside] = ("stay", "move", "end")


class InsideAnswer(QWidget):
    """Stay, move or end, each with its number; staying is the answer until another is given."""

    def __init__(self, found: Outlook) -> None:
        super().__init__()
        column = _column(self)
        words = PlainLabel(f"{standing_said(found.inside)}:", "sub")
        words.setWordWrap(True)
        column.addWidget(words)
        here, there = found.count, found.movable
        left = f"; {here - there:,} stay, their step is gone" if there < here else ""
        said: Mapping[Inside, str] = {
            "stay": f"&Stay on the version they began with ({here:,})",
            "move": f"&Move to the same step of the new version ({there:,}{left})",
            "end": f"&End now, with the Stop Actions ({here:,})",
        }
        self.ways: dict[Inside, QRadioButton] = {way: QRadioButton(said[way]) for way in WAYS}
        self.ways["move"].setEnabled(there > 0)
        _group(self, column, list(self.ways.values()))

    def answer(self) -> Inside:
        """Return what becomes of those inside."""
        return next(way for way, radio in self.ways.items() if radio.isChecked())


class DueAnswer(QWidget):
    """Nobody, all or so many an hour of those who are due already, once they are counted.

    Until then, and where the counting was ``given_up``, nobody of them enters.
    """

    given_up = Signal()

    def __init__(self, theme: Theme, messages: int) -> None:
        super().__init__()
        self._messages = messages
        self._waiting: Sequence[Waiting] = ()
        self.words = PlainLabel("Counting who is due already …", "sub")
        self.words.setWordWrap(True)
        self.bar = QProgressBar(maximum=0, textVisible=False)
        self.bar.setFixedHeight(4)
        self.stop = button(theme, "Do not count", kind="link")
        self.none = QRadioButton("&Nobody of them enters now")
        self.all = QRadioButton("&All enter now")
        self.some = QRadioButton("They enter one after the other, an &hour:")
        self.an_hour = QSpinBox(minimum=1, maximum=10_000, value=AN_HOUR)
        self.an_hour.setAccessibleName("So many an hour")
        self.most = PlainLabel("", "sub")
        self.most.setWordWrap(True)
        self._choice = QWidget()
        self._build()
        self.stop.clicked.connect(self.given_up)
        self.stop.clicked.connect(lambda: self.show_waiting(None))
        for radio in (self.none, self.all, self.some):
            radio.toggled.connect(self._tell)
        self.an_hour.valueChanged.connect(lambda: self.some.setChecked(True))
        self.an_hour.valueChanged.connect(self._tell)

    def show_waiting(self, waiting: Sequence[Waiting] | None) -> None:
        """Show how many are due already; None where nobody knows."""
        self._waiting = waiting or ()
        count = len(self._waiting)
        self.bar.hide()
        self.stop.hide()
        if waiting is None:
            self.words.setText("Not counted. Nobody of them enters now.")
        elif not count:
            self.words.setText("Nobody is due already.")
        else:
            who = "One record is" if count == 1 else f"{count:,} records are"
            self.words.setText(f"{who} due already. They would not enter by themselves:")
        self._choice.setVisible(count > 0)
        self._tell()

    def answer(self) -> tuple[Sequence[Waiting], int | None]:
        """Return who enters, and how many an hour; None is all at once."""
        if self.none.isChecked():
            return (), None
        return self._waiting, self.an_hour.value() if self.some.isChecked() else None

    def _tell(self) -> None:
        enter, an_hour = self.answer()
        most = len(enter) * self._messages
        parts = [f"up to {most:,} message{'s' * (most != 1)}"] if most else []
        if an_hour and enter:
            hours = -(-len(enter) // an_hour)
            parts.append("within the hour" if hours == 1 else f"over {hours:,} hours")
        self.most.setText(f"That makes {', '.join(parts)}." if parts else "")
        self.most.setVisible(bool(parts))

    def _build(self) -> None:
        column = _column(self)
        row = QHBoxLayout()
        row.addWidget(self.words, 1)
        row.addWidget(self.stop)
        column.addLayout(row)
        column.addWidget(self.bar)
        inner = _column(self._choice)
        _group(self._choice, inner, [self.none, self.all])
        line = QHBoxLayout()
        line.addWidget(self.some)
        line.addWidget(self.an_hour)
        line.addStretch(1)
        inner.addLayout(line)
        self._choice.findChild(QButtonGroup).addButton(self.some)
        inner.addWidget(self.most)
        column.addWidget(self._choice)
        self._choice.hide()
        self.most.hide()


def _column(of: QWidget) -> QVBoxLayout:
    made = QVBoxLayout(of)
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(6)
    return made


def _group(owner: QWidget, column: QVBoxLayout, radios: Sequence[QRadioButton]) -> None:
    """Put radio buttons below each other, the first one chosen."""
    group = QButtonGroup(owner)
    for radio in radios:
        group.addButton(radio)
        column.addWidget(radio)
    radios[0].setChecked(True)
