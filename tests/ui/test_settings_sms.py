"""Gateways of text messages in the settings, set up against a real one by keys and mouse."""

from __future__ import annotations

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from rally_desktop.outside.secrets import Vault
from rally_desktop.outside.sms.base import Incoming
from rally_desktop.services import (
    mail_accounts,
    sms_accounts,
    sms_numbers,
    sms_received,
    sms_standing,
    sms_strangers,
    web,
)
from rally_desktop.services.sms_accounts import Draft, Rules
from rally_desktop.ui.pages.settings_sms import Sms
from rally_desktop.ui.pages.sms_account_dialog import SmsAccountDialog
from rally_desktop.ui.pages.sms_setup_dialog import SmsSetupDialog
from rally_desktop.ui.pages.sms_setup_frame import FORM, KIND, PROOF
from rally_desktop.ui.pages.sms_strangers_dialog import StrangersDialog
from tests.api.conftest import PUBLIC, Pocket
from tests.gateway import SmsServer

pytestmark = pytest.mark.slow
LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key


@pytest.fixture(scope="module")
def server():
    """A gateway on this computer."""
    with SmsServer(None) as made:
        yield made


@pytest.fixture
def vault():
    """A vault of this computer."""
    return Vault(Pocket(), "Front desk")


@pytest.fixture
def section(qtbot, desk):
    """The section, on screen."""
    made = Sms(desk)
    qtbot.addWidget(made)
    made.resize(1100, 640)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def kept(world, server, vault):
    """A gateway that is set up, with a public address to be told at."""
    world.do(web.save, structs.replace(web.Web(), on=True, public=PUBLIC))
    rules = Rules(inside=True)
    draft = Draft("android", "Front desk phone", "+441632960000", server.url, "sms", "hush",
                  "seal", rules)  # fmt: skip
    number = world.do(sms_accounts.save, draft, vault)
    return world.ask(mail_accounts.one, number)


def typed(field, text):
    """Type into a field."""
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_a_phone_in_the_office_is_connected_after_a_test(
    qtbot, desk, section, world, server, vault
):
    """Kind, address, test message, done: it sends, and its password is sealed."""
    server.now = world.clock.now
    dialog = SmsSetupDialog(desk, section, name="Front desk phone", vault=vault)
    dialog.open()
    QTest.mouseClick(dialog.kinds["android"], LEFT)
    QTest.keyClick(dialog, KEY.Key_Return)
    assert dialog.pages.currentIndex() == FORM
    typed(dialog.writes_as, "+44 1632 960000")
    typed(dialog.form.url, server.url)
    typed(dialog.form.login, "sms")
    assert not dialog.go_on.isEnabled()
    typed(dialog.form.secret, "hush")
    assert dialog.form.inside.isChecked()  # as the app's own address wants it
    dialog.form.inside.setChecked(False)
    QTest.mouseClick(dialog.go_on, LEFT)
    qtbot.waitUntil(lambda: "tick that below" in dialog.line.text())
    dialog.form.inside.setChecked(True)
    QTest.mouseClick(dialog.go_on, LEFT)
    qtbot.waitUntil(lambda: dialog.pages.currentIndex() == PROOF)
    qtbot.waitUntil(lambda: bool(dialog.text.text()))
    typed(dialog.to, "01632 960001")
    QTest.mouseClick(dialog.go_on, LEFT)
    qtbot.waitUntil(lambda: dialog.go_on.text() == "Finish")
    assert server.texts[-1] == ("+441632960001", "This is a test from My office. All is well.")
    with qtbot.waitSignal(dialog.connected):
        QTest.mouseClick(dialog.go_on, LEFT)
    (one,) = world.ask(sms_standing.overview).gateways
    assert (one.account.name, one.account.address) == ("Front desk phone", "+441632960000")
    assert one.account.fallback
    assert "hush" not in str(world.rows("select sealed from secret"))


def test_a_test_that_fails_says_why_and_nothing_is_lost(qtbot, desk, section, server, vault):
    """What the gateway said stands below, and one goes back to mend it."""
    dialog = SmsSetupDialog(desk, section, name="Texts", vault=vault)
    dialog.open()
    assert dialog.pages.currentIndex() == KIND
    dialog.show_page(FORM)
    typed(dialog.writes_as, "Hill Dental")
    assert "Nobody can answer a name" in dialog.hint.text()
    typed(dialog.form.login, "AC1")
    typed(dialog.form.secret, "hush")
    dialog.form.url.setText(server.url)
    dialog.form._rules = Rules(inside=True)
    dialog.form.inside.setChecked(True)
    dialog.show_page(PROOF)
    qtbot.waitUntil(lambda: bool(dialog.text.text()))
    typed(dialog.to, "+441632960001")
    server.refusal = (401, b'{"message": "Authenticate", "code": 20003}', b"")
    QTest.mouseClick(dialog.go_on, LEFT)
    qtbot.waitUntil(lambda: "Authenticate (20003)" in dialog.line.text())
    assert dialog.go_on.text() == "Send the test"
    QTest.mouseClick(dialog.back, LEFT)
    assert dialog.form.secret.text() == "hush"


def test_where_the_gateway_tells_us_is_shown_to_be_copied(qtbot, desk, section, kept):
    """The address has the gateway’s own key in it, and how it is stands in a line."""
    qtbot.waitUntil(lambda: bool(section._known))
    section.pane.list.choose(kept.id)
    assert section.facts.address.text() == f"{PUBLIC}/v1/sms/{kept.gateway_key}"
    assert section._known[kept.id].line == "Android phone · sends, hears answers · 0 in 24 hours"


def test_limits_and_answers_are_changed(qtbot, desk, section, world, kept):
    """What HELP is answered with, and how much goes out in a day."""
    dialog = SmsAccountDialog(desk, kept, {}, section)
    dialog.open()
    dialog.daily.setValue(50)
    dialog.help.setPlainText("Hill Dental, 020 7946 0000")
    assert dialog.counters[dialog.help].text() == "26 characters, sent as 1 SMS"
    with qtbot.waitSignal(dialog.saved):
        QTest.mouseClick(dialog.save_button, LEFT)
    account = world.ask(mail_accounts.one, kept.id)
    assert account.daily_limit == 50
    assert sms_accounts.rules_of(account).help == "Hill Dental, 020 7946 0000"
    assert sms_accounts.rules_of(account).inside


def test_unknown_numbers_are_made_contacts_with_what_they_wrote(qtbot, desk, section, world, kept):
    """A click on the line says who wrote; one more makes a contact with the message."""
    came = [Incoming("a", "+441632960007", "", "Are you open?")]
    world.do(sms_received.take, kept, came)
    qtbot.waitUntil(lambda: section.strangers.text() == " 1 unknown number wrote…")
    dialog = StrangersDialog(desk, section)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.table.isVisible())
    dialog.table.selectAll()
    QTest.mouseClick(dialog.add, LEFT)
    qtbot.waitUntil(lambda: not world.ask(sms_strangers.listed))
    ((number, kind),) = world.rows(
        "select mobile || phone, (select count(*) from activity where kind = 'sms_received')"
        " from contact"
    )
    assert (number, kind) == ("+441632960007", 1)


def test_the_country_of_numbers_that_say_none_is_the_offices_until_chosen(qtbot, section, world):
    """By its time zone at first; then the one that is chosen."""
    qtbot.waitUntil(lambda: section.country.currentText() == "United Kingdom")
    section.country.setCurrentIndex(section.country.findData("DE"))
    section.country.activated.emit(section.country.currentIndex())
    qtbot.waitUntil(lambda: world.ask(sms_numbers.country) == "DE")
    assert world.ask(sms_numbers.dialled, "0151 12345678") == "+4915112345678"
