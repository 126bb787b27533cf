"""The filter builder by mouse and keys: groups, moving, copying, the sentence and the count."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QScrollArea

from rally_desktop.model.fields import fields_of
from rally_desktop.ui import later
from rally_desktop.ui.widgets.filter_board import NO_CONDITION
from rally_desktop.ui.widgets.filter_rows import FilterRows

pytestmark = pytest.mark.slow

Key, ALT, CONTROL = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton
FIELDS = fields_of("contact")
LEEDS, YORK, HULL = (
    {"field": "city", "op": "is", "value": city} for city in ("Leeds", "York", "Hull")
)
TWO = {"all": [LEEDS, YORK]}
NESTED = {"all": [LEEDS, {"any": [YORK, HULL]}]}


@pytest.fixture
def make(qtbot, screen):
    """A builder on screen, filled."""

    def made(stored=None, count=None):
        rows = FilterRows("contact", FIELDS, {"tag": ("VIP",)})
        if count is not None:
            rows.explain(count)
        rows.fill(stored)
        page = QScrollArea(widgetResizable=True)
        page.setWidget(rows)
        page.resize(380, 700)
        qtbot.addWidget(page)
        with qtbot.waitActive(page):
            page.show()
            page.activateWindow()
        rows.page = page
        QTest.qWait(0)
        return rows

    return made


def drag(rows, source, to):
    """Drag a part by its grip to a point of the board."""
    grip = rows.board.part(*source).grip
    target = grip.mapFromGlobal(rows.board.mapToGlobal(to))
    QTest.mousePress(grip, LEFT, pos=grip.rect().center())
    QTest.mouseMove(grip, grip.rect().center() + QPoint(0, 30))
    QTest.mouseMove(grip, target)
    assert rows.board._line.isVisible()
    QTest.mouseRelease(grip, LEFT, pos=target)


def top_of(rows, *path):
    """Return the upper edge of a part, on the board."""
    return rows.board.part(*path).mapTo(rows.board, QPoint(20, -3))


def hold(rows, *path):
    """Put the focus on the grip of a part."""
    grip = rows.board.part(*path).grip
    grip.setFocus()
    return grip


def test_a_group_is_added_with_a_condition_ready_to_type(make):
    """The new group asks for any of its conditions, and the cursor is in the first."""
    rows = make({"all": [LEEDS]})
    rows.board.root.add_group_button.click()
    row = rows.board.part(1, 0)
    assert row.field_box.hasFocus()
    row.field_box.setCurrentIndex(row.field_box.findData("city"))
    row._editor.widget.setText("York")
    assert rows.filter() == {"all": [LEEDS, {"any": [YORK]}]}


def test_none_of_the_conditions_is_a_negation(make, qtbot):
    """All, any and none are chosen by key."""
    rows = make(TWO)
    QTest.keyClick(rows.mode, Key.Key_End)
    assert rows.filter() == {"not": {"any": [LEEDS, YORK]}}


def test_a_condition_is_dragged_into_a_group(make):
    """The mouse takes it by its grip; it lands where the line was."""
    rows = make(NESTED)
    drag(rows, (0,), top_of(rows, 1, 1))
    assert rows.filter() == {"all": [{"any": [YORK, LEEDS, HULL]}]}


def test_a_condition_is_dragged_out_of_its_group(make):
    """The other way round; a group that has one left stays."""
    rows = make(NESTED)
    drag(rows, (1, 1), top_of(rows, 0))
    assert rows.filter() == {"all": [HULL, LEEDS, {"any": [YORK]}]}


def test_escape_gives_a_drag_up(make):
    """Nothing is moved, and the line is gone."""
    rows = make(NESTED)
    grip = rows.board.part(0).grip
    QTest.mousePress(grip, LEFT, pos=grip.rect().center())
    QTest.mouseMove(grip, grip.rect().center() + QPoint(0, 80))
    QTest.keyClick(grip, Key.Key_Escape)
    QTest.mouseRelease(grip, LEFT, pos=QPoint(0, 90))
    assert rows.as_stored() == NESTED
    assert not rows.board._line.isVisible()


def test_alt_and_the_arrows_move_a_condition(make):
    """Down into the next group, right with its neighbour, left out again."""
    rows = make(NESTED)
    QTest.keyClick(hold(rows, 0), Key.Key_Down, ALT)
    assert rows.filter() == {"all": [{"any": [LEEDS, YORK, HULL]}]}
    assert rows.board.part(0, 0).grip.hasFocus()
    QTest.keyClick(hold(rows, 0, 0), Key.Key_Left, ALT)
    assert rows.filter() == {"all": [{"any": [YORK, HULL]}, LEEDS]}
    rows.fill(TWO)
    QTest.keyClick(hold(rows, 1), Key.Key_Right, ALT)
    assert rows.filter() == {"all": [{"any": [LEEDS, YORK]}]}


def test_alt_and_the_arrows_work_while_typing(make):
    """The cursor stays in the value of the condition that moved."""
    rows = make(TWO)
    value = rows.board.part(1)._editor.widget
    value.setFocus()
    QTest.keyClick(value, Key.Key_Up, ALT)
    assert rows.filter() == {"all": [YORK, LEEDS]}
    assert rows.board.part(0)._editor.widget.hasFocus()


def test_a_condition_is_copied_as_text_and_pasted_elsewhere(make):
    """The text is the filter language; another builder takes it."""
    QTest.keyClick(hold(make(NESTED), 1), Key.Key_C, CONTROL)
    assert QApplication.clipboard().text().startswith('{"any":')
    second = make({"all": [LEEDS]})
    QTest.keyClick(hold(second, 0), Key.Key_V, CONTROL)
    assert second.filter() == NESTED


def test_rubbish_on_the_clipboard_is_not_pasted(make):
    """It says so, and nothing changes."""
    rows = make(TWO)
    QApplication.clipboard().setText("Dear Ana,")
    rows.add_button.setFocus()
    QTest.keyClick(rows.add_button, Key.Key_V, CONTROL)
    assert rows.board.note.text() == NO_CONDITION
    assert rows.as_stored() == TWO


def test_a_condition_is_doubled_and_removed_by_key(make):
    """Ctrl+D and Del, with the focus on the grip."""
    rows = make({"all": [LEEDS]})
    QTest.keyClick(hold(rows, 0), Key.Key_D, CONTROL)
    assert rows.filter() == {"all": [LEEDS, LEEDS]}
    QTest.keyClick(hold(rows, 1), Key.Key_Delete)
    assert rows.filter() == {"all": [LEEDS]}
    QTest.keyClick(hold(rows, 0), Key.Key_Delete)
    assert rows.filter() is None
    assert rows.add_button.hasFocus()


def test_the_menu_offers_only_what_can_be_done(make):
    """The first condition cannot go up; one alone cannot be grouped."""
    QApplication.clipboard().clear()
    rows = make({"all": [LEEDS]})
    QTest.keyClick(hold(rows, 0), Key.Key_Return)
    menu = rows.board.part(0).grip.findChild(QMenu)
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Duplicate", "Copy as text", "Remove",
    ]  # fmt: skip
    menu.close()


def test_what_is_wrong_with_a_condition_stands_below_it(make):
    """A stored condition without its value says so; one that was just added does not scold."""
    rows = make({"all": [{"field": "city", "op": "is"}]})
    assert rows.board.part(0).wrong.text() == "Needs a value."
    rows.board.part(0)._editor.widget.setText("York")
    assert not rows.board.part(0).wrong.isVisible()
    rows.add_condition()
    assert not rows.board.part(1).wrong.isVisible()
    assert rows.problem() == "Condition 2 needs a value."


def test_every_control_has_a_name(make):
    """Fields, operators, values, grips and crosses can be read aloud."""
    rows = make(NESTED)
    names = [box.grip.accessibleName() for _, box in rows.board.conditions()]
    assert names == ["Move or copy this condition"] * 3
    assert rows.board.part(1).grip.accessibleName() == "Move or copy this group"
    assert rows.board.part(0)._editor.widget.accessibleName() == "City is"


# -- what it means -----------------------------------------------------------------------------


async def twelve_hundred(stored):
    """Count as many as there are."""
    return 1204 if stored else 0


def test_a_filter_says_what_it_means_and_how_many_match(make, qtbot):
    """The sentence is there at once, the number a moment later."""
    rows = make(NESTED, twelve_hundred)
    assert rows.says.sentence.text() == ("City is ‘Leeds’ and (City is ‘York’ or City is ‘Hull’).")
    assert rows.says.matching.text() == "Counting …"
    qtbot.waitUntil(lambda: rows.says.matching.text() == "1,204 contacts match now.")


def test_an_unfinished_filter_is_not_counted(make, qtbot):
    """While a value is missing there is nothing to say."""
    rows = make(NESTED, twelve_hundred)
    rows.board.part(0)._editor.widget.clear()
    assert rows.says.matching.text() == ""
    assert rows.says.sentence.text() == ""


def test_counting_can_be_stopped(make, qtbot):
    """What takes long offers a way out; the answer that comes later is not shown."""
    answer = asyncio.Future(loop=later._loop())

    async def slow(stored):
        return await answer

    rows = make(NESTED, slow)
    qtbot.waitUntil(rows.says.stop.isVisible)
    qtbot.mouseClick(rows.says.stop, LEFT)
    assert rows.says.matching.text() == "Not counted."
    answer.set_result(3)
    qtbot.waitUntil(lambda: not later.busy())
    assert rows.says.matching.text() == "Not counted."
