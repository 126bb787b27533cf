"""The canvas page of one workflow: palette, sheet, settings, problems; saved by itself."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.canvas.commands.building import slot_here
from rally_desktop.canvas.draft import Draft
from rally_desktop.canvas.editor import FlowEditor
from rally_desktop.canvas.hands import EditorHands
from rally_desktop.canvas.minimap import MiniMap
from rally_desktop.canvas.palette import Palette
from rally_desktop.canvas.plan import Slot, Spot
from rally_desktop.canvas.view import FlowView
from rally_desktop.canvas.zoom_bar import ZoomBar
from rally_desktop.core.errors import Refused
from rally_desktop.engine import publishing
from rally_desktop.engine.problems import Fix, Problem
from rally_desktop.model.graph import Graph
from rally_desktop.services import workflows
from rally_desktop.ui import focus, fonts, icons
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_faces import KindCatalogue, KindFaces, office_fields
from rally_desktop.ui.pages.workflow_guard import Guard
from rally_desktop.ui.pages.workflow_handing import Handing
from rally_desktop.ui.pages.workflow_head import EditorHead
from rally_desktop.ui.pages.workflow_lists import office_lists
from rally_desktop.ui.pages.workflow_moving import Moving
from rally_desktop.ui.pages.workflow_out import Out
from rally_desktop.ui.pages.workflow_page import CanvasPage
from rally_desktop.ui.pages.workflow_problems import ProblemList
from rally_desktop.ui.pages.workflow_publishing import name_in, publish
from rally_desktop.ui.pages.workflow_room import Room
from rally_desktop.ui.pages.workflow_saving import Saving
from rally_desktop.ui.pages.workflow_settings import SettingsPanel
from rally_desktop.ui.pages.workflow_views import Views
from rally_desktop.ui.widgets.plain_label import TwoLines

CHECK_AFTER = 300


class ScreenKit:
    """The program's typeface and icons, for the canvas."""

    def font(self, role: str) -> QFont:
        """Return the font of a role of the type scale."""
        return fonts.font(role)

    def picture(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        """Return a line icon."""
        return icons.pixmap(name, colour, size, ratio)


class WorkflowEditor(CanvasPage):
    """Edits one workflow, at first at a step; ``closed`` says that one wants to go back."""

    closed = Signal()

    def __init__(self, desk: Desk, workflow_id: int, at: str = "") -> None:
        super().__init__()
        self.desk, self.workflow_id, self._at = desk, workflow_id, at
        self.setObjectName("page")
        self.stored: workflows.Draft | None = None
        self.problems: list[Problem] = []
        self.draft = Draft(Graph(), self)
        self.faces = KindFaces()
        self.view = FlowView(desk.theme.scheme, ScreenKit())
        self.canvas = FlowEditor(self.draft, self.faces, KindCatalogue(), self.view)
        self.hands = EditorHands(self.canvas)
        self.head = EditorHead(desk.theme, self.draft)
        self.palette_list = Palette(self.view)
        self.minimap = MiniMap(self.view)
        self.zoom_bar = ZoomBar(self.view, self.hands)
        self.said = TwoLines("", "sub")
        self.said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.settings = SettingsPanel(desk, self.draft, self.view)
        self.problem_list = ProblemList(desk.theme, desk.preferences)
        self._check_soon = QTimer(self, singleShot=True, interval=CHECK_AFTER)
        self._build()
        self.saving = Saving(self, desk, workflow_id, self.draft, self.head.saved, self.above)
        self._connect()
        self.views = Views(self)
        self.room = Room(self, self.beside)
        self.moving = Moving(self)
        self.handing = Handing(self)
        self.settings.guard = Guard(self, desk, self.draft, workflow_id, self.above)
        self.out = Out(self)
        self.setFocusProxy(self.view)
        self.load()

    # -- reading and writing ------------------------------------------------------------------

    @later
    async def load(self) -> None:
        """Read the workflow and the office's lists, and show them."""
        read = self.desk.background.read
        stored = await self.saving.open()
        if stored is None:
            return
        self.settings.lists = await read(office_lists, stored.graph.record)
        self.settings.fields = self.faces.fields = await read(office_fields)
        self.faces.read_audience(stored.graph)
        self.saving.begin()
        self.stored = stored
        self.head.show_name(stored.graph.name)
        self._offer(stored.graph.record)
        self.settings.show_target(None)
        self.view.look_at_start()
        if self._at:
            self._show_problem(self._at)
        self.check()

    @later
    async def check(self) -> None:
        """Ask what is wrong, and show it on the cards, in the list and in the head."""
        graph = self.draft.own
        found = await self.desk.background.read(publishing.problems_of, graph)
        if graph is self.draft.graph:
            self.show_problems(found)

    @later
    async def publish(self) -> None:
        """Publish the draft, after what must be asked; problems lead to their step."""
        if not await self.saving.now():
            raise Refused("Not everything is saved yet, so nothing was published.")
        graph = self.draft.graph
        number = await publish(
            self.desk, self, self.workflow_id, self._show_problem, self._mend_and_publish
        )
        if number is None:
            return
        self.stored = await self.desk.background.read(workflows.draft, self.workflow_id)
        self._show_state()
        self.desk.notices.tell(f"Published ‘{graph.name}’ as version {number}.", "ok")

    def _mend_and_publish(self, fix: Fix) -> None:
        _mend(self.draft, fix)
        self.publish()

    def leave(self) -> None:
        """Go back to the list, with everything saved."""
        self.saving.leave()
        self.closed.emit()

    # -- showing ------------------------------------------------------------------------------

    def show_problems(self, problems: list[Problem]) -> None:
        """Show what is wrong."""
        self.problems = problems
        self.faces.know(problems)
        self.problem_list.show_problems(problems, partial(name_in, self.draft.graph))
        self.settings.show_problems(problems)
        self._show_state()
        self.canvas.refresh()

    def _cover(self, covered: bool) -> None:
        """Leave room for what stands in the place of a draft that cannot be read."""
        self.head.setVisible(not covered)
        self.body.setVisible(not covered)

    def _show_state(self) -> None:
        stored = self.stored
        same = stored is not None and stored.published == self.draft.graph
        self.head.show_state(stored, same, self.problems)
        if self.saving.sharing.holder is not None:
            self.head.publish_button.setEnabled(False)

    def _show_problem(self, key: str) -> None:
        shown = self.view.flow.plan
        spots = (Spot("step", key), Spot("trigger", key))
        spot = next((spot for spot in spots if spot in shown.boxes), None)
        if key in shown.hidden:
            spot = spots[0]
        self.canvas.select(spot)
        if spot is None:
            self.settings.show_target(None)
            self.settings.show_part(key)

    def _changed(self, before: Graph, after: Graph) -> None:
        self.head.show_name(after.name)
        self.problem_list.outdate()  # until it is known what is wrong now
        if before.record != after.record:
            self._offer(after.record)
        if (before.audience, before.record) != (after.audience, after.record):
            self.faces.read_audience(after)
            self.canvas.refresh()
        if self.stored is not None:
            self._check_soon.start()
            self._show_state()

    def _ask_what_follows(self, slot: Slot) -> None:
        self.canvas.ask_what_to_add(slot)

    def _rename(self, name: str) -> None:
        self.draft.edit("Rename the workflow", self.draft.graph.with_(name=name), "name")

    def _offer(self, record: str) -> None:
        kinds = self.canvas.catalogue
        self.palette_list.show_offers(kinds.steps(record), kinds.recipes(record))

    def _add(self, offer: object) -> None:
        slot = slot_here(self.canvas)
        if slot is not None:
            self.canvas.add(offer, slot)  # type: ignore[arg-type]
            self.view.setFocus()

    def _restyle(self) -> None:
        self.view.set_scheme(self.desk.theme.scheme)
        self.palette_list.set_look(self.view.look)
        self.zoom_bar.restyle()
        self.moving.restyle()
        with focus.kept(self.settings):
            self.settings.show_target(self.settings.spot)
        self.problem_list.show_problems(self.problems, partial(name_in, self.draft.graph))

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and self.isAncestorOf(old):
            self.draft.seal()

    def _connect(self) -> None:
        self.head.left.connect(self.leave)
        self.head.publish.connect(self.publish)
        self.head.renamed.connect(self._rename)
        self.draft.changed.connect(self._changed)
        self.saving.unreadable.covers.connect(self._cover)
        self.saving.unreadable.replaced.connect(self.load)
        self.saving.unreadable.left.connect(self.leave)
        self.draft.locks.connect(lambda _why: self._show_state())
        self.draft.locks.connect(lambda _why: self.said.setText(""))
        self._check_soon.timeout.connect(self.check)
        self.canvas.picked.connect(self.settings.show_target)
        self.canvas.opened.connect(lambda _spot: self.settings.focus_first())
        self.canvas.said.connect(self.said.setText)
        self.settings.wanted_step.connect(self._show_problem)
        self.settings.wanted_path.connect(self._ask_what_follows)
        self.settings.renewed.connect(self.check)
        self.problem_list.wanted.connect(self._show_problem)
        self.problem_list.fixed.connect(partial(_mend, self.draft))
        self.palette_list.wanted.connect(self._add)
        self.desk.theme.changed.connect(self._restyle)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def _build(self) -> None:
        self.left = QTabWidget()
        self.left.setDocumentMode(True)
        self.left.setFixedWidth(240)
        self.left.addTab(self._build_palette(), "Add")
        self.above = QVBoxLayout()  # what is said or asked about all of it, above the sheet
        self.above.setSpacing(0)
        foot = QFrame(objectName="panel")
        self.foot = QHBoxLayout(foot)
        self.foot.setContentsMargins(10, 4, 12, 4)
        self.foot.addWidget(self.zoom_bar)
        self.foot.addWidget(self.said, 1)
        self.sheet, self.front = _stacked(self.view, wide=self.view), self.view
        below = _rule("rule"), self.problem_list, _rule("rule"), foot
        self.middle = _stacked(self.sheet, *below, wide=self.sheet)
        self.right = QStackedWidget()  # settings, or what a view has to say about the selected step
        self.right.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.right.addWidget(self.settings)
        self.body = QWidget()
        across = QHBoxLayout(self.body)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        self.beside = beside = _stacked(self.left, self.minimap, wide=self.left)
        beside.setObjectName("panel")
        foot_of_it = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        beside.layout().setAlignment(self.minimap, foot_of_it)
        beside.setContentsMargins(0, 0, 0, 12)
        for part in (beside, _rule("upright"), self.middle, _rule("upright"), self.right):
            across.addWidget(part, 1 if part is self.middle else 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addWidget(_rule("rule"))
        whole.addLayout(self.above)
        whole.addWidget(self.body, 1)

    def _build_palette(self) -> QFrame:
        left = QFrame(objectName="panel")
        column = QVBoxLayout(left)
        column.setContentsMargins(8, 0, 8, 12)
        column.setSpacing(10)
        column.addWidget(self.palette_list, 1)
        return left


def _mend(draft: Draft, fix: Fix) -> None:
    draft.edit(fix.label, fix.apply(draft.graph))


def _stacked(*parts: QWidget, wide: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in parts:
        column.addWidget(part, 1 if part is wide else 0)
    return box


def _rule(name: str) -> QFrame:
    return QFrame(objectName=name)
