"""The web service and its forms on the settings page."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from rally_desktop.services import form_entries, forms, web
from rally_desktop.services.forms import FormSettings
from rally_desktop.services.web import State, Web
from rally_desktop.ui.pages.form_dialog import FormDialog
from rally_desktop.ui.pages.form_entries_dialog import EntriesDialog
from rally_desktop.ui.pages.settings import SettingsPage

pytestmark = pytest.mark.slow

ANSWERS = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.org"}


@pytest.fixture
def page(desk, qtbot):
    """The settings page on the tab with the forms."""
    made = SettingsPage(desk)
    qtbot.addWidget(made)
    made.resize(1280, 820)
    made.show()
    made.open("Web forms")
    return made


def forms_of(page):
    """Return the section with the forms."""
    return page.area.currentWidget()


def dialog_of(page, kind, qtbot):
    """Return the dialog that a button has opened."""
    qtbot.waitUntil(lambda: any(d.isVisible() for d in page.findChildren(kind)))
    return next(d for d in page.findChildren(kind) if d.isVisible())


def test_a_form_is_made_and_copied(page, world, qtbot):
    """A name is enough: the key follows, the preview shows it, and its HTML is on the clipboard."""
    section = forms_of(page)
    qtbot.waitUntil(section.empty.isVisible)
    qtbot.mouseClick(section.empty.button, Qt.MouseButton.LeftButton)
    dialog = dialog_of(page, FormDialog, qtbot)
    qtbot.keyClicks(dialog.name, "Book a demo")
    assert dialog.key.text() == "book-a-demo"
    qtbot.mouseClick(dialog.fields.add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "book-a-demo" in dialog.html.toPlainText())
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(world.ask(forms.listed)) == 1)
    assert len(world.ask(forms.listed)[0].fields) == 4
    qtbot.waitUntil(section.table.isVisible)
    section.table.selectRow(0)
    qtbot.mouseClick(section.copy, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "/v1/forms/book-a-demo" in QGuiApplication.clipboard().text())


def test_what_is_wrong_with_a_form_is_said_in_place(page, world, qtbot):
    """A key that another form has keeps the dialog open, with the reason."""
    world.do(forms.add, "Contact us")
    page.desk.background.changed.emit(frozenset({"web_form"}))
    section = forms_of(page)
    qtbot.waitUntil(section.table.isVisible)
    qtbot.mouseClick(section.new, Qt.MouseButton.LeftButton)
    dialog = dialog_of(page, FormDialog, qtbot)
    qtbot.keyClicks(dialog.name, "Contact us")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "another form" in dialog.problem.text())
    assert "is off" in section.trouble.text()
    assert dialog.isVisible()


def test_submissions_say_what_became_of_them(page, world, qtbot):
    """Each with when, from whom, what was agreed to, and whether the contact is new."""
    world.do(forms.add, "Contact us", settings=FormSettings(consent="Write to me once a month."))
    form = world.ask(forms.listed)[0]
    world.do(form_entries.submit, form, ANSWERS, agreed=True)
    world.do(form_entries.submit, form, {**ANSWERS, "email": "bo@example.org"}, agreed=False)
    section = forms_of(page)
    qtbot.waitUntil(section.table.isVisible)
    section.table.selectRow(0)
    qtbot.mouseClick(section.entries, Qt.MouseButton.LeftButton)
    dialog = dialog_of(page, EntriesDialog, qtbot)
    qtbot.waitUntil(dialog.table.isVisible)
    dialog.table.selectRow(1)
    assert "Write to me once a month." in dialog.detail.text()


def test_the_settings_say_how_the_service_is(page, world, qtbot):
    """Off, in trouble with the reason, and answering by which address."""
    page.open("Web")
    qtbot.waitUntil(lambda: "is off" in page.web.heading.text())
    world.do(web.save, Web(on=True, public="https://office.example.com"))
    world.do(web.say_state, State("trouble", "desk", "Port 8642 is taken by another program."))
    qtbot.waitUntil(lambda: "taken" in page.web.words.text())
    world.do(web.say_state, State("on", "desk", "http://127.0.0.1:8642"))
    qtbot.waitUntil(lambda: "office.example.com" in page.web.words.text())
    assert page.web.try_it.isVisible()
