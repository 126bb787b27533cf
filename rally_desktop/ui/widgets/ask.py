"""A question that must be answered before something is done that cannot simply be undone."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


async def ask(parent: QWidget, question: str, consequence: str, yes: str) -> bool:
    """Ask, and return whether the person said ``yes``; the cautious answer is the default.

    The box does not stop the program: what runs in the background goes on.
    """
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(question)
    box.setText(question)
    box.setInformativeText(consequence)
    does = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    leaves = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    does.setProperty("kind", "primary")
    box.setDefaultButton(leaves)
    box.setEscapeButton(leaves)
    answer: asyncio.Future[bool] = asyncio.get_event_loop().create_future()

    def told() -> None:
        if not answer.done():
            answer.set_result(box.clickedButton() is does)

    box.finished.connect(told)
    box.open()
    return await answer
