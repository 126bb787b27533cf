"""The steps of the proof that an account works, each with how it stands and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from rally_desktop.outside.mail.proving import STEPS, Step
from rally_desktop.ui.theme import Theme
from rally_desktop.ui.widgets.plain_label import PlainLabel

SIGNS: Mapping[str, tuple[str, str, str]] = {
    "waits": ("circle", "ink3", "waits"),
    "runs": ("loader", "accent", "under way"),
    "well": ("circle-check", "ok", "done"),
    "warns": ("circle-alert", "warn", "look"),
    "failed": ("circle-x", "bad", "failed"),
}
INTRO = (
    "One message goes from you to yourself. That shows that mail goes out and comes in, and tells "
    "how this server keeps what was sent."
)


class ProofLine(QWidget):
    """One step."""

    def __init__(self, theme: Theme, step: Step) -> None:
        super().__init__()
        self._theme = theme
        self.step = step
        self.sign = QLabel()
        self.sign.setFixedWidth(24)
        self.title = PlainLabel(step.title, "strong")
        self.said = PlainLabel("", "sub")
        self.said.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.said)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        theme.changed.connect(self._draw)
        self.show_step(step)

    def show_step(self, step: Step) -> None:
        """Show how the step stands."""
        self.step = step
        self.said.setText(step.said)
        self.said.setVisible(bool(step.said))
        self.said.set_tone("bad" if step.state == "failed" else "quiet")
        self.setAccessibleName(f"{step.title}: {SIGNS[step.state][2]}. {step.said}")
        self._draw()

    def _draw(self) -> None:
        icon, colour, _ = SIGNS[self.step.state]
        self.sign.setPixmap(self._theme.pixmap(icon, colour, 20))


class ProofPanel(QWidget):
    """All steps; those of incoming mail are left out where there is none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.lines = {key: ProofLine(theme, Step(key)) for key in STEPS}
        intro = PlainLabel(INTRO, "sub")
        intro.setWordWrap(True)
        self.result = PlainLabel("", "body")
        self.result.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(intro)
        for line in self.lines.values():
            column.addWidget(line)
        column.addWidget(self.result)
        column.addStretch(1)

    def begin(self, *, receives: bool) -> None:
        """Show all steps as not begun."""
        self.result.clear()
        for key, line in self.lines.items():
            line.show_step(Step(key))
            line.setVisible(receives or key in ("out", "send"))

    def show_step(self, step: Step) -> None:
        """Show how one step stands."""
        self.lines[step.key].show_step(step)

    def conclude(self, text: str, tone: str) -> None:
        """Say what came of it all."""
        self.result.setText(text)
        self.result.set_tone(tone)
