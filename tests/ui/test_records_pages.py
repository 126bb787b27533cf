"""The pages of companies and deals: the same grid, card and timeline as for contacts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from shiboken6 import delete

from rally_desktop.services import entry
from rally_desktop.ui.pages.companies import CompaniesPage
from rally_desktop.ui.pages.contacts import ContactsPage
from rally_desktop.ui.pages.deals import DealsPage
from rally_desktop.ui.widgets.bulk_deeds import counted

pytestmark = pytest.mark.slow

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def show(desk, qtbot):
    """Open a page of records."""
    made = []

    def open_page(kind):
        page = kind(desk)
        made.append(page)
        page.resize(1280, 800)
        page.show()
        page.shown()
        page.activateWindow()
        qtbot.waitUntil(lambda: page.grid.model.loaded)
        return page

    yield open_page
    for page in made:
        delete(page)


def _dialog(qtbot, page):
    qtbot.keyClick(page, Qt.Key.Key_N, CONTROL)
    qtbot.waitUntil(lambda: page.dialog is not None and page.dialog.isVisible())
    return page.dialog


def _type(qtbot, dialog, **values):
    for name, value in values.items():
        qtbot.keyClicks(dialog.editors[name].widget, value)


def test_a_company_is_added_from_its_page(show, qtbot, world):
    """Ctrl+N, a name, Enter: the company is there and its card is open."""
    page = show(CompaniesPage)
    dialog = _dialog(qtbot, page)
    _type(qtbot, dialog, name="Hill Dental", city="Porto")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.card.name.whole() == "Hill Dental")
    assert world.record(page.card.ref)["city"] == "Porto"


def test_a_record_needs_a_name(show, qtbot):
    """Without one the dialog says so below the field and stays."""
    page = show(CompaniesPage)
    dialog = _dialog(qtbot, page)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.problems["name"].text() == "Give the company a name."
    assert dialog.isVisible()
    dialog.reject()


def test_a_deal_belongs_to_the_contact_that_was_meant(show, qtbot, world):
    """A contact is chosen by name and address, and the deal stands in the first stage."""
    world.contact("Ana", last_name="Silva", email="ana@example.com")
    twin = world.contact("Ana", last_name="Silva", email="ana@hill.example")
    page = show(DealsPage)
    dialog = _dialog(qtbot, page)
    _type(qtbot, dialog, name="Chairs", contact="Ana Silva <ana@hill.example>")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.card.name.whole() == "Chairs")
    made = world.record(page.card.ref)
    assert (made["contact_id"], made["stage"]) == (twin.id, "New")


def test_a_name_that_two_have_is_asked_about(show, qtbot, world):
    """A deal for one of two namesakes is not given to either by chance."""
    for address in ("ana@example.com", "ana@hill.example"):
        world.contact("Ana", last_name="Silva", email=address)
    page = show(DealsPage)
    dialog = _dialog(qtbot, page)
    _type(qtbot, dialog, name="Chairs", contact="Ana Silva")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Several contacts are called Ana Silva" in dialog.problem.text())
    dialog.reject()


@pytest.mark.parametrize(
    ("count", "noun", "said"),
    [(1, "company", "1 company"), (1200, "company", "1,200 companies"), (2, "deal", "2 deals")],
)
def test_things_are_counted_in_words(count, noun, said):
    """One company, two companies."""
    assert counted(count, noun) == said


def test_a_companys_people_are_a_click_away(show, qtbot, world):
    """The card of a company lists who works there; a click goes to the contact."""
    hill = world.do(entry.create, "company", {"name": "Hill Dental"})
    ana = world.contact("Ana", last_name="Silva", company_id=hill.id)
    page, gone = show(CompaniesPage), []
    page.desk.wanted.connect(lambda *what: gone.append(what))
    qtbot.waitUntil(lambda: len(page.card.related.rows) == 1)
    qtbot.mouseClick(page.card.related.rows[0], Qt.MouseButton.LeftButton)
    assert gone == [("contacts", (ana,))]


def test_a_deal_is_added_from_the_card_of_its_contact(show, qtbot, world):
    """Whom it is with is filled in already."""
    page = show(DealsPage)
    world.contact("Ana", last_name="Silva", email="ana@example.com")
    page.open({"contact": "Ana Silva <ana@example.com>"})
    qtbot.waitUntil(lambda: page.dialog is not None and page.dialog.isVisible())
    assert page.dialog.values()["contact"] == "Ana Silva <ana@example.com>"
    page.dialog.reject()


def test_whoever_answers_an_sms_writes_at_once(show, qtbot, world):
    """Led there from elsewhere, one finds the form of the person open and the cursor in it."""
    world.contact("Ben")
    ana = world.contact("Ana", mobile="+49 1512 3456789")
    page = show(ContactsPage)
    page.open(ana, "sms")
    qtbot.waitUntil(lambda: page.timeline.composer.form is not None)
    form = page.timeline.composer.form
    assert (form.kind, page.timeline.composer.ref) == ("sms", ana)
    qtbot.waitUntil(form.text.hasFocus)
