"""One line of the audit log in full: who, when, what was before and what is now, and where."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from rally_desktop.services.audit_list import Line, Whole
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import exactly

# Where what a line is about is shown: words for the button, the page, what it is to open.
_PLACES: dict[str, tuple[str, str, str]] = {
    "user": ("Show the people", "settings", "People"),
    "list": ("Show the lists", "settings", "Lists"),
    "field": ("Show the fields", "settings", "Fields"),
    "pipeline": ("Show the pipelines", "settings", "Pipelines"),
    "stage": ("Show the pipelines", "settings", "Pipelines"),
    "tag": ("Show the tags", "settings", "Tags"),
    "secret": ("Show the secrets", "settings", "Secrets"),
    "setting": ("Show the settings", "settings", ""),
    "account": ("Show the settings", "settings", ""),
    "office": ("Show the settings", "settings", "Safeguards"),
}
_RECORDS = {"contact": "contacts", "company": "companies", "deal": "deals"}
_TITLES = {"calendar": "Calendar", "safeguards": "Safeguards", "scoring": "Score", "trash": "Trash"}


class AuditDetail(QScrollArea):
    """``going`` brings the page and what it is to show of what the line is about."""

    going = Signal(str, tuple)
    narrowed = Signal(object)
    """The line whose record, workflow or person alone is to be listed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._whole: Whole | None = None
        self.buttons: list[QWidget] = []
        self.setAccessibleName("Line of the audit log")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_line(None)

    def show_line(self, whole: Whole | None) -> None:
        """Show a line, or nothing."""
        if whole is not None and whole == self._whole:
            return
        self._whole = whole
        self.buttons = []
        inside = QWidget(objectName="panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 18, 20, 20)
        column.setSpacing(8)
        if whole is not None:
            self._fill(column, whole)
        column.addStretch(1)
        self.setWidget(inside)

    def _fill(self, column: QVBoxLayout, whole: Whole) -> None:
        line = whole.line
        column.addWidget(_wrapped(f"{line.who} {line.said}", "title"))
        when = _wrapped(exactly(line.at).replace(f"{line.at.astimezone():%H:%M}", "")
                        + f"{line.at.astimezone():%H:%M:%S}", "sub")  # fmt: skip
        when.set_tone("quiet")
        column.addWidget(when)
        self._add_buttons(column, line)
        for label, before, after in whole.moved:
            column.addWidget(_moved(label, before, after))
        facts = QGridLayout()
        facts.setContentsMargins(0, 8, 0, 0)
        facts.setHorizontalSpacing(16)
        facts.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(whole.more):
            quiet = PlainLabel(name, "sub")
            quiet.set_tone("quiet")
            facts.addWidget(quiet, row, 0, Qt.AlignmentFlag.AlignTop)
            facts.addWidget(_wrapped(value, "sub"), row, 1)
        column.addLayout(facts)

    def _add_buttons(self, column: QVBoxLayout, line: Line) -> None:
        across = QHBoxLayout()
        across.setSpacing(8)
        for words, icon, way in ways(line):
            made = button(self._theme, words, icon)
            made.clicked.connect(lambda _=False, way=way: self.going.emit(way[0], way[1:]))
            across.addWidget(made)
            self.buttons.append(made)
        if line.what in (*_RECORDS, "workflow", "user") and line.number:
            made = button(self._theme, "Only this", "list-filter")
            made.setToolTip("List what happened to this alone")
            made.clicked.connect(lambda: self.narrowed.emit(line))
            across.addWidget(made)
            self.buttons.append(made)
        across.addStretch(1)
        column.addLayout(across)


def ways(line: Line) -> list[tuple[str, str, tuple[object, ...]]]:
    """Return where a line leads: words and icon of a button, the page, and what it shows."""
    made: list[tuple[str, str, tuple[object, ...]]] = []
    if line.what in _RECORDS:
        made.append((f"Open the {line.what}", "arrow-right", (_RECORDS[line.what], line.number)))
    elif line.what == "workflow":
        made.append(("Open the workflow", "arrow-right", ("workflows", line.number)))
    elif line.what in _PLACES:
        words, page, section = _PLACES[line.what]
        title = section or _TITLES.get(line.name, "Safeguards")
        made.append((words, "arrow-right", (page, title)))
    if line.run_id is not None:
        made.append(("Show the run", "history", ("runs", "run", line.run_id, None)))
    return made


def _moved(label: str, before: str, after: str) -> QFrame:
    box = QFrame(objectName="moved")
    grid = QGridLayout(box)
    grid.setContentsMargins(0, 6, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    grid.addWidget(PlainLabel(label, "strong"), 0, 0, 1, 2)
    for row, (name, value) in enumerate((("Before", before), ("After", after)), 1):
        quiet = PlainLabel(name, "sub")
        quiet.set_tone("quiet")
        grid.addWidget(quiet, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(_wrapped(value or "nothing", "body"), row, 1)
    return box


def _wrapped(text: str, role: str) -> PlainLabel:
    made = PlainLabel(text, role)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
