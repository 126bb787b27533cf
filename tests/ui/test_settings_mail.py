"""Mailboxes in the settings, connected to real servers by real keys and a real mouse."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QTabWidget

from rally_desktop.engine.carriers import Carriers
from rally_desktop.outside.mail import providers
from rally_desktop.outside.mail.discovery import Found
from rally_desktop.outside.mail.oauth import Tokens
from rally_desktop.outside.mail.providers import Server
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import journal, mail_accounts, mail_consent, mail_standing, users
from rally_desktop.ui.pages.mail_account_dialog import MailAccountDialog
from rally_desktop.ui.pages.mail_setup_dialog import MailSetupDialog
from rally_desktop.ui.pages.mail_setup_frame import SERVERS
from rally_desktop.ui.pages.settings_mail import Mail
from rally_desktop.ui.widgets.plain_label import PlainLabel
from tests.engine.test_carriers import Pocket
from tests.imap_server import letters, serving
from tests.mail_server import LoopbackServer, TokenServer, certified
from tests.oauth_server import Browser, OAuthServer

pytestmark = pytest.mark.slow
LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key
WHO = "office@example.com"


class Servers:
    """What a finder finds: the servers of this test."""

    def __init__(self, found):
        self.found = found

    async def find(self, address):
        """Return it at once."""
        return self.found


@pytest.fixture
def vault():
    """A vault of this computer."""
    return Vault(Pocket(), "Front desk")


@pytest.fixture
def mailbox(tmp_path, monkeypatch):
    """Servers for the office: TLS to send, a mailbox that gets what is sent."""
    serves, _ = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "localhost.pem"))
    inbox, sent = [], []
    folders = (letters("INBOX", "", inbox), letters("Sent", "\\Sent", sent))

    def take(received):
        inbox.append(received.data)
        sent.append(received.data)

    with serving(*folders) as imap:
        yield {"tls": serves, "heard": take}, imap


@pytest.fixture
def begin(qtbot, desk, vault):
    """Open the dialog with what a finder finds, and type the address."""
    holder = Mail(desk)
    qtbot.addWidget(holder)
    holder.show()

    def make(found, **how):
        dialog = MailSetupDialog(desk, holder, vault=vault, finder=Servers(found), **how)
        dialog.start()
        QTest.keyClicks(dialog.address, WHO)
        QTest.keyClick(dialog.address, KEY.Key_Return)
        qtbot.waitUntil(lambda: dialog.pages.currentIndex() == SERVERS)
        return dialog

    return make


def found(smtp, imap, **more):
    """Describe the servers of a test."""
    into = Server("localhost", imap.port, "none")
    return Found(Server("localhost", smtp.port), into, WHO, "They say so.", **more)


def test_a_mailbox_is_connected_by_password(qtbot, begin, mailbox, world, vault):
    """Address, password, proof, done: the account sends, and its password is sealed."""
    how, imap = mailbox
    with LoopbackServer(login=(WHO, "secret"), **how) as smtp:
        dialog = begin(found(smtp, imap))
        assert not dialog.go_on.isEnabled()
        QTest.keyClicks(dialog.servers.password, "secret")
        QTest.keyClick(dialog.servers.password, KEY.Key_Return)
        qtbot.waitUntil(lambda: dialog.go_on.text() == "Finish")
        assert {line.step.state for line in dialog.proof.lines.values()} == {"well"}
        assert dialog.focusWidget() is dialog.go_on  # not on what gives it up
        with qtbot.waitSignal(dialog.connected):
            QTest.keyClick(dialog.focusWidget(), KEY.Key_Return)

    (one,) = world.ask(mail_standing.listed)
    assert one.line == "sends, receives · checked just now · 0 of 300 this hour"
    assert (one.account.journal, one.account.keeps_id, one.account.fallback) == ("sent", True, True)
    assert world.ask(mail_accounts.password_of, one.account, vault) == "secret"
    assert "secret" not in str(world.rows("select sealed from secret"))


def test_incoming_mail_may_have_a_sign_in_of_its_own(qtbot, begin, mailbox, world, vault):
    """Another user name and password are typed for IMAP, proved, sealed and used from then on."""
    how, imap = mailbox
    imap.login = ("ana", "other")
    with LoopbackServer(login=(WHO, "secret"), **how) as smtp:
        dialog = begin(found(smtp, imap))
        form = dialog.servers
        assert not form.imap_login.isVisible()
        QTest.mouseClick(form.apart, LEFT, pos=QPoint(8, form.apart.height() // 2))
        for box, typed in ((form.imap_login, "ana"), (form.imap_password, "other"),
                           (form.password, "secret")):  # fmt: skip
            QTest.keyClicks(box, typed)
        QTest.keyClick(form.password, KEY.Key_Return)
        qtbot.waitUntil(lambda: dialog.go_on.text() == "Finish")
        with qtbot.waitSignal(dialog.connected):
            QTest.mouseClick(dialog.go_on, LEFT)

    (account,) = world.ask(mail_accounts.accounts)
    place = Carriers(world.store, vault).mailbox(account)
    assert (account.login, account.imap_login) == (WHO, "ana")
    assert (place.login, place.password) == ("ana", "other")
    assert world.ask(mail_accounts.password_of, account, vault) == "secret"
    assert world.ask(journal.access, account.id).login == "ana"


def test_an_account_is_tried_as_it_is(qtbot, desk, mailbox, world, vault):
    """Test needs no password again: the message goes out and comes back by what is kept."""
    how, imap = mailbox
    with LoopbackServer(login=(WHO, "secret"), **how) as smtp:
        into = {"imap_host": "localhost", "imap_port": imap.port, "imap_security": "none"}
        number = world.do(
            mail_accounts.add, "Hill", WHO, host="localhost", port=smtp.port, login=WHO, **into
        )
        account = world.ask(mail_accounts.one, number)
        world.do(mail_accounts.set_password, account, "secret", vault)
        holder = Mail(desk)
        qtbot.addWidget(holder)
        dialog = MailSetupDialog(desk, holder, account, vault=vault)
        dialog.prove()
        qtbot.waitUntil(lambda: dialog.go_on.text() == "Finish")
        with qtbot.waitSignal(dialog.connected):
            QTest.mouseClick(dialog.go_on, LEFT)
    assert world.ask(mail_accounts.one, number).checked_at == world.clock.now()


def test_a_wrong_password_is_said_and_can_be_mended(qtbot, begin, mailbox):
    """The step that failed says what to do, and one goes back to where it is typed."""
    how, imap = mailbox
    with LoopbackServer(login=(WHO, "secret"), **how) as smtp:
        dialog = begin(found(smtp, imap))
        QTest.keyClicks(dialog.servers.password, "wrong")
        QTest.mouseClick(dialog.go_on, LEFT)
        qtbot.waitUntil(lambda: dialog.go_on.text() == "Try again")
        qtbot.waitUntil(dialog.back.isEnabled)
        assert "Enter the user name and password again" in dialog.proof.lines["out"].said.text()
        QTest.mouseClick(dialog.back, LEFT)
        assert dialog.pages.currentIndex() == SERVERS
        dialog.reject()


def test_a_mailbox_is_connected_by_signing_in(qtbot, begin, mailbox, world, vault, monkeypatch):
    """The browser opens, somebody agrees, and the account sends and receives by token."""
    how, imap = mailbox
    with OAuthServer() as provider, TokenServer(provider.knows, **how) as smtp:
        imap.knows = provider.knows
        own = replace(
            providers.GOOGLE, smtp=Server("localhost", smtp.port),
            imap=Server("localhost", imap.port, "none"), consent=provider.client().consent,
        )  # fmt: skip
        monkeypatch.setitem(providers.BY_KEY, "google", own)
        monkeypatch.setattr(mail_consent, "client", lambda *_: provider.client())
        world.do(mail_consent.save_client, "google", "our-id", "", vault)
        browser = Browser()
        dialog = begin(found(smtp, imap, provider=own), open_browser=browser)
        QTest.mouseClick(dialog.servers.consent, LEFT)
        qtbot.waitUntil(lambda: dialog.go_on.text() == "Finish")
        QTest.mouseClick(dialog.go_on, LEFT)
        qtbot.waitUntil(lambda: bool(world.ask(mail_accounts.accounts)))
        browser.close()

    (account,) = world.ask(mail_accounts.accounts)
    assert (account.provider, account.daily_limit) == ("google", 2_000)
    assert world.ask(mail_consent.tokens, account, vault).access.startswith("access-canary")
    assert "canary" not in str(world.rows("select * from secret"))


def test_signing_in_is_called_off(qtbot, begin, mailbox, world, vault, monkeypatch):
    """Stop ends the wait for the browser, and everything can be begun again."""
    how, imap = mailbox
    with OAuthServer() as provider, TokenServer(provider.knows, **how) as smtp:
        own = replace(
            providers.GOOGLE, smtp=Server("localhost", smtp.port),
            imap=Server("localhost", imap.port, "none"), consent=provider.client().consent,
        )  # fmt: skip
        monkeypatch.setattr(mail_consent, "client", lambda *_: provider.client())
        world.do(mail_consent.save_client, "google", "our-id", "", vault)
        opened = []
        dialog = begin(found(smtp, imap, provider=own), open_browser=opened.append)
        QTest.mouseClick(dialog.servers.consent, LEFT)
        qtbot.waitUntil(lambda: bool(opened))
        QTest.mouseClick(dialog.cancel, LEFT)
        qtbot.waitUntil(lambda: dialog.cancel.text() == "Cancel")
        assert dialog.servers.consent.isEnabled()
        dialog.reject()


def test_servers_of_another_domain_are_warned_of(begin):
    """Before a password is typed it is said which server belongs to somebody else."""
    thief = Server("smtp.thief.example", 465)
    dialog = begin(Found(thief, None, WHO, "So.", elsewhere=("smtp.thief.example",)))
    assert dialog.servers.warning.isVisible()
    assert "smtp.thief.example belongs to another domain" in dialog.servers.warning.text()
    dialog.reject()


@pytest.fixture
def section(qtbot, desk, world):
    """The section with one account, which is chosen."""
    world.mailbox()
    made = Mail(desk)
    qtbot.addWidget(made)
    made.resize(1100, 600)
    made.show()
    qtbot.waitUntil(lambda: made.pane.list.current() is not None)
    return made


def test_a_mailbox_just_connected_is_chosen(qtbot, section, world):
    """Its facts are beside the list from the start; the list is called what it is."""
    new = world.do(mail_accounts.add, "Billing", "bills@example.com", host="localhost", port=25)
    section.connected(new)
    qtbot.waitUntil(lambda: section.pane.list.current().name == "Billing")
    assert section.pane.list.accessibleName() == "Mailboxes"


def test_an_account_is_paused_and_removed(qtbot, section, world):
    """Pause and resume by their buttons; Delete says what removing means and asks."""
    buttons = {made.text().strip(): made for made, _ in section.pane._acts}
    QTest.mouseClick(buttons["Pause"], LEFT)
    qtbot.waitUntil(lambda: section.pane.list.current().note == "paused")
    QTest.mouseClick(buttons["Resume"], LEFT)
    qtbot.waitUntil(lambda: section.pane.list.current().note != "paused")

    QTest.keyClick(section.pane.list, KEY.Key_Delete)
    qtbot.waitUntil(lambda: bool(section.findChildren(QMessageBox)))
    (box,) = section.findChildren(QMessageBox)
    assert "stays on the timelines" in box.informativeText()
    box.buttons()[0].click()
    qtbot.waitUntil(section.pane.empty.isVisible)
    assert world.ask(mail_accounts.accounts) == []


def test_what_an_account_is_is_changed(qtbot, desk, section, world):
    """Sender, limits and signature are kept; what cannot be is said in place."""
    maria = world.user("Maria")
    (account,) = world.ask(mail_accounts.accounts)
    dialog = MailAccountDialog(desk, account, dict(world.ask(users.by_label)), section)
    dialog.open()
    dialog.findChild(QTabWidget).setCurrentIndex(2)
    helps = dialog.text.parentWidget().findChildren(PlainLabel)[-1]
    assert helps.heightForWidth(helps.width()) <= helps.height()  # nothing lies over another
    assert helps.y() > dialog.text.geometry().bottom()
    dialog.text.setPlainText("{{ contact.city }}")
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: "contact.city" in dialog.wrong.text())

    dialog.text.setPlainText("{{ sender.name }}")
    dialog.daily.setValue(50)
    dialog.journal.setCurrentIndex(dialog.journal.findData("own"))
    row = [dialog.people.item(n).text() for n in range(dialog.people.count())].index("Maria")
    dialog.people.item(row).setCheckState(Qt.CheckState.Checked)
    with qtbot.waitSignal(dialog.saved):
        QTest.mouseClick(dialog.save_button, LEFT)
    (kept,) = world.ask(mail_accounts.accounts)
    assert (kept.daily_limit, kept.journal, kept.writes_for, kept.signature) == (
        50, "own", (maria,), "{{ sender.name }}",
    )  # fmt: skip


@pytest.fixture
def signed_in(qtbot, desk, world, vault, monkeypatch):
    """An account that somebody signed in for, and the provider that let it in."""
    with OAuthServer() as provider:
        own = replace(providers.GOOGLE, consent=provider.client().consent)
        monkeypatch.setitem(providers.BY_KEY, "google", own)
        monkeypatch.setattr(mail_consent, "client", lambda *_: provider.client())
        number = world.do(
            mail_accounts.add, "Hill", WHO, host=own.smtp.host, port=465, login=WHO,
            provider="google",
        )  # fmt: skip
        account = world.ask(mail_accounts.one, number)
        provider.refreshes.add("refresh")
        tokens = Tokens("access", "refresh", world.clock.now(), WHO)
        world.do(mail_consent.keep, account, tokens, vault)
        made = Mail(desk)
        qtbot.addWidget(made)
        made.vault = vault
        made.resize(1100, 600)
        made.show()
        qtbot.waitUntil(lambda: made.pane.list.current() is not None)
        yield made, provider


def agree(qtbot, section, name):
    """Press a button, and the first one of what is asked then; return what was said."""
    (one,) = (made for made, _ in section.pane._acts if made.text().strip() == name)
    QTest.mouseClick(one, LEFT)
    qtbot.waitUntil(lambda: bool(section.findChildren(QMessageBox)))
    (box,) = section.findChildren(QMessageBox)
    said = box.informativeText()
    box.buttons()[0].click()
    return said


def test_a_permission_is_withdrawn(qtbot, desk, signed_in, world):
    """The provider is told, every computer forgets the sign-in, and the account waits for one."""
    section, provider = signed_in
    (before,) = world.ask(mail_accounts.accounts)
    world.clock.advance(minutes=1)
    said = agree(qtbot, section, "Withdraw access…")
    assert "until somebody signs in again" in said
    qtbot.waitUntil(lambda: provider.refreshes == set())
    qtbot.waitUntil(lambda: section.pane.list.current().note == "sign in first")
    assert world.rows("select count(*) from secret where name like 'mail/1/%'") == [(0,)]
    assert world.ask(mail_accounts.accounts) != [before]  # whoever is connected leaves


def test_a_provider_that_cannot_be_told_is_named(qtbot, desk, signed_in, world, monkeypatch):
    """Without the network the account goes all the same, and where to withdraw it is said."""
    section, provider = signed_in
    nowhere = provider.client(revoke="http://127.0.0.1:9/revoke")
    monkeypatch.setattr(mail_consent, "client", lambda *_: nowhere)
    heard = []
    desk.notices.posted.connect(lambda *given: heard.append(given[0]))
    said = agree(qtbot, section, "Remove…")
    assert "withdrawn at Gmail" in said
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert "could not be told from here" in str(heard[1].text)
    assert "its page" in str(heard[1].text)
    assert world.ask(mail_accounts.accounts) == []
    assert provider.refreshes == {"refresh"}
