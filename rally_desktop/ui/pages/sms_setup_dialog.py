"""Setting a gateway of text messages up: which, how it is opened, and a message to oneself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt, Signal
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
from rally_desktop.outside.secrets import Keyring, Vault
from rally_desktop.outside.sms.gateways import KINDS
from rally_desktop.services import sms_accounts, sms_numbers, sms_trial
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.sms_accounts import Draft
from rally_desktop.ui.aside import Aside, CalledOff
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.sms_setup_forms import GatewayForm
from rally_desktop.ui.pages.workflow_rows import explained, named, under
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sms_counter import SmsCounter

WIDTH, HEIGHT = 620, 560
KIND, FORM, PROOF = range(3)
INTRO = "Choose who sends the messages. You need an account there, or a phone with a SIM card."
SENDER_HELP = "The number messages come from, such as +441632960000, or a name where that is usual."
TEST = "This is a test from {office}. All is well."
PROOF_SAYS = "Send one message to your own mobile. It is a real one, and counted by the gateway."


class SmsSetupDialog(QDialog):
    """``connected`` brings the number of the account once it is kept.

    With an ``account`` its gateway is set up anew.
    """

    connected = Signal(int)

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        account: Account | None = None,
        *,
        name: str = "",
        vault: Vault | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self.setMinimumHeight(HEIGHT)
        self.desk, self.account, self.vault = desk, account, vault or Vault(Keyring())
        self.busy, self.works, self._aside = False, False, Aside()
        self._country = ""
        self.heading = PlainLabel("", "heading")
        self.kinds = {key: QRadioButton(kind.title) for key, kind in KINDS.items()}
        self.forms = {key: GatewayForm(key) for key in KINDS}
        self.name = QLineEdit(account.name if account else name)
        self.writes_as = QLineEdit(account.address if account else "")
        self.hint = explained("")
        self.to = QLineEdit(placeholderText="+44 7700 900123")
        self.text = QLineEdit()
        self.counter = SmsCounter()
        self.said = PlainLabel("", "body")
        self.line = PlainLabel("", "sub")
        self.pages = QStackedWidget()
        self.back = button(desk.theme, "Back")
        self.cancel = button(desk.theme, "Cancel")
        self.anyway = button(desk.theme, "Save without a test")
        self.go_on = button(desk.theme, "Next", kind="primary")
        self.go_on.setDefault(True)
        self._build()
        self._connect()
        key = account.gateway if account else "twilio"
        self.kinds[key].setChecked(True)
        if account is not None:
            self.forms[key].fill(account)
        self._begin()
        self.show_page(FORM if account else KIND)

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
        self.pages.setCurrentIndex(page)
        for key, form in self.forms.items():
            form.setVisible(key == self.key)
        title = KINDS[self.key].title
        again = self.account.name if self.account else ""
        self.heading.setText(("Connect a gateway", again or title, f"Try {title}")[page])
        self.setWindowTitle("Set up again" if self.account else "Connect a gateway")
        self._say("", "quiet")
        self.offer()
        (self.kinds[self.key], self.name if not again else self.writes_as, self.to)[page].setFocus()

    def offer(self) -> None:
        """Show what can be done now."""
        page = self.pages.currentIndex()
        words = ("Next", "Next", "Finish" if self.works else "Send the test")[page]
        self.go_on.setText(words)
        self.go_on.setAccessibleName(words)
        typed = self.form.ready(known=self.account is not None) and bool(
            self.writes_as.text().strip()
        )
        ready = (True, typed, self.works or bool(self.to.text().strip()))[page]
        self.go_on.setEnabled(ready and not self.busy)
        self.back.setVisible(page > (FORM if self.account else KIND))
        self.back.setEnabled(not self.busy)
        self.anyway.setVisible(page == PROOF and not self.works and not self.busy)
        self.cancel.setText("Stop" if self.busy else "Cancel")
        hint = sms_accounts.sender_hint(self.writes_as.text().strip(), self._country)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def draft(self) -> Draft:
        """Return what was typed."""
        name = self.name.text().strip() or KINDS[self.key].title
        return self.form.read(name, _sender(self.writes_as.text().strip()))

    @later
    async def _begin(self) -> None:
        """Read what the texts name: the office, and the country of its numbers."""
        read = self.desk.background.read
        self._country = await read(sms_numbers.country)
        self.text.setText(TEST.format(office=await read(sms_accounts.office_name)))
        self.offer()

    @later
    async def check(self) -> None:
        """Look whether what was typed can be so before it is tried."""
        try:
            sms_accounts.check(self.draft())
        except RallyError as error:
            self._say_wrong(error)
            return
        self.show_page(PROOF)

    @later
    async def prove(self) -> None:
        """Send the test."""
        read, now = self.desk.background.read, self.desk.clock.now
        self.said.clear()
        try:
            number = await read(sms_trial.number_of, self.to.text())
            gateway = await read(sms_accounts.tried, self.draft(), self.account, self.vault, now)
            text = sms_trial.text(self.draft().sender, number, self.text.text())
            with self._doing(f"Sending to {number} …"):
                answer = await self._aside.run(lambda: sms_trial.send(gateway, text))
        except CalledOff:
            return
        except RallyError as error:
            self._say_wrong(error)
            return
        self.works = True
        self.said.setText(f"The gateway took the message: {answer}. Look at your mobile.")
        self.said.set_tone("ok")
        self.offer()

    @later
    async def keep(self) -> None:
        """Keep the gateway as it was typed."""
        try:
            number = await self.desk.background.write(
                sms_accounts.save, self.draft(), self.vault, self.account
            )
        except RallyError as error:
            self._say_wrong(error)
            return
        self.connected.emit(number)
        self.accept()

    def reject(self) -> None:
        """Call off what goes on; once nothing does, close."""
        if self.busy:
            self._aside.stop()
        else:
            super().reject()

    def show_error(self, error: Exception) -> None:
        """Say what went wrong."""
        self.desk.notices.show_error(error)

    # -- inside --------------------------------------------------------------------------

    def _press(self) -> None:
        page = self.pages.currentIndex()
        if page == KIND:
            self.show_page(FORM)
        elif page == FORM:
            self.check()
        elif self.works:
            self.keep()
        else:
            self.prove()

    @contextmanager
    def _doing(self, text: str) -> Iterator[None]:
        self.busy = True
        self._say(text, "quiet")
        self.offer()
        try:
            yield
        finally:
            self.busy = False
            self._say("", "quiet")
            self.offer()

    def _say(self, text: str, tone: str) -> None:
        self.line.setText(text)
        self.line.set_tone(tone)

    def _say_wrong(self, error: RallyError) -> None:
        said = str(error)
        if isinstance(error, BadSettings):
            lines = (f"{name.replace('_', ' ').capitalize()} {what}."
                     for name, what in error.problems.items())  # fmt: skip
            said = " ".join(lines)
        self._say(said, "bad")

    def _typed(self) -> None:
        self.works = False
        self.offer()

    def _connect(self) -> None:
        self.go_on.clicked.connect(self._press)
        self.back.clicked.connect(lambda: self.show_page(self.pages.currentIndex() - 1))
        self.cancel.clicked.connect(self.reject)
        self.anyway.clicked.connect(lambda: self.keep())
        self.text.textChanged.connect(self.counter.count)
        for field in (self.writes_as, self.to):
            field.textChanged.connect(lambda _: self._typed())
        for form in self.forms.values():
            form.changed.connect(self._typed)

    def _build(self) -> None:
        for part, words in (
            (self.name, "Name"), (self.writes_as, "Sender"), (self.to, "Your mobile number"),
            (self.text, "Text of the test"),
        ):  # fmt: skip
            part.setAccessibleName(words)
        self.line.setWordWrap(True)
        self.said.setWordWrap(True)
        for page in (self._first(), self._second(), self._third()):
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

    def _first(self) -> QWidget:
        group = QButtonGroup(self)
        rows: list[QWidget] = [explained(INTRO)]
        for key, box in self.kinds.items():
            group.addButton(box)
            rows.append(under(box, KINDS[key].says))
        return _page(*rows)

    def _second(self) -> QWidget:
        inside = _page(
            named("Name", self.name, "What the settings call it."),
            named("Sender", self.writes_as, SENDER_HELP), self.hint, *self.forms.values(),
        )  # fmt: skip
        inside.layout().setContentsMargins(0, 0, 12, 0)
        inside.setObjectName("scrolled")
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        return area

    def _third(self) -> QWidget:
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


def _sender(typed: str) -> str:
    """Return a number without spaces, and a name as it is."""
    return "".join(typed.split()) if typed.startswith("+") else typed
