"""Whom a gateway writes for, how much and when it sends, and what wishes are answered with."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
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
from rally_desktop.model.graph import Hours
from rally_desktop.model.work import Work
from rally_desktop.services import mail_accounts, sms_accounts
from rally_desktop.services.mail_accounts import Account, Settings
from rally_desktop.services.sms_accounts import Rules
from rally_desktop.services.users import User
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_messages import HoursEditor
from rally_desktop.ui.pages.workflow_rows import explained, named, number, stacked, under
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.sms_counter import SmsCounter

PEOPLE_HELP = "Contacts hear from the gateway of their owner. Each owner has one gateway."
LIMITS_HELP = "What is over the limit waits. The quiet hours of all SMS are in Calendar."
POLLS_HELP = "Right where the office has no public address, so that the gateway cannot tell us."
CONFIRMS_HELP = "One SMS each time. Where nothing is typed, what stands there in grey is sent."
HELP_HELP = "Whoever writes HELP gets this, three times a day at most. Empty: nothing."


class SmsAccountDialog(QDialog):
    """``saved`` is heard once the changes are kept."""

    saved = Signal()

    def __init__(
        self, desk: Desk, account: Account, people: dict[str, User], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Gateway {account.name}")
        self.setFixedWidth(580)
        self.desk, self.account = desk, account
        self.rules, self.kind = sms_accounts.rules_of(account), sms_accounts.kind_of(account)
        self.name = QLineEdit(account.name)
        self.people = self._people(people)
        self.fallback = QCheckBox("Writes for everybody else, too")
        self.hourly = number(0, 1_000_000, "an hour", "Messages an hour", "No limit an hour")
        self.daily = number(0, 1_000_000, "in 24 hours", "Messages in 24 hours", "No limit a day")
        self.limited = QCheckBox("Only at certain hours")
        self.hours = HoursEditor()
        self.polls = QCheckBox("Ask the gateway for answers every minute")
        self.confirms = QCheckBox("Confirm STOP and START")
        self.stopped, self.started, self.help = (_text() for _ in range(3))
        self.counters = {text: SmsCounter() for text in (self.stopped, self.started, self.help)}
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.save_button = button(desk.theme, "Save", kind="primary")
        self.save_button.setDefault(True)
        self.cancel = button(desk.theme, "Cancel")
        self._connect()
        self._fill()
        self._build()
        self._begin()

    def values(self) -> Settings:
        """Return what the account shall be."""
        rows = [self.people.item(row) for row in range(self.people.count())]
        return Settings(
            name=self.name.text().strip() or self.account.name,
            writes_for=[
                item.data(Qt.ItemDataRole.UserRole)
                for item in rows
                if item.checkState() == Qt.CheckState.Checked
            ],
            fallback=self.fallback.isChecked(),
            hourly_limit=self.hourly.value(),
            daily_limit=self.daily.value(),
            hours=self.hours.read() if self.limited.isChecked() else None,
        )

    def decided(self) -> Rules:
        """Return how answers and wishes shall be treated."""
        return msgspec.structs.replace(
            self.rules,
            polls=self.polls.isChecked(),
            confirms=self.confirms.isChecked(),
            stopped=self.stopped.toPlainText().strip(),
            started=self.started.toPlainText().strip(),
            help=self.help.toPlainText().strip(),
        )

    @later
    async def save(self) -> None:
        """Keep what was typed; what is wrong is said here."""
        try:
            await self.desk.background.write(_save, self.account.id, self.values(), self.decided())
        except RallyError as error:
            self.wrong.setText(str(error))
            return
        self.saved.emit()
        self.accept()

    def show_error(self, error: Exception) -> None:
        """Say what went wrong."""
        self.desk.notices.show_error(error)

    @later
    async def _begin(self) -> None:
        """Show what is said where nothing is typed."""
        usual = await self.desk.background.read(sms_accounts.usual_words)
        self.stopped.setPlaceholderText(usual["stop"])
        self.started.setPlaceholderText(usual["start"])

    def _connect(self) -> None:
        self.limited.toggled.connect(self.hours.setVisible)
        self.confirms.toggled.connect(self._offer)
        self.save_button.clicked.connect(lambda: self.save())
        self.cancel.clicked.connect(self.reject)
        for text, counter in self.counters.items():
            text.textChanged.connect(lambda t=text, c=counter: c.count(t.toPlainText()))

    def _offer(self) -> None:
        for text in (self.stopped, self.started):
            text.setEnabled(self.confirms.isChecked())

    def _fill(self) -> None:
        account, rules = self.account, self.rules
        self.fallback.setChecked(account.fallback)
        self.hourly.setValue(account.hourly_limit)
        self.daily.setValue(account.daily_limit)
        self.limited.setChecked(account.open_hours is not None)
        self.hours.fill(account.open_hours or Hours())
        self.hours.setVisible(account.open_hours is not None)
        self.polls.setChecked(rules.polls)
        self.confirms.setChecked(rules.confirms)
        self.stopped.setPlainText(rules.stopped)
        self.started.setPlainText(rules.started)
        self.help.setPlainText(rules.help)
        self._offer()

    def _people(self, people: dict[str, User]) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName("Writes for")
        made.setObjectName("card")
        made.setFixedHeight(108)
        for label, user in people.items():
            item = QListWidgetItem(label)
            mine = user.id in self.account.writes_for
            item.setCheckState(Qt.CheckState.Checked if mine else Qt.CheckState.Unchecked)
            item.setSizeHint(QSize(0, 30))
            item.setData(Qt.ItemDataRole.UserRole, user.id)
            made.addItem(item)
        return made

    def _build(self) -> None:
        for field, words in (
            (self.name, "Name of the gateway"), (self.stopped, "Answer to STOP"),
            (self.started, "Answer to START"), (self.help, "Answer to HELP"),
        ):  # fmt: skip
            field.setAccessibleName(words)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        helps = named("Writes for", self.people, PEOPLE_HELP)
        tabs.addTab(_page(named("Name", self.name), helps, self.fallback), "Sender")
        limits = (explained(LIMITS_HELP), self.hourly, self.daily)
        tabs.addTab(_page(*limits, stacked(self.limited, self.hours, gap=8)), "Limits")
        tabs.addTab(self._answers(), "Answers")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.wrong, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(PlainLabel(self.account.name, "heading"))
        column.addWidget(tabs, 1)
        column.addLayout(foot)

    def _answers(self) -> QWidget:
        parts: list[QWidget] = [under(self.polls, POLLS_HELP)] if self.kind.inbox else []
        if self.kind.confirms:
            parts.append(explained(f"{self.kind.title} confirms STOP and START itself."))
        else:
            parts.append(under(self.confirms, CONFIRMS_HELP))
            parts.append(stacked(named("Answer to STOP", self.stopped), self._count(self.stopped)))
            parts.append(stacked(named("Answer to START", self.started), self._count(self.started)))
        parts.append(stacked(named("Answer to HELP", self.help, HELP_HELP), self._count(self.help)))
        return _page(*parts)

    def _count(self, text: QPlainTextEdit) -> SmsCounter:
        return self.counters[text]


def _save(work: Work, number: int, values: Settings, rules: Rules) -> None:
    mail_accounts.edit(work, number, **values)
    sms_accounts.change_rules(work, number, rules)


def _text() -> QPlainTextEdit:
    made = QPlainTextEdit(tabChangesFocus=True)
    made.setFixedHeight(56)
    return made


def _page(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 14, 0, 0)
    column.setSpacing(12)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    return page
