"""What can be done to the chosen records of a grid: asked for, tried on one, then done to all."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject

from rally_desktop.core.errors import Refused
from rally_desktop.engine import by_hand
from rally_desktop.model.ref import RecordKind, Ref, of_records
from rally_desktop.model.work import Work
from rally_desktop.services import bulk, entry, lists, workflows
from rally_desktop.services.bulk import Batchwise
from rally_desktop.services.workflows import WorkflowRow
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.bulk_dialog import BulkDialog, FieldDialog, choice
from rally_desktop.ui.widgets.bulk_work import BulkWork, Saying
from rally_desktop.ui.widgets.enrol_dialog import EnrolDialog
from rally_desktop.ui.widgets.grid import RecordGrid

ASKED_FROM = 100  # records; fewer are deleted without a question, as that can be undone
Does = tuple[str, str, Callable[[], object]]
"""The words of a button, its icon, and what it does."""


class BulkDeeds(QObject):
    """Asks for what is needed, and hands the deed to the work in the background."""

    def __init__(self, desk: Desk, grid: RecordGrid, work: BulkWork) -> None:
        super().__init__(grid)
        self._desk, self._grid, self._work = desk, grid, work
        self._kind: RecordKind = of_records(grid.kind)
        self.dialog: BulkDialog | None = None

    def offered(self) -> Mapping[str, Does]:
        """Return what can be done to the chosen records."""
        return {
            "field": ("Set a field", "pencil", lambda: self.set_field()),
            "tag": ("Add tag", "tag", lambda: self.add_tag()),
            "owner": ("Owner", "user", self.set_owner),
            "enrol": ("Enrol", "workflow", lambda: self.enrol()),
            "delete": ("Delete", "trash-2", lambda: self.delete(self._chosen())),
        }

    @later
    async def set_field(self, name: str = "") -> None:
        """Ask for a field and a value, or for the value of one field."""
        numbers = self._chosen()
        card = await self._desk.background.read(entry.blank, self._kind)
        many = self._many(numbers)
        dialog = FieldDialog(self._desk, self._grid, many, card)
        if name:
            dialog.choose(name)

        async def take(value: Any) -> None:
            if value is None:
                raise Refused("Choose one of the fields.")
            field, wanted = value
            does = bulk.setting(self._kind, field.name, wanted)
            await self._try(does, numbers)
            label = field.label
            self._start(does, numbers, f"Setting {label.lower()}", f"{label} set in")

        self._open(dialog, take)

    @later
    async def add_tag(self) -> None:
        """Ask for a tag, an old one or a new one, and put it on."""
        numbers = self._chosen()
        box = choice(await self._tags(), new=True)
        box.lineEdit().setPlaceholderText("An existing tag or a new one")
        many = self._many(numbers)
        dialog = BulkDialog(self._desk.theme, self._grid, f"Add a tag to {many}", "Add tag")
        dialog.row("Tag", box)
        dialog.value = box.currentText

        async def take(tag: str) -> None:
            does = bulk.tagging(tag)
            await self._try(does, numbers)
            self._start(does, numbers, f"Adding the tag ‘{tag}’", f"‘{tag}’ added to")

        self._open(dialog, take)
        box.setFocus()

    @later
    async def remove_tag(self) -> None:
        """Ask for a tag and take it off."""
        numbers = self._chosen()
        known = await self._tags()
        box = choice(known)
        many = self._many(numbers)
        dialog = BulkDialog(self._desk.theme, self._grid, f"Remove a tag from {many}", "Remove tag")
        dialog.row("Tag", box)
        dialog.value = box.currentText

        async def take(tag: str) -> None:
            if tag not in known:
                raise Refused("Choose one of the office’s tags.")
            does = bulk.untagging(tag)
            self._start(does, numbers, f"Removing the tag ‘{tag}’", f"‘{tag}’ removed from")

        self._open(dialog, take)
        box.setFocus()

    def set_owner(self) -> None:
        """Ask for the owner."""
        self.set_field("owner")

    @later
    async def enrol(self, numbers: array[int] | None = None) -> None:
        """Ask for a sequence or workflow, say what enrolling would mean, and enrol."""
        chosen, kind = self._chosen() if numbers is None else numbers, self._kind
        rows = await self._desk.background.read(workflows.listed)
        open_ = [row for row in rows if row.record == kind and row.state == "published"]
        if not chosen or not open_:
            said = f"No published sequence or workflow is for {_plural(kind)}. Publish one first."
            self._desk.notices.tell(said if chosen else f"Choose {_plural(kind)} first.", "warn")
            return
        dialog = EnrolDialog(self._desk, self._grid, self._many(chosen), kind, chosen, open_)

        async def take(value: tuple[WorkflowRow, array[int]]) -> None:
            row, entering = value
            cause = await self._desk.background.read(by_hand.cause_now)
            does = _enrolling(row.id, cause)
            await self._try(does, entering)
            said = Saying(
                f"Enrolling in ‘{row.name}’",
                lambda count: f"‘{row.name}’ takes in {counted(count, kind)}.",
                ("Show", lambda: self._desk.go(f"{row.purpose}s", row.id)),
                lambda: self.take_back(row, cause),
            )
            self._work.do(does, entering, said)

        self._open(dialog, take)

    @later
    async def take_back(self, row: WorkflowRow, cause: str) -> None:
        """Let those go again whom one enrolled, but for those who have a message already."""
        done, back = 0, by_hand.TakenBack(1, 0)
        while back.done:
            back = await self._desk.background.write(by_hand.take_back, row.id, cause, bulk.BATCH)
            done += back.done
        kept = f" {back.kept:,} stay, as they were written to already." if back.kept else ""
        said = f"{counted(done, self._kind)} taken out of ‘{row.name}’ again.{kept}"
        self._desk.notices.tell(said, "warn" if back.kept else "ok")

    @later
    async def delete(self, numbers: array[int], name: str = "") -> None:
        """Put records into the trash; many only after a question."""
        if not numbers:
            return
        many = self._many(numbers)
        if len(numbers) >= ASKED_FROM:
            says = "They go to the trash, from which they can be restored."
            if not await ask(self._grid, f"Delete {many}?", says, "Delete"):
                return
        self._grid.step_off(numbers)
        kind = self._kind

        def done(count: int) -> str:
            return f"{name or counted(count, kind)} deleted."

        look = ("Show in trash", lambda: self._desk.go("trash", kind))
        self._work.do(bulk.deleting(), numbers, Saying(f"Deleting {many}", done, look))

    # -- parts -----------------------------------------------------------------------------

    def _chosen(self) -> array[int]:
        return self._grid.table.selected_ids()

    def _many(self, numbers: Sequence[int]) -> str:
        return counted(len(numbers), self._kind)

    async def _tags(self) -> list[str]:
        return list(await self._desk.background.read(lists.of, "tag"))

    async def _try(self, does: Batchwise, numbers: array[int]) -> None:
        """Do it to the first record and throw that away; raises what the person must mend."""
        first = [Ref(self._kind, number) for number in numbers[:1]]
        refused = await self._desk.background.read(_tried, does, first)
        if refused:
            raise Refused(refused)

    def _start(self, does: Batchwise, numbers: array[int], doing: str, done: str) -> None:
        kind = self._kind
        said = Saying(doing, lambda count: f"{done} {counted(count, kind)}.")
        self._work.do(does, numbers, said)

    def _open(self, dialog: BulkDialog, take: Any) -> None:
        self.dialog = dialog
        dialog.take = take
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        self.dialog = None


def _tried(work: Work, does: Batchwise, refs: Sequence[Ref]) -> str:
    found = [ref for ref in refs if entry.exists(work, ref)]
    _, refused = does(work, found)
    return next(iter(refused), "")


def _enrolling(workflow: int, cause: str) -> Batchwise:
    def does(work: Work, refs: Sequence[Ref]) -> tuple[int, Counter[str]]:
        return by_hand.enrol(work, workflow, refs, cause), Counter()

    return does


def _plural(kind: str) -> str:
    return {"company": "companies"}.get(kind, f"{kind}s")


def counted(count: int, noun: str) -> str:
    """Say a number of things: 1 contact, 12 companies."""
    plural = {"company": "companies", "match": "matches"}.get(noun, f"{noun}s")
    return f"{count:,} {noun if count == 1 else plural}"
