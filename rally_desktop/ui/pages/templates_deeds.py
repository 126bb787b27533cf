"""What can be done with the chosen template: edit, copy, try out, go back, throw away."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QHBoxLayout, QWidget

from rally_desktop.model.ref import RecordKind
from rally_desktop.services import templates, trash
from rally_desktop.services.templates import Template
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.sample import SampleChoice
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.template_dialog import TemplateDialog
from rally_desktop.ui.pages.templates_past import PastDialog
from rally_desktop.ui.pages.templates_trial import TrialDialog
from rally_desktop.ui.pages.workflow_faces import fields_for, office_fields
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.list_table import ListTable
from rally_desktop.ui.widgets.more_button import MoreButton


class Shelf(Protocol):
    """The page, as far as its buttons know it."""

    desk: Desk
    table: ListTable[Template]
    sample: SampleChoice

    def uses_of(self, made: Template) -> list[str]:
        """Return the workflows that send a template."""
        ...

    def folder_names(self) -> list[str]:
        """Return the folders there are."""
        ...

    def open(self, *what: object) -> None:
        """Choose the template of a name."""
        ...


class TemplateDeeds(QWidget):
    """The row of buttons above the preview."""

    def __init__(self, page: Shelf) -> None:
        super().__init__()
        self._page, self._desk = page, page.desk
        theme = page.desk.theme
        self.edit_button = button(theme, "Edit", "pencil")
        self.copy_button = button(theme, "Duplicate", "copy")
        self.try_button = button(theme, "Send a test…", "send")
        self.more = MoreButton(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (self.edit_button, self.copy_button, self.try_button, self.more):
            row.addWidget(part)
        row.addStretch(1)
        self.more.offer("Versions…", "history", self.show_past)
        self.more.offer("Move to the trash", "trash-2", self.throw_away)
        self.edit_button.clicked.connect(self.edit)
        self.copy_button.clicked.connect(self.duplicate)
        self.try_button.clicked.connect(self.try_out)

    def offer(self, chosen: Template | None) -> None:
        """Let things be done where a template is chosen."""
        self.setEnabled(chosen is not None)

    @property
    def _chosen(self) -> Template | None:
        return self._page.table.current()

    def edit(self) -> None:
        """Open the chosen template."""
        if self._chosen is not None:
            self._open(self._chosen)

    def write_new(self, channel: str) -> None:
        """Begin a new template."""
        self._open(Template(0, "", channel, "", "", "", False))

    @later
    async def duplicate(self) -> None:
        """Copy the chosen template and choose the copy."""
        if (chosen := self._chosen) is not None:
            number = await self._desk.background.write(templates.duplicate, chosen.id)
            made = await self._desk.background.read(templates.of, number)
            self._page.open(made.name)

    def try_out(self) -> None:
        """Send the chosen template to an address."""
        sample = self._page.sample.sample
        if self._chosen is not None and sample is not None:
            TrialDialog(self._desk, self._chosen, sample, self.window()).open()
        elif self._chosen is not None:
            self._desk.notices.tell("Add a contact first: the test is filled in for somebody.")

    def show_past(self) -> None:
        """Show the versions of the chosen template."""
        if (chosen := self._chosen) is not None:
            PastDialog(self._desk, chosen.id, chosen.name, self.window()).open()

    @later
    async def throw_away(self) -> None:
        """Move the chosen template to the trash; ask where workflows send it."""
        chosen = self._chosen
        if chosen is None:
            return
        uses = self._page.uses_of(chosen)
        said = f"{', '.join(f'‘{name}’' for name in uses)} could not send it any more."
        if uses and not await ask(self, f"Move ‘{chosen.name}’ to the trash?", said, "Move"):
            return
        await self._desk.background.write(templates.delete, chosen.id)
        self._desk.notices.tell(
            f"‘{chosen.name}’ is in the trash.", action=("Undo", lambda: self._restore(chosen.id))
        )

    @later
    async def _restore(self, number: int) -> None:
        await self._desk.background.write(trash.restore, "template", number)

    @later
    async def _open(self, template: Template) -> None:
        """Open the editor, with the fields of whom the template is about."""
        record = record_of(template)
        known = await self._desk.background.read(office_fields)
        sample = self._page.sample
        if record != sample.record:
            sample = SampleChoice(self._desk.background.read, record)
        offer = Offer({}, record, fields_for(record, known), sample)
        uses = self._page.uses_of(template) if template.id else []
        dialog = TemplateDialog(self._desk, offer, template, uses, self.window())
        dialog.form.offer_folders(self._page.folder_names())
        dialog.saved.connect(self._page.open)
        dialog.open()


def record_of(template: Template) -> RecordKind:
    """Return the kind of record that a template is written for, by the fields it names."""
    said = f"{template.subject} {template.text} {template.html}"
    return "deal" if "deal." in said and "{" in said else "contact"
