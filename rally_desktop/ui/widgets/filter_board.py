"""The conditions of a filter on screen: made, moved, copied and dragged, group by group."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec
from PySide6.QtCore import QPoint, QSignalBlocker, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from rally_desktop.core.conditions import OPERATORS, Fields
from rally_desktop.ui.widgets import filter_tree
from rally_desktop.ui.widgets.filter_drop import DropLine, nearest, scroll_to
from rally_desktop.ui.widgets.filter_group import GroupBox, PartBox
from rally_desktop.ui.widgets.filter_row import FilterRow, KeptRow, Lists, editable
from rally_desktop.ui.widgets.filter_tree import Group, Leaf, Part, Path
from rally_desktop.ui.widgets.plain_label import PlainLabel

NO_CONDITION = "There is no condition on the clipboard to paste here."
_MOVES: Mapping[str, Callable[[Group, Path], tuple[Group, Path]]] = {
    "move_up": lambda tree, path: filter_tree.stepped(tree, path, -1),
    "move_down": lambda tree, path: filter_tree.stepped(tree, path, 1),
    "group": filter_tree.grouped,
    "ungroup": filter_tree.ungrouped,
}


class FilterBoard(QWidget):
    """Shows a tree of groups and conditions; ``changed`` tells that a person changed it.

    Each change of its shape makes the widgets anew from the tree that it leads to; ``stepped``
    tells before and after it that it is a step of its own, not to be undone with what is typed.
    """

    changed = Signal()
    stepped = Signal()

    def __init__(self, fields: Fields, lists: Lists) -> None:
        super().__init__()
        self._fields, self._lists = fields, lists
        self._scolds = False
        self.root = GroupBox((), self)
        self.note = PlainLabel("", "sub")
        self.note.setWordWrap(True)
        self.note.hide()
        self._line = DropLine(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.root)
        column.addWidget(self.note)
        self._hear(self.root)
        self.put(Group())

    def tree(self) -> Group:
        """Return what is shown."""
        return self.root.read()

    def put(self, tree: Group) -> None:
        """Show a tree in place of what is shown."""
        with QSignalBlocker(self):
            self.root.show_group(tree, self._make)

    def show_stored(self, tree: Group) -> None:
        """Show what was stored: where it lacks something, that is said."""
        self._scolds = True
        self.put(tree)

    def offer(self, fields: Fields, lists: Lists) -> None:
        """Use other fields and lists for what is shown."""
        tree = self.tree()
        self._fields, self._lists = fields, lists
        self.put(tree)

    def part(self, *path: int) -> PartBox:
        """Return what is at a place."""
        box: PartBox = self.root
        for place in path:
            assert isinstance(box, GroupBox)
            box = box.parts[place]
        return box

    def conditions(self) -> Iterator[tuple[Path, FilterRow | KeptRow]]:
        """Yield the conditions in reading order, each with its place."""
        for path, box in _parts(self.root):
            if not isinstance(box, GroupBox):
                yield path, box

    def add_condition(self, path: Path = ()) -> None:
        """Add an empty condition to a group and put the cursor there."""
        field, group = next(iter(self._fields.values())), self.part(*path)
        assert isinstance(group, GroupBox)
        place = (*path, len(group.parts))
        empty = Leaf({"field": field.name, "op": OPERATORS[field.type][0]})
        self._scolds = False
        self.put(filter_tree.inserted(self.tree(), place, empty))
        row = self.part(*place)
        assert isinstance(row, FilterRow)
        row.field_box.setFocus()
        row.field_box.lineEdit().selectAll()
        self._reshaped()

    # -- what can be done ---------------------------------------------------------------------

    def do(self, path: Path, deed: str) -> None:
        """Do with a condition or group what its grip offers."""
        tree, grip = self.tree(), self.part(*path).grip
        if deed == "copy":
            text = msgspec.json.encode(filter_tree.stored_part(filter_tree.at(tree, path)))
            QApplication.clipboard().setText(text.decode())
            return
        at_grip = grip is not None and grip.hasFocus()
        made, here = self._done(tree, path, deed)
        if made is not tree:
            self.put(made)
            self._focus(here, at_grip=at_grip)
            self._reshaped()

    def can(self, path: Path, deed: str) -> bool:
        """Say whether something can be done with a part."""
        if deed == "paste":
            return _pasted() is not None
        tree = self.tree()
        return deed not in _MOVES or _MOVES[deed](tree, path)[0] is not tree

    def _done(self, tree: Group, path: Path, deed: str) -> tuple[Group, Path]:
        after = (*path[:-1], path[-1] + 1)
        if deed in _MOVES:
            return _MOVES[deed](tree, path)
        if deed == "remove":
            return filter_tree.removed(tree, path), (*path[:-1], max(0, path[-1] - 1))
        if deed == "duplicate":
            stored = filter_tree.stored_part(filter_tree.at(tree, path))
            return filter_tree.inserted(tree, after, filter_tree.part_of(stored)), after
        part = _pasted()
        if part is None or not filter_tree.fits(part, path[:-1]):
            return tree, path
        return filter_tree.inserted(tree, after, part), after

    def _want(self, box: GroupBox, what: str) -> None:
        """Add what a group's foot was asked for, at its end."""
        place = (*box.path, len(box.parts))
        part = _pasted() if what == "paste" else None
        if what == "condition":
            self.add_condition(box.path)
        elif what == "group":
            self.put(filter_tree.inserted(self.tree(), place, Group("any")))
            self.add_condition(place)
        elif part is not None and filter_tree.fits(part, box.path):
            self.put(filter_tree.inserted(self.tree(), place, part))
            self._focus(place, at_grip=True)
            self._reshaped()
        else:
            self.note.setText(NO_CONDITION)
            self.note.show()

    def _drag(self, path: Path, point: QPoint) -> None:
        here = self.mapFromGlobal(point)
        self._line.show_at(nearest(self.root, self, path, here).line)
        scroll_to(self, here)

    def _drop(self, path: Path, point: QPoint) -> None:
        target = nearest(self.root, self, path, self.mapFromGlobal(point)).path
        self._line.hide()
        tree = self.tree()
        made, here = filter_tree.moved(tree, path, target)
        if made != tree:
            self.put(made)
            self._focus(here, at_grip=True)
            self._reshaped()

    # -- inside -------------------------------------------------------------------------------

    def _make(self, part: Part, path: Path) -> PartBox:
        box: PartBox
        if isinstance(part, Group):
            box = GroupBox(path, self)
            self._hear(box)
            box.show_group(part, self._make)
        elif editable(part.stored, self._fields):
            box = FilterRow(self._fields, self._lists, self)
            box.fill(part.stored)
            box.touched = self._scolds or box.complete()
            box.say_flaw()
            box.changed.connect(self._edited)
        else:
            box = KeptRow(part.stored, self._fields, self)
        box.removed.connect(lambda: self.do(path, "remove"))
        grip = box.grip
        assert grip is not None
        grip.can = lambda deed: self.can(path, deed)
        grip.done.connect(lambda deed: self.do(path, deed))
        grip.dragged.connect(lambda point: self._drag(path, point))
        grip.dropped.connect(lambda point: self._drop(path, point))
        grip.let_go.connect(self._line.hide)
        return box

    def _hear(self, box: GroupBox) -> None:
        box.changed.connect(self._edited)
        box.wanted.connect(lambda what: self._want(box, what))

    def _reshaped(self) -> None:
        self.stepped.emit()
        self._edited()
        self.stepped.emit()

    def _edited(self) -> None:
        self.note.hide()
        self.changed.emit()

    def _focus(self, path: Path, *, at_grip: bool) -> None:
        """Put the cursor to a part, or to the nearest there still is."""
        box: PartBox = self.root
        for place in path:
            if isinstance(box, GroupBox) and box.parts:
                box = box.parts[min(place, len(box.parts) - 1)]
        if isinstance(box, FilterRow) and not at_grip:
            box.focus_value()
        else:
            (box.grip or self.root.add_button).setFocus()


def _pasted() -> Part | None:
    """Return the condition or group that is on the clipboard as text."""
    try:
        stored = msgspec.json.decode(QApplication.clipboard().text())
    except (msgspec.DecodeError, RecursionError):
        return None
    known = {"all", "any", "not", "field"}
    fits = isinstance(stored, dict) and bool(known & stored.keys())
    return filter_tree.part_of(stored) if fits else None


def _parts(group: GroupBox) -> Iterator[tuple[Path, PartBox]]:
    for place, box in enumerate(group.parts):
        yield (*group.path, place), box
        if isinstance(box, GroupBox):
            yield from _parts(box)
