"""The one table of keys: what it binds, what is in menus, and the sheet made from it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel

from rally_desktop.canvas import keys
from rally_desktop.canvas.commands import COMMANDS
from rally_desktop.canvas.key_sheet import KeySheet
from rally_desktop.canvas.plan import Spot
from rally_desktop.model.graph import Note
from tests.canvas.flows import MAIL, SPLIT

pytestmark = pytest.mark.slow

EDITS = [key.command for key in keys.KEYS if key.edits]
NATIVE = QKeySequence.SequenceFormat.NativeText


@pytest.fixture
def sheet(bench, qtbot):
    """The sheet of keys, open."""
    made = KeySheet(bench().view.look)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def words(sheet):
    """Everything that can be read on the sheet."""
    return [each.text() for each in sheet.findChildren(QLabel) if each.isVisible()]


def test_every_command_has_a_key_or_is_in_a_menu_and_every_key_a_command():
    """Nothing can be done by mouse alone, and no key does nothing."""
    assert set(COMMANDS) == {key.command for key in keys.KEYS}
    assert all(key.keys or key.menus for key in keys.KEYS)


def test_no_key_means_two_things():
    """But where a note, or what was placed by hand, is selected."""
    for only in {key.only for key in keys.KEYS}:
        texts = [text for key in keys.KEYS if key.only == only for text in key.keys]
        assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("command", EDITS)
def test_every_change_by_a_key_is_said(bench, command):
    """Who does not see the canvas hears what happened."""
    made = bench(SPLIT.with_(layout={"m": (0.0, 900.0)}, notes=(Note("n1", "Ask Ana", "y"),)))
    made.editor.add(MAIL, made.plus("a"))
    if command == "redo":
        made.draft.undo()
    only = keys.BY_COMMAND[command].only
    spots = {"placed": Spot("step", "m"), "note": Spot("note", "n1"), None: Spot("step", "y")}
    made.editor.select(spots[only], by_keys=True)
    said, before = [], made.graph
    made.editor.said.connect(said.append)
    made.hands.do(command)
    assert said or made.graph is before


def test_keys_are_written_as_qt_writes_them():
    """Else a press would never be found in the table."""
    portable = QKeySequence.SequenceFormat.PortableText
    for key in keys.KEYS:
        for text in key.keys:
            assert QKeySequence(text).toString(portable) == text


def test_the_sheet_shows_every_key_of_the_table(sheet):
    """In its group, in words, as this system writes it."""
    shown = words(sheet)
    for name, group in keys.GROUPS.items():
        assert name in shown
        for key in group:
            assert key.says in shown
            assert all(QKeySequence(text).toString(NATIVE) in shown for text in key.keys)


def test_the_sheet_is_searched_by_words_and_by_keys(sheet, qtbot):
    """What does not fit goes, headings too."""
    qtbot.keyClicks(sheet.search, "undo")
    assert words(sheet) == ["History", "Undo", QKeySequence("Ctrl+Z").toString(NATIVE)]
    sheet.search.clear()
    qtbot.keyClicks(sheet.search, "F8")
    assert "Next problem" in words(sheet)
    sheet.search.clear()
    qtbot.keyClicks(sheet.search, "zebra")
    assert words(sheet) == ["There is no such key."]


def test_esc_closes_the_sheet_and_arrows_scroll_it(sheet, qtbot):
    """While the focus stays in the search."""
    sheet.resize(700, 300)
    bar = sheet.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    qtbot.keyClick(sheet.search, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    qtbot.keyClick(sheet.search, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
