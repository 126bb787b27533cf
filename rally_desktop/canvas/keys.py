"""Every key of the canvas in one table: it binds them, and shows them in menus."""

from __future__ import annotations

from typing import Literal, NamedTuple

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

Menu = Literal["step", "many", "trigger", "note", "frame", "plus", "ground"]
STEP: tuple[Menu, ...] = ("step", "many")
ANY: tuple[Menu, ...] = ("step", "many", "trigger", "note", "frame")
GROUND: tuple[Menu, ...] = ("ground",)


class Key(NamedTuple):
    """Keys that do the same, the command they give, and its words.

    ``menus`` are what must be clicked for the command to be in the menu; ``edits`` says that it
    changes the workflow, so that it is refused where that is locked.
    """

    keys: tuple[str, ...]
    command: str
    says: str
    menus: tuple[Menu, ...] = ()
    edits: bool = False


GROUPS: dict[str, tuple[Key, ...]] = {
    "Go": (
        Key(("Down",), "down", "Next step"),
        Key(("Up",), "up", "Step before"),
        Key(("Left",), "left", "Path to the left"),
        Key(("Right",), "right", "Path to the right"),
        Key(("Ctrl+Down",), "down_through", "Next step or ‘+’"),
        Key(("Ctrl+Up",), "up_through", "Step or ‘+’ before"),
        Key(("Home",), "home", "Trigger"),
        Key(("End",), "end", "End of the first path"),
        Key(("Return", "Enter"), "open", "Open settings", ("step", "trigger")),
        Key(("Tab",), "next_card", "Next card in reading order"),
        Key(("Shift+Tab",), "card_before", "Card before in reading order"),
        Key(("Alt+Left",), "look_back", "Back to where you looked before"),
        Key(("Alt+Right",), "look_forward", "Forward again"),
    ),
    "Find": (
        Key(("Ctrl+F",), "find", "Find in this workflow", GROUND),
        Key(("F3",), "find_next", "Next match"),
        Key(("Shift+F3",), "find_before", "Match before"),
        Key(("F8",), "next_problem", "Next problem", GROUND),
        Key(("Shift+F8",), "problem_before", "Problem before"),
        Key(("Alt+Return", "Alt+Enter"), "mend", "Put the problem right", (), True),
    ),
    "Select": (
        Key(("Ctrl+A",), "select_all", "Select all", GROUND),
        Key(("Esc",), "let_go", "Select nothing"),
    ),
    "Build": (
        Key(("+", "N", "Insert"), "add", "Add a step here", ("step", "plus", "ground"), True),
        Key(("D",), "switch", "Disable or enable", STEP, True),
        Key(("Del", "Backspace"), "remove", "Remove, and connect to the next step", ANY, True),
        Key(("Shift+Del",), "remove_after", "Remove with all after it", ("step",), True),
    ),
    "Copy": (
        Key(("Ctrl+X",), "cut", "Cut", ANY, True),
        Key(("Ctrl+C",), "copy", "Copy", ANY),
        Key(("Ctrl+V",), "paste", "Paste", ("step", "plus", "ground"), True),
        Key(("Ctrl+D",), "duplicate", "Duplicate", ANY, True),
    ),
    "History": (
        Key(("Ctrl+Z",), "undo", "Undo", GROUND, True),
        Key(("Ctrl+Shift+Z", "Ctrl+Y"), "redo", "Redo", GROUND, True),
    ),
    "View": (
        Key(("Ctrl+0",), "zoom_100", "100 %", GROUND),
        Key(("Ctrl+1",), "fit_all", "Fit all", GROUND),
        Key(("Ctrl+2",), "fit_selected", "Fit what is selected"),
        Key(("Ctrl++", "Ctrl+="), "zoom_in", "Nearer"),
        Key(("Ctrl+-",), "zoom_out", "Farther"),
        Key(("M",), "minimap", "Show or hide the overview", GROUND),
        Key(("F1", "?"), "keys", "All keys", GROUND),
    ),
}
KEYS: tuple[Key, ...] = tuple(key for group in GROUPS.values() for key in group)
BY_COMMAND = {key.command: key for key in KEYS}

_COMMANDS = {text: key.command for key in KEYS for text in key.keys}
_PORTABLE = QKeySequence.SequenceFormat.PortableText


def command_of(event: QKeyEvent) -> str | None:
    """Return what a key press means on the canvas, or None."""
    keys = event.keyCombination()
    held = keys.keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if keys.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Question):
        held &= ~Qt.KeyboardModifier.ShiftModifier  # where '+' and '?' are, differs
    pressed = QKeySequence(QKeyCombination(held, keys.key())).toString(_PORTABLE)
    return _COMMANDS.get(pressed)


def shortcut(command: str) -> str:
    """Return the first key of a command, as it is written on this system."""
    key = BY_COMMAND.get(command)
    if key is None or not key.keys:
        return ""
    return QKeySequence(key.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


def in_menu(menu: Menu) -> tuple[tuple[Key, ...], ...]:
    """Return the commands for what was clicked, group by group; empty groups are left out."""
    groups = (tuple(key for key in group if menu in key.menus) for group in GROUPS.values())
    return tuple(group for group in groups if group)
