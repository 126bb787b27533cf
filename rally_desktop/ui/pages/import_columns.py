"""The second step of an import: what each column of the list becomes, with its first values."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.services.import_look import Look, Reading
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.pages.workflow_rows import choices, choose, silent
from rally_desktop.ui.widgets.plain_label import PlainLabel, ShortLabel

NOT_TAKEN = "(not taken)"
ENCODINGS = (
    ("As found in the file", ""), ("UTF-8", "utf-8"), ("Western (Windows-1252)", "cp1252"),
    ("Central European (Windows-1250)", "cp1250"), ("Cyrillic (Windows-1251)", "cp1251"),
    ("Greek (Windows-1253)", "cp1253"), ("Turkish (Windows-1254)", "cp1254"),
    ("Old Mac (Mac Roman)", "mac_roman"), ("Japanese (Shift JIS)", "shift_jis"),
    ("Chinese (GB 18030)", "gb18030"),
)  # fmt: skip
SEPARATORS = (
    ("As found in the file", ""), ("Commas", ","), ("Semicolons", ";"), ("Tabs", "\t"),
    ("Vertical bars", "|"), ("Colons", ":"), ("Carets", "^"), ("Tildes", "~"),
)  # fmt: skip
NAMED = {sign: words for words, sign in SEPARATORS}
EXAMPLES = 3
ONE = (
    "This is read as one column. If it is several, choose above what stands between them; "
    "if not, say what it becomes."
)


class ColumnsStep(QWidget):
    """``again`` wants the file looked into anew, by another sheet, encoding or separator."""

    again = Signal()
    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.look: Look | None = None
        self.boxes: list[QComboBox] = []
        self.file = ShortLabel("", "strong")
        self.sheet = choices((), "Sheet")
        self.encoding = choices(ENCODINGS, "Encoding")
        self.separator = choices(SEPARATORS, "What stands between the columns")
        self.problem = PlainLabel("", "sub")
        self.problem.set_tone("bad")
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName("Columns of the list")
        self.table.setHorizontalHeaderLabels(["Column in the list", "First values", "Becomes"])
        self._lay_out()
        self.sheet.currentIndexChanged.connect(self.again)
        self.encoding.currentIndexChanged.connect(self.again)
        self.separator.currentIndexChanged.connect(self.again)

    def _lay_out(self) -> None:
        table, header = self.table, self.table.horizontalHeader()
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(44)
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setColumnWidth(0, 220)
        table.setColumnWidth(2, 240)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setWordWrap(False)
        self.sheet.setMinimumWidth(180)
        self.encoding.setMinimumWidth(200)
        self.separator.setMinimumWidth(180)
        self.encoding.setToolTip("How letters are written in the file")
        self.separator.setToolTip(self.separator.accessibleName())
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.file, 1)
        top.addWidget(self.sheet)
        top.addWidget(self.encoding)
        top.addWidget(self.separator)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(table, 1)
        column.addWidget(self.problem)

    def reading(self) -> Reading:
        """Return how the file is wanted to be read."""
        return Reading(
            self.sheet.currentData() or "",
            self.encoding.currentData(),
            self.separator.currentData(),
        )

    def forget(self) -> None:
        """Read the next file as it suggests itself."""
        with silent(self.sheet), silent(self.encoding), silent(self.separator):
            self.sheet.clear()
            self.encoding.setCurrentIndex(0)
            self.separator.setCurrentIndex(0)

    def show_look(self, look: Look) -> None:
        """Show the columns of a list, mapped as far as they are understood."""
        self.look = look
        self.file.setText(look.table.path.name)
        with silent(self.sheet):
            self.sheet.clear()
            for name in look.sheets:
                self.sheet.addItem(name, name)
            if look.sheet:
                choose(self.sheet, look.sheet)
        self.sheet.setVisible(len(look.sheets) > 1)
        self.encoding.setVisible(bool(look.encoding))
        self.separator.setVisible(bool(look.separator))
        for box, found in (
            (self.encoding, look.encoding), (self.separator, NAMED.get(look.separator, ""))
        ):  # fmt: skip
            if not box.currentData():
                box.setItemText(0, f"{found}, as found" if found else "")
        self._fill(look)
        self._check()

    def _fill(self, look: Look) -> None:
        self.boxes = []
        self.table.setRowCount(len(look.table.headers))
        offered = [(NOT_TAKEN, ""), *((label, name) for name, label in look.fields.items())]
        for place, heading in enumerate(look.table.headers):
            self.table.setItem(place, 0, QTableWidgetItem(heading))
            self.table.setItem(place, 1, QTableWidgetItem(_examples(look, place)))
            box = choices(offered, f"What ‘{heading}’ becomes")
            choose(box, look.mapping.get(heading, ""))
            box.currentIndexChanged.connect(self._check)
            self.table.setCellWidget(place, 2, _framed(box))
            self.boxes.append(box)

    def mapping(self) -> dict[str, str]:
        """Return what was chosen: {heading: field}."""
        if self.look is None:
            return {}
        pairs = zip(self.look.table.headers, self.boxes, strict=True)
        return {heading: box.currentData() for heading, box in pairs if box.currentData()}

    def ready(self) -> bool:
        """Say whether the mapping can be used."""
        return bool(self.mapping()) and not self.problem.text()

    def _check(self) -> None:
        assert self.look is not None
        mapping = self.mapping()
        twice = [name for name, count in Counter(mapping.values()).items() if count > 1]
        said = ""
        if twice:
            said = f"Two columns become ‘{self.look.fields[twice[0]]}’. Choose one of them."
        elif not mapping and len(self.boxes) == 1 and self.look.separator:
            said = ONE
        elif not mapping:
            said = "Say of at least one column what it becomes."
        self.problem.setText(said)
        self.changed.emit()


def _examples(look: Look, place: int) -> str:
    """Return the first different values of a column, on one line."""
    values = (row.cells[place] for row in look.rows if len(row.cells) > place)
    different = dict.fromkeys(" ".join(value.split())[:60] for value in values if value.strip())
    return " · ".join([*different][:EXAMPLES])


def _framed(box: QComboBox) -> QWidget:
    """Return a box with room around it, so that those of two rows do not touch."""
    frame = QWidget()
    across = QHBoxLayout(frame)
    across.setContentsMargins(0, 4, 8, 4)
    across.addWidget(box)
    return frame
