"""The templates page: found, shown for somebody, written in three ways, tried and taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rally_desktop.core.errors import NotFound
from rally_desktop.model.graph import Graph, Step
from rally_desktop.services import templates, trash, workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages.template_dialog import TemplateDialog
from rally_desktop.ui.pages.templates import TemplatesPage
from rally_desktop.ui.pages.templates_past import PastDialog
from rally_desktop.ui.pages.templates_trial import TrialDialog

pytestmark = pytest.mark.slow

LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key
TEXT = "Dear {{ contact.first_name }}, come to {{ contact.city | default('town') }}. Unsubscribe"
USED = Graph(name="Greet", steps={"m": Step("m", "send_email", {"template": "Hi"})}, start="m")


@pytest.fixture
def page(desk, world, qtbot):
    """Three templates, one of them sent by a workflow; Ana and Ben to show them for."""
    world.contact("Ana", last_name="Alvarez", city="Leeds")
    world.contact("Ben", last_name="Berger")
    world.do(templates.save, "Hi", subject="Hi {{ contact.first_name }}", text=TEXT)
    slots = {"body": "We open on Saturdays", "small": "Unsubscribe"}
    world.do(templates.save, "News", subject="N", theme="letter", slots=slots, folder="All")
    world.do(templates.save, "Reminder", subject="", text="See you", channel="sms")
    world.do(workflows.create, USED)
    made = TemplatesPage(desk)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.shown()
    rested(qtbot, made)
    return made


def rested(qtbot, page):
    """Wait until nothing is read or about to be shown."""
    qtbot.waitUntil(lambda: not (later.busy() or page.preview.busy))


def names(page):
    """Return what is listed."""
    return [one.name for one in page.table.rows()]


def edited(qtbot, page, name):
    """Open a template by a double-click's way, and let it be shown."""
    page.table.choose(lambda one: one.name == name)
    qtbot.mouseClick(page.deeds.edit_button, LEFT)
    return opened(qtbot, TemplateDialog)


def opened(qtbot, kind):
    """Return the dialog that opens."""

    def there():
        return [one for one in QApplication.topLevelWidgets() if isinstance(one, kind)]

    qtbot.waitUntil(lambda: bool(there()))
    (made,) = there()
    if isinstance(made, TemplateDialog):
        settled(qtbot, made)
    return made


def settled(qtbot, dialog):
    """Wait until what is written is shown, with its hints."""
    qtbot.waitUntil(lambda: not (dialog.preview.busy or dialog._soon.isActive() or later.busy()))


def test_templates_are_found_by_what_they_say(page, qtbot):
    """Words, channel and folder narrow the list; it says how much of it is shown."""
    assert names(page) == ["Hi", "News", "Reminder"]
    QTest.keyClicks(page.search, "saturdays")
    assert (names(page), page.head.line.text()) == (["News"], "1 of 3 templates")
    page.search.clear()
    page.channels.setCurrentIndex(2)
    assert names(page) == ["Reminder"]
    page.folders.setCurrentIndex(1)
    assert page.empty.heading.text() == "Nothing found"
    qtbot.mouseClick(page.empty.button, LEFT)
    assert len(names(page)) == 3


def test_the_chosen_one_is_shown_for_one_contact_after_the_other(page, qtbot):
    """The arrows go through the contacts by name; what is not known of somebody is said."""
    assert page.preview.subject.text() == "Hi Ana"
    assert page.used.text() == "Used in ‘Greet’."
    qtbot.mouseClick(page.preview.after, LEFT)
    rested(qtbot, page)
    assert page.preview.text.text().startswith("Dear Ben, come to town.")
    assert page.preview.empty.text().startswith("Not known of Ben Berger: City.")


def test_a_design_is_shown_on_a_phone_and_in_the_dark(page, qtbot):
    """The paper is as wide as a phone; the colours are those of the dark look."""
    page.table.choose(lambda one: one.name == "News")
    rested(qtbot, page)
    qtbot.mouseClick(page.preview.width_of.buttons["phone"], LEFT)
    qtbot.mouseClick(page.preview.look.buttons["dark"], LEFT)
    rested(qtbot, page)
    assert page.preview.html.width() <= 375
    assert "#20252c" in page.preview.html.toHtml().lower()


def test_what_was_written_as_text_goes_into_the_design(page, world, qtbot):
    """From text to a design and on to another: nothing is typed twice."""
    dialog = edited(qtbot, page, "Hi")
    qtbot.mouseClick(dialog.form.family.buttons["theme"], LEFT)
    assert dialog.form.subject.box.accessibleName() == "Subject"
    assert dialog.form.slots.boxes["body"].read() == TEXT
    qtbot.mouseClick(dialog.form.slots.picker.buttons["newsletter"], LEFT)
    qtbot.mouseClick(dialog.form.slots.more, LEFT)
    QTest.keyClicks(dialog.form.slots.boxes["title_2"].box, "Hours")
    settled(qtbot, dialog)
    assert "Hours" in dialog.preview.html.toPlainText()
    dialog.keep()
    qtbot.waitUntil(lambda: world.ask(templates.named, "Hi").theme == "newsletter")
    slots = world.ask(templates.named, "Hi").slots
    assert (slots["body"], slots["title_2"]) == (TEXT, "Hours")


def test_a_hint_leads_to_its_line(page, qtbot):
    """What is wrong in the HTML is said, marked, and one press away."""
    dialog = edited(qtbot, page, "News")
    qtbot.mouseClick(dialog.form.family.buttons["custom"], LEFT)
    dialog.form.source.fill("<p>x</p>\n<p onclick='y'>unsubscribe</p>\n<div>")
    settled(qtbot, dialog)
    said = {hint.line: hint.text for hint in dialog.hints.hints}
    assert "‘<div>’ is not closed." == said[3]
    assert "onclick" in said[2]
    dialog.hints.wanted.emit(3)
    assert dialog.form.source.box.textCursor().blockNumber() == 2
    dialog.discard()


def test_a_file_is_attached_and_taken_off(page, tmp_path, qtbot):
    """One that cannot be sent is said; the others are kept with the template."""
    dialog = edited(qtbot, page, "Hi")
    for name in ("list.pdf", "tool.exe"):
        (tmp_path / name).write_bytes(b"x" * 2048)
    dialog.form.files.take([tmp_path / "tool.exe", tmp_path / "list.pdf"])
    qtbot.waitUntil(lambda: bool(dialog.form.files.files))
    assert [one.name for one in dialog.form.written().files] == ["list.pdf"]
    assert "‘.exe’" in dialog.form.files.wrong.text()
    assert dialog.save.isEnabled()
    dialog.discard()


def test_a_template_that_is_used_asks_before_it_goes(page, world, qtbot, monkeypatch):
    """What nobody sends goes at once and comes back by one undo; the other needs a yes."""
    asked = []

    async def never(*words):
        asked.append(words[1])
        return False

    monkeypatch.setattr("rally_desktop.ui.pages.templates_deeds.ask", never)
    page.table.choose(lambda one: one.name == "Hi")
    page.deeds.throw_away()
    rested(qtbot, page)
    page.table.choose(lambda one: one.name == "News")
    with qtbot.waitSignal(page.desk.notices.posted) as told:
        page.deeds.throw_away()
    qtbot.waitUntil(lambda: names(page) == ["Hi", "Reminder"])
    assert asked == ["Move ‘Hi’ to the trash?"]
    told.args[0].action[1]()
    qtbot.waitUntil(lambda: "News" in names(page))
    assert world.ask(trash.count) == 0


def test_an_older_version_comes_back(page, world, qtbot):
    """It is compared with now, and becomes the newest by one press."""
    world.do(templates.save, "Hi", subject="Changed", text=TEXT)
    rested(qtbot, page)
    page.deeds.show_past()
    dialog = opened(qtbot, PastDialog)
    qtbot.waitUntil(lambda: len(dialog.table.rows()) == 2)
    dialog.table.choose(lambda one: one.number == 1)
    assert "+  Subject: Changed" in dialog.lines.toPlainText()
    qtbot.mouseClick(dialog.restore, LEFT)
    qtbot.waitUntil(lambda: world.ask(templates.named, "Hi").version == 3)
    assert world.ask(templates.named, "Hi").subject == "Hi {{ contact.first_name }}"


def test_a_test_says_why_it_could_not_be_sent(page, qtbot):
    """Without an account to send from, the dialog says so and stays."""
    page.deeds.try_out()
    dialog = opened(qtbot, TrialDialog)
    dialog.address.setEditText("me@hill.dental")
    qtbot.mouseClick(dialog.send, LEFT)
    qtbot.waitUntil(lambda: "No mail account" in dialog.said.text())
    dialog.close()


def test_what_was_written_is_not_lost_by_escape(page, world, qtbot, monkeypatch):
    """Escape asks first where something would be lost, and closes at once where nothing is."""
    answers = [False, True]

    async def answered(*_words):
        return answers.pop(0)

    monkeypatch.setattr("rally_desktop.ui.pages.template_dialog.ask", answered)
    dialog = edited(qtbot, page, "Hi")
    QTest.keyClicks(dialog.form.name, "gh")
    for shown in (True, False):
        QTest.keyClick(dialog, KEY.Key_Escape)
        qtbot.waitUntil(lambda: not later.busy())
        if shown:
            assert dialog.isVisible()
    assert answers == []
    with pytest.raises(NotFound):
        world.ask(templates.named, "High")
