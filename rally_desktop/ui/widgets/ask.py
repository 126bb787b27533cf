"""A question that must be answered before something is done that cannot simply be undone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


async def ask(parent: QWidget, question: str, consequence: str, yes: str) -> bool:
    """Ask, and return whether the person said ``yes``; the cautious answer is the default."""
    return await choose(parent, question, consequence, [yes]) == yes


async def choose(
    parent: QWidget, question: str, consequence: str, answers: Sequence[str]
) -> str | None:
    """Ask, and return which of the answers the person gave; None where it was «Cancel».

    The box does not stop the program: what runs in the background goes on.
    """
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(question)
    box.setText(question)
    box.setInformativeText(consequence)
    given = {box.addButton(text, QMessageBox.ButtonRole.AcceptRole): text for text in answers}
    leaves = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    next(iter(given)).setProperty("kind", "primary")
    box.setDefaultButton(leaves)
    box.setEscapeButton(leaves)
    answer: asyncio.Future[str | None] = asyncio.get_event_loop().create_future()

    def told() -> None:
        if not answer.done():
            pressed = box.clickedButton()
            answer.set_result(next((given[each] for each in given if each is pressed), None))

    box.finished.connect(told)
    box.open()
    return await answer
