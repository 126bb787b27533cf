"""What is written of a template: name, subject, and its text, design or HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QCompleter, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from rally_desktop.core import schema
from rally_desktop.services.template_hints import LONG_SUBJECT, length_of
from rally_desktop.services.templates import LONGEST_FOLDER, LONGEST_NAME, Template
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.merged import MergeEditor
from rally_desktop.ui.pages.templates_slots import SlotForm
from rally_desktop.ui.pages.templates_source import SourceEditor
from rally_desktop.ui.pages.workflow_rows import explained, named, under
from rally_desktop.ui.widgets.file_list import FileList
from rally_desktop.ui.widgets.offers import dress
from rally_desktop.ui.widgets.segments import Segments

LINES = {"email": 12, "sms": 6}
FAMILIES = (
    ("basic", "Text", "Plain text, as one writes to somebody one knows"),
    ("theme", "Design", "One of four designs, filled in place by place"),
    ("custom", "HTML", "The office’s own HTML"),
)
TRANSACTIONAL = (
    "Something they asked for, such as a receipt: it passes the limit of messages a day and an "
    "opt-out of marketing, nothing else."
)
BEGIN_HTML = (
    '<table width="100%" cellpadding="0" cellspacing="0">\n  <tr>\n    <td align="center">\n'
    '      <p>Dear {{ contact.first_name | default("friend") }},</p>\n'
    '      <p><a href="{{ office.unsubscribe }}">Unsubscribe</a></p>\n'
    "    </td>\n  </tr>\n</table>\n"
)


class TemplateForm(QWidget):
    """Holds what is written, for each family of its own: only the chosen one is saved."""

    changed = Signal()

    def __init__(self, desk: Desk, offer: Offer, template: Template) -> None:
        super().__init__()
        self._stored = template
        self.mail = template.channel == "email"
        self.name = QLineEdit(template.name, maxLength=LONGEST_NAME)
        self.name.setAccessibleName("Name")
        self.folder = QLineEdit(template.folder, maxLength=LONGEST_FOLDER)
        self.folder.setAccessibleName("Folder")
        self.folder.setPlaceholderText("None")
        self.family = Segments("How it is written")
        for key, words, tip in FAMILIES:
            self.family.add(key, words, tip)
        self.family.choose(template.family)
        self.subject = MergeEditor(schema.Text("Subject", merge=True), offer, shows=False)
        self.length = explained("")
        self.preheader = MergeEditor(schema.Text("Preview line", merge=True), offer, shows=False)
        lines = LINES.get(template.channel, 12)
        self.text = MergeEditor(schema.Text("Text", merge=True, lines=lines), offer, shows=False)
        self.slots = SlotForm(desk.theme, offer)
        self.source = SourceEditor(desk.theme, offer.merge_fields())
        self.files = FileList(desk)
        self.transactional = QCheckBox("Transactional")
        self._build()
        self._fill(template)
        self._connect()
        self._turn()

    def written(self) -> Template:
        """Return the template as it stands."""
        family = self._chosen()
        return replace(
            self._stored,
            name=" ".join(self.name.text().split()),
            folder=" ".join(self.folder.text().split()),
            family=family,
            subject=self.subject.read() if self.mail else "",
            preheader=self.preheader.read() if family != "basic" else "",
            text=self.text.read() if family == "basic" else "",
            html="",
            theme=self.slots.design if family == "theme" else "",
            slots=self.slots.read() if family == "theme" else {},
            source=self.source.read() if family == "custom" else "",
            files=self.files.files if self.mail else (),
            transactional=self.transactional.isChecked(),
        )

    def differs(self) -> bool:
        """Say whether something is written that is not saved."""
        return _said(self.written()) != _said(self._stored)

    def first_box(self) -> QWidget:
        """Return where one goes on writing."""
        slots: list[QWidget] = list(self.slots.boxes.values())
        boxes: dict[str, QWidget] = {"theme": slots[0] if slots else self.text}
        return boxes.get(self._chosen(), self.source if self._chosen() == "custom" else self.text)

    def offer_folders(self, folders: Sequence[str]) -> None:
        """Offer the folders there are while one is typed."""
        found = QCompleter(list(folders), self.folder)
        dress(found)
        self.folder.setCompleter(found)

    def _chosen(self) -> str:
        found = (key for key, made in self.family.buttons.items() if made.isChecked())
        return next(found, "basic") if self.mail else "basic"

    def _fill(self, template: Template) -> None:
        self.subject.fill(template.subject)
        self.preheader.fill(template.preheader)
        self.text.fill(template.text if template.family == "basic" else "")
        self.source.fill(template.source)
        self.files.fill(template.files)
        self.transactional.setChecked(template.transactional)
        if template.family == "theme":
            self.slots.fill(template.theme, template.slots)
        self._begun = template.family == "theme"

    def _turn(self) -> None:
        """Show the boxes of the chosen family; a new one begins with what was written."""
        family = self._chosen()
        if family == "theme" and not self._begun:
            self._begun = True
            self.slots.begin(self.text.read())
        if family == "custom" and not self.source.read():
            self.source.fill(BEGIN_HTML)
        self._text_row.setVisible(family == "basic")
        self.slots.setVisible(family == "theme")
        self.source.setVisible(family == "custom")
        self._preheader_row.setVisible(family != "basic")
        self._tell()

    def _tell(self) -> None:
        subject = self.subject.read()
        signs, about = length_of(subject), "About " if "{" in subject else ""
        said = f"{about}{signs} character{'s' * (signs != 1)}"
        self.length.setText(f"{said}: phones cut it off" if signs > LONG_SUBJECT else said)
        self.changed.emit()

    def _connect(self) -> None:
        for part in (self.subject, self.preheader, self.text, self.slots, self.source, self.files):
            part.changed.connect(self._tell)
        self.name.textChanged.connect(lambda _text: self.changed.emit())
        self.folder.textChanged.connect(lambda _text: self.changed.emit())
        self.transactional.toggled.connect(lambda _on: self.changed.emit())
        self.family.chosen.connect(lambda _key: self._turn())

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 20, 20)
        column.setSpacing(14)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(named("Name", self.name), 3)
        top.addWidget(named("Folder", self.folder), 2)
        column.addLayout(top)
        self._text_row = named("Text", self.text)
        self._preheader_row = named(
            "Preview line", self.preheader, "Stands beside the subject in a list of mail."
        )
        if self.mail:
            ways = QHBoxLayout()
            ways.addWidget(self.family)
            ways.addStretch(1)
            column.addLayout(ways)
            subject = named("Subject", self.subject)
            subject.layout().addWidget(self.length)
            column.addWidget(subject)
            column.addWidget(self._preheader_row)
        for part in (self._text_row, self.slots, self.source):
            column.addWidget(part)
        if self.mail:
            column.addWidget(self.files)
        column.addWidget(under(self.transactional, TRANSACTIONAL))
        column.addStretch(1)
        if not self.mail:
            for part in (self.family, self.files, self.length, self._preheader_row, self.subject):
                part.setParent(self)
                part.hide()


def _said(made: Template) -> tuple[object, ...]:
    """Return what was written of a template, without what was made from that."""
    text = made.text if made.family == "basic" else ""
    slots = {key: said for key, said in made.slots.items() if said.strip()}
    return (
        made.name, made.folder, made.family, made.subject, made.preheader, text, made.theme, slots,
        made.source, made.files, made.transactional,
    )  # fmt: skip
