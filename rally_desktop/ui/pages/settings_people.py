"""The people of the office in the settings: who they are, when they are away, who takes over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Event
from typing import ClassVar

from PySide6.QtCore import QTimer

from rally_desktop.engine import naming, renaming
from rally_desktop.engine.naming import Sort, Uses
from rally_desktop.model.work import Work
from rally_desktop.services import people, users
from rally_desktop.services.people import Handing, Member
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.settings_own import WIDTH, OwnSection, follows, many
from rally_desktop.ui.pages.settings_person import Person
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.own_list import Item
from rally_desktop.ui.widgets.own_pane import OwnPane
from rally_desktop.ui.widgets.pick_dialog import PickDialog

LOOK_MS = 100
PERSON_WIDTH = 480
KINDS = (("contact", "contacts"), ("company", "companies"), ("deal", "deals"))


class People(OwnSection):
    """The people at the left, what is known of the chosen one at the right."""

    title: ClassVar = "People"
    line: ClassVar = (
        "Who owns records and has tasks. Somebody who leaves hands both over to somebody else; "
        "what they did stays on the timelines under their name."
    )
    watched: ClassVar = frozenset({"user_account", "contact", "company", "deal", "task"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._known: dict[int, Member] = {}
        self._handing: Handing | None = None
        self._called_off = Event()
        self._clock = QTimer(self, interval=LOOK_MS)
        self.pane = OwnPane(
            desk.theme, "People", "Add somebody by name", "Nobody yet. Type a name.", ordered=False
        )
        self.pane.setMaximumWidth(640)
        self.person = Person(desk)
        self.pane.act("Deactivate…", "user-x", self._ask_who, lambda item: not item.archived)
        self.pane.act("Bring back", "user-check", self._bring_back, lambda item: item.archived)
        self.panes.addWidget(self.pane, 3)
        self.panes.addWidget(self.person, 2)
        self.panes.addStretch(0)
        self.pane.setMaximumWidth(WIDTH)
        self.person.setMaximumWidth(PERSON_WIDTH)
        self.pane.adding.connect(lambda text: self.add(text))
        self.pane.list.renamed.connect(lambda item, text: self.edit(item.key, name=text))
        self.pane.list.removing.connect(self._ask_who)
        self.pane.list.chosen.connect(self._show_chosen)
        self.person.edited.connect(lambda number, values: self.edit(number, **values))
        self.person.away.connect(lambda number, day: self.set_away(number, day))
        self.person.stopped.connect(self._called_off.set)
        self._clock.timeout.connect(self._look)
        self.setFocusProxy(self.pane.list)

    @later
    @newest
    async def refresh(self) -> None:
        """Read who there is."""
        found = await self.read(people.listed)
        self._known = {one.id: one for one in found}
        self.pane.show_items([_item(one) for one in found])

    @later
    async def add(self, name: str) -> None:
        """Add somebody, as staff."""
        number = await self.write(users.add, name)
        self.pane.added()
        self.tell(f"{name.strip()} is one of the office now.", people.deactivate, number)

    @later
    async def edit(self, number: int, **values: str) -> None:
        """Set name, e-mail, role or time zone; before another name it is said who follows."""
        if "name" in values:
            member, new = self._known[number], values["name"].strip()
            lines = follows("", await self.read(_uses, number), member.name)
            if not await self.agrees(f"Rename {member.name} to {new}?", lines, "Rename"):
                return
        before = await self.write(renaming.edit_user, number, values)
        name = values.get("name", self._known[number].name).strip()
        self.tell(f"{name} is changed.", renaming.edit_user, number, before)

    @later
    async def set_away(self, number: int, day: date | None) -> None:
        """Say until when somebody is away."""
        member = self._known[number]
        await self.write(users.away_until, number, day)
        said = f"{member.name} is {'away' if day else 'here'}."
        self.tell(said, users.set_away, number, member.away_until)

    @later
    async def hand_over(self, item: Item, to: Item) -> None:
        """Hand everything over and let somebody go, once it was said how much that is."""
        said = f"{_theirs(self._known[item.key]) or 'Nothing'} will belong to {to.name}. "
        said += f"{item.name} can no longer own records nor have tasks."
        uses = await self.read(_uses, item.key)
        if named := ", ".join(f"‘{name}’" for name in sorted({*uses.drafts, *uses.published})):
            said += f"\n\nWorkflows that name {item.name} fail there and say why: {named}."
        if self._handing or not await ask(self, f"Deactivate {item.name}?", said, "Hand over"):
            return
        handing = self._handing = Handing(item.key)
        self._called_off.clear()
        self._clock.start()
        stopped = self._called_off.is_set
        try:
            await self.desk.background.job(
                lambda store, closing: people.hand_over(
                    store, to.key, handing, lambda: closing() or stopped()
                )
            )
        finally:
            self._clock.stop()
            self._handing = None
            self.person.show_progress("")
            self.refresh()
        self._tell(item, to, handing)

    @later
    async def undo(self, handing: Handing) -> None:
        """Let somebody come back to what was theirs."""
        undone = await self.desk.background.job(
            lambda store, _closing: people.take_back(store, handing)
        )
        self.desk.notices.tell(undone.says(), "warn" if undone.kept else "ok")
        self.refresh()

    def _tell(self, item: Item, to: Item, handing: Handing) -> None:
        count = many(handing.changed, "record") or "No records"
        tasks = f" and {many(len(handing.tasks), 'task')}" if handing.tasks else ""
        stays = "" if handing.left else f" It was stopped: {item.name} stays."
        text = f"{count}{tasks} went from {item.name} to {to.name}.{stays}"
        undo: Callable[[], None] = lambda: self.undo(handing)  # noqa: E731
        self.desk.notices.tell(text, "ok" if handing.left else "warn", ("Undo", undo))

    def _ask_who(self, item: Item) -> None:
        if item.archived or self._handing:
            return
        others = [o for o in self.pane.list.items.items if o.key != item.key and not o.archived]
        if not others:
            text = "There is nobody to hand over to. Add somebody else first."
            self.desk.notices.tell(text, "warn")
            return
        PickDialog(self.desk.theme, self, f"{item.name} hands over to", others).ask(
            lambda to: self.hand_over(item, to)
        )

    def _bring_back(self, item: Item) -> None:
        self.change(people.activate, item.key)

    def _show_chosen(self, item: Item | None) -> None:
        self.person.show_member(None if item is None else self._known.get(item.key))

    def _look(self) -> None:
        if self._handing is not None:
            done, wanted = self._handing.looked_at, self._handing.wanted
            self.person.show_progress(f"Handed over {done:,} of {wanted:,} records.")


def _uses(work: Work, number: int) -> Uses:
    """Return who names somebody, by the label that lists have."""
    labels = users.labels(users.listed(work))
    return naming.uses(work, Sort("user"), labels[number]) if number in labels else Uses()


def _theirs(member: Member) -> str:
    held = [many(member.records.get(kind, 0), kind, more) for kind, more in KINDS]
    return ", ".join(filter(None, (*held, many(member.tasks, "open task"))))


def _item(member: Member) -> Item:
    back = member.back_on
    away = f"away until {back.day} {back:%B}" if back else ""
    note = " · ".join(filter(None, (away, _theirs(member))))
    role = member.role.capitalize()
    return Item(member.id, member.name, role, note, archived=not member.active, ended="Left")
