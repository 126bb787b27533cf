"""One afternoon at the screen, by real keys and clicks: a contact, a workflow, what it did."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from rally_desktop.ui import later
from rally_desktop.ui.commands import commands
from rally_desktop.ui.pages import page_kinds
from rally_desktop.ui.preferences import Preferences
from rally_desktop.ui.window import Window

pytestmark = pytest.mark.slow

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(desk, qtbot):
    """The window on an office that nobody has worked in yet."""
    shown = Window(desk.theme, desk.notices, Preferences())

    def close(window):
        # What a page has put off for a moment must be over before its loop is taken away.
        window.hide()
        qtbot.waitUntil(lambda: not later.busy() and not _put_off(window))
        window.let_close()

    qtbot.addWidget(shown, before_close_func=close)
    shown.furnish(desk, page_kinds(), commands())
    with qtbot.waitExposed(shown):
        shown.show()
    shown.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return shown


def _put_off(window):
    timers = window.findChildren(QTimer)
    return [timer for timer in timers if timer.isSingleShot() and timer.isActive()]


class Hands:
    """Whoever sits at the screen."""

    def __init__(self, qtbot):
        self.qtbot = qtbot

    def press(self, key, held=Qt.KeyboardModifier.NoModifier):
        """Press a key wherever the cursor is."""
        self.qtbot.keyClick(QApplication.focusWidget(), key, held)

    def type(self, words):
        """Type words wherever the cursor is."""
        self.qtbot.keyClicks(QApplication.focusWidget(), words)

    def click(self, widget):
        """Click a widget in its middle."""
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def come_back(self, window):
        """Bring the window to the front, as the desktop does when a dialog or popup closes."""
        window.activateWindow()
        self.until(lambda: QApplication.focusWidget() is not None)

    def until(self, holds):
        """Wait for what the program does in its own time."""
        self.qtbot.waitUntil(holds)

    def add_step(self, editor, words):
        """Add a step after the selected card, by the first letters of its name."""
        self.press(Key.Key_N)
        self.until(lambda: editor.canvas.quick_add.isVisible())
        self.type(words)
        self.press(Key.Key_Return)
        self.until(lambda: not editor.canvas.quick_add.isVisible())

    def fill_in(self, editor, words):
        """Open the settings of the selected card, fill the first field, come back."""
        self.press(Key.Key_Return)
        self.type(words)
        editor.view.setFocus()


@pytest.fixture
def hands(qtbot):
    """Real key and mouse events."""
    return Hands(qtbot)


def add_contact(window, hands, name, email):
    """Ctrl+N, a name and an address, and save."""
    window.go("contacts")
    page = window.page()
    hands.come_back(window)
    hands.press(Key.Key_N, CONTROL)
    hands.until(lambda: page.dialog is not None and page.dialog.isVisible())
    for words in (name, "Silva", email):
        hands.type(words)
        hands.press(Key.Key_Tab)
    hands.press(Key.Key_Return)
    hands.until(lambda: page.card.name.whole() == f"{name} Silva")
    hands.come_back(window)
    return page


def draw_workflow(window, hands):
    """A new workflow of three steps: tag, task, end."""
    window.go("workflows")
    page = window.page()
    hands.until(lambda: page.empty.isVisible())
    hands.click(page.empty.button)
    hands.until(lambda: page.editor is not None and page.editor.stored is not None)
    editor = page.editor
    editor.view.setFocus()
    hands.press(Key.Key_Home)
    hands.press(Key.Key_Return)
    hands.until(lambda: editor.canvas.quick_add.isVisible())
    hands.type("created")
    hands.press(Key.Key_Return)
    hands.add_step(editor, "add tag")
    hands.fill_in(editor, "Fresh")
    hands.add_step(editor, "task")
    hands.fill_in(editor, "Say hello")
    hands.add_step(editor, "end")
    return editor


def test_an_afternoon_at_the_screen(window, hands, world):
    """Ana is added and found; a workflow is drawn and published; Ben comes, and it acts."""
    page = add_contact(window, hands, "Ana", "ana@example.com")
    hands.press(Key.Key_F, CONTROL)
    hands.type("nobody")
    hands.until(lambda: page.count.text() == "0 matches")
    hands.press(Key.Key_Escape)
    hands.until(lambda: page.count.text() == "1 contact")

    editor = draw_workflow(window, hands)
    assert [step.kind for step in editor.draft.graph.steps.values()] == [
        "add_tag", "create_task", "end",
    ]  # fmt: skip
    hands.click(editor.head.publish_button)
    hands.until(lambda: editor.stored.state == "published")

    page = add_contact(window, hands, "Ben", "ben@example.com")
    world.heart.tick()

    def said():
        return [line.text for line in page.timeline.view.lines.lines]

    hands.until(lambda: any("Say hello" in text for text in said()))
    assert any("Fresh" in text for text in said())
