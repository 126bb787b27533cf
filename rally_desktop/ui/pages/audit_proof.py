"""Whether the audit log is as it was written: what is known, and a check of all of it."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from rally_desktop.model.place import heads_file
from rally_desktop.model.store import Store
from rally_desktop.outside.heads import Heads
from rally_desktop.services import audit_check
from rally_desktop.services.audit_check import Verdict
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.import_task import Asked, TaskBar, Tell
from rally_desktop.ui.widgets.ask import ask
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.relative_time import ago, exactly

UNKNOWN = "Not checked yet on this computer since the program was opened."
MEANT = "An older copy of the office was put back on purpose"


class AuditProof(QWidget):
    """A badge with the last verdict, and what looks again; it takes seconds, and can be stopped."""

    def __init__(self, desk: Desk, heads: Heads | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._heads = heads or Heads(heads_file())
        self.verdict: Verdict | None = None
        self.sign = PlainLabel()
        self.words = PlainLabel(UNKNOWN, "body")
        self.words.setWordWrap(True)
        self.check_button = button(desk.theme, "Check now", "shield-check")
        self.accept_button = button(desk.theme, "That was meant…", "check")
        self.task = TaskBar(desk, "line")
        across = QHBoxLayout()
        across.setSpacing(10)
        across.addWidget(self.sign)
        across.addWidget(self.words, 1)
        across.addWidget(self.accept_button)
        across.addWidget(self.check_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(across)
        column.addWidget(self.task)
        self.check_button.clicked.connect(lambda: self.check())
        self.accept_button.clicked.connect(lambda: self.accept())
        desk.theme.changed.connect(self._draw)
        self._draw()

    @later
    async def check(self) -> None:
        """Look through the whole log, from the first line to the last."""
        self.check_button.setEnabled(False)
        try:
            found = await self.task.wait(
                lambda store, tell, stop: _checked(store, self._heads, tell, stop)
            )
        finally:
            self.check_button.setEnabled(True)
        if found is None:
            self._desk.notices.tell("The check was stopped; nothing is known of the rest.", "warn")
            return
        self.verdict = found
        self._draw()

    @later
    async def accept(self) -> None:
        """Go on from the log as it is, once somebody said so twice."""
        question = "Go on from the log as it is?"
        what = f"{MEANT}, or it was moved. That you say so is written into the log."
        if await ask(self, question, what, "Go on from here"):
            await self._desk.background.job(lambda store, _: audit_check.accept(store, self._heads))
            self.check()

    def _draw(self) -> None:
        found, theme = self.verdict, self._desk.theme
        broken = found.broken if found else None
        icon, tone = ("shield-alert", "bad") if broken else ("shield-check", "ok")
        if found is None:
            icon, tone = "shield", "ink3"
        self.sign.setPixmap(theme.pixmap(icon, tone, 20))
        self.words.set_tone("bad" if broken else "plain")
        if found is not None:
            self.words.setText(said(found, ago(found.at, self._desk.clock.now())))
        self.accept_button.setVisible(bool(broken and broken.kind in ("older", "replaced")))


def said(found: Verdict, when: str) -> str:
    """Say in words what a check found."""
    if found.broken is not None:
        at = f" ({exactly(found.broken.at)})" if found.broken.at else ""
        return (
            f"Not as it was written: {found.broken.said}{at}. Everything before it is sound: "
            f"{found.lines:,} lines."
        )
    until = f", up to {exactly(found.until)}" if found.until else ""
    erased = f" {found.erased:,} of them were erased." if found.erased else ""
    return f"{found.lines:,} lines are as they were written{until}.{erased} Checked {when}."


def _checked(store: Store, heads: Heads, tell: Tell, stop: Asked) -> Verdict | None:
    found = audit_check.check(store, heads, lambda done, _: tell(done), stop)
    if found is not None and found.broken is None:
        audit_check.advance(store, heads)
    return found
