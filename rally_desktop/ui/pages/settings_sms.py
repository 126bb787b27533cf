"""The office's gateways of text messages in the settings: connected, tried, paused, removed."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, QTimer

from rally_desktop.core import numbers
from rally_desktop.engine import naming
from rally_desktop.services import (
    mail_accounts,
    mail_standing,
    sms_accounts,
    sms_numbers,
    sms_standing,
    users,
)
from rally_desktop.services.sms_standing import Overview, SmsStanding
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.settings_mail import ACCOUNTS, BY_HAND, MINUTE
from rally_desktop.ui.pages.settings_own import OwnSection, many
from rally_desktop.ui.pages.settings_sms_facts import GatewayFacts
from rally_desktop.ui.pages.sms_account_dialog import SmsAccountDialog
from rally_desktop.ui.pages.sms_setup_dialog import SmsSetupDialog
from rally_desktop.ui.pages.sms_strangers_dialog import StrangersDialog
from rally_desktop.ui.pages.workflow_rows import choices, choose
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.own_list import Item
from rally_desktop.ui.widgets.own_pane import OwnPane
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.shrinking_area import ShrinkingArea

EMPTY = (
    "No gateway is connected yet, so no SMS can be sent. Type a name for one, such as Texts, and "
    "press Enter: you choose Twilio, Vonage, a phone in your office or another gateway then."
)


LONGEST_COUNTRY = 18  # letters
FROM = "Numbers that say no country are from"


class Sms(OwnSection):
    """The gateways at the left, what is known of the chosen one beside them."""

    title: ClassVar = "SMS"
    line: ClassVar = (
        "The gateways that text messages go out by and answers come in by. Whoever writes STOP, in "
        "any of eight languages, gets no more of them."
    )
    watched: ClassVar = frozenset(
        {"mail_account", "secret", "outbox", "setting", "sms_arrival", "mailbox"}
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._known: dict[int, SmsStanding] = {}
        self._minutes = QTimer(self, interval=MINUTE)
        self.pane = OwnPane(desk.theme, "", "Name of a gateway", EMPTY, ordered=False)
        self.pane.heading.hide()
        self.facts = GatewayFacts(desk.theme, desk.notices)
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
        act("Settings…", "settings-2", self._edit, lambda _: True)
        act("Set up again…", "log-in", self._again, lambda _: True)
        act("Pause", "pause", self._pause, lambda item: not self._is_paused(item))
        act("Resume", "play", self._resume, self._is_paused)
        act("Remove…", "trash-2", self._remove, lambda _: True, "danger")
        self.panes.addWidget(self.pane, 3)
        self.panes.addWidget(ShrinkingArea(self.facts), 2, Qt.AlignmentFlag.AlignTop)
        self.panes.addStretch(0)
        self.pane.adding.connect(self.connect_one)
        self.pane.list.renamed.connect(lambda item, text: self.rename(item, text))
        self.pane.list.removing.connect(self._remove)
        self.pane.list.chosen.connect(self._show_chosen)
        self.pane.list.activated.connect(lambda _: self._edit(self.pane.list.current()))
        self._minutes.timeout.connect(self.refresh)
        self._minutes.start()
        self.setFocusProxy(self.pane.box)

    @later
    @newest
    async def refresh(self) -> None:
        """Read how the gateways are."""
        if self.isVisible():
            self._show(await self.read(sms_standing.overview))

    def _show(self, found: Overview) -> None:
        self._known = {one.account.id: one for one in found.gateways}
        self.pane.show_items([
            Item(
                one.account.id, one.account.name, one.account.address, one.line,
                colour="bad" if one.account.paused_why else "ok",
            )
            for one in found.gateways
        ])  # fmt: skip
        if found.country:
            choose(self.country, found.country)
        self.strangers.setVisible(found.strangers > 0)
        wrote = many(found.strangers, "unknown number wrote", "unknown numbers wrote")
        self.strangers.setText(f" {wrote}…")

    def connect_one(self, name: str) -> None:
        """Set a gateway up, beginning with its name."""
        dialog = SmsSetupDialog(self.desk, self, name=name.strip())
        dialog.connected.connect(lambda _: self._connected())
        dialog.open()

    @later
    async def rename(self, item: Item, new: str) -> None:
        """Call a gateway otherwise."""
        name = " ".join(new.split()) or item.name
        await self.write(mail_accounts.edit, item.key, name=name)
        self.desk.notices.tell(f"‘{item.name}’ is called ‘{name}’ now.", "ok")

    @later
    async def edit(self, item: Item) -> None:
        """Change whom it writes for, its limits and hours, and what wishes are answered with."""
        account = await self.read(mail_accounts.one, item.key)
        people = dict(await self.read(users.by_label))
        SmsAccountDialog(self.desk, account, people, self).open()

    @later
    async def again(self, item: Item) -> None:
        """Enter its secret or address anew, and try it."""
        account = await self.read(mail_accounts.one, item.key)
        sms_accounts.kind_of(account)  # one of a newer program is left as it is
        dialog = SmsSetupDialog(self.desk, self, account)
        dialog.connected.connect(lambda _: self._connected())
        dialog.open()

    @later
    async def pause(self, item: Item) -> None:
        """Let a gateway rest; what it should send waits."""
        await self.write(mail_accounts.pause, item.key, BY_HAND)
        said = f"{item.what} is paused. What it should send waits."
        self.tell(said, mail_accounts.resume, item.key)

    @later
    async def remove(self, item: Item) -> None:
        """Take a gateway out of use, once it was said what that means."""
        standing = await self.read(mail_standing.of, item.key)
        uses = await self.read(naming.uses, ACCOUNTS, item.name)
        said = mail_standing.removal(standing)
        if named := ", ".join(f"‘{name}’" for name in sorted({*uses.drafts, *uses.published})):
            said.append(f"Workflows that name it send nothing until they name another: {named}.")
        if await ask(self, f"Remove {item.what}?", "\n\n".join(said), "Remove"):
            await self.write(mail_standing.remove, item.key)
            self.desk.notices.tell(f"{item.what} is not used any more.", "ok")

    def _choose_country(self) -> None:
        self.change(sms_numbers.set_country, self.country.currentData())

    def _connected(self) -> None:
        self.pane.added()
        self.refresh()
        self.desk.notices.tell("The gateway is connected.", "ok")

    def _edit(self, item: Item | None) -> None:
        if item is not None:
            self.edit(item)

    def _again(self, item: Item) -> None:
        self.again(item)

    def _pause(self, item: Item) -> None:
        self.pause(item)

    def _resume(self, item: Item) -> None:
        self.change(mail_accounts.resume, item.key)

    def _remove(self, item: Item) -> None:
        self.remove(item)

    def _is_paused(self, item: Item) -> bool:
        known = self._known.get(item.key)
        return known is not None and bool(known.account.paused_why)

    def _show_chosen(self, item: Item | None) -> None:
        self.facts.show_standing(None if item is None else self._known.get(item.key))
