"""Where one writes about the record on screen: an SMS, a note, a call, a meeting, a task."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from rally_desktop.core.errors import RallyError
from rally_desktop.model.ref import Ref
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.widgets.composer_form import ComposerForm
from rally_desktop.ui.widgets.composer_forms import FORMS, NoteForm
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.shrinking_area import ShrinkingArea

Key = tuple[Ref, str]
LEAST = 192  # as high as a form is made, but for where it can grow


class Composer(QFrame):
    """One form at a time, hidden until asked for; Ctrl+Enter saves, Esc puts it away as it is.

    What was begun is kept as it is, each for its own record, until it is saved or discarded.
    """

    begun = Signal(frozenset)
    """The kinds of what was begun about the record on screen and is not open."""

    writing = Signal(bool)
    """A form is open, or none is."""

    left = Signal()
    """The form that the cursor was in is closed."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.ref: Ref | None = None
        self.form: ComposerForm | None = None
        self._drafts: dict[Key, ComposerForm] = {}
        self._open: dict[Ref, str] = {}
        self.setObjectName("composer")
        self.problem = PlainLabel(role="sub")
        self.problem.set_tone("bad")
        self.problem.setWordWrap(True)
        self.save_button = QPushButton("Save")
        self.save_button.setProperty("kind", "primary")
        self.save_button.setToolTip("Save (Ctrl+Enter)")
        self.discard_button = QPushButton("Discard")
        self.discard_button.setProperty("kind", "quiet")
        self.discard_button.setToolTip("Throw it away; Esc keeps it for later")
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(16, 4, 16, 8)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 12)
        whole.setSpacing(0)
        whole.addWidget(ShrinkingArea(inside, least=LEAST))
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.addWidget(self.problem, 1)
        foot.addWidget(self.discard_button)
        foot.addWidget(self.save_button)
        whole.addLayout(foot)
        self.save_button.clicked.connect(lambda: self.save())
        self.discard_button.clicked.connect(self.discard)
        for keys, does in (("Ctrl+Return", self.save), ("Ctrl+Enter", self.save)):
            self._on(keys, does)
        self._on("Esc", self.put_away)
        self.hide()

    def _on(self, keys: str, does: object) -> None:
        made = QShortcut(QKeySequence(keys), self)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(does)

    def show_ref(self, ref: Ref) -> None:
        """Write about another record from now on; what is open stays open for its own."""
        if ref == self.ref:
            return
        if self.ref is not None and self.form is not None:
            self._open[self.ref] = self.form.kind
            self._close()
        self.ref = ref
        if (kind := self._open.pop(ref, "")) and (ref, kind) in self._drafts:
            self._show(self._drafts[ref, kind])
        self._tell()

    def write(self, kind: str) -> None:
        """Open a form with the cursor in it, as it was left."""
        if self.ref is None:
            return
        form = self.form
        if form is None or form.kind != kind:
            form = self._drafts.get((self.ref, kind)) or self._begun(kind, self.ref)
            self._show(form)
        form.first.setFocus()

    def edit_note(self, number: int, text: str) -> None:
        """Open a note to be changed."""
        if self.ref is None:
            return
        new = NoteForm(self.desk)
        new.change(number, text)
        form = self._drafts.get((self.ref, new.kind)) or self._made(new)
        self._show(form)
        form.first.setFocus()

    def put_away(self) -> None:
        """Close the form; what was typed stays in it."""
        self._close()
        self._tell()

    def discard(self) -> None:
        """Throw away what was typed, and offer to take that back."""
        form, ref = self.form, self.ref
        if form is None or ref is None:
            return
        self._close()
        if self._drafts.pop((ref, form.kind), None) is form:
            action = ("Undo", lambda: self._bring_back(ref, form))
            self.desk.notices.tell(f"{form.title} discarded.", action=action)
        self._tell()

    @later
    async def save(self) -> None:
        """Keep what was written."""
        form, ref = self.form, self.ref
        if form is None or ref is None or not self.save_button.isEnabled():
            return
        self.problem.setText("")
        self.save_button.setEnabled(False)
        try:
            await form.save(ref)
        except RallyError as error:
            self.problem.setText(str(error))
            return
        finally:
            self.save_button.setEnabled(True)
        if form is self.form:
            self._close(saved=True)
        elif self._drafts.pop((ref, form.kind), None) is form:
            form.deleteLater()
        self._tell()

    def _bring_back(self, ref: Ref, form: ComposerForm) -> None:
        self._drafts[ref, form.kind] = form
        if ref == self.ref:
            self._show(form)
            form.first.setFocus()

    def _show(self, form: ComposerForm) -> None:
        if form is not self.form:
            self._close()
            self.form = form
            self._column.insertWidget(0, form)
        self.problem.setText("")
        self.save_button.setText(form.saves)
        self.save_button.setToolTip(f"{form.saves} (Ctrl+Enter)")
        form.show()
        self.show()
        self.writing.emit(True)
        self.updateGeometry()  # the form was given its style, and with that its size, just now
        self._tell()

    def _begun(self, kind: str, ref: Ref) -> ComposerForm:
        form = self._made(FORMS[kind](self.desk))
        form.begin(ref)
        return form

    def _made(self, form: ComposerForm) -> ComposerForm:
        form.done.connect(self.save)
        return form

    def _close(self, *, saved: bool = False) -> None:
        form, self.form = self.form, None
        here = QApplication.focusWidget()
        inside = here is not None and self.isAncestorOf(here)
        self.hide()
        self.writing.emit(False)
        if inside:
            self.left.emit()
        if form is None or self.ref is None:
            return
        self._column.removeWidget(form)
        form.hide()
        if form.has_begun() and not saved:
            self._drafts[self.ref, form.kind] = form
        else:
            self._drafts.pop((self.ref, form.kind), None)
            form.deleteLater()

    def _tell(self) -> None:
        shown = self.form.kind if self.form else ""
        kinds = {kind for ref, kind in self._drafts if ref == self.ref and kind != shown}
        self.begun.emit(frozenset(kinds))
