"""Moving about in a workflow: outline, search, breadcrumbs, keys, and what is read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QMenu, QTabWidget, QVBoxLayout

from rally_desktop.canvas import keys
from rally_desktop.canvas.accessible import Voice
from rally_desktop.canvas.breadcrumbs import Breadcrumbs
from rally_desktop.canvas.key_sheet import KeySheet
from rally_desktop.canvas.outline_panel import OutlinePanel
from rally_desktop.canvas.plan import Spot
from rally_desktop.canvas.search import Search
from rally_desktop.canvas.search_bar import SearchBar
from rally_desktop.model.work import Work
from rally_desktop.services import templates
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_page import CanvasPage
from rally_desktop.ui.pages.workflow_parts import go_round

NARROW, WIDE = 240, 320
WHEEL, MAP = "wheel_zooms", "minimap"


class Moving(QObject):
    """Puts these parts into the page, and does what their keys ask for."""

    def __init__(self, page: CanvasPage) -> None:
        super().__init__(page)
        self._page = page
        canvas, view = page.canvas, page.view
        self._texts: dict[str, str] = {}
        self.search = Search(canvas, self._text_of)
        self.bar = SearchBar(self.search, view, view.look)
        self.crumbs = Breadcrumbs(canvas)
        self.outline = OutlinePanel(canvas, page.hands)
        self.voice = Voice(canvas, page.hands)
        self._build(page)
        self.wheel = QAction("Mouse wheel zooms", self, checkable=True)
        self.wheel.toggled.connect(self.let_wheel_zoom)
        self._fill_menu(page.head.more)
        self._as_wished()
        page.installEventFilter(self)
        self._answers = {
            "find": self.find,
            "find_next": partial(self.bar.go_on, 1),
            "find_before": partial(self.bar.go_on, -1),
            "minimap": self.switch_map,
            "keys": self.show_keys,
            "mend": self.mend,
            "next_part": partial(go_round, page, 1),
            "part_before": partial(go_round, page, -1),
            "outline": self.switch_outline,
            "publish": self.publish,
        }
        self._bind(page)
        canvas.wanted.connect(self._answer)
        self.bar.closed.connect(view.setFocus)
        self.search.changed.connect(self._show_found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what was chosen in the settings meanwhile, when the page comes back."""
        if event.type() is QEvent.Type.Show:
            self._as_wished()
        return False

    def _as_wished(self) -> None:
        wished = self._page.desk.preferences.get
        self.wheel.setChecked(bool(wished(WHEEL, False)))
        self._page.minimap.want(bool(wished(MAP, True)))

    def _answer(self, what: str) -> None:
        answer = self._answers.get(what)
        if answer is not None:
            answer()

    def show_error(self, error: Exception) -> None:
        """Tell the person what went wrong."""
        self._page.show_error(error)

    def restyle(self) -> None:
        """Follow light and dark."""
        look = self._page.view.look
        self.bar.set_look(look)
        self.crumbs.restyle()
        self.outline.tree.restyle()
        self._page.minimap.renew()

    def find(self) -> None:
        """Open the search, and read the texts of the templates meanwhile."""
        self.bar.open()
        self._read_texts()

    def switch_map(self) -> None:
        """Show the overview where it helps, or never."""
        wanted = not self._page.minimap.wanted
        self._page.desk.preferences.put(MAP, wanted)
        self._page.minimap.want(wanted)
        here = "while it is not all in view" if wanted else "no more"
        self._page.canvas.say(f"The overview is shown {here}.")

    def let_wheel_zoom(self, zooms: bool) -> None:
        """Zoom by a mouse wheel alone, or pan by it."""
        self._page.desk.preferences.put(WHEEL, zooms)
        self._page.view.wheel.zooms = zooms

    def show_keys(self) -> None:
        """Show every key of the canvas."""
        KeySheet(self._page.view.look, self._page.window()).open()

    def switch_outline(self) -> None:
        """Go to the outline, or from there to the sheet."""
        page, tree = self._page, self.outline.tree
        if tree.hasFocus():
            page.view.setFocus()
        else:
            page.left.setCurrentIndex(page.left.count() - 1)
            page.left.show()
            tree.setFocus()

    def publish(self) -> None:
        """Publish, if there is anything to publish."""
        button = self._page.head.publish_button
        if button.isEnabled() and button.isVisible():
            button.click()
        else:
            self._page.canvas.say("There is nothing to publish.")

    def mend(self) -> None:
        """Put right what is wrong with the selected step, if it is known how."""
        spot, canvas = self._page.canvas.scene.selected, self._page.canvas
        problem = self._page.problem_list.fix_of(spot.id) if isinstance(spot, Spot) else None
        if not self._page.problem_list.is_current:
            canvas.say("It is just being checked what is wrong. Try again in a moment.")
        elif problem is None or problem.fix is None:
            canvas.say("There is nothing here that can be put right by itself.")
        else:
            self._page.problem_list.fixed.emit(problem.fix)
            canvas.say(f"{problem.fix.label}: done.")

    def _bind(self, page: CanvasPage) -> None:
        """Let the keys for what stands around the sheet work everywhere on the page.

        Publishing is left out: where one types, Ctrl and Enter may come by habit.
        """
        for command in (*self._answers, "next_problem", "problem_before"):
            if command == "publish":
                continue
            for text in keys.BY_COMMAND[command].keys:
                if len(text) == 1:
                    continue  # a letter: it is typed where it is typed
                shortcut = QShortcut(QKeySequence(text), page)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(partial(page.hands.do, command))

    def _fill_menu(self, menu: QMenu) -> None:
        for command, says in (("find", "Find"), ("outline", "Outline"), ("keys", "All keys")):
            action = menu.addAction(f"{says}\t{keys.shortcut(command)}")
            action.triggered.connect(partial(self._page.hands.do, command))
        menu.addAction(self.wheel)

    def _build(self, page: CanvasPage) -> None:
        sheet = page.sheet.layout()
        assert isinstance(sheet, QVBoxLayout)
        for part in (self.crumbs, self.bar):
            sheet.insertWidget(0, part)
        panel = QFrame(objectName="panel")
        column = QVBoxLayout(panel)
        column.setContentsMargins(8, 0, 8, 12)
        column.addWidget(self.outline)
        page.left.addTab(panel, "Outline")
        page.left.currentChanged.connect(partial(_fit_width, page.left))

    def _show_found(self) -> None:
        found = frozenset(self.search.found) if self.search.text.strip() else None
        self.outline.tree.show_found(found)

    @later
    async def _read_texts(self) -> None:
        self._texts = await self._page.desk.background.read(_texts)
        self.search.gather_again()

    def _text_of(self, settings: Mapping[str, Any]) -> str:
        return self._texts.get(str(settings.get("template", "")), "")


def _fit_width(tabs: QTabWidget, place: int) -> None:
    """Give the outline more room: it is a tree."""
    tabs.setFixedWidth(NARROW if place == 0 else WIDE)


def _texts(work: Work) -> dict[str, str]:
    return {one.name: f"{one.subject}\n{one.text}\n{one.html}" for one in templates.listed(work)}
