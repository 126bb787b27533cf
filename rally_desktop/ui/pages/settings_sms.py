"""The office's gateways of text messages in the settings: connected, tried, paused, removed."""

from __future__ import annotations

from typing import ClassVar

from rally_desktop.core import numbers
from rally_desktop.services import mail_accounts, sms_accounts, sms_numbers, sms_standing
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.sms_standing import Overview, SmsStanding
from rally_desktop.services.users import User
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.settings_accounts import AccountsSection
from rally_desktop.ui.pages.settings_own import many
from rally_desktop.ui.pages.settings_sms_facts import SmsFacts
from rally_desktop.ui.pages.sms_account_dialog import SmsAccountDialog
from rally_desktop.ui.pages.sms_setup_dialog import SmsSetupDialog
from rally_desktop.ui.pages.sms_strangers_dialog import StrangersDialog
from rally_desktop.ui.pages.workflow_rows import choices, choose
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.own_list import Item
from rally_desktop.ui.widgets.plain_label import PlainLabel

LONGEST_COUNTRY = 18  # letters
FROM = "Numbers that say no country are from"


class Sms(AccountsSection[SmsStanding]):
    """The gateways, the country of the office's numbers, and numbers that nobody knows."""

    title: ClassVar = "SMS"
    line: ClassVar = (
        "The gateways that text messages go out by and answers come in by. Whoever writes STOP, in "
        "any of eight languages, gets no more of them."
    )
    watched: ClassVar = frozenset(
        {"mail_account", "secret", "outbox", "setting", "sms_arrival", "mailbox"}
    )
    listed: ClassVar = "Gateways"
    adding: ClassVar = "Name of a gateway"
    empty: ClassVar = (
        "No gateway is connected yet, so no SMS can be sent. Type a name for one, such as Texts, "
        "and press Enter: you choose Twilio, Vonage, a phone in your office or another gateway "
        "then."
    )
    connected_line: ClassVar = "The gateway is connected."

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, SmsFacts(desk.theme, desk.notices))
        self.strangers = button(desk.theme, "Unknown numbers…", "user-plus", "quiet")
        self.strangers.clicked.connect(lambda: StrangersDialog(desk, self).open())
        self.strangers.hide()
        self.country = choices([(name, code) for code, name in numbers.countries().items()], FROM)
        self.country.setMinimumContentsLength(LONGEST_COUNTRY)
        self.country.activated.connect(lambda _: self._choose_country())
        self.top.addWidget(PlainLabel(FROM, "sub"))
        self.top.addWidget(self.country)
        self.top.addStretch(1)
        self.top.addWidget(self.strangers)
        act = self.pane.act
        act("Settings…", "settings-2", lambda item: self.edit(item))
        act("Set up again…", "log-in", lambda item: self.again(item))
        act("Pause", "pause", lambda item: self.pause(item), lambda item: not self.is_paused(item))
        act("Resume", "play", lambda item: self.resume(item), self.is_paused)
        act("Remove…", "trash-2", lambda item: self.remove(item), kind="danger")

    @later
    @newest
    async def refresh(self) -> None:
        """Read how the gateways are."""
        if self.isVisible():
            self._show(await self.read(sms_standing.overview))

    def _show(self, found: Overview) -> None:
        self.show_known(found.gateways)
        if found.country:
            choose(self.country, found.country)
        self.strangers.setVisible(found.strangers > 0)
        wrote = many(found.strangers, "unknown number wrote", "unknown numbers wrote")
        self.strangers.setText(f" {wrote}…")

    def connect_one(self, typed: str) -> None:
        """Set a gateway up, beginning with its name."""
        dialog = SmsSetupDialog(self.desk, self, name=typed.strip())
        dialog.connected.connect(self.connected)
        dialog.open()

    @later
    async def rename(self, item: Item, new: str) -> None:
        """Call a gateway otherwise."""
        name = " ".join(new.split()) or item.name
        await self.write(mail_accounts.edit, item.key, name=name)
        self.desk.notices.tell(f"‘{item.name}’ is called ‘{name}’ now.", "ok")

    def settings_of(self, account: Account, people: dict[str, User]) -> SmsAccountDialog:
        """Return the dialog to change a gateway in, and what wishes are answered with."""
        return SmsAccountDialog(self.desk, account, people, self)

    @later
    async def again(self, item: Item) -> None:
        """Enter its secret or address anew, and try it."""
        account = await self.read(mail_accounts.one, item.key)
        sms_accounts.kind_of(account)  # one of a newer program is left as it is
        dialog = SmsSetupDialog(self.desk, self, account)
        dialog.connected.connect(self.connected)
        dialog.open()

    def _choose_country(self) -> None:
        self.change(sms_numbers.set_country, self.country.currentData())
