"""The forms of the office's website in the settings: what there are, and what came by them."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from rally_desktop.model.work import Work
from rally_desktop.services import form_html, form_mail, forms, web
from rally_desktop.services.forms import WebForm
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.form_dialog import FormDialog
from rally_desktop.ui.pages.form_entries_dialog import EntriesDialog
from rally_desktop.ui.pages.settings_own import OwnSection
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import ago

OFF = "The web service is off, so none of these is taken. Switch it on under ‘Web’."


class Forms(OwnSection):
    """A table of forms with what can be done to the chosen one."""

    title: ClassVar = "Web forms"
    line: ClassVar = (
        "Forms for your website: what people fill in becomes a contact, and can start a workflow. "
        "They are taken while the web service is on."
    )
    watched: ClassVar = frozenset({"web_form", "form_entry", "setting", "mail_account"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.new = button(desk.theme, "New form", "plus")
        self.top.addWidget(self.new)
        self.top.addStretch(1)
        self.table: ListTable[WebForm] = ListTable(desk.theme, "Web forms", self._columns())
        self.empty = EmptyPanel(desk.theme)
        words = "Add one, copy its HTML into a page of your website, and see here what comes in."
        self.empty.say("clipboard-pen", "No forms yet", words, "New form")
        self.trouble = PlainLabel(role="sub")
        self.trouble.set_tone("warn")
        self.trouble.setWordWrap(True)
        self.edit = button(desk.theme, "Edit…", "pencil")
        self.entries = button(desk.theme, "Submissions…", "inbox")
        self.copy = button(desk.theme, "Copy HTML", "copy")
        self.look = button(desk.theme, "Open its page", "external-link")
        self.switch = button(desk.theme, "Switch off", "power")
        self.remove = button(desk.theme, "Delete", "trash-2", "danger")
        deeds = (self.edit, self.entries, self.copy, self.look, self.switch, self.remove)
        self.fill(self.trouble, (self.table, self.empty), deeds)
        self.new.clicked.connect(lambda: self.open_form(0))
        self.empty.pressed.connect(lambda: self.open_form(0))
        self.table.opened.connect(lambda form: self.open_form(form.id))
        self.table.chosen.connect(lambda _: self._offer())
        self.edit.clicked.connect(lambda: self._on_chosen(lambda form: self.open_form(form.id)))
        self.entries.clicked.connect(lambda: self._on_chosen(self.open_entries))
        self.copy.clicked.connect(lambda: self._on_chosen(self.copy_html))
        self.look.clicked.connect(lambda: self._on_chosen(self.open_page))
        self.switch.clicked.connect(lambda: self._on_chosen(self._switch))
        self.remove.clicked.connect(lambda: self._on_chosen(self.drop))
        self.table.deleting.connect(lambda form: self.drop(form))
        self.setFocusProxy(self.table)
        self._show([], {})

    @later
    @newest
    async def refresh(self) -> None:
        """Read the forms there are, and what keeps one from working."""
        self._show(*await self.read(_listed))

    @later
    async def open_form(self, number: int) -> None:
        """Show a form to be edited, or a new one."""
        dialog = FormDialog(self.desk, number, self)
        await dialog.begin()

    def open_entries(self, form: WebForm) -> None:
        """Show what came in by a form."""
        EntriesDialog(self.desk, form, self).open()

    @later
    async def copy_html(self, form: WebForm) -> None:
        """Put the whole form on the clipboard, to be pasted into a page."""
        QGuiApplication.clipboard().setText(await self.read(form_html.to_copy, form))
        self.desk.notices.tell("The HTML is copied. Paste it into a page of your website.", "ok")

    @later
    async def open_page(self, form: WebForm) -> None:
        """Show a form on its own page, in the browser."""
        QDesktopServices.openUrl(QUrl(await self.read(form_html.address, form)))

    @later
    async def drop(self, form: WebForm) -> None:
        """Delete a form that nobody filled in, once somebody said so twice."""
        what = "Pages of your website that show it lead nowhere then."
        if await ask(self, f"Delete the form ‘{form.name}’?", what, "Delete"):
            await self.write(forms.remove, form.id)

    def _switch(self, form: WebForm) -> None:
        self.change(_switch, form.id, not form.active)

    def _on_chosen(self, does: object) -> None:
        form = self.table.current()
        if form is not None and callable(does):
            does(form)

    def _show(self, listed: list[WebForm], troubles: dict[int, str]) -> None:
        self.table.show_rows(listed, lambda form: form.id)
        self.table.setVisible(bool(listed))
        self.new.setVisible(bool(listed))
        self.empty.setVisible(not listed)
        said = [troubles[0]] if listed and 0 in troubles else []
        said += [f"‘{form.name}’: {troubles[form.id]}" for form in listed if form.id in troubles]
        self.trouble.setText("\n".join(said))
        self.trouble.setVisible(bool(said))
        self._offer()

    def _offer(self) -> None:
        form = self.table.current()
        for each in (self.edit, self.entries, self.copy, self.look, self.switch, self.remove):
            each.setVisible(form is not None)
        if form is not None:
            self.switch.setText(" Switch off" if form.active else " Switch on")
            self.remove.setVisible(not form.entries)

    def _columns(self) -> tuple[Column[WebForm], ...]:
        now = self.desk.clock.now
        return (
            Column("Name", lambda form: form.name, 220, strong=True),
            Column("Key", lambda form: form.key, 0),
            Column("Sent", lambda form: f"{form.entries:,}", 80, right=True,
                   sort=lambda form: form.entries),
            Column("Set aside", lambda form: f"{form.robots:,}" if form.robots else "", 90,
                   right=True, tip=lambda form: "What machines sent; nothing of it is kept."),
            Column("Last", lambda form: ago(form.last_at, now()) if form.last_at else "", 120),
            Column("State", lambda form: "On" if form.active else "Off", 80,
                   pill=lambda form: "ok" if form.active else "plain"),
        )  # fmt: skip


def _listed(work: Work) -> tuple[list[WebForm], dict[int, str]]:
    listed = forms.listed(work)
    found = {form.id: form_mail.obstacle(work, form) for form in listed if form.active}
    found[0] = "" if web.of(work).on else OFF
    return listed, {number: said for number, said in found.items() if said}


def _switch(work: Work, number: int, on: bool) -> None:
    forms.switch(work, number, on=on)
