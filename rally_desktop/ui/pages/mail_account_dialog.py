"""What an account is called, whom it writes for, how much it sends, and how it signs."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from rally_desktop.engine import renaming
from rally_desktop.services.mail_accounts import SIGNATURE_FIELDS, Account, Settings
from rally_desktop.services.users import User
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.account_dialog import AccountDialog
from rally_desktop.ui.pages.workflow_rows import choices, explained, named, number, stacked, under
from rally_desktop.ui.widgets.plain_label import PlainLabel

COPIES = (
    ("None", ""),
    ("The server puts them into the Sent folder", "sent"),
    ("Rally puts them into the Sent folder", "own"),
    ("A copy goes to oneself", "bcc"),
)
COPIES_HELP = (
    "When a server breaks off in the middle of a message, its own copies tell whether it went out. "
    "Those that Rally makes do not: a person is asked."
)
ANSWERS_HELP = "With a *, as in hello+*@example.com, each message has an answer address of its own."
FIELDS_HELP = "You can name {}. The sender is whoever writes, or the contact’s owner."
HTML_HELP = "Leave the HTML empty, and it is made from the text."


class MailAccountDialog(AccountDialog):
    """Adds who the sender is, how many connections there are, and the signature."""

    def __init__(
        self, desk: Desk, account: Account, people: dict[str, User], parent: QWidget
    ) -> None:
        super().__init__(desk, account, people, parent, account.address)
        self.setWindowTitle(f"Account {account.address}")
        self.sender_name = QLineEdit(account.sender_name, placeholderText=account.name)
        self.reply_to = QLineEdit(account.reply_to, placeholderText=account.address)
        self.connections = number(1, 20, "", "Connections at once")
        self.connections.setValue(account.connections)
        self.journal = choices(COPIES, "Copies of what is sent")
        self.journal.setCurrentIndex(max(0, self.journal.findData(account.journal or "")))
        self.journal.setEnabled(account.receives)
        self.text = QPlainTextEdit(account.signature, tabChangesFocus=True)
        self.html = QPlainTextEdit(account.signature_html, tabChangesFocus=True)
        self.by_hand = QCheckBox("Under messages that people write")
        self.by_hand.setChecked(account.signs_by_hand)
        self.automated = QCheckBox("Under automated messages")
        self.automated.setChecked(account.signs_automated)
        self.lay_out(
            {"Sender": self._who(), "Limits": self._how_much(), "Signature": self._signature()}
        )

    def values(self) -> Settings:
        """Return what the account shall be."""
        values = super().values()
        values.update(
            sender_name=self.sender_name.text().strip(),
            reply_to=self.reply_to.text().strip(),
            connections=self.connections.value(),
            journal=self.journal.currentData() or None,
            signature=self.text.toPlainText().strip(),
            signature_html=self.html.toPlainText().strip(),
            signs_by_hand=self.by_hand.isChecked(),
            signs_automated=self.automated.isChecked(),
        )
        return values

    async def keep(self) -> None:
        """Write what was typed; workflows that name the account follow."""
        edit = renaming.edit_account
        await self.desk.background.write(edit, self.account.id, **self.values())

    def _who(self) -> tuple[QWidget, ...]:
        for field, words in (
            (self.name, "Name of the account"), (self.sender_name, "Name that recipients read"),
            (self.reply_to, "Answers go to"),
        ):  # fmt: skip
            field.setAccessibleName(words)
        helps = "Contacts hear from the account of their owner. Each owner has one account."
        return (
            named("Name of the account", self.name, "What workflows and lists call it."),
            named("Name that recipients read", self.sender_name),
            named("Answers go to", self.reply_to, ANSWERS_HELP),
            named("Writes for", self.people, helps),
            self.fallback,
        )

    def _how_much(self) -> tuple[QWidget, ...]:
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
        return (
            explained(helps), box, stacked(self.limited, self.hours, gap=8),
            named("Copies of what is sent", self.journal, COPIES_HELP),
        )  # fmt: skip

    def _signature(self) -> tuple[QWidget, ...]:
        for field, words in ((self.text, "Signature"), (self.html, "Signature in HTML")):
            field.setAccessibleName(words)
            field.setFixedHeight(80)  # what is explained below takes two lines
        names = ", ".join(f"{{{{ {name} }}}}" for name in SIGNATURE_FIELDS)
        return (
            named("Text", self.text, FIELDS_HELP.format(names)),
            named("HTML", self.html, HTML_HELP),
            self.by_hand,
            under(self.automated, "Templates need no signature of their own then."),
        )
