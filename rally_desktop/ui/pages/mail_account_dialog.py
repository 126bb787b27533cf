"""What an account is called, whom it writes for, how much it sends, and how it signs."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import renaming
from rally_desktop.model.graph import Hours
from rally_desktop.services.mail_accounts import SIGNATURE_FIELDS, Account, Settings
from rally_desktop.services.users import User
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_messages import HoursEditor
from rally_desktop.ui.pages.workflow_rows import choices, explained, named, number, stacked, under
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

PROOFS = (
    ("Ask a person", ""),
    ("Look into the Sent folder", "sent"),
    ("Look for a copy to oneself", "bcc"),
)
PROOF_HELP = "When a server breaks off in the middle, nobody knows whether a message went out."
ANSWERS_HELP = "With a *, as in hello+*@example.com, each message has an answer address of its own."
FIELDS_HELP = "You can name {}. The sender is whoever writes, or the contact’s owner."
HTML_HELP = "Leave the HTML empty, and it is made from the text."


class AccountDialog(QDialog):
    """``saved`` is heard once the changes are kept."""

    saved = Signal()

    def __init__(
        self, desk: Desk, account: Account, people: dict[str, User], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Account {account.address}")
        self.setFixedWidth(580)
        self.desk, self.account = desk, account
        self.name = QLineEdit(account.name)
        self.sender_name = QLineEdit(account.sender_name, placeholderText=account.name)
        self.reply_to = QLineEdit(account.reply_to, placeholderText=account.address)
        self.people = self._people(people)
        self.fallback = QCheckBox("Writes for everybody else, too")
        self.fallback.setChecked(account.fallback)
        self.hourly = number(0, 1_000_000, "an hour", "Messages an hour", "No limit")
        self.daily = number(0, 1_000_000, "in 24 hours", "Messages in 24 hours", "No limit")
        self.connections = number(1, 20, "", "Connections at once")
        self.limited = QCheckBox("Only at certain hours")
        self.hours = HoursEditor()
        self.journal = choices(PROOFS, "Where an answer was lost")
        self.text = QPlainTextEdit(account.signature, tabChangesFocus=True)
        self.html = QPlainTextEdit(account.signature_html, tabChangesFocus=True)
        self.by_hand = QCheckBox("Under messages that people write")
        self.automated = QCheckBox("Under automated messages")
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.save_button = button(desk.theme, "Save", kind="primary")
        self.save_button.setDefault(True)
        self.cancel = button(desk.theme, "Cancel")
        self._fill()
        self._build()
        self.limited.toggled.connect(self.hours.setVisible)
        self.save_button.clicked.connect(lambda: self.save())
        self.cancel.clicked.connect(self.reject)

    def values(self) -> Settings:
        """Return what the account shall be."""
        chosen = [self.people.item(row) for row in range(self.people.count())]
        return Settings(
            name=self.name.text().strip() or self.account.address,
            sender_name=self.sender_name.text().strip(),
            reply_to=self.reply_to.text().strip(),
            writes_for=[
                item.data(Qt.ItemDataRole.UserRole)
                for item in chosen
                if item.checkState() == Qt.CheckState.Checked
            ],
            fallback=self.fallback.isChecked(),
            hourly_limit=self.hourly.value(),
            daily_limit=self.daily.value(),
            connections=self.connections.value(),
            hours=self.hours.read() if self.limited.isChecked() else None,
            journal=self.journal.currentData() or None,
            signature=self.text.toPlainText().strip(),
            signature_html=self.html.toPlainText().strip(),
            signs_by_hand=self.by_hand.isChecked(),
            signs_automated=self.automated.isChecked(),
        )

    @later
    async def save(self) -> None:
        """Keep what was typed; what is wrong is said here."""
        try:
            await self.desk.background.write(
                renaming.edit_account, self.account.id, **self.values()
            )
        except RallyError as error:
            self.wrong.setText(str(error))
            return
        self.saved.emit()
        self.accept()

    def _fill(self) -> None:
        account = self.account
        for box, value in (
            (self.hourly, account.hourly_limit), (self.daily, account.daily_limit),
            (self.connections, account.connections),
        ):  # fmt: skip
            box.setValue(value)
        self.limited.setChecked(account.open_hours is not None)
        self.hours.fill(account.open_hours or Hours())
        self.hours.setVisible(account.open_hours is not None)
        self.journal.setCurrentIndex(max(0, self.journal.findData(account.journal or "")))
        self.journal.setEnabled(account.receives)
        self.by_hand.setChecked(account.signs_by_hand)
        self.automated.setChecked(account.signs_automated)

    def _people(self, people: dict[str, User]) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName("Writes for")
        made.setObjectName("card")
        made.setMinimumHeight(46)
        made.setMaximumHeight(min(108, 30 * len(people) + 16))
        for label, user in people.items():
            item = QListWidgetItem(label)
            mine = user.id in self.account.writes_for
            item.setCheckState(Qt.CheckState.Checked if mine else Qt.CheckState.Unchecked)
            item.setSizeHint(QSize(0, 30))
            item.setData(Qt.ItemDataRole.UserRole, user.id)
            made.addItem(item)
        return made

    def _build(self) -> None:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.addTab(self._who(), "Sender")
        tabs.addTab(self._how_much(), "Limits")
        tabs.addTab(self._signature(), "Signature")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.wrong, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel(self.account.address, "heading"))
        column.addWidget(tabs, 1)
        column.addLayout(foot)

    def _who(self) -> QWidget:
        for field, words in (
            (self.name, "Name of the account"), (self.sender_name, "Name that recipients read"),
            (self.reply_to, "Answers go to"),
        ):  # fmt: skip
            field.setAccessibleName(words)
        helps = "Contacts hear from the account of their owner. Each owner has one account."
        return _page(
            named("Name of the account", self.name, "What workflows and lists call it."),
            named("Name that recipients read", self.sender_name),
            named("Answers go to", self.reply_to, ANSWERS_HELP),
            named("Writes for", self.people, helps),
            self.fallback,
        )

    def _how_much(self) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(8)
        grid.setHorizontalSpacing(24)
        grid.setColumnStretch(2, 1)
        rows = (("Messages", self.hourly), ("", self.daily), ("Connections", self.connections))
        for place, (words, box) in enumerate(rows):
            grid.addWidget(PlainLabel(words, "sub"), place, 0)
            grid.addWidget(box, place, 1)
        box = QWidget()
        box.setLayout(grid)
        helps = "Providers block accounts that send too much. What is over the limit waits."
        return _page(
            explained(helps), box, stacked(self.limited, self.hours, gap=8),
            named("Where an answer was lost", self.journal, PROOF_HELP),
        )  # fmt: skip

    def _signature(self) -> QWidget:
        for field, words in ((self.text, "Signature"), (self.html, "Signature in HTML")):
            field.setAccessibleName(words)
            field.setFixedHeight(96)
        names = ", ".join(f"{{{{ {name} }}}}" for name in SIGNATURE_FIELDS)
        return _page(
            named("Text", self.text, FIELDS_HELP.format(names)),
            named("HTML", self.html, HTML_HELP),
            self.by_hand,
            under(self.automated, "Templates need no signature of their own then."),
        )


def _page(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 14, 0, 0)
    column.setSpacing(12)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return page
