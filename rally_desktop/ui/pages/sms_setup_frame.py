"""The pages of setting a gateway up: which, how it is opened, and a message to oneself."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QWidget,
)

from rally_desktop.core.errors import BadSettings, RallyError
from rally_desktop.outside.secrets import Vault
from rally_desktop.outside.sms.gateways import KINDS
from rally_desktop.services.mail_accounts import Account
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.setup_dialog import SetupDialog
from rally_desktop.ui.pages.sms_setup_forms import GatewayForm
from rally_desktop.ui.pages.workflow_rows import explained, named, page_of, under
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sms_counter import SmsCounter

HEIGHT = 600
KIND, FORM, PROOF = range(3)
INTRO = "Choose who sends the messages. You need an account there, or a phone with a SIM card."
SENDER_HELP = "The number messages come from, such as +441632960000, or a name where that is usual."
PROOF_SAYS = "Send one message to your own mobile. It is a real one, and counted by the gateway."


class SmsSetupFrame(SetupDialog):
    """What is typed, and what can be done with it."""

    titles: ClassVar = ("Connect a gateway", "Set up again")
    untried: ClassVar = "Save without a test"

    def __init__(
        self, desk: Desk, parent: QWidget, account: Account | None, vault: Vault | None
    ) -> None:
        super().__init__(desk, parent, account, vault)
        self.setMinimumHeight(HEIGHT)
        self.kinds = {key: QRadioButton(kind.title) for key, kind in KINDS.items()}
        self.forms = {key: GatewayForm(key) for key in KINDS}
        self.name, self.writes_as = QLineEdit(), QLineEdit()
        self.hint = explained("")
        self.to = QLineEdit(placeholderText="+44 7700 900123")
        self.text = QLineEdit()
        self.counter = SmsCounter()
        self.said = PlainLabel("", "body")
        self.said.setWordWrap(True)
        self._name_parts()
        self.lay_out(self._first_page(), self._second_page(), self._third_page())
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
        super().show_page(page)
        begins = self.writes_as if self.name.text() else self.name
        (self.kinds[self.key], begins, self.to)[page].setFocus()

    def headed(self, page: int) -> str:
        """Return the heading of a page."""
        title = self.name.text().strip() if self.first == FORM else KINDS[self.key].title
        return (self.titles[0], title, "Send yourself a message")[page]

    def ahead(self, page: int) -> tuple[str, bool]:
        """Return what going on from a page is called, and whether that can be done."""
        words = ("Next", "Next", "Finish" if self.works else "Send the test")[page]
        typed = self.form.ready(known=self.first == FORM) and bool(self.writes_as.text().strip())
        return words, (True, typed, self.works or bool(self.to.text().strip()))[page]

    def offer(self) -> None:
        """Show what can be done now."""
        super().offer()
        hint = self.hint_for(self.writes_as.text().strip())
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def hint_for(self, sender: str) -> str:
        """Return what one must know of a sender."""
        raise NotImplementedError

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

    def _name_parts(self) -> None:
        for part, words in (
            (self.name, "Name"), (self.writes_as, "Sender"), (self.to, "Your mobile number"),
            (self.text, "Text of the test"),
        ):  # fmt: skip
            part.setAccessibleName(words)

    def _first_page(self) -> QWidget:
        group = QButtonGroup(self)
        rows: list[QWidget] = [explained(INTRO)]
        for key, box in self.kinds.items():
            group.addButton(box)
            rows.append(under(box, KINDS[key].says))
        next(iter(self.kinds.values())).setChecked(True)
        return page_of(*rows)

    def _second_page(self) -> QWidget:
        inside = page_of(
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
        return page_of(
            explained(PROOF_SAYS), named("Your mobile number", self.to),
            named("Text", self.text), self.counter, self.said,
        )  # fmt: skip
