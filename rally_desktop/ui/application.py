"""Qt's application as this program has it: its names, its numbers, what Qt may say aloud."""

from __future__ import annotations

import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from rally_desktop import __version__
from rally_desktop.core import numerals
from rally_desktop.ui import figures


def application() -> QApplication:
    """Return Qt's application, making it the first time."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    QApplication.setApplicationName("Rally Desktop")
    QApplication.setApplicationVersion(__version__)
    QApplication.setDesktopFileName("rally-desktop")
    made = QApplication(sys.argv[:1])
    if made.platformName() == "offscreen":
        qInstallMessageHandler(_tell)
    made.setQuitOnLastWindowClosed(False)
    numerals.use(figures.number, figures.money)
    return made


def _tell(_: QtMsgType, __: QMessageLogContext, text: str) -> None:
    """Pass on what Qt says, but not that a platform without a screen has none."""
    if not text.startswith("This plugin does not support "):
        print(text, file=sys.stderr)  # noqa: T201 - it stands where Qt itself would write
