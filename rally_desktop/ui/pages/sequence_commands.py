"""What keys and the menu do in the list of a sequence's steps: the keys are those of the canvas."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu

from rally_desktop.canvas import keys
from rally_desktop.engine import sequence_plan
from rally_desktop.ui.pages.sequence_deeds import SequenceDeeds

Command = Callable[[SequenceDeeds], None]

# What the canvas does with what is chosen, whichever way it is looked at.
SHARED = frozenset({"switch", "undo", "redo", "copy", "paste", "publish", "keys", "mend"})
SHARED |= {"next_problem", "problem_before", "next_part", "part_before"}
IN_MENU = ("open", "add", "duplicate", "switch", "", "move_up", "move_down", "", "remove")
SAYS = {"add": "Add a step after it", "move_up": "Move up", "move_down": "Move down"}
ALT = {Qt.Key.Key_Up: "move_up", Qt.Key.Key_Down: "move_down"}


def command_of(event: QKeyEvent) -> str | None:
    """Return what a key means: as on the canvas, and Alt with an arrow moves a step."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if held == Qt.KeyboardModifier.AltModifier and event.key() in ALT:
        return ALT[Qt.Key(event.key())]
    return keys.command_of(event)


def do(deeds: SequenceDeeds, command: str) -> bool:
    """Do a command; return whether it is one that a list has."""
    if command in SHARED:
        deeds.page.hands.do(command)
    elif command in COMMANDS:
        COMMANDS[command](deeds)
    return command in SHARED or command in COMMANDS


def menu(deeds: SequenceDeeds) -> QMenu:
    """Return what can be done with the chosen step."""
    made = QMenu(deeds.page)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    locked, at, last = bool(deeds.draft.locked), deeds.chosen(), len(deeds.line.rows) - 1
    ends = {"move_up": 0, "move_down": last}
    for command in IN_MENU:
        if not command:
            made.addSeparator()
            continue
        key = keys.BY_COMMAND[command]
        words = SAYS.get(command, key.says)
        action = made.addAction(f"{words}\t{keys.shortcut(command)}")
        action.triggered.connect(partial(_triggered, deeds, command))
        action.setEnabled(not (locked and key.edits) and ends.get(command) != at)
    return made


def go(deeds: SequenceDeeds, by: int) -> None:
    """Choose the step so many places on; the first where none is chosen."""
    at, last = deeds.chosen(), len(deeds.line.rows) - 1
    if last >= 0:
        to = 0 if at is None else max(0, min(last, at + by))
        deeds.choose(deeds.line.rows[to].key)


def move(deeds: SequenceDeeds, by: int) -> None:
    """Change the chosen step about with the one above or below."""
    at = deeds.chosen()
    if at is not None and 0 <= at + by < len(deeds.line.rows):
        deeds.put(at, at + by)
    else:
        where = "above" if by < 0 else "below"
        deeds.page.canvas.say(f"There is no step {where} to change places with.")


def remove(deeds: SequenceDeeds) -> None:
    """Remove the chosen step with the wait before it, and choose the one after it."""
    at, line = deeds.chosen(), deeds.line
    if at is None:
        return
    row = line.rows[at]
    made = sequence_plan.removed(deeds.draft.own, line, [at])
    left = [each.key for each in line.rows if each is not row]
    after = left[min(at, len(left) - 1)] if left else ""
    wait = " and the wait before it" if row.waits else ""
    deeds.edit(f"Remove {deeds.title(row.key)}{wait}", made, after)


def cut(deeds: SequenceDeeds) -> None:
    """Copy the chosen step, and remove it."""
    deeds.page.hands.do("copy")
    remove(deeds)


def duplicate(deeds: SequenceDeeds) -> None:
    """Put a copy of the chosen step after it, on the same day."""
    at, graph = deeds.chosen(), deeds.draft.own
    if at is None:
        return
    row = deeds.line.rows[at]
    if row.paths:
        deeds.page.canvas.say("An A/B split is copied on the canvas.")
        return
    step = graph.steps[row.key]
    copied = msgspec.structs.replace(step, id=deeds.free(step.kind))
    made = sequence_plan.added(graph, deeds.line, [copied], at + 1)
    deeds.edit(f"Duplicate {deeds.title(row.key)}", made, copied.id)


def add(deeds: SequenceDeeds) -> None:
    """Ask what is to be added after the chosen step, or at the end."""
    at = deeds.chosen()
    deeds.ask(len(deeds.line.rows) if at is None else at + 1)


def open_(deeds: SequenceDeeds) -> None:
    """Put the cursor into the settings of the chosen step."""
    if (at := deeds.chosen()) is not None:
        deeds.open(deeds.line.rows[at].key)


def let_go(deeds: SequenceDeeds) -> None:
    """Choose nothing: the settings are those of the whole sequence."""
    deeds.page.canvas.select(None)


FAR = sequence_plan.MOST
COMMANDS: dict[str, Command] = {
    "down": partial(go, by=1),
    "up": partial(go, by=-1),
    "home": partial(go, by=-FAR),
    "end": partial(go, by=FAR),
    "move_up": partial(move, by=-1),
    "move_down": partial(move, by=1),
    "remove": remove,
    "cut": cut,
    "duplicate": duplicate,
    "add": add,
    "open": open_,
    "let_go": let_go,
}


def _triggered(deeds: SequenceDeeds, command: str, *_: object) -> None:
    do(deeds, command)
