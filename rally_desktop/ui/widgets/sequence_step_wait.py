"""What is waited for between two steps of a sequence, edited in place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSpinBox, QWidget

from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.calm import calm
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sequence_step import line_at

UNITS = ("business days", "days", "weeks", "months", "hours", "minutes")
USUAL = "business days"
LONGEST = 10_000
AT_ONCE = "at once"
HIGH = 44


class WaitGap(QWidget):
    """Says how long, with boxes to change it; ``changed`` brings the number and the unit.

    ``entered`` tells that somebody begins to work here, before anything changes;
    ``people_wanted`` asks for those who wait.
    """

    changed = Signal(int, str)
    entered = Signal()
    wanted = Signal()
    people_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._line = 0
        self._word = PlainLabel("", "sub")
        self.amount = QSpinBox(minimum=0, maximum=LONGEST)
        self.amount.setSpecialValueText(AT_ONCE)
        self.amount.setAccessibleName("Wait before the next step")
        self.unit = QComboBox()
        self.unit.setAccessibleName("Unit of the wait")
        self.unit.addItems(UNITS)
        self.read_only = button(theme, "", "clock", "link")
        self.add = tool(theme, "Add a step here", "plus")
        self.add.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.people = button(theme, "", "users", "link")
        self.boxes: list[QWidget] = [
            self.amount, self.unit, self.read_only, self.people, self.add
        ]  # fmt: skip
        for box in (self.amount, self.unit):
            calm(box)
            box.installEventFilter(self)
        self._row = row = QHBoxLayout(self)
        row.setSpacing(8)
        for part in (self._word, self.amount, self.unit, self.read_only):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.people)
        row.addWidget(self.add)
        self.amount.valueChanged.connect(self._tell)
        self.unit.currentIndexChanged.connect(self._tell)
        self.read_only.clicked.connect(self.entered)
        self.people.clicked.connect(self.people_wanted)
        self.add.clicked.connect(self.wanted)
        self.be_narrow(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell that somebody comes into one of the boxes."""
        if event.type() is QEvent.Type.FocusIn:
            self.entered.emit()
        return False

    def sizeHint(self) -> QSize:
        """Return the same height whether something is waited for or not."""
        return QSize(super().sizeHint().width(), HIGH)

    def show_wait(self, wait: tuple[int, str] | str, first: bool, waiting: int = 0) -> None:
        """Show a wait; words instead of a number are only read, and lead to its settings."""
        self.people.setVisible(waiting > 0)
        self.people.setText(f" {waiting}" if waiting < 1_000 else f" {waiting // 1_000}k")
        self.people.setToolTip(f"{waiting:,} waiting here: show who")
        self.people.setAccessibleName(self.people.toolTip())
        fixed = isinstance(wait, str)
        amount, unit = (0, USUAL) if isinstance(wait, str) else wait
        with QSignalBlocker(self.amount), QSignalBlocker(self.unit):
            self.amount.setValue(amount)
            if amount:
                self.unit.setCurrentText(unit)
        self._word.setText("After entering" if first else "Then" if not amount else "Then wait")
        self.amount.setHidden(fixed)
        self.unit.setHidden(fixed or not amount)
        self.read_only.setVisible(fixed)
        self.read_only.setText(f" {wait}" if isinstance(wait, str) else "")

    def be_narrow(self, narrow: bool) -> None:
        """Do without the words where there is no room for them."""
        self._line = line_at(narrow)
        self._row.setContentsMargins(self._line + 18, 6, 10, 6)
        self._word.setVisible(not narrow)
        for box, slim, roomy in ((self.amount, 80, 104), (self.unit, 138, 142)):
            box.setFixedWidth(slim if narrow else roomy)

    def lock(self, locked: bool) -> None:
        """Let nothing be edited, or everything again."""
        for part in (self.amount, self.unit, self.add):
            part.setEnabled(not locked)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line from one step to the next."""
        painter = QPainter(self)
        painter.setPen(self._theme.colour("edge"))
        painter.drawLine(self._line, 0, self._line, self.height())

    def _tell(self) -> None:
        self.unit.setHidden(not self.amount.value())
        self.changed.emit(self.amount.value(), self.unit.currentText())
