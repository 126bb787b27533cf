"""Dragging a note elsewhere or to another card, making it larger, taking a group by its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt

from rally_desktop.canvas import remarking
from rally_desktop.canvas.gesture import Gesture, Pointer
from rally_desktop.canvas.gestures.move import Move
from rally_desktop.canvas.items.extras import UNFOLD
from rally_desktop.canvas.items.frame import HEAD, SIGN
from rally_desktop.canvas.items.note import GRIP
from rally_desktop.canvas.naming import called
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.remarking import BESIDE, below_others
from rally_desktop.canvas.shapes import Box
from rally_desktop.model.graph import Note

if TYPE_CHECKING:
    from rally_desktop.canvas.editor import FlowEditor

STAYS_NEAR = 360.0  # from its card; farther away a note stands alone


def take(editor: FlowEditor, spot: Spot, began: Pointer) -> Gesture | None:
    """Return what a drag of a note or an open group begins."""
    if spot.kind == "note":
        at_corner = is_at_corner(editor, spot, began)
        return Resize(editor, spot, began) if at_corner else Carry(editor, spot, began)
    frame = editor.folding.frame(spot.id)
    if frame is None:
        return None
    cards = [editor.scene.plan.card_of(key) for key in frame.steps]
    editor.choose(cards)
    return Move(editor, cards[0], whole=False, copied=False)


def click(editor: FlowEditor, spot: Spot, at: Pointer) -> None:
    """Fold an open group whose corner was clicked; unfold a folded one by its sign."""
    if spot.kind == "frame" and is_at_corner(editor, spot, at):
        editor.folding.toggle(spot.id)


def cursor_at(editor: FlowEditor, target: object, at: Pointer) -> Qt.CursorShape | None:
    """Return the pointer's shape over the corner of a note or an open group."""
    if not isinstance(target, Spot) or not is_at_corner(editor, target, at):
        return None
    if target.kind == "note":
        return None if editor.draft.locked else Qt.CursorShape.SizeFDiagCursor
    return Qt.CursorShape.PointingHandCursor


def is_at_corner(editor: FlowEditor, spot: Spot, at: Pointer) -> bool:
    """Say whether a point is where a note is made larger, or a group is folded."""
    where = editor.where(spot)
    if where is None or spot.kind not in ("note", "frame"):
        return False
    if spot in editor.scene.plan.boxes:
        return where.right() - UNFOLD <= at.sheet.x()
    if spot.kind == "note":
        reach = max(GRIP, GRIP / editor.view.zoom)
        return QRectF(where.bottomRight() - QPointF(reach, reach), where.bottomRight()).contains(
            at.sheet
        )
    return QRectF(where.topLeft(), where.topLeft() + QPointF(SIGN, HEAD)).contains(at.sheet)


def belong(editor: FlowEditor, note: Note, card: Spot) -> None:
    """Put a note beside a card, with which it moves from now on."""
    graph, name = editor.draft.graph, called(editor, [card])
    beside = below_others(graph, card.id, note.id)
    made = remarking.changed(graph, note.id, step=card.id, x=BESIDE, y=beside)
    editor.draft.edit(f"Give note to {name}", made)
    editor.select(Spot("note", note.id), editor.scene.by_keys)
    editor.say(f"The note belongs to {name} now.")


class Carry(Gesture):
    """A note follows the pointer, its thread with it; dropped on a card it belongs to that."""

    cursor = Qt.CursorShape.ClosedHandCursor
    scrolls = True

    def __init__(self, editor: FlowEditor, spot: Spot, began: Pointer) -> None:
        self._editor, self._spot = editor, spot
        self._box = editor.scene.plan.notes[spot]
        self._held = began.sheet - QPointF(self._box.x, self._box.y)

    def move(self, at: Pointer) -> Gesture | None:
        """Carry it there, and show which card it would belong to."""
        corner = at.sheet - self._held
        card = self._card(at)
        self._editor.scene.point_at(card.spot if card else None)
        self._show(corner, card or self._own(corner))
        return None

    def finish(self, at: Pointer) -> None:
        """Put it down."""
        corner, card = at.sheet - self._held, self._card(at)
        self.cancel()
        editor, key = self._editor, self._spot.id
        graph = editor.draft.graph
        note = remarking.note_of(graph, key)
        if card is not None and card.spot != self._box.card and note is not None:
            belong(editor, note, card.spot)
        else:
            own = self._own(corner)
            x, y = round(corner.x()), round(corner.y())
            if own is not None:
                x, y = round(corner.x() - own.x - own.width), round(corner.y() - own.y)
            step = own.spot.id if own else ""
            made = remarking.changed(graph, key, step=step, x=float(x), y=float(y))
            editor.draft.edit("Move note", made)
        editor.select(self._spot)

    def cancel(self) -> None:
        """Put it back."""
        self._editor.scene.point_at(None)
        card = self._editor.scene.plan.boxes.get(self._box.card) if self._box.card else None
        self._show(QPointF(self._box.x, self._box.y), card)

    def _show(self, corner: QPointF, card: Box | None) -> None:
        stage = self._editor.scene.stage
        if self._spot in stage.notes:
            stage.notes[self._spot].setPos(corner)
            stage.note_keeper.tie(self._spot, corner.x(), corner.y(), card)

    def _card(self, at: Pointer) -> Box | None:
        """Return the card below the pointer that a note can belong to."""
        target = self._editor.scene.hit(at.sheet.x(), at.sheet.y(), self._editor.view.zoom)
        if isinstance(target, Spot) and target.kind in ("step", "trigger") and target.id:
            return self._editor.scene.plan.boxes.get(target)
        return None

    def _own(self, corner: QPointF) -> Box | None:
        """Return the card it belongs to, as long as it is near."""
        box = self._editor.scene.plan.boxes.get(self._box.card) if self._box.card else None
        if box is None:
            return None
        near = QRectF(box.x, box.y, box.width, box.height).adjusted(
            -STAYS_NEAR, -STAYS_NEAR, STAYS_NEAR, STAYS_NEAR
        )
        return box if near.intersects(QRectF(corner.x(), corner.y(), self._box.width, 1)) else None


class Resize(Gesture):
    """The corner of a note follows the pointer."""

    cursor = Qt.CursorShape.SizeFDiagCursor

    def __init__(self, editor: FlowEditor, spot: Spot, began: Pointer) -> None:
        self._editor, self._spot, self._began = editor, spot, began
        self._box = editor.scene.plan.notes[spot]

    def move(self, at: Pointer) -> Gesture | None:
        """Show it as large as it would be."""
        self._editor.scene.stage.note_keeper.stretch(self._spot, *self._size(at))
        return None

    def finish(self, at: Pointer) -> None:
        """Let it be that large."""
        width, height = self._size(at)
        self.cancel()
        made = remarking.changed(
            self._editor.draft.graph, self._spot.id, width=width, height=height
        )
        self._editor.draft.edit("Resize note", made)
        self._editor.select(self._spot)

    def cancel(self) -> None:
        """Let it be as large as it was."""
        box = self._box
        self._editor.scene.stage.note_keeper.stretch(self._spot, box.width, box.height)

    def _size(self, at: Pointer) -> tuple[float, float]:
        by = at.sheet - self._began.sheet
        return remarking.fitting(self._box.width + by.x(), self._box.height + by.y())
