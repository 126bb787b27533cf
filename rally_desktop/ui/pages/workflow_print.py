"""The dialog that prints a workflow."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QMarginsF, QSizeF, Qt
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter

from rally_desktop.canvas.export.drawing import Tell
from rally_desktop.canvas.export.files import Export
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_out_dialog import OutDialog, counted
from rally_desktop.ui.pages.workflow_press import size_of

LONGEST_NAME = 80


class PaperDialog(OutDialog):
    """Shows the pages, and hands them to a printer."""

    title = "Print"

    def goes(self) -> tuple[str, str]:
        """Return the words and the icon of the button that prints."""
        return "Print…", "printer"

    def go(self) -> None:
        """Ask for the printer."""
        printer = self.printer()
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(printer))
        dialog.open()

    def printer(self) -> QPrinter:
        """Return a printer set to the paper that is shown."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self.export.heading.name[:LONGEST_NAME])
        printer.setPageSize(QPageSize(getattr(QPageSize.PageSizeId, self.paper.currentData())))
        if self.pages:
            _turn(printer, self.pages[0].size)
        return printer

    @later
    async def print_on(self, printer: QPrinter) -> None:
        """Print the pages asked for, on the paper that was chosen there."""
        done = await self.work(partial(_printed, self.export, printer))
        if done is not None:
            self.desk.notices.tell(f"{counted(done)} handed to the printer.", "ok")
            self.accept()


def _printed(export: Export, printer: QPrinter, tell: Tell) -> int:
    """Print, and return how many pages; on a worker thread."""
    pages = export.pages(size_of(printer.pageLayout().pageSize()))
    if printer.printRange() is QPrinter.PrintRange.PageRange:
        pages = pages[max(0, printer.fromPage() - 1) : printer.toPage() or None]
    if pages:
        _turn(printer, pages[0].size)
        printer.setFullPage(True)
        printer.setPageMargins(QMarginsF())
        export.print_on(printer, pages, tell)
    return len(pages)


def _turn(printer: QPrinter, size: QSizeF) -> None:
    """Lay the paper on the side that the pages are made for."""
    wide = size.width() > size.height()
    turned = QPageLayout.Orientation
    printer.setPageOrientation(turned.Landscape if wide else turned.Portrait)
