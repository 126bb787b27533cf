"""Numbers that wrote and are nobody's yet: looked at, then made contacts or left alone."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from rally_desktop.services import sms_strangers
from rally_desktop.services.sms_strangers import Stranger
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.unknown_dialog import UnknownDialog
from rally_desktop.ui.widgets.list_table import Column
from rally_desktop.ui.widgets.relative_time import ago, exactly

WIDTH, HEIGHT = 860, 520


class StrangersDialog(UnknownDialog[Stranger]):
    """Numbers that wrote; what a number wrote can be ignored, and looked at again."""

    title: ClassVar = "Unknown numbers"
    says: ClassVar = (
        "They wrote to the office by SMS, and no contact has their number. What they wrote is "
        "kept; a number that a contact has by now is given to that contact."
    )
    nobody: ClassVar = (
        "message-square",
        "No unknown numbers",
        "Whoever writes by SMS and is no contact stands here.",
    )
    watched: ClassVar = frozenset({"sms_arrival"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent, "Make contacts")
        self.resize(WIDTH, HEIGHT)
        self.ignore.clicked.connect(lambda: self.leave_out())
        self.lay_out(self.ignore)
        self.begin()

    def key(self, one: Stranger) -> str:
        """Return the number."""
        return one.number

    @later
    async def begin(self) -> None:
        """Give to contacts what is theirs by now, then show the rest."""
        await self.desk.background.write(sms_strangers.adopt)
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read who there is."""
        self.show_rows(await self.desk.background.read(sms_strangers.listed))

    @later
    async def bring_in(self) -> None:
        """Make contacts of those who are selected, called by their numbers for now."""
        numbers = [one.number for one in self.table.selected()]
        made = await self.desk.background.write(sms_strangers.bring_in, numbers)
        said = "1 contact was added." if len(made) == 1 else f"{len(made):,} contacts were added."
        self.desk.notices.tell(said, "ok")

    @later
    async def leave_out(self) -> None:
        """Show nothing more of what those who are selected wrote."""
        numbers = [one.number for one in self.table.selected()]
        await self.desk.background.write(sms_strangers.ignore, numbers)
        self.desk.notices.tell("Ignored.", "ok", ("Undo", lambda: self.take_back(numbers)))

    @later
    async def take_back(self, numbers: list[str]) -> None:
        """Show them again."""
        await self.desk.background.write(sms_strangers.heed, numbers)

    def columns(self) -> tuple[Column[Stranger], ...]:
        """Return what is said of each."""
        now = self.desk.clock.now
        return (
            Column("Number", lambda one: one.number, 170, strong=True),
            Column("Wrote last", lambda one: " ".join(one.text.split()), 0,
                   tip=lambda one: one.text),
            Column("Messages", lambda one: f"{one.wrote:,}", 100, sort=lambda one: one.wrote,
                   right=True),
            Column("When", lambda one: ago(one.last_at, now()), 120,
                   sort=lambda one: one.last_at, tip=lambda one: exactly(one.last_at)),
        )  # fmt: skip
