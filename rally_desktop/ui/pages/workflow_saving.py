"""Saving what is edited on the canvas page: as one goes, again where it failed, never in silence.

What was changed last is saved after a short pause, and at once when the page is left in any way.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from rally_desktop.canvas.draft import Draft
from rally_desktop.core.errors import BadDefinition, BadSettings, Conflict, NotFound, RallyError
from rally_desktop.services import workflows
from rally_desktop.services.drafts import Opened
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_conflict import Conflicts
from rally_desktop.ui.pages.workflow_keeping import Keeping
from rally_desktop.ui.pages.workflow_restoring import Restoring
from rally_desktop.ui.pages.workflow_sharing import Sharing, this_page
from rally_desktop.ui.pages.workflow_unreadable import Unreadable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.strip import Strip

SAVE_AFTER = 600  # milliseconds without another change
PAUSES = (1, 2, 4, 8, 16, 30)  # seconds between one attempt and the next; the last goes on
PATIENCE = 3.0  # seconds for a page of the same workflow that is being left
_leaving: dict[tuple[str, int], asyncio.Event] = {}


class Saving(QObject):
    """Keeps the draft of a page in the database, whatever happens to either.

    ``said`` is where it says how it stands; strips about the whole draft go into ``above``.
    """

    over = Signal()  # the page was left, and all that it could save is saved

    def __init__(
        self,
        page: QWidget,
        desk: Desk,
        workflow_id: int,
        draft: Draft,
        said: PlainLabel,
        above: QVBoxLayout,
    ) -> None:
        super().__init__(page)
        self.keeping = Keeping(self, desk, workflow_id, draft, this_page())
        self.conflicts = Conflicts(self.keeping, page)
        self.sharing = Sharing(self.keeping, self.conflicts)
        self.restoring = Restoring(self.keeping)
        self.unreadable = Unreadable(desk, workflow_id)
        self.trouble = Strip(desk.theme, "triangle-alert", "bad")
        self.soon = QTimer(self, singleShot=True, interval=SAVE_AFTER)
        self.again = QTimer(self, singleShot=True)
        self._page, self._desk, self._draft, self._said = page, desk, draft, said
        self._opened: Opened | None = None
        self._which = (desk.background.office, workflow_id)
        self._ended = asyncio.Event()
        self._failures = 0
        self._turn = asyncio.Lock()
        strips = self.sharing.strip, self.conflicts.strip, self.trouble, self.restoring.strip
        for strip in strips:
            above.addWidget(strip)
        above.addWidget(self.unreadable, 1)
        self._connect()

    # -- opening ------------------------------------------------------------------------------

    async def open(self) -> workflows.Draft | None:
        """Read the draft; None where it cannot be read, and the page says what to do."""
        if (ended := _leaving.get(self._which)) is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), PATIENCE)
        try:
            self._opened = await self.keeping.read()
        except BadDefinition as error:
            self._opened = None
            await self.unreadable.show_what_to_do(error)
            return None
        self.unreadable.go()
        return self._opened.stored

    def begin(self) -> None:
        """Show the draft that was read, with its history, and tell others who has it open."""
        if self._opened is not None:
            self.keeping.show(self._opened)
            self.sharing.begin(self._opened.standing)

    # -- saving -------------------------------------------------------------------------------

    @later
    async def save(self) -> None:
        """Save what is not saved yet."""
        await self.now()

    async def now(self) -> bool:
        """Save what is not saved yet, and say whether everything is saved then."""
        self.soon.stop()
        self.again.stop()
        if not self.keeping.stuck:
            async with self._turn:
                while self.keeping.unsaved and not self.keeping.stuck and await self._save_once():
                    continue
        if self.keeping.left and (self.keeping.stuck or not self.keeping.unsaved):
            await self._end()
        return not self.keeping.unsaved

    def leave(self) -> None:
        """Save once more as the page goes, and say when that is over."""
        self.keeping.left, self.keeping.stuck = True, False
        _leaving[self._which] = self._ended
        self.save()

    async def _save_once(self) -> bool:
        """Save the draft as it is now, and say whether that went well."""
        self.again.start(PAUSES[min(self._failures, len(PAUSES) - 1)] * 1000)
        try:
            await self.keeping.save()
        except (Conflict, NotFound) as error:
            self.again.stop()
            self._say("Not saved", "bad")
            await self.conflicts.decide(error)
        except (BadDefinition, BadSettings) as error:
            self.again.stop()
            self._say("Not saved", "bad")
            self.trouble.say(f"Not saved: {_first_sentence(error)}")
            return False
        except RallyError as error:
            self._say_failed(error)
            return False
        self.again.stop()
        self._failures = 0
        self.trouble.hide()
        self._say_how_it_stands()
        return not self.keeping.stuck

    async def _end(self) -> None:
        """Make room for the next."""
        try:
            await self.sharing.get_up()
        finally:
            self._ended.set()
            if _leaving.get(self._which) is self._ended:
                del _leaving[self._which]
            self.over.emit()

    # -- saying -------------------------------------------------------------------------------

    def _say_failed(self, error: RallyError) -> None:
        self._failures += 1
        self._say("Not saved, trying again", "bad")
        kept = "Trying again; until then your changes are kept on this computer."
        self.trouble.say(f"Not saved: {_first_sentence(error)} {kept}", ("Try now", self.save))
        if self.keeping.left and self._failures == 1:
            self._desk.notices.tell(f"‘{self._draft.own.name}’ is not saved yet. {error}", "warn")

    def _say_how_it_stands(self) -> None:
        if self.keeping.stuck:
            self._say("Not saved", "bad")
        else:
            self._say("Saving …" if self.keeping.unsaved else "Saved")

    def _say(self, text: str, tone: str = "quiet") -> None:
        self._said.setText(text)
        self._said.set_tone(tone)

    # -- what happens -------------------------------------------------------------------------

    def _changed(self) -> None:
        if self.keeping.unsaved and not self.keeping.stuck:
            if not self._failures:
                self._say("Saving …")
            self.soon.start()

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        inside = new is not None and (new is self._page or self._page.isAncestorOf(new))
        if not inside and self.soon.isActive():
            self.save()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Save when the page is hidden; when its window closes, make room for others too."""
        if event.type() == QEvent.Type.Hide and not self.keeping.left:
            self._hidden()
        elif event.type() == QEvent.Type.Show:
            self._page.window().installEventFilter(self)
            if self.keeping.is_open:
                self.sharing.wake()
        return False

    @later
    async def _hidden(self) -> None:
        closing = not self._page.window().isVisible()
        if await self.now() and closing and not self.keeping.left:
            await self.sharing.get_up()

    def _connect(self) -> None:
        self._draft.changed.connect(self._changed)
        self.keeping.due.connect(self.save)
        self.conflicts.taken_over.connect(self.sharing.look)
        self.sharing.seated.connect(self.restoring.look)
        self.soon.timeout.connect(self.save)
        self.again.timeout.connect(self.save)
        self._page.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)


def _first_sentence(error: RallyError) -> str:
    said = str(error).partition(". ")[0].removesuffix(".")
    return f"{said[:1].lower()}{said[1:]}."
