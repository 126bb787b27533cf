"""The head of a letter that is being written: from whom, to whom, its subject, its template."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from rally_desktop.core import schema
from rally_desktop.engine.letter_desk import Scene
from rally_desktop.services.writing import Draft
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.forms.editor import Offer
from rally_desktop.ui.forms.merged import MergeEditor
from rally_desktop.ui.letters.address_box import AddressBox
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.calm import calm
from rally_desktop.ui.widgets.offers import dress
from rally_desktop.ui.widgets.plain_label import PlainLabel

LABELS = 68  # pixels
NO_TEMPLATE = "No template"


class LetterHead(QWidget):
    """``changed`` is heard with every letter that is typed, ``template_chosen`` with its name."""

    changed = Signal()
    template_chosen = Signal(str)

    def __init__(self, desk: Desk, offer: Offer) -> None:
        super().__init__()
        self.account = QComboBox()
        self.account.setAccessibleName("From")
        self.to = AddressBox(desk, "To")
        self.cc = AddressBox(desk, "Cc")
        self.bcc = AddressBox(desk, "Bcc")
        self.subject = MergeEditor(schema.Text("Subject", merge=True), offer, shows=False)
        self.subject.name("Subject", "")
        self.template = QComboBox(editable=True)
        for part in (self.template, self.template.lineEdit()):
            part.setAccessibleName("Template")
        self.template.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for box in (self.account, self.template):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(12)
            calm(box)
        self.more = button(desk.theme, "Cc and Bcc", kind="link")
        self._rows: dict[str, tuple[PlainLabel, QWidget]] = {}
        self._build()
        self.more.clicked.connect(self.show_copies)
        for line in (self.to, self.cc, self.bcc):
            line.textChanged.connect(lambda _text: self.changed.emit())
        self.account.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self.subject.changed.connect(self.changed)
        self.template.activated.connect(
            lambda at: self.template_chosen.emit(self.template.itemText(at) if at else "")
        )

    def begin(self, scene: Scene) -> None:
        """Offer the accounts and templates there are."""
        with QSignalBlocker(self.account), QSignalBlocker(self.template):
            for one in scene.accounts:
                self.account.addItem(str(one.sender), one.id)
            self.template.addItems([NO_TEMPLATE, *scene.templates])
            self._complete(scene.templates)

    def fill(self, draft: Draft) -> None:
        """Show what was typed."""
        with QSignalBlocker(self):
            self.account.setCurrentIndex(self.account.findData(draft.account_id))
            for name, box in (("to", self.to), ("cc", self.cc), ("bcc", self.bcc)):
                box.setText(getattr(draft, name))
                box.setCursorPosition(0)
            self.subject.fill(draft.subject)
            self.show_template(draft.template)
        if draft.cc or draft.bcc:
            self.show_copies()

    def show_template(self, name: str) -> None:
        """Say which template the letter is made from."""
        found = self.template.findText(name) if name else 0
        if found < 0:
            self.template.addItem(name)
            found = self.template.count() - 1
        self.template.setCurrentIndex(found)

    def show_copies(self) -> None:
        """Show the lines for copies."""
        self.more.hide()
        for name in ("Cc", "Bcc"):
            for part in self._rows[name]:
                part.show()
        if self.isVisible():
            self.cc.setFocus(Qt.FocusReason.OtherFocusReason)

    def _complete(self, names: Sequence[str]) -> None:
        found = QCompleter([NO_TEMPLATE, *names], self.template)
        found.setFilterMode(Qt.MatchFlag.MatchContains)
        found.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        dress(found)
        self.template.setCompleter(found)

    def _build(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, LABELS)
        grid.setColumnStretch(1, 1)
        to = QWidget()
        line = QHBoxLayout(to)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.to, 1)
        line.addWidget(self.more)
        rows: dict[str, QWidget] = {
            "From": self.account, "To": to, "Cc": self.cc, "Bcc": self.bcc,
            "Subject": self.subject, "Template": self.template,
        }  # fmt: skip
        for row, (name, part) in enumerate(rows.items()):
            label = PlainLabel(name, "sub")
            label.setContentsMargins(0, 8, 0, 0)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(part, row, 1)
            self._rows[name] = (label, part)
        for name in ("Cc", "Bcc"):
            for part in self._rows[name]:
                part.hide()
