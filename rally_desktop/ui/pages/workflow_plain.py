"""The whole workflow in plain English beside the canvas: each line leads to its step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QTimer, QUrl
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QTextBrowser, QVBoxLayout

from rally_desktop.canvas.plan import Spot
from rally_desktop.engine.reading import Said, as_text, lines
from rally_desktop.outside.files.naming import file_name
from rally_desktop.outside.files.whole import write_whole
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.workflow_faces import fields_for
from rally_desktop.ui.pages.workflow_page import CanvasPage
from rally_desktop.ui.pages.workflow_picture import FOLDER
from rally_desktop.ui.widgets.buttons import button

SOON = 300  # milliseconds after a change
AT_ONCE, SLICE = 400, 100  # lines
WIDTH, HEIGHT, INDENT = 560, 680, 20
TITLE = "In plain English"


class PlainEnglish(QDialog):
    """Follows what is on the canvas; a click on a line selects what it is about."""

    def __init__(self, page: CanvasPage) -> None:
        super().__init__(page)
        self.setWindowTitle(TITLE)
        self._page = page
        self._said: list[Said] = []
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.setAccessibleName(f"The workflow {TITLE.lower()}")
        self.text.document().setDocumentMargin(16)
        self.copy = button(page.desk.theme, "Copy", "copy")
        self.save = button(page.desk.theme, "Save as text…", "download")
        close = button(page.desk.theme, "Close")
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 14)
        for part in (self.copy, self.save):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text, 1)
        column.addLayout(row)
        self.resize(WIDTH, HEIGHT)
        self._shown = 0  # lines that are in the text already
        self._at = 0  # where one was reading
        self._slices = QTimer(self, interval=0)
        self._slices.timeout.connect(self._show_more)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self.refresh)
        page.draft.changed.connect(lambda _before, _after: self._soon.start())
        page.desk.theme.changed.connect(self._show)
        self.text.anchorClicked.connect(self._go)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._ask_file)
        close.clicked.connect(self.close)
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read what is on the canvas now."""
        graph = self._page.draft.graph
        fields = fields_for(graph.record, self._page.faces.fields)
        said = await asyncio.to_thread(lines, graph, fields)
        if said != self._said:
            self._said = said
            self._show()

    def as_text(self) -> str:
        """Return it as plain text."""
        return as_text(self._said)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._page.show_error(error)

    def _show(self) -> None:
        """Set the text without losing the place one reads at; a long one, a part at a time."""
        self._at = self.text.verticalScrollBar().value()
        self._shown = min(AT_ONCE, len(self._said))
        self.text.setHtml(self._html(0, self._shown))
        self._scroll()
        if self._shown < len(self._said):
            self._slices.start()

    def _show_more(self) -> None:
        """Add the next part, and come back for the others once all else is done."""
        start, self._shown = self._shown, min(self._shown + SLICE, len(self._said))
        if start == self._shown:
            self._slices.stop()
            return
        self.text.append(self._html(start, self._shown))
        block = self.text.document().findBlockByNumber(start)
        format_ = block.blockFormat()  # what is appended begins in the format of what was last
        format_.setLeftMargin(self._said[start].depth * INDENT)
        QTextCursor(block).setBlockFormat(format_)
        self._scroll()

    def _html(self, start: int, end: int) -> str:
        colours = self._page.desk.theme.value
        parts = (_paragraph(self._said[line], line == 0, colours) for line in range(start, end))
        return "".join(parts)

    def _scroll(self) -> None:
        bar = self.text.verticalScrollBar()
        if self._at:
            bar.setValue(self._at)
            self._at = 0 if bar.value() == self._at else self._at

    def _go(self, link: QUrl) -> None:
        """Select the card or note that a line is about."""
        key = link.fragment()
        shown = self._page.view.flow.plan
        kinds = ("step", "trigger", "note", "frame")
        spots = (Spot(kind, key) for kind in kinds)
        spot = next((spot for spot in spots if shown.shape(spot) or self._folded(spot)), None)
        if spot is not None:
            self._page.canvas.select(spot)

    def _folded(self, spot: Spot) -> bool:
        return spot.kind == "step" and spot.id in self._page.view.flow.plan.hidden

    def _copy(self) -> None:
        """Copy what is selected, or all of it."""
        chosen = self.text.textCursor().selectedText().replace("\u2029", "\n")
        QGuiApplication.clipboard().setText(chosen or self.as_text())
        self._page.desk.notices.tell("Copied.", "ok")

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "Save as text")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Text (*.txt)")
        dialog.setDefaultSuffix("txt")
        usual = QStandardPaths.StandardLocation.DocumentsLocation
        folder = self._page.desk.preferences.get(FOLDER)
        dialog.setDirectory(folder or QStandardPaths.writableLocation(usual))
        dialog.selectFile(f"{file_name(self._page.draft.graph.name, 'Workflow')}.txt")
        dialog.fileSelected.connect(self.write)
        dialog.open()

    @later
    async def write(self, name: str) -> None:
        """Write the text into a file."""
        path = Path(name)
        content = f"{self.as_text()}\n".encode()
        await asyncio.to_thread(partial(write_whole, path, content))
        self._page.desk.preferences.put(FOLDER, str(path.parent))
        self._page.desk.notices.tell(f"Saved ‘{path.name}’.", "ok")


def _paragraph(said: Said, first: bool, colours: Callable[[str], str]) -> str:
    """Return a line as HTML: headings strong, branches further in, what leads somewhere a link."""
    text = escape(said.text)
    if said.heading:
        size, above = (19, 0) if first else (13, 16)
        looks = f"font-size:{size}px; font-weight:600; color:{colours('ink')}"
        return f'<p style="margin-top:{above}px; margin-bottom:4px; {looks}">{text}</p>'
    if said.key:
        looks = f"color:{colours('ink')}; text-decoration:none"
        text = f'<a href="#{escape(said.key)}" style="{looks}">{text}</a>'
    looks = f"margin:3px 0px 3px {said.depth * INDENT}px; color:{colours('ink2')}"
    return f'<p style="{looks}">{text}</p>'
