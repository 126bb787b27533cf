"""Every key of the canvas in one table: it binds them, and shows them in menus."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

Only = Literal["placed", "note"]
Menu = Literal["step", "many", "trigger", "note", "frame", "plus", "ground"]
STEP: tuple[Menu, ...] = ("step", "many")
ANY: tuple[Menu, ...] = ("step", "many", "trigger", "note", "frame")
GROUND: tuple[Menu, ...] = ("ground",)
ONE: tuple[Menu, ...] = ("step",)
NOTE: tuple[Menu, ...] = ("note",)


class Key(NamedTuple):
    """Keys that do the same, the command they give, and its words.

    ``menus`` are what must be clicked for the command to be in the menu; ``edits`` says that it
    changes the workflow, so that it is refused where that is locked. Keys that are ``only`` for a
    note, or for what was placed by hand, may mean something else where no such thing is selected.
    """

    keys: tuple[str, ...]
    command: str
    says: str
    menus: tuple[Menu, ...] = ()
    edits: bool = False
    only: Only | None = None


WAYS = (("Up", "up"), ("Down", "down"), ("Left", "to the left"), ("Right", "to the right"))
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
        Key(("Alt+Shift+Down",), "select_after", "Select everything after", ONE),
        Key(("Alt+Shift+Up",), "select_before", "Select everything before", ONE),
        Key(("Shift+Down",), "more_down", "Select the next step too"),
        Key(("Shift+Up",), "more_up", "Select the step before too"),
        Key(("Shift+Left",), "more_left", "Select the path to the left too"),
        Key(("Shift+Right",), "more_right", "Select the path to the right too"),
        Key(("Esc",), "let_go", "Select nothing"),
    ),
    "Build": (
        Key(("+", "N", "Ins"), "add", "Add a step here", ("step", "plus", "ground"), True),
        Key(("R",), "replace", "Replace by another kind…", ONE, True),
        Key(("D",), "switch", "Disable or enable", (*STEP, "frame"), True),
        Key(("Del", "Backspace"), "remove", "Remove", ANY, True),
        Key(("Shift+Del",), "remove_after", "Remove with all after it", ("step",), True),
    ),
    "Move": (
        Key(("Ctrl+M",), "move_to", "Move to…", STEP, True),
        Key(("Ctrl+Shift+M",), "move_branch_to", "Move with its branch to…", ONE, True),
        Key(("Ctrl+Shift+Up",), "move_up", "Swap with the step above", ONE, True),
        Key(("Ctrl+Shift+Down",), "move_down", "Swap with the step below", ONE, True),
        Key(("Ctrl+Shift+Left",), "move_left", "Swap with the path to the left", ONE, True),
        Key(("Ctrl+Shift+Right",), "move_right", "Swap with the path to the right", ONE, True),
        Key(("P",), "place", "Place by hand", STEP, True),
        Key(("Shift+P",), "unpin", "Unpin", STEP, True),
        Key(("Alt+Shift+T",), "tidy", "Tidy up", (*STEP, "ground"), True),
        *(
            Key(
                (f"Alt+{way}",),
                f"nudge_{way.lower()}",
                f"Placed by hand: 8 pixels {words}",
                edits=True,
                only="placed",
            )
            for way, words in WAYS
        ),
        *(
            Key(
                (f"Alt+Shift+{way}",),
                f"inch_{way.lower()}",
                f"Placed by hand: 1 pixel {words}",
                edits=True,
                only="placed",
            )
            for way, words in WAYS
        ),
    ),
    "Connect": (
        Key(("L",), "lead_to", "Connect to another step…", ("step", "trigger", "plus"), True),
        Key(("X",), "cut_connector", "Cut this connector", ("plus",), True),
    ),
    "Copy": (
        Key(("Ctrl+X",), "cut", "Cut", ANY, True),
        Key(("Ctrl+C",), "copy", "Copy", ANY),
        Key(("Ctrl+V",), "paste", "Paste", ("step", "many", "plus", "ground"), True),
        Key(("Ctrl+D",), "duplicate", "Duplicate", ANY, True),
    ),
    "Notes and groups": (
        Key(("Shift+S",), "add_note", "Add a note", ("step", "trigger", "ground"), True),
        Key(("F2",), "write", "Write or rename", ("note", "frame"), True),
        Key(("Shift+Right",), "wider", "Wider", NOTE, True, "note"),
        Key(("Shift+Left",), "narrower", "Narrower", NOTE, True, "note"),
        Key(("Shift+Down",), "higher", "Higher", NOTE, True, "note"),
        Key(("Shift+Up",), "lower", "Less high", NOTE, True, "note"),
        Key(("G",), "give_note", "Give to a step…", NOTE, True),
        Key(("Shift+G",), "release_note", "Let it stand alone", NOTE, True),
        Key(("Ctrl+G",), "group", "Group these steps", STEP, True),
        Key(("Ctrl+Shift+G",), "ungroup", "Ungroup", (*STEP, "frame"), True),
        Key(("Alt+G",), "fold", "Fold or unfold the group", (*STEP, "frame", "ground")),
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
        Key(("PgDown",), "page_down", "A window further down"),
        Key(("PgUp",), "page_up", "A window further up"),
        Key(("Shift+PgDown",), "page_right", "A window further to the right"),
        Key(("Shift+PgUp",), "page_left", "A window further to the left"),
        Key(("Ctrl+B",), "palette", "Show or hide what you can add", GROUND),
        Key(("M",), "minimap", "Show or hide the overview", GROUND),
        Key(("F1", "?"), "keys", "All keys", GROUND),
    ),
    "Export and print": (
        Key((), "picture", "Export picture…", GROUND),
        Key((), "copy_picture", "Copy as picture", ("many", "ground")),
        Key(("Ctrl+P",), "print", "Print…", GROUND),
        Key(("Ctrl+R",), "read", "Read in plain English…", GROUND),
    ),
    "Around the sheet": (
        Key(("F6",), "next_part", "Next part of the page"),
        Key(("Shift+F6",), "part_before", "Part of the page before"),
        Key(("Ctrl+Shift+O",), "outline", "To the outline, and back"),
        Key(("Ctrl+Return",), "publish", "Publish"),
    ),
    "Look at": (
        Key(("Alt+1",), "view_draft", "The draft"),
        Key(("Alt+2",), "view_published", "What is published"),
        Key(("Alt+3",), "view_live", "What happens in it"),
        Key(("Alt+4",), "view_rehearsal", "What would happen: a rehearsal"),
        Key((".",), "next_visit", "Next step of the run that is shown"),
        Key((",",), "visit_before", "Step of the run before"),
    ),
}
SUBMENUS = ("Select", "Move", "Export and print")  # groups that are one entry of a menu
KEYS: tuple[Key, ...] = tuple(key for group in GROUPS.values() for key in group)
BY_COMMAND = {key.command: key for key in KEYS}

_COMMANDS = {(key.only, text): key.command for key in KEYS for text in key.keys}
_PORTABLE = QKeySequence.SequenceFormat.PortableText


def command_of(event: QKeyEvent, chosen: Iterable[Only] = ()) -> str | None:
    """Return what a key press means on the canvas, or None.

    ``chosen`` are the kinds of selected things that some keys are only for.
    """
    keys = event.keyCombination()
    held = keys.keyboardModifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if keys.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Question):
        held &= ~Qt.KeyboardModifier.ShiftModifier  # where '+' and '?' are, differs
    pressed = QKeySequence(QKeyCombination(held, keys.key())).toString(_PORTABLE)
    found = (_COMMANDS.get((only, pressed)) for only in (*chosen, None))
    return next((command for command in found if command), None)


def shortcut(command: str) -> str:
    """Return the first key of a command, as it is written on this system."""
    key = BY_COMMAND.get(command)
    if key is None or not key.keys:
        return ""
    return QKeySequence(key.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


def in_menu(menu: Menu) -> dict[str, tuple[Key, ...]]:
    """Return the commands for what was clicked, by group; empty groups are left out."""
    groups = {
        name: tuple(key for key in group if menu in key.menus) for name, group in GROUPS.items()
    }
    return {name: group for name, group in groups.items() if group}
