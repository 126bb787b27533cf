"""Every key of the canvas in one table: it binds them, and shows them in menus."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence


class Key(NamedTuple):
    """Keys that do the same, the command they give, and its words."""

    keys: tuple[str, ...]
    command: str
    says: str


KEYS: tuple[Key, ...] = (
    Key(("Down",), "down", "Next step"),
    Key(("Up",), "up", "Step before"),
    Key(("Left",), "left", "Path to the left"),
    Key(("Right",), "right", "Path to the right"),
    Key(("Ctrl+Down",), "down_through", "Next step or ‘+’"),
    Key(("Ctrl+Up",), "up_through", "Step or ‘+’ before"),
    Key(("Home",), "home", "Trigger"),
    Key(("End",), "end", "End of the first path"),
    Key(("Return", "Enter"), "open", "Open settings, or add at a ‘+’"),
    Key(("+", "N", "Insert"), "add", "Add a step after this"),
    Key(("Del", "Backspace"), "remove", "Remove, and connect to the next step"),
    Key(("Shift+Del",), "remove_after", "Remove with all after it"),
    Key(("D",), "switch", "Disable or enable"),
    Key(("Ctrl+Z",), "undo", "Undo"),
    Key(("Ctrl+Shift+Z", "Ctrl+Y"), "redo", "Redo"),
    Key(("Ctrl+0",), "zoom_100", "100 %"),
    Key(("Ctrl+1",), "fit_all", "Fit all"),
    Key(("Ctrl+2",), "fit_selected", "Fit what is selected"),
    Key(("Ctrl++", "Ctrl+="), "zoom_in", "Nearer"),
    Key(("Ctrl+-",), "zoom_out", "Farther"),
    Key(("Esc",), "let_go", "Select nothing"),
)

_COMMANDS = {text: key.command for key in KEYS for text in key.keys}
_PORTABLE = QKeySequence.SequenceFormat.PortableText


def command_of(event: QKeyEvent) -> str | None:
    """Return what a key press means on the canvas, or None."""
    keys = event.keyCombination()
    held = keys.keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if keys.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        held &= ~Qt.KeyboardModifier.ShiftModifier  # where '+' is, differs between keyboards
    pressed = QKeySequence(QKeyCombination(held, keys.key())).toString(_PORTABLE)
    return _COMMANDS.get(pressed)


def shortcut(command: str) -> str:
    """Return the first key of a command, as it is written on this system."""
    for key in KEYS:
        if key.command == command:
            return QKeySequence(key.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
    return ""
