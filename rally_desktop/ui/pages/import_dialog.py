"""The import of a list, step by step: file, columns, options, a dry run, and the import itself."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import forecast
from rally_desktop.model.ref import RecordKind
from rally_desktop.services import import_undo, imports
from rally_desktop.services.import_look import look
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.import_columns import ColumnsStep
from rally_desktop.ui.pages.import_file import PLURALS, FileStep, changed, save_as
from rally_desktop.ui.pages.import_options import OptionsStep
from rally_desktop.ui.pages.import_verdicts import VerdictsStep, counted
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

STEPS = ("File", "Columns", "Options", "Dry run", "Import")
FILE, COLUMNS, OPTIONS, TRY, DONE = range(5)


class ImportDialog(QDialog):
    """Goes from step to step; nothing is changed before the last."""

    def __init__(self, desk: Desk, kind: RecordKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Import")
        self.resize(900, 640)
        self.desk = desk
        self.path: Path | None = None
        self.job = 0
        self.file = FileStep(desk, kind)
        self.columns = ColumnsStep(desk)
        self.options = OptionsStep()
        self.tried, self.done_ = VerdictsStep(desk, every=True), VerdictsStep(desk, every=False)
        self.steps = QStackedWidget()
        self.marks = [
            PlainLabel(f"{place}  {said}", "strong") for place, said in enumerate(STEPS, 1)
        ]
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.back = button(desk.theme, "Back")
        self.close_ = button(desk.theme, "Close")
        self.next = button(desk.theme, "Next", "", "primary")
        self.undo = button(desk.theme, "Undo this import", "undo-2")
        self.refused = button(desk.theme, "Rows left out…", "download")
        self._lay_out()
        self._connect()
        self.go(FILE)
        self.file.refresh()

    def _lay_out(self) -> None:
        marks = QHBoxLayout()
        marks.setSpacing(22)
        for mark in self.marks:
            marks.addWidget(mark)
        marks.addStretch(1)
        for step in (self.file, self.columns, self.options, self.tried, self.done_):
            self.steps.addWidget(step)
        for one in (self.refused, self.undo):
            self.done_.side.addWidget(one)
        foot = QHBoxLayout()
        foot.addWidget(self.wrong, 1)
        for one in (self.close_, self.back, self.next):
            foot.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(16)
        column.addLayout(marks)
        column.addWidget(self.steps, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.file.chosen.connect(self.look_into)
        self.columns.again.connect(lambda: self.look_into(self.path))
        self.columns.changed.connect(self._follow)
        self.back.clicked.connect(lambda: self.go(self.steps.currentIndex() - 1))
        self.next.clicked.connect(self._press)
        self.close_.clicked.connect(self.reject)
        self.undo.clicked.connect(self.undo_it)
        self.refused.clicked.connect(self._ask_refused)

    # -- going from step to step --------------------------------------------------------------

    def go(self, step: int) -> None:
        """Show a step."""
        self.steps.setCurrentIndex(step)
        self.wrong.clear()
        for place, mark in enumerate(self.marks):
            mark.set_tone("accent" if place == step else "plain" if place < step else "quiet")
        self.back.setVisible(COLUMNS <= step <= TRY)
        self.next.setVisible(step != FILE)
        self.next.setText({TRY: "Import", DONE: "Done"}.get(step, "Next"))
        self.close_.setVisible(step != DONE)
        self.next.setDefault(step != FILE)
        self._follow()
        if step == FILE:
            self.file.drop.pick.setFocus()
        elif step == COLUMNS and self.columns.boxes:
            self.columns.boxes[0].setFocus()
        elif step == OPTIONS:
            self.options.update_.setFocus()

    def _follow(self) -> None:
        step = self.steps.currentIndex()
        ready = self.columns.ready() if step == COLUMNS else step not in (TRY, DONE)
        self.next.setEnabled(ready)

    def _press(self) -> None:
        step = self.steps.currentIndex()
        if step == COLUMNS:
            self.options.show_kind(self.file.kind)
            self.go(OPTIONS)
        elif step == OPTIONS:
            self.go(TRY)
            self.try_out()
        elif step == TRY:
            self.go(DONE)
            self.bring_in()
        else:
            self.accept()

    # -- what each step does ------------------------------------------------------------------

    @later
    async def look_into(self, path: Path | None) -> None:
        """Look into a file and show its columns; what is wrong with it is said here."""
        if path is None:
            return
        if self.steps.currentIndex() != COLUMNS or path != self.path:
            self.columns.forget()
        wanted = self.columns.reading()
        try:
            found = await self.desk.background.read(look, path, self.file.kind, wanted)
        except RallyError as error:
            self.wrong.setText(str(error))
            return
        self.path = path
        self.columns.show_look(found)
        self.go(COLUMNS)

    @later
    async def try_out(self) -> None:
        """Find out what would happen, row by row, and which workflows would start."""
        step, kind = self.tried, self.file.kind
        assert self.columns.look is not None
        table, mapping = self.columns.look.table, self.columns.mapping()
        options = self.options.options(kind)
        step.begin("Looking at every row; nothing is changed yet…")
        try:
            result, enters = await step.task.wait(
                lambda store, tell, stop: forecast.of_import(
                    store, table, mapping, options, tell, stop
                )
            )
        except RallyError as error:
            self.go(COLUMNS)
            self.wrong.setText(str(error))
            return
        step.result = result
        step.heading.setText(f"This is what would happen to {result.rows:,} rows")
        more = [one.says for one in enters] or ["No workflow would start."]
        if options.triggers == "no":
            more = ["No workflow starts for any of them."]
        if result.cancelled:
            more.append("The dry run was stopped: rows further down were not looked at.")
        if len(result.verdicts) < result.rows:
            more.append(f"Here are the first {len(result.verdicts):,} rows.")
        step.say(counted(result), more)
        step.show_verdicts(result.verdicts)
        self.next.setEnabled(bool(result.rows))
        self.next.setFocus()

    @later
    async def bring_in(self) -> None:
        """Do it, and say what came of it."""
        step, kind = self.done_, self.file.kind
        assert self.columns.look is not None
        table, mapping = self.columns.look.table, self.columns.mapping()
        options, tried = self.options.options(kind), self.tried.result
        step.begin(f"Importing {PLURALS[kind]}…")
        for one in (self.undo, self.refused):
            one.setEnabled(False)
        total = 0 if tried.cancelled else tried.rows
        try:
            result = await step.task.wait(
                lambda store, tell, stop: imports.import_file(
                    store, table, mapping, options, tell, stop
                ),
                total,
            )
        finally:
            self.next.setEnabled(True)
        step.result, self.job = result, result.job
        done = "Stopped; what was done is kept" if result.cancelled else "The list is in"
        step.heading.setText(f"{done}: {result.rows:,} rows")
        step.say(counted(result), ())
        step.show_verdicts(result.verdicts)
        self.undo.setEnabled(True)
        self.refused.setEnabled(bool(result.skipped))
        self.next.setFocus()

    @later
    async def undo_it(self) -> None:
        """Undo what was just imported."""
        job, step = self.job, self.done_
        self.undo.setEnabled(False)
        undone = await step.task.wait(
            lambda store, tell, stop: import_undo.undo(store, job, tell, stop),
            changed(step.result.counts()),
        )
        step.heading.setText("Undone" if not undone.cancelled else "Undone in part")
        names = [f"Kept: {', '.join(undone.names[:12])}"] if undone.names else []
        step.say(undone.say(), names)
        self.undo.setEnabled(undone.cancelled)

    def _ask_refused(self) -> None:
        assert self.path is not None
        save = partial(self.file.save_refused, self.job)
        save_as(self, self.desk, f"{self.path.stem} – left out.csv", save)

    def reject(self) -> None:
        """Close; what is on its way stops first, and its result is shown."""
        running = [one.task for one in (self.tried, self.done_) if one.task.running]
        if not running:
            super().reject()
            return
        for task in running:
            task.stop()

    def show_error(self, error: Exception) -> None:
        """Say what went wrong."""
        if isinstance(error, RallyError):
            self.wrong.setText(str(error))
            return
        self.desk.notices.show_error(error)
