"""Texts with merge fields: typed, picked, shown for somebody, and found wrong in their place."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from rally_desktop.core import schema
from rally_desktop.core.flaws import flaw
from rally_desktop.model.graph import Graph, Trigger
from rally_desktop.model.ref import Ref
from rally_desktop.ui import later
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.merged import MergeEditor
from rally_desktop.ui.forms.sample import SampleChoice
from rally_desktop.ui.pages.workflow_sample import SampleLine
from rally_desktop.ui.widgets.merge_box import MergeBox

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
DEAR = 'Dear {{ contact.first_name | default("friend") }}, from {{ office.name }}'


def none_unknown(name):
    """Every field is known."""
    return None


@pytest.fixture
def office(desk, world, qtbot):
    """An office with Ana of Leeds and Ben, of whom no city is known; Ana is chosen."""
    world.contact("Ana", last_name="Alvarez", city="Leeds")
    world.contact("Ben", last_name="Berger")
    return SampleChoice(desk.background.read)


@pytest.fixture
def make(office, qtbot, screen):
    """An editor of a text, on screen, with whoever was chosen."""

    def made(text="", lines=1, sample=office):
        editor = MergeEditor(schema.Text("Text", merge=True, lines=lines), Offer(sample=sample))
        qtbot.addWidget(editor)
        editor.resize(340, 200)
        editor.fill(text)
        with qtbot.waitExposed(editor):
            editor.show()
        editor.activateWindow()
        editor.box.setFocus()
        return editor

    return made


async def begun(office):
    """Choose whoever is first."""
    await office.begin(Graph("Call", triggers=(Trigger("t1", "record_created"),)))


def settled(qtbot, *editors):
    """Wait until texts are shown as they are now."""
    qtbot.waitUntil(lambda: not (later.busy() or any(each._soon.isActive() for each in editors)))


def choose(qtbot, office):
    """Let Ana be chosen, as the page does."""
    later._loop().create_task(begun(office))
    qtbot.waitUntil(lambda: office.sample is not None)


# -- the box -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        DEAR,
        "{{contact.city}}",
        "a {{ b",
        "\U0001f600 {{ contact.city }} \u0645\u0631\u062d\u0628\u0627",
        "{% if contact.city %}x{% endif %}",
        "one\ntwo\n",
        "",
    ],
)
def test_what_goes_in_comes_out_letter_by_letter(qtbot, text):
    """Chips or not, a stored text is given back exactly as it was."""
    box = MergeBox(lines=4)
    qtbot.addWidget(box)
    box.show_source(text)
    assert box.text.read() == text


def test_fields_are_chips_with_their_fallback(qtbot):
    """Conditions stay text; a field that is only looked up is a chip."""
    box = MergeBox()
    qtbot.addWidget(box)
    box.show_source(DEAR)
    assert [(chip.name, chip.fallback) for chip in box.text.chips()] == [
        ("contact.first_name", "friend"),
        ("office.name", ""),
    ]


def test_a_field_typed_out_becomes_a_chip(make):
    """Whoever knows the name need not pick it."""
    editor = make()
    QTest.keyClicks(editor.box, "Hi ")
    editor.picker.blockSignals(True)
    QTest.keyClicks(editor.box, "{{ contact.city }}")
    editor.picker.close()
    assert editor.read() == "Hi {{ contact.city }}"
    assert [chip.name for chip in editor.box.text.chips()] == ["contact.city"]


def test_two_brackets_open_the_picker_and_make_way_for_the_field(make):
    """Typing «{{», a few letters and Enter is all it takes."""
    editor = make()
    QTest.keyClicks(editor.box, "Call {{")
    assert editor.picker.isVisible()
    QTest.keyClicks(editor.picker.search, "last n")
    QTest.keyClick(editor.picker.search, Key.Key_Return)
    assert editor.read() == "Call {{ contact.last_name }}"
    assert not editor.picker.isVisible()


def test_the_picker_opens_by_button_and_says_each_value(make, office, qtbot):
    """Beside each field stands what it says for whoever was chosen."""
    choose(qtbot, office)
    editor = make()
    qtbot.mouseClick(editor.merge_button, LEFT)
    QTest.keyClicks(editor.picker.search, "city")
    settled(qtbot, editor)
    assert editor.picker.current().hint == "Leeds"
    QTest.keyClick(editor.picker.search, Key.Key_Escape)
    assert editor.read() == ""


def test_a_fallback_is_written_with_the_field(make):
    """Tab leads to the line for it, Enter takes both."""
    editor = make()
    QTest.keyClick(editor.box, Key.Key_Space, CONTROL)
    QTest.keyClicks(editor.picker.search, "first")
    QTest.keyClick(editor.picker.search, Key.Key_Tab)
    QTest.keyClicks(editor.picker.fallback, "there")
    QTest.keyClick(editor.picker.fallback, Key.Key_Return)
    assert editor.read() == '{{ contact.first_name | default("there") }}'


def test_a_click_on_a_chip_changes_its_fallback(make, qtbot):
    """The popup opens at the chip with what it says now."""
    editor = make(DEAR)
    chip = editor.box.text.chips()[0]
    place = editor.box.place_of(chip).center().toPoint()
    qtbot.mouseClick(editor.box.viewport(), LEFT, pos=place)
    assert editor.picker.fallback.text() == "friend"
    QTest.keyClicks(editor.picker.fallback, "neighbour")
    QTest.keyClick(editor.picker.fallback, Key.Key_Return)
    assert editor.read() == DEAR.replace("friend", "neighbour")


def test_a_chip_is_taken_away_from_its_popup(make):
    """Ctrl+Space behind a chip opens it; «Remove» takes it out of the text."""
    editor = make("Hi {{ contact.city }}")
    QTest.keyClick(editor.box, Key.Key_End)
    QTest.keyClick(editor.box, Key.Key_Space, CONTROL)
    editor.picker.remove.click()
    assert editor.read() == "Hi "


def test_fields_behind_an_emoji_are_found(make):
    """A sign outside the basic plane moves nothing: picking, typing out and marking go on."""
    editor = make("\U0001f600\U0001f600 x")
    QTest.keyClick(editor.box, Key.Key_Left)
    QTest.keyClicks(editor.box, "{{")
    QTest.keyClicks(editor.picker.search, "city")
    QTest.keyClick(editor.picker.search, Key.Key_Return)
    assert editor.read() == "\U0001f600\U0001f600 {{ contact.city }}x"
    assert [chip.name for chip in editor.box.text.chips()] == ["contact.city"]
    editor.fill("\U0001f600 {{ contact.city }} {{ contact.frist }}")
    editor.mark(True)
    marks = editor.box.extraSelections()
    assert editor.box.text.chip_at(marks[0].cursor.selectionStart()).name == "contact.frist"


def test_backspace_takes_a_whole_chip(make):
    """A chip is one letter to the keys."""
    editor = make("Hi {{ contact.city }}")
    QTest.keyClick(editor.box, Key.Key_End)
    QTest.keyClick(editor.box, Key.Key_Backspace)
    assert editor.read() == "Hi "


def test_a_copied_text_carries_its_fields(make):
    """Cut and paste, also into another box, keeps the chips."""
    first, second = make(DEAR), make()
    QTest.keyClick(first.box, Key.Key_A, CONTROL)
    QTest.keyClick(first.box, Key.Key_C, CONTROL)
    assert QApplication.clipboard().text() == DEAR
    QTest.keyClick(second.box, Key.Key_V, CONTROL)
    assert len(second.box.text.chips()) == 2


def test_the_program_ends_well_with_a_copied_text_on_the_clipboard():
    """Quitting after copying from a box with fields is no crash."""
    script = (
        "from PySide6.QtWidgets import QApplication\n"
        "from rally_desktop.ui.widgets.merge_box import MergeBox\n"
        "app = QApplication([])\n"
        "box = MergeBox()\n"
        "box.show_source('Dear Ana')\n"
        "box.selectAll()\n"
        "box.copy()\n"
        "assert app.clipboard().text() == 'Dear Ana'\n"
    )
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
    assert done.returncode == 0


def test_a_line_stays_a_line(make):
    """Enter and pasted line breaks do not make two of it."""
    editor = make()
    QTest.keyClicks(editor.box, "a")
    QTest.keyClick(editor.box, Key.Key_Return)
    QApplication.clipboard().setText("b\nc")
    QTest.keyClick(editor.box, Key.Key_V, CONTROL)
    assert editor.read() == "ab c"


def test_a_text_is_read_out_with_the_names_of_its_fields(make):
    """Whoever hears the screen hears what the chips say."""
    editor = make(DEAR)
    assert editor.box.accessibleDescription() == "Dear [First name], from [Name]"


# -- for somebody ------------------------------------------------------------------------------


def test_the_text_is_shown_for_whoever_was_chosen(make, office, qtbot):
    """Below the text stands what it says for Ana, and why it could not for Ben."""
    choose(qtbot, office)
    editor = make("See you in {{ contact.city }}")
    settled(qtbot, editor)
    assert editor.shown.text() == "For Ana Alvarez: See you in Leeds"
    office.choose(next(iter(later_found(qtbot, office, "Ben"))))
    settled(qtbot, editor)
    assert editor.shown.text().startswith("For Ben Berger: ‘City’ is empty")


def test_a_text_may_say_what_started_the_run(make, office, qtbot):
    """The fields of the run are shown as for one that the first trigger had started."""
    choose(qtbot, office)
    editor = make("{{ run.workflow }}: {{ trigger.name }}")
    settled(qtbot, editor)
    assert editor.shown.text() == "For Ana Alvarez: Call: Record created"


def later_found(qtbot, office, typed):
    """Return whom typing finds."""
    found = []

    async def look():
        found.extend(await office.found(typed))

    later._loop().create_task(look())
    qtbot.waitUntil(lambda: bool(found))
    return found


def test_somebody_else_is_found_by_typing(office, theme, qtbot):
    """The line names whom texts are shown for; a press, a few letters and Enter change that."""
    choose(qtbot, office)
    line = SampleLine(theme, office)
    qtbot.addWidget(line)
    line.show()
    assert line.button.accessibleName() == "Preview with Ana Alvarez"
    qtbot.mouseClick(line.button, LEFT)
    QTest.keyClicks(line.popup.search, "berg")
    qtbot.waitUntil(lambda: line.popup.current() is not None)
    QTest.keyClick(line.popup.search, Key.Key_Return)
    assert office.sample.name == "Ben Berger"
    assert line.button.text().strip() == "Ben Berger"


def test_who_was_chosen_stays_chosen(office, qtbot):
    """Beginning anew with the same kind of record does not forget the choice."""
    choose(qtbot, office)
    ben = later_found(qtbot, office, "Ben")[0]
    office.choose(ben)
    choose(qtbot, office)
    settled(qtbot)
    assert office.sample.ref == ben.ref == Ref("contact", ben.ref.id)


# -- what is wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("Hi {{ contact.city", 1, 4),
        ("One\nTwo {{ contact.city }} and {{ x", 2, 28),
        ("{% if contact.city %}\nno end", 1, 1),
    ],
)
def test_a_flaw_says_where_it_is(text, line, column):
    """Brackets that are not closed are named with line and column."""
    found = flaw(text, none_unknown)
    assert (found.line, found.column) == (line, column)


def test_an_unknown_field_is_named_where_it_stands(make):
    """The nearest name is offered; the chip is drawn as one that is not known."""
    editor = make("Hi {{ contact.frist_name }}")
    assert editor.broken()
    assert editor.problem() == (
        "cannot be filled in: No field ‘contact.frist_name’; "
        "did you mean ‘contact.first_name’? (column 7)"
    )
