"""The line under a grid that says, once it takes a while, that not all is in place yet."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from rally_desktop.ui.widgets.grid_model import GridModel
from rally_desktop.ui.widgets.plain_label import PlainLabel

PATIENCE_MS = 400  # what is answered sooner needs no words


class GridWait(QWidget):
    """Seen while a question is being answered; where only the order is another, with a way back."""

    back = Signal(object)
    """The Query whose answer stood there before."""

    def __init__(self, model: GridModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.words = PlainLabel(role="small")
        self.words.set_tone("quiet")
        bar = QProgressBar(maximum=0, textVisible=False)
        bar.setFixedWidth(120)
        bar.setAccessibleName("The records are being read")
        self.stop = QPushButton("Stop")
        self.stop.setToolTip("Go back to the order there was before.")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 8, 4)
        row.setSpacing(14)
        row.addWidget(self.words)
        row.addWidget(bar)
        row.addStretch(1)
        row.addWidget(self.stop)
        self._soon = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._soon.timeout.connect(self._show)
        self.stop.clicked.connect(lambda: self.back.emit(model.before))
        model.asking.connect(self._soon.start)
        model.reordered.connect(self._say)
        model.settled.connect(self._end)
        model.failed.connect(self._end)
        self.hide()

    def _show(self) -> None:
        asked, before = self._model.query, self._model.before
        same = (asked.filter, asked.text) == (before.filter, before.text)
        self.stop.setVisible(same and self._model.loaded)
        self._say()
        self.show()

    def _say(self) -> None:
        first = f"The first {self._model.rowCount():,} are here; the others are being put in order."
        self.words.setText(first if self._model.partial else "The first are being looked for.")

    def _end(self) -> None:
        self._soon.stop()
        self.hide()
