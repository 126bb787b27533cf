"""How a workflow is looked at: its draft, what is published, what happens in it, what would."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QObject, Signal

from rally_desktop.services import versions
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages.workflow_live import LiveView
from rally_desktop.ui.pages.workflow_one_run import OneRunView
from rally_desktop.ui.pages.workflow_page import CanvasPage
from rally_desktop.ui.pages.workflow_people import WIDTH
from rally_desktop.ui.pages.workflow_published import PublishedView
from rally_desktop.ui.pages.workflow_rehearsing import RehearsalView
from rally_desktop.ui.pages.workflow_view import CanvasView
from rally_desktop.ui.widgets.segments import Segments

NOT_YET = "Nothing is published yet"
PALETTE = 0  # the first tab at the left
SHOWS = frozenset({"workflow", "workflow_version"})


class DraftView(CanvasView):
    """The workflow as one edits it."""

    key: ClassVar = "draft"
    title: ClassVar = "Draft"
    tip: ClassVar = "The workflow as you edit it"

    def enter(self) -> None:
        """Show the draft, with its problems."""
        self.present(None)


class Views(QObject):
    """The switch in the head, and the view that is shown; ``turned`` brings its key."""

    turned = Signal(str)

    def __init__(self, page: CanvasPage) -> None:
        super().__init__(page)
        self._page = page
        self.draft = DraftView(page)
        self.published = PublishedView(page)
        self.live = LiveView(page)
        self.run = OneRunView(page)
        self.rehearsal = RehearsalView(page)
        views: tuple[CanvasView, ...] = (
            self.draft,
            self.published,
            self.live,
            self.run,
            self.rehearsal,
        )
        self.known = {view.key: view for view in views}
        self.current: CanvasView = self.draft
        self.current.entered = True
        self._came_from = self.draft.key
        self._palette = True
        self.switch = Segments("What the canvas shows")
        for view in self.known.values():
            self.switch.add(view.key, view.title, view.tip)
            if view.bar is not None:
                view.bar.hide()
                page.above.addWidget(view.bar)
            if view.side is not None:
                page.right.addWidget(view.side)
        page.right.setFixedWidth(WIDTH)
        self.switch.choose(self.draft.key)
        self.switch.buttons[self.run.key].hide()
        page.head.views.addWidget(self.switch)
        self.switch.chosen.connect(self.show)
        self.published.edit.clicked.connect(lambda: self.show(self.draft.key))
        for opens in (self.live.people, self.live.finder, self.run.finder):
            opens.wanted.connect(self.show_run)
        self.run.closed.connect(self._close_run)
        page.desk.background.changed.connect(self._hear)
        page.draft.locks.connect(self._lock)
        page.canvas.wanted.connect(self._hear_keys)
        self.look()

    def show(self, key: str) -> None:
        """Look at the workflow in another way."""
        view = self.known[key]
        self.switch.choose(key)
        if view is self.current:
            return
        self.current.entered = False
        self.current.leave()
        self.current = view
        view.entered = True
        for each in self.known.values():
            if each.bar is not None:
                each.bar.setVisible(each is view)
        self._page.right.setCurrentWidget(view.side or self._page.settings)
        view.enter()
        self.turned.emit(key)

    def show_run(self, run_id: int) -> None:
        """Show the way of one run."""
        self.switch.buttons[self.run.key].show()
        self.run.run_id = run_id
        if self.current is self.run:
            self.run.enter()
        else:
            self._came_from = self.current.key
            self.show(self.run.key)

    def _close_run(self) -> None:
        self.switch.buttons[self.run.key].hide()
        self.show(self._came_from)

    @later
    @newest
    async def look(self) -> None:
        """See which versions there are."""
        page = self._page
        rows = await page.desk.background.read(versions.listed, page.workflow_id)
        for view in (self.published, self.live):
            view.picker.show_versions(rows)
            self.switch.buttons[view.key].setEnabled(bool(rows))
            self.switch.buttons[view.key].setToolTip(view.tip if rows else NOT_YET)

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._page.desk.notices.show_error(error)

    def _hear_keys(self, command: str) -> None:
        key = command.removeprefix("view_")
        if command.startswith("view_") and self.switch.buttons[key].isEnabled():
            self.show(key)

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & SHOWS:
            self.look()

    def _lock(self, why: str) -> None:
        """Let nothing look as if it could be edited while it cannot: the palette goes away."""
        page, left = self._page, self._page.left
        page.problem_list.setVisible(bool(page.problems) and page.draft.graph is page.draft.own)
        page.head.name.setReadOnly(bool(why))
        if why and left.isTabVisible(PALETTE):
            self._palette = left.currentIndex() == PALETTE
            left.setVisible(not self._palette)
            left.setTabVisible(PALETTE, False)
        elif not why and not left.isTabVisible(PALETTE):
            left.setTabVisible(PALETTE, True)
            left.setCurrentIndex(PALETTE if self._palette else left.currentIndex())
            left.show()
