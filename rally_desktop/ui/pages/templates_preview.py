"""A template as somebody would get it: on a desk or a phone, in light or dark, as HTML or text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from rally_desktop.core import sms
from rally_desktop.core.message import WAY_OUT
from rally_desktop.core.themes import FIXED
from rally_desktop.engine.samples import Letter
from rally_desktop.outside.mail import own_html
from rally_desktop.services.templates import Template
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms.sample import SampleChoice
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.workflow_sample import SampleLine
from rally_desktop.ui.widgets.buttons import tool
from rally_desktop.ui.widgets.flow_layout import FlowLayout
from rally_desktop.ui.widgets.letter_view import SafeHtml
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.segments import Segments

SHOW_AFTER = 300
WIDEST = 16_777_215  # Qt’s word for no limit
PHONE = 375  # as wide as most phones are to their programs


class TemplatePreview(QWidget):
    """Shows what ``read`` returns, for whom was chosen; it follows when told ``look_soon``."""

    def __init__(
        self, desk: Desk, sample: SampleChoice, read: Callable[[], Template | None]
    ) -> None:
        super().__init__()
        self._sample, self._read = sample, read
        self.letter: Letter | None = None
        self._was_narrow = False
        self.who = SampleLine(desk.theme, sample)
        self.before = tool(desk.theme, "The one before", "chevron-left")
        self.after = tool(desk.theme, "The next", "chevron-right")
        self.width_of = Segments("Width")
        self.width_of.add("wide", "Desk")
        self.width_of.add("phone", "Phone")
        self.width_of.choose("wide")
        self.look = Segments("Light or dark")
        self.look.add("light", "Light")
        self.look.add("dark", "Dark", "As programs show it whose look is dark")
        self.look.choose("light")
        self.part = Segments("HTML or text")
        self.part.add("html", "HTML")
        self.part.add("text", "Text", "What programs show that show no HTML")
        self.part.choose("html")
        self.subject = PlainLabel("", "strong")
        self.preheader = PlainLabel("", "sub")
        self.text = PlainLabel("")
        self.html = SafeHtml()
        # Most mail programs lay messages on white, whatever they look like themselves.
        self.html.setStyleSheet("QTextBrowser { background: #FFFFFF; color: #1A2230; }")
        self.about = PlainLabel("", "small")
        self.empty = PlainLabel("", "sub")
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("warn")
        for label in (self.subject, self.text, self.about, self.empty, self.wrong):
            label.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._soon = QTimer(self, singleShot=True, interval=SHOW_AFTER)
        self._build()
        self._connect()

    def look_soon(self) -> None:
        """Show what stands there once nobody types any more."""
        self._soon.start()

    @property
    def busy(self) -> bool:
        """Say whether what stands there is not shown yet."""
        return self._soon.isActive()

    @later
    @newest
    async def show_now(self) -> None:
        """Fill the template in and show it."""
        await self._sample.begin_with_anybody()
        made = self._read()
        if made is None:
            self.letter = None
            return
        dark = self.look.buttons["dark"].isChecked()
        letter = await self._sample.draft(made, dark=dark)
        if made == self._read():
            self.letter = letter
            self._show(letter)

    # -- inside -----------------------------------------------------------------------------

    def _show(self, letter: Letter) -> None:
        sample, wrong = self._sample.sample, letter.problem
        who = sample.name if sample else ""
        self.wrong.setText(f"For {who}: {wrong} Nothing would be sent." if who and wrong else wrong)
        self.wrong.setVisible(bool(wrong))
        self.subject.setText(letter.subject.text)
        mail = letter.template.channel == "email"
        for part in (self.subject, self._rule, self.width_of):
            part.setVisible(mail)
        self.preheader.setText(letter.preheader.text)
        self.preheader.setVisible(bool(letter.preheader.text))
        has_html = bool(letter.html.text)
        self.part.setVisible(has_html)
        self.look.setVisible(letter.template.family == "theme")
        self.text.setText(letter.text.text.strip().replace(WAY_OUT, "(a link of their own)"))
        self.about.setText(_about(letter))
        self.about.setVisible(bool(self.about.text()))
        self.empty.setText(_empty(letter, who))
        self.empty.setVisible(bool(self.empty.text()) and not wrong)
        self._turn()

    def _turn(self) -> None:
        """Show HTML or text, as wide as was chosen."""
        letter = self.letter
        source = letter.html.text if letter else ""
        drawn = bool(source) and self.part.buttons["html"].isChecked()
        if drawn and not own_html.drawable(source):
            self.wrong.setText("Its tables lie too deep in each other to be drawn here.")
            self.wrong.show()
            drawn = False
        if drawn:
            self.html.show_html(source.replace(FIXED, 'width="100%"') if self._narrow() else source)
        self.html.setVisible(drawn)
        self._words.setVisible(not drawn)
        self._fit()

    def _narrow(self) -> bool:
        return self._phone() or self._paper.width() < 640

    def _phone(self) -> bool:
        sms = self.letter is not None and self.letter.template.channel == "sms"
        return sms or self.width_of.buttons["phone"].isChecked()

    def _fit(self) -> None:
        self._paper.setMaximumWidth(PHONE if self._phone() else WIDEST)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Draw anew where the room became narrower or wider than the design."""
        if event.type() == QEvent.Type.Resize and self.letter is not None:
            narrow = self._narrow()
            if narrow != self._was_narrow:
                self._was_narrow = narrow
                self._turn()
        return super().eventFilter(watched, event)

    @later
    async def _step(self, by: int) -> None:
        await self._sample.step(by)

    def _connect(self) -> None:
        self._paper.installEventFilter(self)
        self._soon.timeout.connect(self.show_now)
        self._sample.changed.connect(self.show_now)
        self.before.clicked.connect(lambda: self._step(-1))
        self.after.clicked.connect(lambda: self._step(1))
        self.width_of.chosen.connect(lambda _key: self._turn())
        self.part.chosen.connect(lambda _key: self._turn())
        self.look.chosen.connect(lambda _key: self.show_now())

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.who, 1)
        top.addWidget(self.before)
        top.addWidget(self.after)
        ways = FlowLayout(gap=8)
        for part in (self.width_of, self.look, self.part):
            ways.addWidget(part)
        self._paper = QFrame(objectName="card")
        inside = QVBoxLayout(self._paper)
        inside.setContentsMargins(1, 12, 1, 1)
        inside.setSpacing(2)
        for label in (self.subject, self.preheader):
            label.setContentsMargins(15, 0, 15, 0)
            inside.addWidget(label)
        inside.addSpacing(6)
        self._rule = QFrame(objectName="rule")
        inside.addWidget(self._rule)
        self._words = _scrolled(self.text)
        inside.addWidget(self._words, 1)
        inside.addWidget(self.html, 1)
        self.html.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(ways)
        around = QHBoxLayout()
        around.addWidget(self._paper)
        column.addLayout(around, 1)
        for part in (self.about, self.empty, self.wrong):
            part.hide()
            column.addWidget(part)


def _scrolled(text: PlainLabel) -> QScrollArea:
    text.setContentsMargins(15, 10, 15, 12)
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    text.setObjectName("scrolled")
    area.setWidget(text)
    return area


def _about(letter: Letter) -> str:
    return sms.counted(letter.text.text) if letter.template.channel == "sms" else ""


def _empty(letter: Letter, who: str) -> str:
    if not letter.empty or not who:
        return ""
    return f"Not known of {who}: {', '.join(letter.empty)}. What is written instead is shown."
