"""The canvas for screen readers: a list of cards in reading order, each with its sentence.

Nothing of it is made before somebody asks, and what somebody asked for is made from the plan, so
cards far away are there as well. Connectors are not: each card says what comes next, and every
'+' is a button that says where it inserts.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from weakref import ref

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
    QWindow,
)
from PySide6.QtWidgets import QAccessibleWidget

from rally_desktop.canvas.editor import FlowEditor
from rally_desktop.canvas.hands import EditorHands
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.reading import Line
from rally_desktop.canvas.scene import Target
from rally_desktop.canvas.spoken import Speaker
from rally_desktop.canvas.view import FlowView
from rally_desktop.model.graph import NEXT, START

Role = QAccessible.Role
ROLES = {"note": Role.Note, "frame": Role.Grouping}
Items = dict[Target, "CardVoice"]
_installed = False


class Voice(QObject):
    """Tells screen readers of one canvas; belongs to its view."""

    def __init__(self, editor: FlowEditor, hands: EditorHands) -> None:
        super().__init__(editor.view)
        self.editor, self.hands, self.view = editor, hands, editor.view
        self._items: Items = {}
        self._targets: list[Target] | None = None
        self._places: dict[Target, int] = {}
        self._speaker: Speaker | None = None
        editor.scene.replanned.connect(self._replanned)
        editor.scene.laid.connect(self._forget)
        editor.draft.locks.connect(lambda _why: self._replanned())
        editor.scene.picked.connect(self._picked)
        editor.said.connect(self._said)
        self.view.installEventFilter(self)
        self.view.destroyed.connect(partial(_take_apart, self._items))
        _install()

    # -- what there is ------------------------------------------------------------------------

    def is_whole(self) -> bool:
        """Say whether the canvas is not being taken apart."""
        return shiboken6.isValid(self) and shiboken6.isValid(self.view)

    @property
    def targets(self) -> list[Target]:
        """Return every card and '+' in reading order."""
        if self._targets is None:
            self._targets = list(dict.fromkeys(self._read()))
            self._places = {target: place for place, target in enumerate(self._targets)}
        return self._targets

    @property
    def speaker(self) -> Speaker:
        """Return who says the lines."""
        if self._speaker is None:
            editor = self.editor
            self._speaker = Speaker(editor.reading, editor.faces, editor.scene.overlay)
        return self._speaker

    def item(self, target: Target) -> CardVoice:
        """Return the voice of a card or '+'."""
        if target not in self._items:
            self._items[target] = CardVoice(self, target)
        return self._items[target]

    def known(self, target: Target | None) -> CardVoice | None:
        """Return the voice of what is there, else nothing."""
        there = target is not None and self.place_of(target) >= 0
        return self.item(target) if target is not None and there else None

    def place_of(self, target: Target) -> int:
        """Return which of the cards and '+' one is, or -1."""
        return self._places.get(target, -1) if self.targets else -1

    def name(self, target: Target) -> str:
        """Return what is said of a card or '+'."""
        if isinstance(target, Spot):
            return self.speaker.sentence(Line(target.kind, target.id))
        return self.speaker.insert(target)

    def _read(self) -> Iterator[Target]:
        shown = self.editor.scene.plan
        locked = bool(self.editor.draft.locked)
        for target in self._all():
            if isinstance(target, Spot):
                there = shown.shape(target) is not None
            else:
                there = target in shown.pluses and not locked
            if there:
                yield target

    def _all(self) -> Iterator[Target]:
        reading = self.editor.reading
        told_start = False
        for line in reading.lines():
            if not told_start and line.kind != "trigger" and line.kind != "note":
                told_start = True
                yield Slot("trigger")
                yield Slot("connector", START, NEXT)
            if line.kind == "step":
                yield Slot("meeting", before=line.id)
            if line.target is not None:
                yield line.target
            if line.kind == "jump":
                yield Slot("connector", line.id, line.exit)
            ways = reading.exits[line.id] if line.kind == "step" else ()
            if len(ways) == 1:
                yield Slot("connector", line.id, ways[0][0])

    # -- telling ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell where the focus is when it comes to the canvas."""
        if event.type() is QEvent.Type.FocusIn:
            self._picked(self.editor.scene.selected)
        return False

    def _picked(self, target: Target | None) -> None:
        if QAccessible.isActive() and target is not None and self.view.hasFocus():
            if self.place_of(target) >= 0:
                event = QAccessibleEvent(self.item(target), QAccessible.Event.Focus)
                QAccessible.updateAccessibility(event)

    def _said(self, text: str) -> None:
        if QAccessible.isActive() and text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.view, text))

    def _replanned(self) -> None:
        self._forget()
        gone = [target for target in self._items if self.place_of(target) < 0]
        _take_apart({target: self._items.pop(target) for target in gone})

    def _forget(self) -> None:
        self._targets = self._speaker = None


class SheetVoice(QAccessibleWidget):
    """The canvas: a list. Qt keeps it for ever, so it must not keep the canvas."""

    def __init__(self, voice: Voice) -> None:
        super().__init__(voice.view, Role.List, voice.view.accessibleName())
        self._known = ref(voice)

    def childCount(self) -> int:
        """Return how many cards and '+' there are."""
        voice = self._voice()
        return len(voice.targets) if voice else 0

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return one of them."""
        voice = self._voice()
        there = voice is not None and 0 <= index < len(voice.targets)
        return voice.item(voice.targets[index]) if voice and there else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Return which of them one is."""
        voice = self._voice()
        return voice.place_of(child.target) if voice and isinstance(child, CardVoice) else -1

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return what is at a point of the screen."""
        voice = self._voice()
        if voice is None:
            return None
        view = voice.view
        at = view.mapToScene(view.viewport().mapFromGlobal(QPoint(x, y)))
        return voice.known(view.flow.hit(at.x(), at.y(), view.zoom))

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return what is selected, while the canvas has the focus."""
        voice = self._voice()
        focused = voice is not None and voice.view.hasFocus()
        return voice.known(voice.editor.scene.selected) if voice and focused else None

    def text(self, t: QAccessible.Text) -> str:
        """Return the workflow's name and how many steps it has; why it is locked."""
        voice = self._voice()
        if voice is None:
            return ""
        draft = voice.editor.draft
        if t is QAccessible.Text.Name:
            count = len(draft.graph.steps)
            name = f"Workflow {draft.graph.name}".rstrip()
            return f"{name}, {count} step{'s' * (count != 1)}"
        return draft.locked if t is QAccessible.Text.Description else super().text(t)

    def _voice(self) -> Voice | None:
        voice = self._known()
        return voice if voice is not None and voice.is_whole() else None


class CardVoice(QAccessibleInterface):
    """One card or '+'; Qt may still ask about it while the canvas is taken apart."""

    def __init__(self, voice: Voice, target: Target) -> None:
        super().__init__()
        self.target: Target = target
        self._voice = voice
        self._actions = CardActions(voice, target)

    def isValid(self) -> bool:
        """Say whether it is still there."""
        return self._voice.is_whole() and self._voice.place_of(self.target) >= 0

    def object(self) -> QObject | None:  # type: ignore[override]
        """Return no object: cards are pictures."""
        return None

    def parent(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return the canvas."""
        voice = self._voice
        return QAccessible.queryAccessibleInterface(voice.view) if voice.is_whole() else None

    def window(self) -> QWindow | None:  # type: ignore[override]
        """Return the window it is in."""
        voice = self._voice
        return voice.view.window().windowHandle() if voice.is_whole() else None

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return nothing: a card is a leaf."""
        return None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """Return nothing."""
        return None

    def childCount(self) -> int:
        """Return nought."""
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """Return that there is none."""
        return -1

    def text(self, t: QAccessible.Text) -> str:
        """Return its sentence."""
        told = t is QAccessible.Text.Name and self.isValid()
        return self._voice.name(self.target) if told else ""

    def setText(self, t: QAccessible.Text, text: str) -> None:
        """Change nothing: a step is renamed by F2."""

    def role(self) -> QAccessible.Role:
        """Return what it is."""
        if isinstance(self.target, Slot):
            return Role.Button
        return ROLES.get(self.target.kind, Role.ListItem)

    def rect(self) -> QRect:
        """Return where it is on the screen."""
        where = self._voice.editor.where(self.target) if self.isValid() else None
        if where is None:
            return QRect()
        view = self._voice.view
        box = view.mapFromScene(where).boundingRect()
        return box.translated(view.viewport().mapToGlobal(box.topLeft()) - box.topLeft())

    def state(self) -> QAccessible.State:
        """Return whether it has the focus, is selected, is in view."""
        made = QAccessible.State()
        if not self.isValid():
            made.invalid = True
            return made
        scene, view = self._voice.editor.scene, self._voice.view
        made.focusable = made.selectable = True
        made.selected = self.target in scene.chosen or self.target == scene.selected
        made.focused = self.target == scene.selected and view.hasFocus()
        port = view.viewport()
        seen = port.rect().translated(port.mapToGlobal(port.rect().topLeft()))
        made.offscreen = not seen.intersects(self.rect())
        return made

    def interface_cast(self, t: QAccessible.InterfaceType) -> object:  # type: ignore[override]
        """Return what can be done with it; Qt takes an address, 0 for nothing."""
        action = t is QAccessible.InterfaceType.ActionInterface
        return shiboken6.VoidPtr(shiboken6.getCppPointer(self._actions)[0] if action else 0)


class CardActions(QAccessibleActionInterface):
    """What a screen reader can do with a card or '+'."""

    def __init__(self, voice: Voice, target: Target) -> None:
        super().__init__()
        self._voice, self._target = voice, target

    def actionNames(self) -> list[str]:
        """Return the names of what can be done."""
        return [self.pressAction(), self.setFocusAction(), self.showMenuAction()]

    def doAction(self, actionName: str) -> None:
        """Select it; open its settings, the quick add or its menu."""
        voice = self._voice
        if not voice.is_whole() or voice.place_of(self._target) < 0:
            return
        voice.view.setFocus(Qt.FocusReason.OtherFocusReason)
        voice.editor.select(self._target, by_keys=True)
        if actionName == self.pressAction():
            voice.hands.do("open")
        elif actionName == self.showMenuAction():
            voice.hands.menu_here()

    def keyBindingsForAction(self, actionName: str) -> list[str]:
        """Return the keys that do the same."""
        return ["Return"] if actionName == self.pressAction() else []


def _take_apart(items: Items) -> None:
    """Have Qt forget what is not there any more: it would ask what is gone."""
    for item in list(items.values()):
        if shiboken6.isValid(item):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(item))
    items.clear()


def _voice_of(_class: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, FlowView):
        return None
    voice = thing.findChild(Voice, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return SheetVoice(voice) if isinstance(voice, Voice) else None


def _install() -> None:
    global _installed
    if not _installed:
        _installed = True
        QAccessible.installFactory(_voice_of)
