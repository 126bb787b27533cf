"""The first step of an import: which file, for which records; and the imports there were."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.model.ref import RecordKind
from rally_desktop.outside.files.opening import KINDS
from rally_desktop.services import exports, import_log, import_undo
from rally_desktop.services.import_log import Job
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.import_task import TaskBar
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.list_table import Column, ListTable
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.segments import Segments

PLURALS: dict[RecordKind, str] = {
    "contact": "contacts", "company": "companies", "deal": "deals",
}  # fmt: skip
FOLDER = "import_folder"
FIRST = (
    "Nothing is changed before the last step: you see what each row would do, and can undo a whole "
    "import later. Imports will be listed here."
)
PATTERNS = " ".join(f"*.{ending}" for _, endings in KINDS for ending in endings)


class FileStep(QWidget):
    """``chosen`` brings the path of a file that was picked or dropped."""

    chosen = Signal(object)

    def __init__(self, desk: Desk, kind: RecordKind) -> None:
        super().__init__()
        self._desk = desk
        self.kind: RecordKind = kind
        self.kinds = Segments("What the list holds")
        for name, words in PLURALS.items():
            self.kinds.add(name, words.capitalize())
        self.kinds.choose(kind)
        self.drop = _Drop(desk)
        self.template = button(desk.theme, "Template…", "download")
        self.template.setToolTip("An empty list with the headings that are understood")
        self.history: ListTable[Job] = ListTable(desk.theme, "Imports so far", _columns())
        self.undo_button = button(desk.theme, "Undo this import", "undo-2")
        self.refused_button = button(desk.theme, "Rows left out…", "download")
        self.said = PlainLabel("", "sub")
        self.said.setWordWrap(True)
        self.said.hide()
        self.before = QWidget()
        self.before.hide()
        self.none = PlainLabel(FIRST, "sub")
        self.none.setWordWrap(True)
        self.none.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.task = TaskBar(desk, "record")
        self._lay_out()
        self.kinds.chosen.connect(self._turn)
        self.drop.chosen.connect(self.chosen)
        self.template.clicked.connect(self._ask_template)
        self.undo_button.clicked.connect(self.undo)
        self.refused_button.clicked.connect(self._ask_refused)
        self.history.chosen.connect(self._follow)
        self._follow(None)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(PlainLabel("The list holds", "strong"))
        top.addWidget(self.kinds)
        top.addStretch(1)
        top.addWidget(self.template)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.refused_button)
        foot.addWidget(self.undo_button)
        inside = QVBoxLayout(self.before)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(PlainLabel("Imports so far", "strong"))
        inside.addWidget(self.history, 1)
        inside.addWidget(self.task)
        inside.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        column.addWidget(self.drop)
        column.addWidget(self.none, 1)
        column.addWidget(self.said)
        column.addWidget(self.before, 1)

    @later
    async def refresh(self) -> None:
        """Read the imports anew."""
        jobs = await self._desk.background.read(import_log.history)
        self.before.setVisible(bool(jobs))
        self.none.setVisible(not jobs)
        self.history.show_rows(jobs, lambda job: job.id)
        self._follow(self.history.current())

    def _turn(self, kind: RecordKind) -> None:
        self.kind = kind

    def _follow(self, job: Job | None) -> None:
        self.undo_button.setEnabled(job is not None and job.undone_at is None)
        self.refused_button.setEnabled(job is not None and bool(job.counts.get("skipped")))

    def say(self, text: str) -> None:
        """Say what was done."""
        self.said.setText(text)
        self.said.show()

    @later
    async def undo(self) -> None:
        """Undo the chosen import, and say what could not be."""
        job = self.history.current()
        if job is None or self.task.running:
            return
        self.undo_button.setEnabled(False)
        undone = await self.task.wait(
            lambda store, tell, stop: import_undo.undo(store, job.id, tell, stop),
            changed(job.counts),
        )
        self.say(undone.say() if not undone.cancelled else "Stopped; undo the rest later.")
        self.refresh()

    def _ask_template(self) -> None:
        save_as(self, self._desk, f"{PLURALS[self.kind].capitalize()}.xlsx", self.save_template)

    @later
    async def save_template(self, name: str) -> None:
        """Write an empty list with every heading."""
        path, kind = Path(name), self.kind
        await self._desk.background.job(lambda store, _: exports.write_template(store, path, kind))
        self.say(f"‘{path.name}’ is ready to be filled in.")

    def _ask_refused(self) -> None:
        job = self.history.current()
        if job is not None:
            name = f"{Path(job.file_name).stem} – left out.csv"
            save_as(self, self._desk, name, lambda path: self.save_refused(job.id, path))

    @later
    async def save_refused(self, job: int, name: str) -> None:
        """Write the rows that were left out, with the reason."""
        path = Path(name)
        count = await self._desk.background.job(
            lambda store, _: exports.write_rejected(store, job, path)
        )
        self.say(f"{count:,} rows are in ‘{path.name}’. Correct them and import it again.")


class _Drop(QFrame):
    """Where a file is dropped, or picked by the button."""

    chosen = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.setObjectName("card")
        self.setAcceptDrops(True)
        self.pick = button(desk.theme, "Choose a file…", "folder-open", "primary")
        self.pick.setDefault(True)
        self.pick.clicked.connect(self.ask)
        heading = PlainLabel("Drop a list here", "title")
        words = PlainLabel("CSV, Excel (.xlsx) or address cards (.vcf), of any size", "sub")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        for part in (heading, words):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(part)
        column.addWidget(self.pick, 0, Qt.AlignmentFlag.AlignCenter)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file."""
        if dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look into it."""
        if (path := dropped(event)) is not None:
            event.acceptProposedAction()
            self.chosen.emit(path)

    def ask(self) -> None:
        """Ask for the file."""
        dialog = QFileDialog(self, "Choose a list")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([f"Lists ({PATTERNS})", "All files (*)"])
        dialog.setDirectory(self._desk.preferences.get(FOLDER, str(Path.home())))
        dialog.fileSelected.connect(self._picked)
        dialog.open()

    def _picked(self, name: str) -> None:
        self._desk.preferences.put(FOLDER, str(Path(name).parent))
        self.chosen.emit(Path(name))


def dropped(event: QDropEvent) -> Path | None:
    """Return the one file that is dragged, if that is what is dragged."""
    urls = event.mimeData().urls()
    local = [url.toLocalFile() for url in urls if url.isLocalFile()]
    return Path(local[0]) if len(local) == 1 and Path(local[0]).is_file() else None


def save_as(parent: QWidget, desk: Desk, name: str, does: Callable[[str], object]) -> None:
    """Ask where to write a file, then do it."""
    dialog = QFileDialog(parent, "Save as")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
    dialog.setDirectory(desk.preferences.get(FOLDER, str(Path.home())))
    dialog.selectFile(name)
    dialog.fileSelected.connect(does)
    dialog.open()


def _columns() -> list[Column[Job]]:
    return [
        Column("File", lambda job: job.file_name, strong=True),
        Column("When", _when, 206, sort=lambda job: job.at),
        Column("By", lambda job: job.by, 110),
        Column("Rows", _said, 220),
        Column("", _state, 96, pill=lambda job: "warn" if not job.counts else "plain"),
    ]


def changed(counts: Mapping[str, int]) -> int:
    """Return how many records an import made or moved, at most."""
    return sum(counts.get(name, 0) for name in ("created", "updated", "companies"))


def _when(job: Job) -> str:
    local = job.at.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"


def _said(job: Job) -> str:
    names = {"created": "new", "updated": "updated", "merged": "merged", "skipped": "left out"}
    some = [f"{job.counts[key]:,} {word}" for key, word in names.items() if job.counts.get(key)]
    return ", ".join(some) or ("nothing new" if job.counts else "")


def _state(job: Job) -> str:
    if job.undone_at is not None:
        return "Undone"
    return "" if job.counts else "Cut short"
