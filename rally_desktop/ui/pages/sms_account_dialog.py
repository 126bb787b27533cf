"""Whom a gateway writes for, how much and when it sends, and what wishes are answered with."""

from __future__ import annotations

import msgspec
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QWidget

from rally_desktop.model.work import Work
from rally_desktop.services import mail_accounts, sms_accounts
from rally_desktop.services.mail_accounts import Account, Settings
from rally_desktop.services.sms_accounts import Rules
from rally_desktop.services.users import User
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.account_dialog import AccountDialog
from rally_desktop.ui.pages.workflow_rows import explained, named, stacked, under
from rally_desktop.ui.widgets.sms_counter import SmsCounter

PEOPLE_HELP = "Contacts hear from the gateway of their owner. Each owner has one gateway."
LIMITS_HELP = "What is over the limit waits. The quiet hours of all SMS are in Calendar."
POLLS_HELP = "Right where the office has no public address, so that the gateway cannot tell us."
CONFIRMS_HELP = "One SMS each time. Where nothing is typed, what stands there in grey is sent."
HELP_HELP = "Whoever writes HELP gets this, three times a day at most. Empty: nothing."


class SmsAccountDialog(AccountDialog):
    """Adds how answers are asked for, and what wishes are answered with."""

    def __init__(
        self, desk: Desk, account: Account, people: dict[str, User], parent: QWidget
    ) -> None:
        super().__init__(desk, account, people, parent, account.name)
        self.setWindowTitle(f"Gateway {account.name}")
        self.rules, self.kind = sms_accounts.rules_of(account), sms_accounts.kind_of(account)
        self.hourly.setSpecialValueText("No limit an hour")
        self.daily.setSpecialValueText("No limit a day")
        self.polls = QCheckBox("Ask the gateway for answers every minute")
        self.confirms = QCheckBox("Confirm STOP and START")
        self.stopped, self.started, self.help = (_text() for _ in range(3))
        self.counters = {text: SmsCounter() for text in (self.stopped, self.started, self.help)}
        self.confirms.toggled.connect(self._offer)
        for text, counter in self.counters.items():
            text.textChanged.connect(lambda t=text, c=counter: c.count(t.toPlainText()))
        self._fill()
        self._build()
        self._begin()

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

    async def keep(self) -> None:
        """Write what was typed."""
        await self.desk.background.write(_save, self.account.id, self.values(), self.decided())

    @later
    async def _begin(self) -> None:
        """Show what is said where nothing is typed."""
        usual = await self.desk.background.read(sms_accounts.usual_words)
        self.stopped.setPlaceholderText(usual["stop"])
        self.started.setPlaceholderText(usual["start"])

    def _offer(self) -> None:
        for text in (self.stopped, self.started):
            text.setEnabled(self.confirms.isChecked())

    def _fill(self) -> None:
        rules = self.rules
        self.polls.setChecked(rules.polls)
        self.confirms.setChecked(rules.confirms)
        self.stopped.setPlainText(rules.stopped)
        self.started.setPlainText(rules.started)
        self.help.setPlainText(rules.help)
        self._offer()

    def _build(self) -> None:
        for field, words in (
            (self.name, "Name of the gateway"), (self.stopped, "Answer to STOP"),
            (self.started, "Answer to START"), (self.help, "Answer to HELP"),
        ):  # fmt: skip
            field.setAccessibleName(words)
        hours = stacked(self.limited, self.hours, gap=8)
        self.lay_out({
            "Sender": (
                named("Name", self.name), named("Writes for", self.people, PEOPLE_HELP),
                self.fallback,
            ),
            "Limits": (explained(LIMITS_HELP), self.hourly, self.daily, hours),
            "Answers": self._answers(),
        })  # fmt: skip

    def _answers(self) -> tuple[QWidget, ...]:
        parts: list[QWidget] = [under(self.polls, POLLS_HELP)] if self.kind.inbox else []
        if self.kind.confirms:
            parts.append(explained(f"{self.kind.title} confirms STOP and START itself."))
        else:
            parts.append(under(self.confirms, CONFIRMS_HELP))
            parts.append(stacked(named("Answer to STOP", self.stopped), self._count(self.stopped)))
            parts.append(stacked(named("Answer to START", self.started), self._count(self.started)))
        parts.append(stacked(named("Answer to HELP", self.help, HELP_HELP), self._count(self.help)))
        return tuple(parts)

    def _count(self, text: QPlainTextEdit) -> SmsCounter:
        return self.counters[text]


def _save(work: Work, number: int, values: Settings, rules: Rules) -> None:
    mail_accounts.edit(work, number, **values)
    sms_accounts.change_rules(work, number, rules)


def _text() -> QPlainTextEdit:
    made = QPlainTextEdit(tabChangesFocus=True)
    made.setFixedHeight(56)
    return made
