"""What presses, keys and drops on the sheet mean for the workflow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu

from rally_desktop.canvas import keys
from rally_desktop.canvas.commands import COMMANDS, SAYS, VALID, building, moving, notes
from rally_desktop.canvas.doorway import Doorway
from rally_desktop.canvas.editor import FlowEditor
from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.gestures import remark
from rally_desktop.canvas.gestures.drop import Drop
from rally_desktop.canvas.gestures.pick import Pick
from rally_desktop.canvas.gestures.refused import Refused
from rally_desktop.canvas.handles import Handle
from rally_desktop.canvas.keys import Key, Menu, Only
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.scene import Target
from rally_desktop.canvas.tips import Tip, tip_of

CURSORS = {
    "port": Qt.CursorShape.CrossCursor,
    "tail": Qt.CursorShape.CrossCursor,
    "grip": Qt.CursorShape.OpenHandCursor,
    "pin": Qt.CursorShape.PointingHandCursor,
}
TIPS = {
    "port": "Drag to the step that shall follow",
    "tail": "Drag to another step",
    "grip": "Drag to move this step with its branch",
    "pin": "Placed by hand: click to put it back",
}


class EditorHands:
    """Hands that edit."""

    def __init__(self, editor: FlowEditor) -> None:
        self._editor = editor
        editor.view.hands = self
        self.tip = Tip(editor.view.viewport())
        Doorway(editor)

    def press(self, at: Pointer) -> Gesture | None:
        """Begin with what was pressed; no tip comes up over it."""
        self.tip.point("")
        return Pick(self._editor, self._handle(at) or self._hit(at))

    def double_click(self, at: Pointer) -> None:
        """Open the settings of a card, a note to write, or a group; on the ground, add a step."""
        target = self._hit(at)
        if isinstance(target, Spot) and target.id:
            self._editor.scene.select(target)
            self.do("open")
        elif target is None and self._handle(at) is None and not self._editor.draft.locked:
            building.add_at(self._editor, at)

    def hover(self, at: Pointer | None) -> None:
        """Lift or light up what is below the pointer; its whole text is the tip."""
        handle = self._handle(at) if at is not None else None
        target = self._hit(at) if at is not None else None
        if at is None:
            self._editor.scene.handles.hide()
        self._editor.scene.point_at(handle.spot if handle else target)
        view = self._editor.view
        shape = remark.cursor_at(self._editor, target, at) if at else None
        view.point_with(CURSORS.get(handle.kind) if handle else shape)
        spot = target if isinstance(target, Spot) else None
        scene, far = self._editor.scene, view.is_far()
        tip = tip_of(scene.plan, spot, scene.overlay, far)
        self.tip.point(_tip_of(handle) if handle else tip, far)

    def menu(self, at: Pointer) -> None:
        """Offer exactly what can be done there."""
        self.offer(self._hit(at), self._editor.view.viewport().mapToGlobal(at.window))

    def menu_here(self) -> None:
        """Offer what can be done with what is selected."""
        view = self._editor.view
        where = self._editor.where(self._editor.scene.selected)
        at = view.viewport().rect().center()
        if where is not None:
            view.show_rect(where)
            at = view.mapFromScene(where.center())
        self.offer(self._editor.scene.selected, view.viewport().mapToGlobal(at))

    def offer(self, target: Target | None, at: QPoint) -> None:
        """Open the menu of a target at a point of the screen."""
        if target not in self._editor.scene.chosen:
            self._editor.select(target)
        menu = QMenu(self._editor.view)
        menu.setObjectName("sheet_menu")
        for name, group in keys.in_menu(self._menu_of(target)).items():
            valid = [key for key in group if self._is_valid(key)]
            below = name in keys.SUBMENUS and len(valid) > 2
            if menu.actions() and valid and not below:
                menu.addSeparator()
            self._fill(menu.addMenu(name) if below else menu, valid)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _fill(self, menu: QMenu, group: Sequence[Key]) -> None:
        for key in group:
            says = SAYS[key.command](self._editor) if key.command in SAYS else key.says
            words = says.replace("&", "&&")
            action = menu.addAction(f"{words}\t{keys.shortcut(key.command)}")
            action.triggered.connect(lambda _=False, name=key.command: self.do(name))

    def _is_valid(self, key: Key) -> bool:
        """Say whether a command can do something now."""
        if key.edits and self._editor.draft.locked:
            return False
        return key.command not in VALID or VALID[key.command](self._editor)

    def key(self, event: QKeyEvent) -> bool:
        """Do what a key says."""
        command = self._command(event)
        if command is None:
            return False
        self.do(command)
        return True

    def knows(self, event: QKeyEvent) -> bool:
        """Say whether a key means something here."""
        return self._command(event) is not None

    def walk(self, forward: bool) -> bool:
        """Go to the next card in reading order; return whether there was one."""
        return bool(COMMANDS["next_card" if forward else "card_before"](self._editor))

    def carry(self, offer: Offer) -> Gesture:
        """Bring a kind from the palette."""
        locked = self._editor.draft.locked
        return Refused(self._editor, locked) if locked else Drop(self._editor, offer)

    def do(self, command: str) -> None:
        """Do a command by its name, unless it would change what is locked."""
        locked = self._editor.draft.locked
        if locked and keys.BY_COMMAND[command].edits:
            self._editor.say(locked)
        else:
            COMMANDS[command](self._editor)

    def _command(self, event: QKeyEvent) -> str | None:
        return keys.command_of(event, self._special())

    def _special(self) -> list[Only]:
        """Return the kinds of selected things that some keys are only for."""
        note = notes.chosen(self._editor) is not None
        placed = note or bool(moving.placed(self._editor))
        return [*(["note"] if note else []), *(["placed"] if placed else [])]

    def _handle(self, at: Pointer) -> Handle | None:
        """Return the handle at a point, and show those of the card there."""
        editor = self._editor
        if editor.draft.locked or editor.view.is_far():
            return None
        return editor.scene.handles.point(at.sheet.x(), at.sheet.y(), editor.view.zoom)

    def _hit(self, at: Pointer) -> Target | None:
        return self._editor.scene.hit(at.sheet.x(), at.sheet.y(), self._editor.view.zoom)

    def _menu_of(self, target: Target | None) -> Menu:
        if isinstance(target, Slot):
            return "plus"
        if target is None:
            return "ground"
        return "many" if len(self._editor.scene.chosen) > 1 else target.kind


def _tip_of(handle: Handle) -> str:
    """Return what can be done with a handle; of several ports, which one it is."""
    said = TIPS[handle.kind]
    return f"{handle.label}: {said[0].lower()}{said[1:]}" if handle.label else said
