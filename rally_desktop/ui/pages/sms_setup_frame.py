"""The frame of setting a gateway up: three pages, what goes on, and what can be done now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.errors import BadSettings, RallyError
from rally_desktop.outside.sms.gateways import KINDS
from rally_desktop.ui.pages.sms_setup_forms import GatewayForm
from rally_desktop.ui.pages.workflow_rows import explained, named, under
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sms_counter import SmsCounter

WIDTH, HEIGHT = 620, 600
KIND, FORM, PROOF = range(3)
INTRO = "Choose who sends the messages. You need an account there, or a phone with a SIM card."
SENDER_HELP = "The number messages come from, such as +441632960000, or a name where that is usual."
PROOF_SAYS = "Send one message to your own mobile. It is a real one, and counted by the gateway."


class SmsSetupFrame(QDialog):
    """``first`` is the page one cannot go back from; ``works`` says that a test went out."""

    def __init__(self, theme: Theme, parent: QWidget, first: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Connect a gateway" if first == KIND else "Set up again")
        self.setFixedWidth(WIDTH)
        self.setMinimumHeight(HEIGHT)
        self.first, self.works, self.busy = first, False, False
        self.heading = PlainLabel("", "heading")
        self.kinds = {key: QRadioButton(kind.title) for key, kind in KINDS.items()}
        self.forms = {key: GatewayForm(key) for key in KINDS}
        self.name, self.writes_as = QLineEdit(), QLineEdit()
        self.hint = explained("")
        self.to = QLineEdit(placeholderText="+44 7700 900123")
        self.text = QLineEdit()
        self.counter = SmsCounter()
        self.said = PlainLabel("", "body")
        self.line = PlainLabel("", "sub")
        self.pages = QStackedWidget()
        self.back = button(theme, "Back")
        self.cancel = button(theme, "Cancel")
        self.anyway = button(theme, "Save without a test")
        self.go_on = button(theme, "Next", kind="primary")
        self.go_on.setDefault(True)
        self._build()
        self.back.clicked.connect(lambda: self.show_page(self.pages.currentIndex() - 1))
        self.text.textChanged.connect(self.counter.count)
        for field in (self.writes_as, self.to):
            field.textChanged.connect(self._typed)
        for form in self.forms.values():
            form.changed.connect(self._typed)

    @property
    def key(self) -> str:
        """Return the kind that was chosen."""
        return next(key for key, box in self.kinds.items() if box.isChecked())

    @property
    def form(self) -> GatewayForm:
        """Return the fields of the kind that was chosen."""
        return self.forms[self.key]

    def show_page(self, page: int) -> None:
        """Show a page, the cursor where one begins to type."""
        for key, form in self.forms.items():
            form.setVisible(key == self.key)
        self.pages.setCurrentIndex(page)
        title = self.name.text().strip() if self.first == FORM else KINDS[self.key].title
        self.heading.setText(("Connect a gateway", title, "Send yourself a message")[page])
        self.say("", "quiet")
        self.offer()
        (self.kinds[self.key], self.writes_as if self.name.text() else self.name, self.to)[
            page
        ].setFocus()

    def offer(self) -> None:
        """Show what can be done now."""
        page = self.pages.currentIndex()
        words = ("Next", "Next", "Finish" if self.works else "Send the test")[page]
        self.go_on.setText(words)
        self.go_on.setAccessibleName(words)
        typed = self.form.ready(known=self.first == FORM) and bool(self.writes_as.text().strip())
        ready = (True, typed, self.works or bool(self.to.text().strip()))[page]
        self.go_on.setEnabled(ready and not self.busy)
        self.back.setVisible(page > self.first)
        self.back.setEnabled(not self.busy)
        self.anyway.setVisible(page == PROOF and not self.works and not self.busy)
        self.cancel.setText("Stop" if self.busy else "Cancel")
        hint = self.hint_for(self.writes_as.text().strip())
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def hint_for(self, sender: str) -> str:
        """Return what one must know of a sender."""
        raise NotImplementedError

    @contextmanager
    def doing(self, text: str) -> Iterator[None]:
        """Say what goes on while it lasts."""
        self.busy = True
        self.say(text, "quiet")
        self.offer()
        try:
            yield
        finally:
            self.busy = False
            self.say("", "quiet")
            self.offer()

    def say(self, text: str, tone: str) -> None:
        """Say something below the page."""
        self.line.setText(text)
        self.line.set_tone(tone)

    def say_wrong(self, error: RallyError) -> None:
        """Say what went wrong, and what to do."""
        said = str(error)
        if isinstance(error, BadSettings):
            pairs = error.problems.items()
            said = " ".join(
                f"{name.replace('_', ' ').capitalize()} {what}." for name, what in pairs
            )
        self.say(said, "bad")

    def _typed(self) -> None:
        self.works = False
        self.said.clear()
        self.offer()

    def _build(self) -> None:
        for part, words in (
            (self.name, "Name"), (self.writes_as, "Sender"), (self.to, "Your mobile number"),
            (self.text, "Text of the test"),
        ):  # fmt: skip
            part.setAccessibleName(words)
        self.line.setWordWrap(True)
        self.said.setWordWrap(True)
        for page in (self._first_page(), self._second_page(), self._third_page()):
            self.pages.addWidget(page)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.back)
        foot.addStretch(1)
        for each in (self.cancel, self.anyway, self.go_on):
            foot.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(14)
        layout.addWidget(self.heading)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.line)
        layout.addLayout(foot)

    def _first_page(self) -> QWidget:
        group = QButtonGroup(self)
        rows: list[QWidget] = [explained(INTRO)]
        for key, box in self.kinds.items():
            group.addButton(box)
            rows.append(under(box, KINDS[key].says))
        next(iter(self.kinds.values())).setChecked(True)
        return _page(*rows)

    def _second_page(self) -> QWidget:
        inside = _page(
            named("Name", self.name, "What the settings call it."),
            named("Sender", self.writes_as, SENDER_HELP), self.hint, *self.forms.values(),
        )  # fmt: skip
        inside.setContentsMargins(0, 0, 12, 0)
        inside.setObjectName("scrolled")
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        return area

    def _third_page(self) -> QWidget:
        return _page(
            explained(PROOF_SAYS), named("Your mobile number", self.to),
            named("Text", self.text), self.counter, self.said,
        )  # fmt: skip


def _page(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return page
