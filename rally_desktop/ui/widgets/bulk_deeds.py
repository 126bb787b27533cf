"""What can be done to the chosen records of a grid: asked for, tried on one, then done to all."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject

from rally_desktop.core.errors import Refused
from rally_desktop.engine import by_hand
from rally_desktop.engine.reasons import REASONS
from rally_desktop.model.ref import RecordKind, Ref, of_records
from rally_desktop.model.work import Work
from rally_desktop.services import bulk, entry, lists, workflows
from rally_desktop.services.bulk import Batchwise
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.bulk_dialog import BulkDialog, FieldDialog, choice
from rally_desktop.ui.widgets.bulk_work import BulkWork, Saying
from rally_desktop.ui.widgets.grid import RecordGrid

ASKED_FROM = 100  # records; fewer are deleted without a question, as that can be undone
FORECAST_MOST = 2_000
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
    async def enrol(self) -> None:
        """Ask for a workflow, say what enrolling would mean, and enrol."""
        numbers, kind = self._chosen(), self._kind
        rows = await self._desk.background.read(workflows.listed)
        open_ = {
            row.name: row.id for row in rows if row.record == kind and row.state == "published"
        }
        if not open_:
            said = f"No published workflow is for {_plural(kind)}. Publish one first."
            self._desk.notices.tell(said, "warn")
            return
        many = self._many(numbers)
        dialog = BulkDialog(self._desk.theme, self._grid, f"Enrol {many}", f"Enrol {many}")
        box = choice(list(open_))
        dialog.row("Workflow", box)
        dialog.value = box.currentText
        box.currentTextChanged.connect(
            lambda name: self._forecast(dialog, open_.get(name), numbers)
        )

        async def take(name: str) -> None:
            if name not in open_:
                raise Refused("Choose one of the workflows.")
            does = _enrolling(open_[name])
            await self._try(does, numbers)
            self._start(does, numbers, f"Enrolling in ‘{name}’", f"‘{name}’ will take in")

        self._open(dialog, take)
        self._forecast(dialog, open_[box.currentText()], numbers)

    @later
    async def _forecast(
        self, dialog: BulkDialog, workflow: int | None, numbers: array[int]
    ) -> None:
        if workflow is None:
            return
        some = [Ref(self._kind, number) for number in numbers[:FORECAST_MOST]]
        found = await self._desk.background.read(by_hand.forecast, workflow, some)
        if dialog is self.dialog:
            dialog.note.setText(_foretold(found, len(some), len(numbers)))

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


def _enrolling(workflow: int) -> Batchwise:
    def does(work: Work, refs: Sequence[Ref]) -> tuple[int, Counter[str]]:
        return by_hand.enrol(work, workflow, refs), Counter()

    return does


def _foretold(found: by_hand.Forecast, looked_at: int, wanted: int) -> str:
    """Say what enrolling would mean now."""
    first = "" if looked_at == wanted else f"Of the first {looked_at:,}: "
    said = [f"{first}{found.entering:,} would enter now."]
    said += [f"{count:,} not: {REASONS.get(code, code)}" for code, count in found.refused.items()]
    if found.messages:
        said.append(f"At most {found.messages:,} messages would be sent to them.")
    return " ".join(said)


def _plural(kind: str) -> str:
    return {"company": "companies"}.get(kind, f"{kind}s")


def counted(count: int, noun: str) -> str:
    """Say a number of things: 1 contact, 12 companies."""
    plural = {"company": "companies", "match": "matches"}.get(noun, f"{noun}s")
    return f"{count:,} {noun if count == 1 else plural}"
