"""What the canvas asks before it removes more than one step; never blocks the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

Choice = tuple[str, str, Callable[[], None]]  # the button's words, its role, what it does


def ask(
    parent: QWidget,
    text: str,
    more: str,
    choices: Sequence[Choice],
    finally_: Callable[[], None] = lambda: None,
) -> QMessageBox:
    """Ask beside the window; the first choice is the default, Esc does nothing.

    The role of a choice is ``accept`` or ``destroy``.
    """
    box = QMessageBox(parent)
    box.setObjectName("question")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(more)
    roles = {
        "accept": QMessageBox.ButtonRole.AcceptRole,
        "destroy": QMessageBox.ButtonRole.DestructiveRole,
    }
    acts: dict[QPushButton, Callable[[], None]] = {}
    for words, role, act in choices:
        acts[box.addButton(words, roles[role])] = act
    box.setDefaultButton(next(iter(acts)))
    box.setEscapeButton(box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole))

    def answered() -> None:
        act = acts.get(box.clickedButton())  # type: ignore[arg-type]
        finally_()
        if act is not None:
            act()

    box.finished.connect(answered)
    box.open()
    return box
