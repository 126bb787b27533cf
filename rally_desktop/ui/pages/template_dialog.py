"""Writing a template: name, subject and text at the left, the message for somebody at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core import schema
from rally_desktop.core.errors import RallyError
from rally_desktop.services import templates
from rally_desktop.services.templates import Template
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.merged import MergeEditor
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.workflow_rows import explained, named, under
from rally_desktop.ui.pages.workflow_sample import SampleLine
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.letter_view import LetterView
from rally_desktop.ui.widgets.plain_label import PlainLabel

SHOW_AFTER = 300
WIDTH, HEIGHT = 960, 680
LINES = {"email": 12, "sms": 6}
TRANSACTIONAL = (
    "Something they asked for, such as a receipt: it passes the limit of messages a day and an "
    "opt-out of marketing, nothing else."
)
RENAMED = "Under another name it is saved as a new template; this one stays as it is."


class TemplateDialog(QDialog):
    """Edits one template; ``saved`` brings the name under which it was kept."""

    saved = Signal(str)

    def __init__(
        self, desk: Desk, offer: Offer, template: Template, uses: Sequence[str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Template ‘{template.name}’" if template.name else "New template")
        self._desk, self._sample, self._stored, self._uses = desk, offer.sample, template, uses
        self.name = QLineEdit(template.name, maxLength=200)
        self.name.setAccessibleName("Name")
        self.subject = MergeEditor(schema.Text("Subject", merge=True), offer, shows=False)
        lines = LINES.get(template.channel, 12)
        self.text = MergeEditor(schema.Text("Text", merge=True, lines=lines), offer, shows=False)
        self.html = QPlainTextEdit(template.html, tabChangesFocus=True)
        self.html.setAccessibleName("HTML")
        self.with_html = QCheckBox("Also as HTML")
        self.with_html.setChecked(bool(template.html))
        self.transactional = QCheckBox("Transactional")
        self.transactional.setChecked(template.transactional)
        self.preview = LetterView()
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.hint = explained("")
        self.cancel = button(desk.theme, "Cancel")
        self.save_as = button(desk.theme, "Save as new")
        self.save = button(desk.theme, "Save", "", "primary")
        self._soon = QTimer(self, singleShot=True, interval=SHOW_AFTER)
        self._build(mail=template.channel == "email")
        self.subject.fill(template.subject)
        self.text.fill(template.text)
        self._connect()
        self._changed()
        (self.text.box if template.name else self.name).setFocus()

    def written(self) -> Template:
        """Return the template as it stands."""
        html = self.html.toPlainText() if self.with_html.isChecked() else ""
        return replace(
            self._stored,
            name=" ".join(self.name.text().split()),
            subject=self.subject.read() if self._stored.channel == "email" else "",
            text=self.text.read(),
            html=html,
            transactional=self.transactional.isChecked(),
        )

    # -- saving -----------------------------------------------------------------------------

    @later
    async def keep(self) -> None:
        """Save what is written, and close; what is wrong is told here."""
        made = self.written()
        try:
            await self._desk.background.write(
                templates.save,
                made.name,
                subject=made.subject,
                text=made.text,
                html=made.html,
                channel=made.channel,
                transactional=made.transactional,
            )
        except RallyError as error:
            self._say_wrong(str(error))
            return
        self.saved.emit(made.name)
        self.accept()

    @later
    async def keep_as_new(self) -> None:
        """Save under the new name, unless a template of that name is there already."""
        known = await self._desk.background.read(templates.listed)
        name = self.written().name
        if name in {one.name for one in known}:
            self._say_wrong(f"There is a template ‘{name}’ already: choose another name.")
        else:
            self.keep()

    # -- inside -----------------------------------------------------------------------------

    def _changed(self) -> None:
        made = self.written()
        same = made.name == self._stored.name
        new = not self._stored.name
        self.save.setVisible(not new)
        self.save.setEnabled(same and made != self._stored)
        self.save_as.setEnabled(bool(made.name) and not same)
        self.html.setVisible(self.with_html.isChecked() and not self.with_html.isHidden())
        self.hint.setText(RENAMED if not new and not same else _used(self._uses))
        self.hint.setVisible(bool(self.hint.text()))
        self._say_wrong("")
        self._soon.start()

    def _say_wrong(self, text: str) -> None:
        self.wrong.setText(text)
        self.wrong.setVisible(bool(text))

    @later
    @newest
    async def _show(self) -> None:
        if self._sample is None:
            return
        letter = await self._sample.written(self.written())
        self.preview.show_letter(letter, self._sample.sample.name if self._sample.sample else "")

    def _connect(self) -> None:
        for changed in (
            self.name.textChanged,
            self.subject.changed,
            self.text.changed,
            self.html.textChanged,
            self.with_html.toggled,
            self.transactional.toggled,
        ):
            changed.connect(lambda *_: self._changed())
        self._soon.timeout.connect(self._show)
        if self._sample is not None:
            self._sample.changed.connect(self._show)
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self.keep)
        self.save_as.clicked.connect(self.keep_as_new)

    def _build(self, *, mail: bool) -> None:
        left, right = QWidget(objectName="scrolled"), QWidget(objectName="scrolled")
        column = QVBoxLayout(left)
        column.setContentsMargins(24, 20, 20, 20)
        column.setSpacing(14)
        column.addWidget(named("Name", self.name))
        if mail:
            column.addWidget(named("Subject", self.subject))
        column.addWidget(named("Text", self.text))
        if mail:
            column.addWidget(self.with_html)
            column.addWidget(self.html)
        column.addWidget(under(self.transactional, TRANSACTIONAL))
        column.addStretch(1)
        column = QVBoxLayout(right)
        column.setContentsMargins(20, 20, 24, 20)
        column.setSpacing(10)
        if self._sample is not None:
            column.addWidget(SampleLine(self._desk.theme, self._sample))
        column.addWidget(self.preview)
        column.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(_scrolled(left), 11)
        across.addWidget(QFrame(objectName="upright"))
        across.addWidget(_scrolled(right), 9)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(across, 1)
        whole.addWidget(QFrame(objectName="rule"))
        whole.addLayout(self._foot())
        self.resize(WIDTH, HEIGHT)

    def _foot(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.wrong)
        words.addWidget(self.hint)
        row = QHBoxLayout()
        row.setContentsMargins(24, 12, 24, 14)
        row.setSpacing(8)
        row.addLayout(words, 1)
        for part in (self.cancel, self.save_as, self.save):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        return row


def _scrolled(body: QWidget) -> QScrollArea:
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
