"""One person's data: handed over as a file, or erased everywhere after the name was typed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import erasing
from rally_desktop.engine.erasing import Outcome
from rally_desktop.engine.reasons import sentence
from rally_desktop.model.ref import Ref
from rally_desktop.outside.files.naming import file_name
from rally_desktop.services import person_file, privacy
from rally_desktop.services.privacy import Held
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.import_file import save_as
from rally_desktop.ui.pages.import_task import TaskBar
from rally_desktop.ui.pages.workflow_rows import explained, named
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

WIDTH = 600
HANDED = (
    "A ZIP with a page to read and the same as data: fields, consents since when and how, the "
    "timeline, messages with their texts, notes, tasks, calls, meetings, deals, and the workflows "
    "the person went through, with why."
)
STAYS = (
    "What stays says nothing of the person: that messages were sent, and how many went through "
    "which step. The addresses are known again by a digest alone, so that no import brings the "
    "person back."
)
BEYOND = (
    "Out of reach are backups, files that were exported, mailboxes and other programs. Delete the "
    "person there yourself."
)


class PersonDialog(QDialog):
    """``erased`` is heard once the person is gone."""

    erased = Signal(object)

    def __init__(self, desk: Desk, ref: Ref, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("One person’s data")
        self.setFixedWidth(WIDTH)
        self.desk, self.ref = desk, ref
        self._held: Held | None = None
        self.title = PlainLabel("", "heading")
        self.export_button = button(desk.theme, "Export…", "download")
        self.export_task = TaskBar(desk, "line")
        self.goes = PlainLabel("", "body")
        self.also = PlainLabel("", "body")
        self.name = QLineEdit()
        self.name.setAccessibleName("The person’s name")
        self.erase_button = button(desk.theme, "Erase for good", "eraser", "danger")
        self.erase_task = TaskBar(desk, "part")
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.close_button = button(desk.theme, "Close")
        for label in (self.title, self.goes, self.also, self.wrong):
            label.setWordWrap(True)
        self._lay_out()
        self.export_button.clicked.connect(self._ask_where)
        self.erase_button.clicked.connect(lambda: self.erase())
        self.name.textChanged.connect(lambda: self._offer())
        self.name.returnPressed.connect(lambda: self.erase())
        self.close_button.clicked.connect(self.reject)
        self._offer()
        self.read()

    def _lay_out(self) -> None:
        hand = QHBoxLayout()
        hand.addWidget(explained(HANDED), 1)
        hand.addWidget(self.export_button, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.addWidget(self.wrong, 1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.erase_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(PlainLabel("Hand over", "title"))
        column.addLayout(hand)
        column.addWidget(self.export_task)
        column.addSpacing(4)
        column.addWidget(QFrame(objectName="rule"))
        column.addWidget(PlainLabel("Erase everywhere", "title"))
        for label in (self.goes, self.also, explained(STAYS), explained(BEYOND)):
            column.addWidget(label)
        self._typed = named("", self.name)
        self._label = self._typed.findChildren(PlainLabel)[0]
        column.addSpacing(4)
        column.addWidget(self._typed)
        column.addWidget(self.erase_task)
        column.addLayout(foot)

    @later
    async def read(self) -> None:
        """Count what there is of the person."""
        self._held = found = await self.desk.background.read(privacy.held, self.ref)
        self.title.setText(found.name)
        self.goes.setText(privacy.told(found))
        self.also.setText("\n".join(_also(found)))
        self.also.setVisible(bool(self.also.text()))
        self._label.setText(f"Type ‘{found.name}’ to erase this person for good")
        self._offer()

    def event(self, event: QEvent) -> bool:
        """Be as high as the words need: all of it is to be read before somebody erases."""
        fits = event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show)
        done = super().event(event)
        layout = self.layout() if fits else None
        if layout is not None:
            self.resize(WIDTH, layout.totalHeightForWidth(WIDTH))
        return done

    def _offer(self) -> None:
        meant = self._held is not None and privacy.is_called(self._held, self.name.text())
        self.erase_button.setEnabled(meant and not self.erase_task.running)
        there = self._held is not None and not self._held.in_trash
        self.export_button.setEnabled(there and not self.erase_task.running)
        self.export_button.setToolTip("" if there else "Restore the person from the trash first")

    # -- handing over ----------------------------------------------------------------------

    def _ask_where(self) -> None:
        name = self._held.name if self._held else ""
        save_as(self, self.desk, f"{file_name(name, 'Person')}.zip", self.export)

    @later
    async def export(self, name: str) -> None:
        """Write the file; nothing half-done is left of it."""
        path, ref = Path(name), self.ref
        self.wrong.clear()
        self.export_button.setEnabled(False)
        try:
            count = await self.export_task.wait(
                lambda store, tell, stop: person_file.write(
                    store, path, ref, sentence, lambda done, _: tell(done // 2), stop
                ),
                self._held.counts.get("activity", 0) if self._held else 0,
            )
        except RallyError as error:
            self.wrong.setText(str(error))
            return
        finally:
            self._offer()
        if count is not None:
            opens = ("Open", partial(_open, path))
            self.desk.notices.tell(f"All data is in ‘{path.name}’.", "ok", opens)

    # -- erasing ---------------------------------------------------------------------------

    @later
    async def erase(self) -> None:
        """Erase the person whose name was typed."""
        if not self.erase_button.isEnabled():
            return
        self.wrong.clear()
        waits = self.erase_task.wait(
            lambda store, tell, _: erasing.erase(store, self.ref, lambda done, _: tell(done))
        )
        self.erase_task.cancel.hide()  # half an erasure helps nobody
        self.erase_button.setEnabled(False)
        try:
            outcome = await waits
        except RallyError as error:
            self.wrong.setText(str(error))
            self._offer()
            return
        self._say(outcome)
        self.erased.emit(self.ref)
        self.accept()

    def _say(self, outcome: Outcome) -> None:
        if outcome.waits:
            said = (
                "A server is taking over a message to this person at this moment. What is left is "
                "erased by itself as soon as that is settled."
            )
            self.desk.notices.tell(said, "warn")
        elif not outcome.wiped:
            said = (
                "The person is erased. The file could not be written anew, so old bytes may be "
                "left in it: close other programs that use it, then run rally-desktop db wipe."
            )
            self.desk.notices.tell(said, "warn")
        else:
            self.desk.notices.tell("The person is erased everywhere.", "ok")

    def reject(self) -> None:
        """Close; an export is given up first, an erasure goes on to its end."""
        if self.export_task.running:
            self.export_task.stop()
        elif not self.erase_task.running:
            super().reject()

    def show_error(self, error: Exception) -> None:
        """Say what went wrong."""
        self.desk.notices.show_error(error)


def _also(found: Held) -> list[str]:
    """Return what else is to be known before, a sentence each."""
    said = (
        (found.same, "{} merged into this one, erased too"),
        (found.open_runs, "{} under way, ended now"),
        (found.waiting, "{} waiting, not sent any more"),
        (found.in_doubt, "{} in doubt, never sent again"),
        (found.deals, "{} left without the person"),
    )
    nouns = ("contact", "run", "message", "message", "deal")
    lines = [
        f"{words.format(_many(count, noun))}."
        for (count, words), noun in zip(said, nouns, strict=True)
        if count
    ]
    if found.leaving:
        lines.append("A message is with a server right now; the rest goes once that is settled.")
    if found.name_shared:
        lines.append(
            "Somebody else has the same name: other people’s texts that say the name alone stay."
        )
    return lines


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
