"""The ways out of the canvas: as a picture, on paper, on the clipboard, in plain English."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence

from rally_desktop.canvas import keys
from rally_desktop.canvas.export.files import Export
from rally_desktop.canvas.export.heading import Heading
from rally_desktop.canvas.plan import Plan, Spot, plan
from rally_desktop.model.graph import Graph
from rally_desktop.model.work import Work
from rally_desktop.services import versions
from rally_desktop.ui.job import Job
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_out_dialog import OutDialog
from rally_desktop.ui.pages.workflow_page import CanvasPage
from rally_desktop.ui.pages.workflow_picture import PictureDialog
from rally_desktop.ui.pages.workflow_plain import PlainEnglish
from rally_desktop.ui.pages.workflow_press import PressKit
from rally_desktop.ui.pages.workflow_print import PaperDialog

MANY = 2  # from here on what is selected is meant, not where one stands


class Out(QObject):
    """Puts the ways out into the menu of the page's head, and does what their keys ask for."""

    def __init__(self, page: CanvasPage) -> None:
        super().__init__(page)
        self._page = page
        self.plain: PlainEnglish | None = None
        self._answers = {
            "picture": partial(self.open, PictureDialog),
            "copy_picture": self.copy_picture,
            "print": partial(self.open, PaperDialog),
            "read": self.read_back,
        }
        page.head.more.addSeparator()
        self.actions = {name: self._action(name) for name in self._answers}
        page.canvas.wanted.connect(self._answer)

    def _action(self, name: str) -> QAction:
        key = keys.BY_COMMAND[name]
        action = self._page.head.more.addAction(key.says)
        action.setShortcuts([QKeySequence(each) for each in key.keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: self._answer(name))
        self._page.addAction(action)
        return action

    def _answer(self, what: str) -> None:
        answer = self._answers.get(what)
        if answer is not None:
            answer()

    def chosen(self) -> frozenset[Spot]:
        """Return the cards and notes that are selected, where they are more than one."""
        chosen = frozenset(self._page.view.flow.chosen)
        return chosen if len(chosen) >= MANY else frozenset()

    @later
    async def open(self, kind: type[OutDialog]) -> None:
        """Open a dialog that shows what will come out."""
        heading, press = await self._heading(), PressKit()
        whole = partial(Export, self._plan(), heading, press)
        chosen = self.chosen()
        part = partial(whole, chosen) if chosen else None
        kind(self._page.desk, whole, part, len(chosen), self._page).open()

    @later
    async def copy_picture(self) -> None:
        """Put a picture of what is selected, or of all, on the clipboard."""
        heading, chosen = await self._heading(), self.chosen()
        make = partial(Export, self._plan(), heading, PressKit(), chosen)
        image = await Job().run(lambda tell: make().picture(tell))
        if image is not None:
            QGuiApplication.clipboard().setImage(image)
            what = f"{len(chosen)} selected were" if chosen else "The workflow was"
            self._page.desk.notices.tell(f"{what} copied as a picture.", "ok")

    def read_back(self) -> None:
        """Open the workflow as a text beside the canvas."""
        if self.plain is None:
            self.plain = PlainEnglish(self._page)
        self.plain.show()
        self.plain.raise_()
        self.plain.activateWindow()

    def _plan(self) -> Plan:
        """Return all of it, also where groups are folded on screen."""
        shown = self._page.view.flow.plan
        return plan(shown.graph, self._page.faces) if shown.hidden else shown

    async def _heading(self) -> Heading:
        page, graph = self._page, self._page.draft.graph
        number = await page.desk.background.read(_version, page.workflow_id, graph)
        day = page.desk.clock.now().astimezone().date()
        return Heading(
            graph.name, f"Version {number}" if number else "Draft", f"{day.day} {day:%B %Y}"
        )


def _version(work: Work, workflow_id: int, graph: Graph) -> int | None:
    """Return the number of the newest version that says just this, None for a draft."""
    for row in versions.listed(work, workflow_id):
        if versions.graph_of(work, workflow_id, row.number) == graph:
            return row.number
    return None
