"""When two have changed the same draft: nothing is overwritten unless somebody says so."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from rally_desktop.core.errors import NotFound, RallyError
from rally_desktop.engine.comparing import changes
from rally_desktop.engine.runfields import run_fields
from rally_desktop.model.graph import Graph
from rally_desktop.model.work import Work
from rally_desktop.services import drafts, workflows
from rally_desktop.services.drafts import Holder, Standing
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_keeping import Keeping
from rally_desktop.ui.widgets.ask import choose
from rally_desktop.ui.widgets.strip import Strip

THEIRS, COPY, OVERWRITE = "Show theirs", "Keep mine as a copy", "Overwrite theirs"
LINES = 6  # differences that are told one by one


class Conflicts(QObject):
    """Asks whose draft it shall be, and keeps the other's.

    ``taken_over`` says that it is nobody's to choose: another has the draft open by now.
    """

    taken_over = Signal()

    def __init__(self, keeping: Keeping, page: QWidget) -> None:
        super().__init__(keeping)
        self._keeping, self._page, self._desk = keeping, page, keeping.desk
        self.strip = Strip(self._desk.theme, "triangle-alert", "warn")

    async def decide(self, error: RallyError) -> None:
        """Find out why a save was refused, and do what keeps everybody's work."""
        self._keeping.stuck = True
        if isinstance(error, NotFound):
            await self._deleted()
            return
        number, me = self._keeping.workflow_id, self._keeping.me
        standing = await self._desk.background.read(drafts.look, number, me)
        if self._keeping.left:
            await self._keep_copy(str(error))
        elif standing.holder is not None:
            self.taken_over.emit()
        else:
            await self._ask(standing)

    async def give_way(self, holder: Holder) -> None:
        """Keep what is not saved as a copy, since another has taken over the draft."""
        said = f"{holder.who} has taken over this workflow."
        if self._keeping.unsaved:
            await self._keep_copy(said)
        else:
            self._desk.notices.tell(said, "warn")
        self._keeping.show(await self._keeping.read())

    async def catch_up(self, standing: Standing, *, looking_on: bool) -> None:
        """Show what was saved elsewhere; to whoever edits, as a change that can be undone."""
        if looking_on:
            self._keeping.show(await self._keeping.read())
        elif self._keeping.unsaved:
            self._keeping.due.emit()
        else:
            await self._take(standing)

    def ask_again(self) -> None:
        """Ask once more what was not answered."""
        self.strip.hide()
        self._keeping.stuck = False
        self._keeping.due.emit()

    @later
    async def keep(self) -> None:
        """Make a workflow of what is on screen, and open that."""
        self._desk.go("workflows", await self._keeping.copy())

    async def _ask(self, standing: Standing) -> None:
        mine, saved_by = self._keeping.draft.own, standing.saved_by or "Somebody else"
        at = f" at {standing.saved_at.astimezone():%H:%M}" if standing.saved_at else ""
        lines = await self._desk.background.read(_differences, self._keeping.workflow_id, mine)
        answer = await choose(
            self._page,
            f"{saved_by} saved this workflow{at}",
            "\n".join(["What differs in yours:", "", *_short(lines)]),
            [THEIRS, COPY, OVERWRITE],
        )
        if answer is None:
            said = f"Not saved: {saved_by} saved this workflow{at}."
            self.strip.say(said, ("Decide …", self.ask_again))
            return
        self._keeping.stuck = False
        if answer == OVERWRITE:
            await self._keeping.save(overwrite=True)
        elif answer == COPY:
            await self._keep_copy("")
            self._keeping.show(await self._keeping.read())
        else:
            await self._take(standing)

    async def _take(self, standing: Standing) -> None:
        """Make what is stored the newest step of the history here."""
        opened, draft = await self._keeping.read(), self._keeping.draft
        theirs, who = opened.stored.graph, standing.saved_by or "somebody else"
        if draft.locked:  # something else than the draft is on screen
            self._keeping.show(opened)
            return
        self._keeping.stand_on(theirs, opened.standing.revision)
        draft.seal()
        draft.edit(f"Take what {who} saved", theirs)
        said = f"{who[:1].upper()}{who[1:]} saved this workflow, and you see it now."
        self._desk.notices.tell(said, action=("Undo", draft.undo))

    async def _keep_copy(self, why: str) -> None:
        number = await self._keeping.copy()
        opens = ("Open it", lambda: self._desk.go("workflows", number))
        said = f"{why} What you had not saved is kept as a workflow of its own.".strip()
        self._desk.notices.tell(said, "warn", opens)

    async def _deleted(self) -> None:
        if self._keeping.left:
            await self._keep_copy("The workflow was deleted meanwhile.")
            return
        said = "Not saved: this workflow was deleted meanwhile."
        self.strip.say(said, ("Keep it as a new workflow", self.keep))


def _differences(work: Work, workflow_id: int, mine: Graph) -> list[str]:
    """Say in words what of a draft is other than what is stored."""
    theirs = workflows.draft(work, workflow_id).graph
    return changes(theirs, mine, run_fields(work, mine.record))


def _short(lines: list[str]) -> list[str]:
    told = [f"•  {line}" for line in lines[:LINES]]
    more = len(lines) - LINES
    rest = [f"and {more} more differences"] if more > 0 else []
    return [*told, *rest] or ["•  only where cards stand"]
