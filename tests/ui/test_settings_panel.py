"""The settings at the right: problems where they are set, locks, and what an empty list says."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from rally_desktop.canvas.plan import Spot
from rally_desktop.engine.nodes.actions.add_tag import AddTag
from rally_desktop.engine.nodes.actions.send_email import SendEmail
from rally_desktop.engine.nodes.triggers.tag_added import TagAdded
from rally_desktop.model.graph import Step
from rally_desktop.services import templates
from rally_desktop.ui import later
from rally_desktop.ui.forms.form import Form
from tests.ui.whole import SOUND, checked

pytestmark = pytest.mark.slow

LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key
TYPO = SOUND.with_(
    steps={"task1": Step("task1", "create_task", {"task": "x", "description": "{{ contact.x }}"})}
)
CLAUSE = {"field": "city", "op": "is", "value": "Leeds"}
SHADOWED = {
    "paths": [
        {"name": "First", "exit": "a", "filter": CLAUSE},
        {"name": "Second", "exit": "b", "filter": CLAUSE},
    ]
}
BRANCH = SOUND.with_(start="who", steps={"who": Step("who", "branch", SHADOWED)})


def at(editor, key):
    """Show the settings of a step."""
    editor.canvas.select(None)
    editor.canvas.select(Spot("step", key))
    return editor.settings


def test_a_problem_stands_below_the_setting_that_it_is_about(open_whole, qtbot):
    """Not only in the list: a flaw of the description is told below the description."""
    editor = open_whole(graph=TYPO)
    panel = at(editor, "task1")
    checked(qtbot, editor)
    row = panel.form.row("description")
    assert row.wrong.isVisible()
    assert "No field ‘contact.x’" in row.wrong.text()
    assert not panel.form.row("task").wrong.isVisible()


def test_a_problem_is_mended_where_it_stands_and_undone(open_whole, qtbot):
    """The fix is a button below the setting; one undo brings the problem back."""
    editor = open_whole(graph=BRANCH)
    panel = at(editor, "who")
    checked(qtbot, editor)
    told = panel.form.row("paths").told
    mend = next(one for one in told.findChildren(QPushButton) if "Second" in one.text())
    qtbot.mouseClick(mend, LEFT)
    checked(qtbot, editor)
    assert [card.name.text() for card in panel.form.editor("paths").cards()] == ["First"]
    editor.draft.undo()
    assert len(panel.form.editor("paths").cards()) == 2
    checked(qtbot, editor)
    assert "Nobody ever takes ‘Second’" in told.findChild(QPushButton).parent().children()[1].text()


def test_a_click_on_a_problem_scrolls_to_its_setting(open_whole, qtbot):
    """The last of many settings is in view."""
    editor = open_whole(graph=TYPO)
    editor.resize(1280, 420)
    checked(qtbot, editor)
    rows = editor.problem_list.list
    texts = [rows.item(place).text() for place in range(rows.count())]
    item = rows.item(next(n for n, text in enumerate(texts) if "contact.x" in text))
    editor.canvas.select(None)
    rows.setCurrentItem(item)
    rows.itemActivated.emit(item)
    qtbot.waitUntil(lambda: editor.settings.form is not None)
    row = editor.settings.form.row("description")
    shown = editor.settings._scroll.viewport()
    qtbot.waitUntil(
        lambda: shown.rect().contains(row.wrong.mapTo(shown, row.wrong.rect().center()))
    )


def test_typing_keeps_the_focus_and_undo_restores_the_form(open_whole, qtbot):
    """The saves and checks that follow leave the cursor where it is."""
    editor = open_whole()
    box = at(editor, "task1").form.editor("task").box
    box.setFocus()
    QTest.keyClicks(box, " soon")
    checked(qtbot, editor)
    assert QApplication.focusWidget() is box
    QTest.keyClicks(box, "er")
    assert editor.draft.graph.steps["task1"].settings["task"] == "Call back sooner"
    editor.draft.undo()
    assert editor.settings.form.editor("task").read() == "Call back"


def test_an_edit_of_a_condition_is_one_step_back(open_whole, qtbot):
    """A value typed letter by letter is undone at once, and the builder shows it."""
    editor = open_whole("audience", graph=SOUND.with_(audience={"all": [CLAUSE]}))
    rows = editor.settings.audience.rows
    value = rows.board.part(0)._editor.widget
    value.setFocus()
    QTest.keyClicks(value, " and Hull")
    assert editor.draft.graph.audience["all"][0]["value"] == "Leeds and Hull"
    editor.draft.undo()
    assert rows.as_stored() == {"all": [CLAUSE]}
    assert rows.board.part(0)._editor.widget.text() == "Leeds"


def test_moving_a_condition_is_a_step_of_its_own(open_whole, qtbot):
    """What was typed before and after it is not undone with it."""
    other = {**CLAUSE, "value": "York"}
    editor = open_whole("audience", graph=SOUND.with_(audience={"all": [CLAUSE, other]}))
    rows = editor.settings.audience.rows
    value = rows.board.part(1)._editor.widget
    value.setFocus()
    QTest.keyClicks(value, "s")
    QTest.keyClick(value, KEY.Key_Up, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(rows.board.part(0)._editor.widget, "h")

    def values():
        return [each["value"] for each in editor.draft.graph.audience["all"]]

    assert values() == ["Yorksh", "Leeds"]
    editor.draft.undo()
    assert values() == ["Yorks", "Leeds"]
    editor.draft.undo()
    assert values() == ["Leeds", "Yorks"]
    editor.draft.undo()
    assert rows.as_stored() == {"all": [CLAUSE, other]}


def test_the_audience_says_how_many_match_now(open_whole, world, qtbot):
    """The count follows the conditions, off the screen's thread."""
    for name, city in (("Ana", "Leeds"), ("Ben", "York")):
        world.contact(name, city=city)
    editor = open_whole("audience", graph=SOUND.with_(audience={"all": [CLAUSE]}))
    says = editor.settings.audience.rows.says
    qtbot.waitUntil(lambda: says.matching.text() == "1 contact matches now.")
    assert says.sentence.text() == "City is ‘Leeds’."


def test_nothing_can_be_set_while_the_draft_is_locked(open_whole, qtbot):
    """The forms are grey; the parts of the whole still fold."""
    editor = open_whole("audience")
    whole = editor.settings.whole
    editor.draft.lock("Ben is editing this workflow.")
    assert not whole.audience.rows.isEnabled()
    assert whole.folds["audience"].head.isEnabled()
    assert not at(editor, "task1").form.isEnabled()
    editor.draft.lock("")
    assert editor.settings.form.isEnabled()


def test_whoever_was_first_is_who_the_texts_are_shown_for(open_whole, world, qtbot):
    """Without a choice it is the first that the audience lets in."""
    for name, city in (("Ana", "York"), ("Ben", "Leeds")):
        world.contact(name, city=city)
    editor = open_whole(graph=SOUND.with_(audience=CLAUSE))
    qtbot.waitUntil(lambda: not later.busy())
    assert editor.settings.sample.sample.name == "Ben"


def test_what_the_office_adds_meanwhile_can_be_chosen(open_whole, world, qtbot):
    """A template written elsewhere is offered without opening the page anew."""
    editor = open_whole(graph=SOUND.with_(steps={"task1": Step("task1", "send_email", {})}))
    panel = at(editor, "task1")
    editor.view.setFocus()
    world.do(templates.save, "Welcome", subject="Hi", text="Hi")
    qtbot.waitUntil(lambda: panel.form.editor("template").box.findText("Welcome") >= 0)


@pytest.mark.parametrize(
    ("kind", "setting", "says"),
    [
        (SendEmail, "template", "There are no templates yet"),
        (AddTag, "tag", "No tags yet: type one to add it"),
        (TagAdded, "tags", "No tags yet: type one to add it"),
    ],
)
def test_an_empty_list_says_what_to_do(qtbot, kind, setting, says):
    """It does not merely stand there empty."""
    form = Form(kind, {})
    qtbot.addWidget(form)
    editor = form.editor(setting)
    box = getattr(editor, "box", None)
    texts = {box.placeholderText()} if box is not None else {editor.line.placeholderText()}
    if box is not None and box.isEditable():
        texts.add(box.lineEdit().placeholderText())
    assert says in texts
