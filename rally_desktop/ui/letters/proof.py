"""The proof of one message in a window: every fact that is known of it, to read and to copy."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.engine.reasons import sentence
from rally_desktop.services import letter_proof, writing
from rally_desktop.services.letter_proof import Proof
from rally_desktop.services.tracking import NOT_AVAILABLE
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.letters.composer import open_composer
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import exactly
from rally_desktop.ui.widgets.run_words import step_title

WIDTH, HIGH, LABELS = 600, 560, 150
STATES = {
    "held": ("Not sent yet", "accent"),
    "ready": ("Not sent yet", "accent"),
    "retry": ("To be tried again", "warn"),
    "claimed": ("Being handed over", "accent"),
    "sending": ("Being handed over", "accent"),
    "dot": ("Being handed over", "accent"),
    "sent": ("Sent", "ok"),
    "failed": ("Not sent", "bad"),
    "doubt": ("In doubt", "warn"),
}
REPORTED = ("Sent, with a report", "warn")  # it came back, is late, or was not delivered
_LINES = {"to": "Also to", "cc": "Copy to", "bcc": "Blind copy to"}
Fact = tuple[str, str]


def show_proof(desk: Desk, parent: QWidget, number: int) -> None:
    """Open the proof of a message of the outbox."""
    _Opening(desk, parent).open(number)


class _Opening(QObject):
    """Reads what is known of a message, then shows the window."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._parent = desk, parent

    @later
    async def open(self, number: int) -> None:
        """Show the window."""
        found = await self._desk.background.read(letter_proof.of, number)
        ProofDialog(self._desk, found, self._parent).open()
        self.deleteLater()

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)


def facts(proof: Proof) -> Iterator[tuple[str, list[Fact]]]:
    """Yield what is known of a message, part by part; what is not known is left out."""
    yield "Message", [one for one in _message(proof) if one[1]]
    yield "Why", [one for one in _why(proof) if one[1]]
    yield "On its way", [one for one in _way(proof) if one[1]]
    if became := [one for one in _became(proof) if one[1]]:
        yield "What became of it", became


def as_text(proof: Proof) -> str:
    """Return all of it as text."""
    said = [f"Proof of message {proof.id}"]
    for title, known in facts(proof):
        said += ["", title, *(f"  {name}: {value}" for name, value in known)]
    return "\n".join(said) + "\n"


def _message(proof: Proof) -> Iterator[Fact]:
    yield "Subject", proof.subject
    yield "From", proof.sender
    yield "To", proof.recipient
    for copy in proof.copies:
        yield _LINES[copy.line], str(copy.mailbox)
    version = f", version {proof.template_version}" if proof.template_version else ""
    yield "Template", f"{proof.template}{version}" if proof.template else ""


def _why(proof: Proof) -> Iterator[Fact]:
    why = proof.why
    if why is None or why.run is None:
        yield "Written by", proof.by or "somebody by hand"
        return
    yield "Workflow", f"{why.run.workflow}, version {why.run.version}"
    yield "Step", step_title(why.visit.step) if why.visit else ""
    yield "It began with", why.cause
    yield "Approved by", why.approved_by


def _way(proof: Proof) -> Iterator[Fact]:
    why, mail = sentence(proof.reason) if proof.reason else "", proof.channel == "email"
    yield "State", STATES.get(proof.state, (proof.state, ""))[0]
    yield "Reason", why
    yield "Decided", exactly(proof.created_at)
    if proof.sent_at is None and proof.state in ("held", "ready", "retry"):
        yield "Goes out", exactly(proof.due_at)
    yield "Handed over", exactly(proof.sent_at) if proof.sent_at else ""
    yield "By the account", proof.account
    yield "Tries before", str(proof.attempt) if proof.attempt else ""
    server = "server" if mail else "gateway"
    yield f"The {server}’s answer", proof.answer if proof.answer != why else ""
    yield "Known because", proof.known
    yield "Message-ID" if mail else "Reference", proof.message_id
    yield f"The {server} calls it", proof.server_id
    yield "In reply to", proof.in_reply_to


def _became(proof: Proof) -> Iterator[Fact]:
    yield "Report", proof.report
    if proof.channel != "email":
        return
    figures = proof.figures
    for name, count in (("Opened", figures.opened), ("A link followed", figures.clicked)):
        said = "yes" if count else "not yet"
        yield name, NOT_AVAILABLE if count is None else said
    if figures.machines:
        yield "By machines", "looked into, which counts for nobody"


class ProofDialog(QDialog):
    """Everything can be marked and copied; a run behind it is a click away."""

    def __init__(self, desk: Desk, proof: Proof, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Proof of a message")
        self._desk, self.proof = desk, proof
        self.again_button = button(desk.theme, "Write it again", "pencil", "link")
        self.again_button.setVisible(proof.again)
        self.run_button = button(desk.theme, "Show the run", "route", "link")
        self.copy_button = button(desk.theme, "Copy", "copy")
        self.close_button = button(desk.theme, "Close")
        self._build()
        run = proof.why.run if proof.why else None
        self.run_button.setVisible(run is not None)
        self.run_button.clicked.connect(self._show_run)
        self.again_button.clicked.connect(lambda: self._write_again())
        self.copy_button.clicked.connect(self.copy)
        self.close_button.clicked.connect(self.close)
        self.resize(WIDTH, HIGH)

    def copy(self) -> None:
        """Put all of it on the clipboard, as text."""
        QGuiApplication.clipboard().setText(as_text(self.proof))
        self.copy_button.setText(" Copied")

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._desk.notices.show_error(error)

    @later
    async def _write_again(self) -> None:
        """Open what was not sent as a letter once more."""
        desk, window = self._desk, self.window().parentWidget() or self
        draft = await desk.background.write(writing.take_up, self.proof.id)
        self.close()
        if draft is not None:
            open_composer(desk, window, draft)

    def _show_run(self) -> None:
        why = self.proof.why
        if why is not None and why.run is not None:
            self.close()
            seq = why.visit.seq if why.visit else None
            self._desk.go("runs", "run", why.run.id, seq)

    def _build(self) -> None:
        words, tone = STATES.get(self.proof.state, (self.proof.state, "plain"))
        if self.proof.report and self.proof.state == "sent":
            words, tone = REPORTED
        self.state = state = PlainLabel(words, "pill")
        state.setProperty("pill", True)
        state.set_tone(tone)
        nameless = "Message without a subject" if self.proof.channel == "email" else "SMS"
        title = PlainLabel(self.proof.subject or nameless, "title")
        title.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(state, 0, Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._facts())
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.run_button)
        foot.addWidget(self.again_button)
        foot.addStretch(1)
        foot.addWidget(self.copy_button)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        column.addLayout(foot)

    def _facts(self) -> QWidget:
        inside = QWidget(objectName="panel")
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, LABELS)
        grid.setColumnStretch(1, 1)
        row = 0
        for title, known in facts(self.proof):
            heading = PlainLabel(title, "strong")
            heading.setContentsMargins(0, 10 if row else 0, 0, 0)
            grid.addWidget(heading, row, 0, 1, 2)
            for name, value in known:
                row += 1
                self._add(grid, row, name, value)
            row += 1
        grid.setRowStretch(row, 1)
        return inside

    def _add(self, grid: QGridLayout, row: int, name: str, value: str) -> None:
        label, said = PlainLabel(name, "sub"), PlainLabel(value)
        said.setWordWrap(True)
        said.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(said, row, 1)
