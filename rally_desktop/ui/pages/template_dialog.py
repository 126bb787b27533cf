"""Writing a template: what it says at the left, the message for somebody at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import template_use
from rally_desktop.services import template_hints, templates
from rally_desktop.services.templates import Template
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.sample import SampleChoice
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.templates_form import TemplateForm
from rally_desktop.ui.pages.templates_hints import HintList
from rally_desktop.ui.pages.templates_past import PastDialog
from rally_desktop.ui.pages.templates_preview import TemplatePreview
from rally_desktop.ui.pages.templates_trial import TrialDialog
from rally_desktop.ui.pages.workflow_rows import explained
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

HINT_AFTER = 400
WIDTH, HEIGHT = 1_200, 760
LEAST, FORM = QSize(900, 560), 490  # as wide as four designs side by side
RENAMED = "Under another name it is saved as a new template; this one stays as it is."
LOST = "What you wrote since it was last saved is lost."


class TemplateDialog(QDialog):
    """Edits one template; ``saved`` brings the name under which it was kept."""

    saved = Signal(str)

    def __init__(
        self, desk: Desk, offer: Offer, template: Template, uses: Sequence[str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Template ‘{template.name}’" if template.name else "New template")
        self._desk, self._stored, self._uses = desk, template, uses
        self._sample = offer.sample or SampleChoice(desk.background.read, offer.record)
        self.form = TemplateForm(desk, offer, template)
        self.preview = TemplatePreview(desk, self._sample, self.form.written)
        self.hints = HintList(desk.theme)
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.hint = explained("")
        self.past = button(desk.theme, "Versions…", "history", "quiet")
        self.trial = button(desk.theme, "Send a test…", "send", "quiet")
        self.cancel = button(desk.theme, "Cancel")
        self.save_as = button(desk.theme, "Save as new")
        self.save = button(desk.theme, "Save", "", "primary")
        self._soon = QTimer(self, singleShot=True, interval=HINT_AFTER)
        self._build(parent)
        self._connect()
        self._changed()
        self.preview.show_now()
        self._look()
        (self.form.first_box() if template.name else self.form.name).setFocus()

    # -- saving -----------------------------------------------------------------------------

    @later
    async def keep(self) -> None:
        """Save what is written, and close; what is wrong is told here."""
        await self._keep(self.form.written())

    @later
    async def keep_as_new(self) -> None:
        """Save under the new name, unless a template of that name is there already."""
        await self._keep(replace(self.form.written(), id=0))

    @later
    async def leave(self) -> None:
        """Close, and ask before what was written is lost."""
        if not self.form.differs() or await ask(self, "Close without saving?", LOST, "Close"):
            super().reject()

    def reject(self) -> None:
        """Close where nothing is lost, or after having asked."""
        self.leave()

    def discard(self) -> None:
        """Close, whatever was written."""
        super().reject()

    async def _keep(self, made: Template) -> None:
        try:
            await self._desk.background.write(template_use.keep, made)
        except RallyError as error:
            self._say_wrong(str(error))
            return
        self.saved.emit(made.name)
        self.accept()

    # -- inside -----------------------------------------------------------------------------

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    def _changed(self) -> None:
        made, new = self.form.written(), not self._stored.name
        same = made.name == self._stored.name
        self.save.setVisible(not new)
        self.save.setEnabled(self.form.differs() and (same or not self._uses) and bool(made.name))
        self.save_as.setText("Save" if new else "Save as new")
        self.save_as.setEnabled(bool(made.name) and not same)
        self.past.setVisible(not new)
        self.hint.setText(RENAMED if self._uses and not same else _used(self._uses))
        self.hint.setVisible(bool(self.hint.text()))
        self._say_wrong("")
        self.preview.look_soon()
        self._soon.start()

    @later
    @newest
    async def _look(self) -> None:
        made = self.form.written()
        hints = await self._desk.background.read(template_hints.looked_at, made)
        self.hints.show_hints(hints)
        tones = {hint.line: hint.tone for hint in reversed(hints) if hint.line}
        self.form.source.box.mark_lines(tones)

    def _say_wrong(self, text: str) -> None:
        self.wrong.setText(text)
        self.wrong.setVisible(bool(text))

    @later
    async def _try(self) -> None:
        """Send what is written to somebody at this table."""
        try:
            made = await self._desk.background.read(templates.checked, self.form.written())
        except RallyError as error:
            self._say_wrong(str(error))
            return
        if self._sample.sample is None:
            self._say_wrong("Add a contact first: the test is filled in for somebody.")
            return
        TrialDialog(self._desk, made, self._sample.sample, self).open()

    def _open_past(self) -> None:
        dialog = PastDialog(self._desk, self._stored.id, self._stored.name, self)
        dialog.restored.connect(lambda: (self.saved.emit(self._stored.name), self.accept()))
        dialog.open()

    def _connect(self) -> None:
        self.form.changed.connect(self._changed)
        self._soon.timeout.connect(self._look)
        self.hints.wanted.connect(self.form.source.box.go_to_line)
        self.past.clicked.connect(self._open_past)
        self.trial.clicked.connect(self._try)
        self.cancel.clicked.connect(self.leave)
        self.save.clicked.connect(self.keep)
        self.save_as.clicked.connect(self.keep_as_new)

    def _build(self, parent: QWidget) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(20, 20, 24, 20)
        column.setSpacing(10)
        column.addWidget(self.preview, 1)
        column.addWidget(self.hints)
        across = QHBoxLayout()
        across.setSpacing(0)
        form = _scrolled(self.form)
        form.setMinimumWidth(FORM)
        across.addWidget(form, 10)
        across.addWidget(QFrame(objectName="upright"))
        across.addWidget(right, 12)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(across, 1)
        whole.addWidget(QFrame(objectName="rule"))
        whole.addLayout(self._foot())
        room = parent.window().size().expandedTo(LEAST)
        self.resize(QSize(WIDTH, HEIGHT).boundedTo(room))

    def _foot(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.wrong)
        words.addWidget(self.hint)
        row = QHBoxLayout()
        row.setContentsMargins(24, 12, 24, 14)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for part in (self.past, self.trial, self.cancel, self.save_as, self.save):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        return row


def _scrolled(body: QWidget) -> QScrollArea:
    body.setObjectName("scrolled")
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(body)
    return area


def _used(uses: Sequence[str]) -> str:
    """Say how far a change reaches."""
    if not uses:
        return ""
    if len(uses) == 1:
        return f"Used in ‘{uses[0]}’: a change reaches it at once."
    names = ", ".join(f"‘{name}’" for name in uses[:3]) + (" …" if len(uses) > 3 else "")
    return f"Used in {len(uses)} workflows ({names}): a change reaches those too."
