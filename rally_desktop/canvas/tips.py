"""What the tip says of what is pointed at: all of what a card, note or group may show in part."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip, QWidget

from rally_desktop.canvas.marking import plain
from rally_desktop.canvas.naming import counted
from rally_desktop.canvas.overlay import NOTHING, Overlay
from rally_desktop.canvas.plan import Plan, Spot
from rally_desktop.canvas.shapes import Box, NoteBox

LONGEST = 600  # characters of one line
OFF = "Off: whoever comes here goes on at once."
AFTER, AFTER_FAR = 500, 150  # milliseconds


class Tip(QObject):
    """Shows a text beside the pointer when it has stood still for a while."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.text = ""
        self.soon = QTimer(self, singleShot=True)
        self.soon.timeout.connect(self._show)

    def point(self, text: str, far: bool = False) -> None:
        """Get ready to say something; sooner where nothing can be read on the sheet itself."""
        if text == self.text:
            return
        if self.text:
            QToolTip.hideText()
        self.text = text
        self.soon.stop()
        if text:
            self.soon.start(AFTER_FAR if far else AFTER)

    def _show(self) -> None:
        QToolTip.showText(QCursor.pos(), self.text, self._over)


def tip_of(plan: Plan, spot: Spot | None, overlay: Overlay = NOTHING, far: bool = False) -> str:
    """Return the tip, safe to be shown by Qt; from afar a card says its title alone."""
    shape = plan.shape(spot) if spot else None
    if isinstance(shape, Box):
        face = shape.face
        off = OFF if shape.disabled else ""
        more = (face.subtitle, face.problem, off, overlay.tips.get(shape.spot.id, ""))
        lines = [face.title, *(() if far else more)]
    elif isinstance(shape, NoteBox):
        lines = [plain(shape.text)]
    else:
        lines = [shape.title, counted(len(shape.steps), "step")] if shape else []
    return safe("\n".join(_short(line) for line in filter(None, lines)))


def safe(text: str) -> str:
    """Return a text that Qt shows as it is, with lines that wrap."""
    if not text:
        return ""
    quoted = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return f"<qt>{quoted}</qt>"


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
