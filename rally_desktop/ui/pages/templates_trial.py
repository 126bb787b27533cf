"""Sending a template to an address to look at it there."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import trial
from rally_desktop.engine.carriers import Carriers
from rally_desktop.engine.samples import Sample
from rally_desktop.engine.trial import Trial
from rally_desktop.model.store import Store
from rally_desktop.services.templates import Template
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_rows import named
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

SAYS = (
    "It goes out as a real message, marked as a test. It is not counted, and stands on nobody’s "
    "timeline."
)


class TrialDialog(QDialog):
    """Asks for the address, sends at once, and says what the server answered."""

    def __init__(self, desk: Desk, template: Template, sample: Sample, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Send a test")
        self._desk, self._template, self._sample = desk, template, sample
        self.address = QComboBox(editable=True)
        self.address.setAccessibleName("To")
        self.address.setMinimumWidth(380)
        place = "Mobile number" if template.channel == "sms" else "E-mail address"
        self.address.lineEdit().setPlaceholderText(place)
        self.said = PlainLabel("", "sub")
        self.said.setWordWrap(True)
        self.said.hide()
        self.close_button = button(desk.theme, "Close")
        self.send = button(desk.theme, "Send test", "send", "primary")
        self._build()
        self.close_button.clicked.connect(self.close)
        self.send.clicked.connect(self._send)
        self._offer()

    @later
    async def _offer(self) -> None:
        if self._template.channel == "email":
            known = await self._desk.background.read(trial.addresses)
            typed = self.address.currentText()
            self.address.addItems(known)
            if typed:
                self.address.setEditText(typed)
        self.address.setFocus()

    @later
    async def _send(self) -> None:
        made = Trial(self._template, self._sample.ref, self.address.currentText())
        self.send.setEnabled(False)
        self._say("Sending …", "quiet")
        try:
            answer = await self._desk.background.job(lambda store, _stopped: _sent(store, made))
        except RallyError as error:
            self._say(str(error), "bad")
        else:
            self._say(f"Sent. The server answered: {answer}", "ok")
        finally:
            self.send.setEnabled(True)

    def _say(self, text: str, tone: str) -> None:
        self.said.setText(text)
        self.said.set_tone(tone)
        self.said.show()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel("Send a test", "title"))
        words = PlainLabel(f"Filled in for {self._sample.name}. {SAYS}", "sub")
        words.setWordWrap(True)
        column.addWidget(words)
        column.addWidget(named("To", self.address))
        column.addWidget(self.said)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.send)
        column.addLayout(foot)
        self.setFixedWidth(440)


def _sent(store: Store, made: Trial) -> str:
    return trial.send(store, made, Carriers(store))
