"""Templates beside the steps that send them: shown for somebody, edited, written anew."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from rally_desktop.canvas.plan import Spot
from rally_desktop.core.errors import NotFound
from rally_desktop.engine import samples, template_use
from rally_desktop.model.graph import Step
from rally_desktop.services import templates, workflows
from rally_desktop.ui import later
from rally_desktop.ui.pages.template_dialog import TemplateDialog
from rally_desktop.ui.pages.workflow_template import TemplateCard
from rally_desktop.ui.widgets.letter_view import SafeHtml
from tests.ui.whole import SOUND

pytestmark = pytest.mark.slow

GAPS = "Dear {{ contact.first_name }}, of {{ contact.city }} and {{ company.name }}."
LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key
MAIL = SOUND.with_(
    start="mail", steps={"mail": Step("mail", "send_email", {"template": "Welcome"})}
)


@pytest.fixture
def written(world):
    """An office with Ana and a template, which another workflow sends, too."""
    world.contact("Ana", last_name="Alvarez", city="Leeds")
    text = "Dear {{ contact.first_name }},\nsee you in {{ contact.city }}."
    world.do(templates.save, "Welcome", subject="Hi {{ contact.first_name }}", text=text)
    world.do(workflows.create, MAIL.with_(name="Other"))


@pytest.fixture
def card(written, open_whole, qtbot):
    """The template below the setting of a step that sends it."""
    editor = open_whole(graph=MAIL)
    editor.canvas.select(None)
    editor.canvas.select(Spot("step", "mail"))
    made = editor.settings.findChild(TemplateCard)
    rested(qtbot)
    made.page = editor
    return made


def rested(qtbot):
    """Wait until nothing is read any more."""
    qtbot.waitUntil(lambda: not later.busy())


def opened(qtbot, card, press):
    """Open the dialog by a button of the card."""
    qtbot.mouseClick(press, LEFT)
    dialog = card.page.findChild(TemplateDialog)
    shown(qtbot, dialog)
    return dialog


def shown(qtbot, dialog):
    """Wait until the message is shown as it is written now."""
    qtbot.waitUntil(lambda: not (dialog.preview.busy or later.busy()))


def test_only_templates_of_its_channel_are_offered(written, world, open_whole, qtbot):
    """An e-mail is not made from a template for SMS."""
    world.do(templates.save, "Reminder", subject="", text="See you", channel="sms")
    editor = open_whole(graph=MAIL)
    editor.canvas.select(None)
    editor.canvas.select(Spot("step", "mail"))
    box = editor.settings.form.editor("template").box
    assert [box.itemText(place) for place in range(box.count())] == ["Welcome"]


def test_the_chosen_template_is_shown_for_somebody(card):
    """Subject and text stand below the choice, filled in."""
    assert card.view.subject.text() == "Hi Ana"
    assert card.view.text.text() == "Dear Ana,\nsee you in Leeds."


def test_an_edited_template_is_saved_and_shown_at_once(card, world, qtbot):
    """The dialog says how far the change reaches; the card follows."""
    dialog = opened(qtbot, card, card.edit)
    assert dialog.hint.text() == (
        "Used in 2 workflows (‘Call’, ‘Other’): a change reaches those too."
    )
    QTest.keyClick(dialog.form.subject.box, KEY.Key_End)
    QTest.keyClicks(dialog.form.subject.box, "!")
    shown(qtbot, dialog)
    assert dialog.preview.subject.text() == "Hi Ana!"
    qtbot.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil(lambda: card.page.findChild(TemplateDialog) is None)
    rested(qtbot)
    assert world.ask(templates.named, "Welcome").subject == "Hi {{ contact.first_name }}!"
    assert card.page.settings.findChild(TemplateCard).view.subject.text() == "Hi Ana!"


def test_under_another_name_it_is_a_new_template_that_the_step_sends(card, world, qtbot):
    """The old one stays as it is, and one undo goes back to it."""
    dialog = opened(qtbot, card, card.edit)
    assert not dialog.save_as.isEnabled()
    dialog.form.name.selectAll()
    QTest.keyClicks(dialog.form.name, "Warm welcome")
    assert not dialog.save.isEnabled()
    qtbot.mouseClick(dialog.save_as, LEFT)
    steps = card.page.draft.graph.steps
    qtbot.waitUntil(lambda: card.page.draft.graph.steps is not steps)
    rested(qtbot)
    settings = card.page.settings
    assert settings.form.stored()["template"] == "Warm welcome"
    assert settings.form.problems() == {}
    card.page.draft.undo()
    assert settings.form.stored()["template"] == "Welcome"


def test_a_template_is_written_on_while_the_panel_shows_something_else(card, desk, world, qtbot):
    """Light turns dark meanwhile: nothing is lost, and the step sends what was written."""
    dialog = opened(qtbot, card, card.new)
    page = card.page
    QTest.keyClicks(dialog.form.name, "Evening")
    desk.theme.switch()
    QTest.keyClicks(dialog.form.text.box, "Good evening")
    qtbot.mouseClick(dialog.save_as, LEFT)
    qtbot.waitUntil(lambda: page.draft.graph.steps["mail"].settings["template"] == "Evening")
    rested(qtbot)
    assert world.ask(templates.named, "Evening").text == "Good evening"


def test_a_taken_name_is_not_written_over(card, world, qtbot):
    """«Save as new» does not replace another template in silence."""
    world.do(templates.save, "Bye", subject="Bye", text="Bye")
    dialog = opened(qtbot, card, card.new)
    QTest.keyClicks(dialog.form.name, "Bye")
    qtbot.mouseClick(dialog.save_as, LEFT)
    rested(qtbot)
    assert dialog.wrong.text() == "There is a template ‘Bye’ already: choose another name."
    dialog.discard()


def test_a_template_that_cannot_be_filled_in_is_not_saved(card, qtbot):
    """The dialog says where it is wrong, and stays."""
    dialog = opened(qtbot, card, card.edit)
    dialog.form.text.fill("Dear {{ contact.frist_name }}")
    qtbot.mouseClick(dialog.save, LEFT)
    qtbot.waitUntil(lambda: bool(dialog.wrong.text()))
    assert "did you mean ‘contact.first_name’" in dialog.wrong.text()
    assert dialog.isVisible()
    dialog.discard()


def test_html_is_shown_without_anything_from_outside(card, qtbot):
    """It is drawn at once; no picture is fetched, no link opened."""
    dialog = opened(qtbot, card, card.edit)
    qtbot.mouseClick(dialog.form.family.buttons["custom"], LEFT)
    dialog.form.source.fill("<b>{{ contact.first_name }}</b><img src='http://x.test/y.png'>")
    shown(qtbot, dialog)
    assert dialog.preview.html.toPlainText().startswith("Ana")
    assert SafeHtml().loadResource(2, QUrl("http://x.test/y.png")).width() == 1
    assert SafeHtml().loadResource(3, QUrl("http://x.test/y.css")) is None
    dialog.discard()


def test_no_picture_of_this_computer_is_read(qtbot, tmp_path):
    """Also where HTML names it without saying that it is a file."""
    red, view = QImage(90, 90, QImage.Format.Format_RGB32), SafeHtml()
    red.fill(Qt.GlobalColor.red)
    assert red.save(str(tmp_path / "red.png"))
    qtbot.addWidget(view)
    for where in (f"{tmp_path}/red.png", f"file://{tmp_path}/red.png"):
        view.show_html(f'<img src="{where}">')
        assert view.document().size().height() < 90


def test_what_would_not_be_sent_says_so(world):
    """What is empty and has no fallback is named as people call it; the rest is shown around it."""
    world.do(templates.save, "Welcome", subject="Hi {{ contact.title }}", text=GAPS)
    ben = world.contact("Ben")
    letter = world.ask(samples.letter, "Welcome", ben)
    assert letter.subject.text == "Hi ‹Job title›"
    assert letter.text.text == "Dear Ben, of ‹City› and ‹Company name›."
    assert letter.problem == "‘Job title’ is empty and has no fallback."
    assert letter.text.problem == "‘City’ and ‘Company name’ are empty and have no fallback."
    with pytest.raises(NotFound):
        world.ask(samples.letter, "Nothing", ben)


def test_where_a_template_is_used_is_known(written, world):
    """Drafts count as published definitions do; a workflow in the trash does not."""
    assert world.ask(template_use.used_in, "Welcome") == ["Other"]
    assert world.ask(template_use.used_in, "Bye") == []
