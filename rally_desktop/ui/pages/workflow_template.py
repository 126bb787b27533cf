"""The template of a step as somebody would get it, below where it is chosen; it can be edited."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.core.errors import NotFound
from rally_desktop.core.schema import Described
from rally_desktop.engine.samples import Letter
from rally_desktop.model.ref import RecordKind
from rally_desktop.services.templates import Template
from rally_desktop.ui.forms.form import Form
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.template_dialog import TemplateDialog
from rally_desktop.ui.pages.workflow_triggers import Tools
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.letter_view import LetterView

LINES = 10
SETTING = "template"


class TemplateCard(QWidget):
    """Shows the chosen template; ``take`` is told the name of one that was written or changed.

    Whoever writes a template goes on when the panel shows something else meanwhile.
    """

    def __init__(
        self,
        tools: Tools,
        form: Form[Described],
        record: RecordKind,
        channel: str,
        take: Callable[[str], None],
    ) -> None:
        super().__init__()
        self._tools, self._form, self._channel, self._take = tools, form, channel, take
        self._record: RecordKind = record
        self._letter: Letter | None = None
        self.view = LetterView(most_high=LINES)
        self.view.hide()
        self.edit = button(tools.theme, "Edit template …", "pencil", "link")
        self.new = button(tools.theme, "New template …", "plus", "link")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.edit)
        row.addWidget(self.new)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.view)
        column.addLayout(row)
        self.edit.hide()
        self.edit.clicked.connect(self.edit_template)
        self.new.clicked.connect(self.write_template)
        form.changed.connect(self.look)
        form.filled.connect(self.look)
        tools.sample.changed.connect(self.look)
        tools.desk.background.changed.connect(self._hear)
        self.look()

    @later
    @newest
    async def look(self) -> None:
        """Show the template that is chosen now."""
        name = self._form.stored().get(SETTING)
        try:
            letter = await self._tools.sample.letter(name) if name else None
        except NotFound:  # the form says that it is gone
            letter = None
        self._letter = letter
        sample = self._tools.sample.sample
        if letter is not None:
            self.view.show_letter(letter, sample.name if sample else "")
        self.view.setVisible(letter is not None)
        self.edit.setVisible(letter is not None)

    def edit_template(self) -> None:
        """Open the template that is chosen."""
        if self._letter is not None:
            self._open(self._letter.template, self._letter.uses)

    def write_template(self) -> None:
        """Begin a new one; once it is saved the step sends that."""
        self._open(Template(0, "", self._channel, "", "", "", False), ())

    def _open(self, template: Template, uses: tuple[str, ...]) -> None:
        tools = self._tools
        offer = tools.offer(self._record)
        dialog = TemplateDialog(tools.desk, offer, template, uses, self.window())
        dialog.saved.connect(self._take)
        dialog.open()

    def _hear(self, touched: frozenset[str]) -> None:
        if SETTING in touched:
            self.look()
