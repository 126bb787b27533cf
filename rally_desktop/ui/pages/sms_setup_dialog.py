"""Setting a gateway of text messages up: which, how it is opened, and a message to oneself."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.outside.secrets import Vault
from rally_desktop.outside.sms.gateways import KINDS
from rally_desktop.services import sms_accounts, sms_numbers, sms_trial
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.sms_accounts import Draft
from rally_desktop.ui.aside import CalledOff
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.sms_setup_frame import FORM, KIND, PROOF, SmsSetupFrame

TEST = "This is a test from {office}. All is well."


class SmsSetupDialog(SmsSetupFrame):
    """Looks at what was typed, sends the test, and keeps the gateway."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        account: Account | None = None,
        *,
        name: str = "",
        vault: Vault | None = None,
    ) -> None:
        super().__init__(desk, parent, account, vault)
        self._country = ""
        self.name.setText(name)
        if account is not None:
            self.name.setText(account.name)
            self.writes_as.setText(account.address)
            self.kinds[account.gateway].setChecked(True)
            self.forms[account.gateway].fill(account)
        self.begin()
        self.show_page(self.first)

    def draft(self) -> Draft:
        """Return what was typed."""
        name = self.name.text().strip() or KINDS[self.key].title
        typed = self.writes_as.text().strip()
        return self.form.read(name, "".join(typed.split()) if typed.startswith("+") else typed)

    def hint_for(self, sender: str) -> str:
        """Return what one must know of a sender in the office's country."""
        return sms_accounts.sender_hint(sender, self._country)

    @later
    async def begin(self) -> None:
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
            self.say_wrong(error)
            return
        self.show_page(PROOF)

    @later
    async def prove(self) -> None:
        """Send the test."""
        read, now = self.desk.background.read, self.desk.clock.now
        try:
            number = await read(sms_trial.number_of, self.to.text())
            gateway = await read(sms_accounts.tried, self.draft(), self.account, self.vault, now)
            text = sms_trial.text(self.draft().sender, number, self.text.text())
            with self.doing(f"Sending to {number} …"):
                answer = await self.aside.run(lambda: sms_trial.send(gateway, text))
        except CalledOff:
            return
        except RallyError as error:
            self.say_wrong(error)
            return
        self.works = True
        self.said.setText(f"The gateway took the message: {answer}. Look at your mobile.")
        self.said.set_tone("ok")
        self.offer()

    async def store(self) -> int:
        """Write the gateway as it was typed."""
        return await self.desk.background.write(
            sms_accounts.save, self.draft(), self.vault, self.account
        )

    def press(self, page: int) -> None:
        """Go on to the fields, look at them, send the test, or keep it once it went out."""
        if page == KIND:
            self.show_page(FORM)
        elif page == FORM:
            self.check()
        elif self.works:
            self.keep()
        else:
            self.prove()
