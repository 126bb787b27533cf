"""The third step of an import: what it may do to records that are known, and to workflows."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.model.ref import RecordKind
from rally_desktop.services.imports import Options
from rally_desktop.ui.pages.import_file import PLURALS
from rally_desktop.ui.pages.workflow_rows import choices, explained, named, number, under
from rally_desktop.ui.widgets.plain_label import PlainLabel

_KNOWN_BY = {
    "contact": "Contacts are known by their e-mail address.",
    "company": "Companies are known by their name.",
    "deal": "Deals are known by their name, with the contact or company they are about.",
}


class OptionsStep(QWidget):
    """Asks how the list is taken."""

    def __init__(self) -> None:
        super().__init__()
        self.title = PlainLabel("", "strong")
        self.known = explained("")
        self.update_ = choices(
            (("Add new ones and complete known ones", "both"), ("Add new ones only", "create"),
             ("Complete known ones only", "update")), "What is done",
        )  # fmt: skip
        self.values = choices(
            (("Fill only what is empty", ""), ("Let the list replace what is there", "over")),
            "Where both say something",
        )  # fmt: skip
        self.merge = QCheckBox("Rows about the same become one")
        self.merge.setChecked(True)
        self.workflows = choices(
            (("No", "no"), ("Yes, at once", "yes"), ("Yes, slowly", "n")),
            "Whether workflows start",
        )  # fmt: skip
        self.rate = number(1, 100_000, "an hour", "How many an hour")
        self.rate.setValue(50)
        self.workflows.currentIndexChanged.connect(self._follow)
        self._lay_out()
        self._follow()

    def _lay_out(self) -> None:
        for box in (self.update_, self.values, self.workflows):
            box.setMinimumWidth(320)
            box.setMaximumWidth(420)
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.workflows)
        across.addWidget(self.rate)
        across.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(18)
        column.addWidget(self.known)
        column.addWidget(named("What is done", self.update_))
        column.addWidget(
            named(
                "Where the list and a record both say something",
                self.values,
                "Empty cells never clear a field, and no list can undo that somebody asked not "
                "to be written to.",
            )
        )
        column.addWidget(under(self.merge, "Otherwise the later rows are left out and named."))
        column.addWidget(
            named(
                "Do workflows start for them?",
                row,
                "The dry run says which would start, before anything is changed.",
            )
        )
        column.addStretch(1)

    def _follow(self) -> None:
        self.rate.setVisible(self.workflows.currentData() == "n")

    def show_kind(self, kind: RecordKind) -> None:
        """Speak of the records that the list holds."""
        plural = PLURALS[kind]
        self.known.setText(f"{_KNOWN_BY[kind]} All other {plural} in the list are new.")

    def options(self, kind: RecordKind) -> Options:
        """Return what was chosen."""
        said = self.workflows.currentData()
        return Options(
            kind,
            self.update_.currentData(),
            bool(self.values.currentData()),
            self.merge.isChecked(),
            self.rate.value() if said == "n" else said,
        )
