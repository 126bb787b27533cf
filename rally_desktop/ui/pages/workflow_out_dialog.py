"""What the dialogs for files and for paper have in common: the pages, and work that takes long."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QLocale, QSizeF, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.canvas.export.drawing import Tell
from rally_desktop.canvas.export.files import Export
from rally_desktop.canvas.export.pages import Page
from rally_desktop.core.errors import RallyError
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.job import Job
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_press import PAPERS, paper_size
from rally_desktop.ui.pages.workflow_rows import choices, choose, named
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.page_view import PageView
from rally_desktop.ui.widgets.plain_label import PlainLabel
from rally_desktop.ui.widgets.segments import Segments

T = TypeVar("T")
Source = Callable[[], Export]
ONE_PAGE = ("One page, as large as it takes", "")
PAPER = "picture_paper"
SLOW, LOOK = 250, 60  # milliseconds: what takes longer is shown; how often one looks how far it is


class OutDialog(QDialog):
    """The pages at the left, the choices at the right; subclasses say where it goes."""

    title = ""
    papers: tuple[tuple[str, str], ...] = tuple((name, name) for name in PAPERS)

    def __init__(
        self, desk: Desk, whole: Source, part: Source | None, count: int, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.title)
        self.desk = desk
        self._sources = {"whole": whole, "part": part or whole}
        self._exports: dict[str, Export] = {}
        self._what, self._job = "whole", Job()
        self.pages: list[Page] = []
        self.what = Segments("What is put out")
        self.what.add("whole", "Whole workflow")
        self.what.add("part", f"{count} selected")
        self.what.choose("whole")
        self.what.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.paper = choices(self.papers, "Paper")
        kept = desk.preferences.get(PAPER)
        choose(self.paper, kept if self.paper.findData(kept) >= 0 else _usual())
        self.view = PageView(desk.theme)
        self.remark, self.wrong = PlainLabel("", "sub"), PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.busy = QProgressBar(maximum=100, textVisible=False)
        self.cancel = button(desk.theme, "Cancel")
        self.go_button = button(desk.theme, *self.goes(), "primary")
        self._slow = QTimer(self, singleShot=True, interval=SLOW)
        self._watch = QTimer(self, interval=LOOK)
        self._build(several=part is not None)
        self._connect()
        self.show_page()

    # -- what subclasses say ------------------------------------------------------------------

    def goes(self) -> tuple[str, str]:
        """Return the words and the icon of the button that does it."""
        raise NotImplementedError

    def go(self) -> None:
        """Ask where to, and do it."""
        raise NotImplementedError

    def paged(self) -> bool:
        """Say whether it is put on pages."""
        return True

    def said(self, export: Export, pages: list[Page]) -> str:
        """Return what there is to know about what will come out; on a worker thread."""
        return export.remark("pdf", pages) or counted(len(pages))

    # -- the pages ----------------------------------------------------------------------------

    @property
    def export(self) -> Export:
        """Return what is put out: all of it, or what is selected."""
        if self._what not in self._exports:
            self._exports[self._what] = self._sources[self._what]()
        return self._exports[self._what]

    def paper_size(self) -> QSizeF | None:
        """Return the size of the paper, None for one page as large as it takes."""
        return paper_size(self.paper.currentData()) if self.paged() else None

    @later
    async def show_page(self) -> None:
        """Draw the page that is looked at, as it will come out."""
        self.paper_row.setVisible(self.paged())
        export, size = self.export, self.paper_size()
        draw = partial(self._draw, export, size, self.view.number, self.view.room())
        made = await self.work(draw)
        if made is not None:
            self.pages, image, remark = made
            self.view.show_page(image, len(self.pages))
            self.remark.setText(remark)

    def _draw(
        self, export: Export, size: QSizeF | None, number: int, room: QSizeF, tell: Tell
    ) -> tuple[list[Page], QImage, str]:
        """Return all pages, the picture of one, and what there is to know; on a worker thread."""
        pages = export.pages(size)
        page = pages[min(number, len(pages) - 1)]
        scale = min(room.width() / page.size.width(), room.height() / page.size.height(), 2.0)
        return pages, export.image(page, scale, tell), self.said(export, pages)

    async def work(self, what: Callable[[Tell], T]) -> T | None:
        """Await something long in place of what was being done; None where it came to nothing.

        What goes wrong is said in the dialog.
        """
        self._job.call_off()
        job = self._job = Job()
        self.wrong.hide()
        self.go_button.setEnabled(False)
        self._slow.start()
        try:
            return await job.run(what)
        except RallyError as error:
            self.wrong.setText(str(error))
            self.wrong.show()
            return None
        finally:
            if job is self._job:
                self._rest()

    def _rest(self) -> None:
        for timer in (self._slow, self._watch):
            timer.stop()
        self.busy.setVisible(False)
        self.go_button.setEnabled(True)

    def _look(self) -> None:
        self.busy.setVisible(True)
        self.busy.setValue(round(100 * self._job.share))
        self._watch.start()

    def done(self, result: int) -> None:
        """Close, and want no more of what is still being done."""
        self._job.call_off()
        super().done(result)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self.desk.notices.show_error(error)

    # -- building -----------------------------------------------------------------------------

    def _choose(self, what: str) -> None:
        self._what = what
        self._start()

    def _start(self) -> None:
        self.desk.preferences.put(PAPER, self.paper.currentData())
        self.view.start()
        self.show_page()

    def _connect(self) -> None:
        self.what.chosen.connect(self._choose)
        self.paper.currentIndexChanged.connect(self._start)
        self.view.turned.connect(self.show_page)
        self.cancel.clicked.connect(self.reject)
        self.go_button.clicked.connect(self.go)
        self._slow.timeout.connect(self._look)
        self._watch.timeout.connect(self._look)

    def _build(self, *, several: bool) -> None:
        self.side = QVBoxLayout()
        self.side.setSpacing(14)
        self.side.addWidget(PlainLabel(self.title, "heading"))
        if several:
            self.side.addWidget(named("What", self.what))
        self.paper_row = named("Paper", self.paper)
        self.side.addWidget(self.paper_row)
        for label in (self.remark, self.wrong):
            label.setWordWrap(True)
            self.side.addWidget(label)
        self.side.addStretch(1)
        self.busy.setFixedHeight(4)
        self.busy.hide()
        self.side.addWidget(self.busy)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.go_button)
        self.side.addLayout(row)
        right = QFrame()
        right.setLayout(self.side)
        self.side.setContentsMargins(0, 0, 0, 0)
        right.setFixedWidth(280)
        across = QHBoxLayout(self)
        across.setContentsMargins(20, 20, 20, 20)
        across.setSpacing(20)
        across.addWidget(self.view)
        across.addWidget(right)
        self.go_button.setDefault(True)
        self.go_button.setFocus()


def counted(pages: int) -> str:
    """Return a number of pages in words."""
    return f"{pages:,} page{'s' * (pages != 1)}"


def _usual() -> str:
    """Return the paper that is usual where this computer stands."""
    imperial = QLocale().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem
    return "Letter" if imperial else "A4"
