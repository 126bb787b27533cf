"""The files of a message that is passed on, on their way from the mailbox to the letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from rally_desktop.core import file_kinds
from rally_desktop.core.errors import RallyError, Refused
from rally_desktop.services import answering, attachments
from rally_desktop.services.attachments import File
from rally_desktop.services.letters import Enclosed
from rally_desktop.services.writing import Awaited
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.letter_fetch import LetterFetch, Stopped
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel

STOPPED = "fetching it was cancelled."


class AwaitedFiles(QWidget):
    """Fetches one after the other; what cannot be attached stays, to be tried again or left out.

    ``came`` brings a file that is kept now, ``read`` the words of a message of which the rest was
    read; ``changed`` is heard after each that came or did not.
    """

    came, read, changed = Signal(object), Signal(str), Signal()

    def __init__(self, desk: Desk, attached: Callable[[], Sequence[File]]) -> None:
        super().__init__()
        self._desk, self._attached = desk, attached
        self._number = 0
        self._fetching = self._ended = False
        self.rows: list[AwaitedRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self.hide()

    @property
    def files(self) -> tuple[Awaited, ...]:
        """Return what is not attached, with the reasons that are known."""
        return tuple(row.file for row in self.rows)

    def fill(self, number: int | None, files: Sequence[Awaited]) -> None:
        """Show which files of a message are not here, and fetch those that can be had."""
        if tuple(files) == self.files:
            return
        self._number = number or 0
        for row in tuple(self.rows):
            self._drop(row)
        self._add(files)
        self._fetch()

    def _add(self, files: Sequence[Awaited]) -> None:
        for one in files:
            row = AwaitedRow(self._desk, one)
            row.unwanted.connect(self._leave_out)
            row.wanted.connect(self._fetch)
            row.stopped.connect(self.changed)
            self.rows.append(row)
            self._column.addWidget(row)
        self.setVisible(bool(self.rows))

    def end(self) -> None:
        """Fetch nothing more: nobody writes here any longer. What was awaited still is."""
        self._ended = True
        for row in self.rows:
            row.fetch.stop()

    @later
    async def _fetch(self) -> None:
        """Fetch one after the other; whatever is wanted meanwhile comes after them."""
        if self._fetching:
            return
        self._fetching = True
        try:
            while not self._ended and (row := self._next()):
                await self._take(row)
        finally:
            self._fetching = False

    def _next(self) -> AwaitedRow | None:
        return next((one for one in self.rows if not one.file.why), None)

    async def _take(self, row: AwaitedRow) -> None:
        try:
            take = await (self._grown(row) if row.file.is_rest else self._had(row))
        except Stopped:
            self._say(row, STOPPED)
        except RallyError as error:
            self._say(row, str(error))
        else:
            if self._is_wanted(row):
                self._drop(row)
                take()
                self.changed.emit()

    async def _grown(self, row: AwaitedRow) -> Callable[[], None]:
        """Read the rest of the message; what is in it is then awaited in its place."""
        await row.fetch.whole(self._number)
        now = await self._desk.background.read(answering.draft, self._number, "forward")

        def take() -> None:
            self._add(now.awaited)
            self.read.emit(now.quoted)

        return take

    async def _had(self, row: AwaitedRow) -> Callable[[], None]:
        one, background = row.file, self._desk.background
        if why := attachments.crowded([*(file.size for file in self._attached()), one.size]):
            raise Refused(why)
        source = Enclosed(one.name, "", one.size, one.place)
        content = await row.fetch.file(self._number, source)
        if why := attachments.unfit(one.name, len(content)):
            raise Refused(why)
        made = await background.write(attachments.keep, one.name, content)
        await background.read(attachments.check, (*self._attached(), made))
        return partial(self.came.emit, made)

    def _say(self, row: AwaitedRow, why: str) -> None:
        if self._is_wanted(row):
            row.show_file(replace(row.file, why=why))
            self.changed.emit()

    def _is_wanted(self, row: AwaitedRow) -> bool:
        """Say whether nobody left it out or cancelled it on its way, nor closed the letter."""
        return not self._ended and row in self.rows and not row.file.why

    def _leave_out(self, row: AwaitedRow) -> None:
        self._drop(row)
        self.changed.emit()

    def _drop(self, row: AwaitedRow) -> None:
        self.rows.remove(row)
        row.fetch.stop()
        row.hide()
        row.deleteLater()
        self.setVisible(bool(self.rows))


class AwaitedRow(QWidget):
    """One of them: on its way with a way to stop it, or not attached."""

    wanted, unwanted, stopped = Signal(), Signal(object), Signal()

    def __init__(self, desk: Desk, file: Awaited) -> None:
        super().__init__()
        self.file = file
        self.fetch = LetterFetch(desk, self)
        self.left = PlainLabel("Not attached", "sub")
        self.left.set_tone("warn")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(f"Fetching {file.name}")
        self.bar.setFixedWidth(120)
        self.bar.setMaximum(max(1, file.size))
        self.cancel = button(desk.theme, "Cancel", kind="link")
        self.cancel.setAccessibleName(f"Cancel fetching {file.name}")
        self.again = button(desk.theme, "Try again", kind="link")
        self.again.setAccessibleName(f"Try again to fetch {file.name}")
        self.off = tool(desk.theme, f"Leave ‘{file.name}’ out", "x")
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(8)
        across.addWidget(ShortLabel(file.name), 1)
        for part in (self.left, self.bar, self.cancel, self.again):
            across.addWidget(part)
        across.addWidget(PlainLabel(file_kinds.size_in_words(file.size), "sub"))
        across.addWidget(self.off)
        self.show_file(file)
        self.fetch.came.connect(lambda done: self.bar.setValue(min(done, self.bar.maximum())))
        self.cancel.clicked.connect(self._stop)
        self.again.clicked.connect(self._try_again)
        self.off.clicked.connect(lambda: self.unwanted.emit(self))

    def show_file(self, file: Awaited) -> None:
        """Show whether it is on its way or was left behind."""
        self.file = file
        for part in (self.bar, self.cancel):
            part.setVisible(not file.why)
        unfit = not file.is_rest and attachments.unfit(file.name, file.size)
        self.left.setVisible(bool(file.why))
        self.again.setVisible(bool(file.why) and not unfit)
        self.bar.setValue(0)

    def _stop(self) -> None:
        """Want no more of it, whether it is on its way or waits for its turn."""
        self.fetch.stop()
        self.show_file(replace(self.file, why=STOPPED))
        self.stopped.emit()

    def _try_again(self) -> None:
        self.show_file(replace(self.file, why=""))
        self.wanted.emit()
