"""The people in a sequence: found, narrowed, looked at, and paused, sent on or removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QSignalBlocker,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.engine.reasons import sentence
from rally_desktop.model.graph import Step
from rally_desktop.services import sequence_people
from rally_desktop.services.sequence_people import GROUPS, About, Group, Person, Standing, Wanted
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.widgets.buttons import button, tool
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.flow_layout import FlowLayout
from rally_desktop.ui.widgets.list_table import ROW_HEIGHT, ListDelegate
from rally_desktop.ui.widgets.related_list import PAGES
from rally_desktop.ui.widgets.run_words import step_words
from rally_desktop.ui.widgets.sequence_people_bar import PeopleBar
from rally_desktop.ui.widgets.sequence_people_deeds import PAUSES, PeopleDeeds
from rally_desktop.ui.widgets.sequence_people_model import (
    HERE,
    NAME,
    NEXT,
    STATE,
    WHEN,
    WHY,
    PeopleModel,
)

TYPING_PAUSE = 200  # milliseconds
MOST_STRETCHES = 500  # Qt takes minutes over tens of thousands of lines chosen one by one
WIDTHS = {NAME: 160, STATE: 104, HERE: 170, WHEN: 170, WHY: 190}
ROOMY, ROOMIER = 860, 980  # a narrower list leaves out where people stand; why is on the state
GROUP_WORDS: dict[Group, str] = {
    "inside": "Everybody inside",
    "under_way": "On the way",
    "resting": "Paused",
    "asking": "Needs somebody",
    "ended": "No longer inside",
}


class SequencePeople(QWidget):
    """Lists everybody in a sequence, however many, and keeps up while the engine works."""

    def __init__(self, desk: Desk, workflow_id: int) -> None:
        super().__init__()
        self.desk, self._workflow_id = desk, workflow_id
        self.search = QLineEdit(placeholderText="Find a name", clearButtonEnabled=True)
        self.search.setAccessibleName("Find people by name")
        self.groups, self.steps, self.reasons = QComboBox(), QComboBox(), QComboBox()
        self.table = PeopleTable(desk, workflow_id)
        self.deeds = PeopleDeeds(desk, self)
        self.bar = PeopleBar(desk.theme, self.deeds)
        self.enrol = button(desk.theme, "Enrol people", "user-plus")
        self.enrol.setToolTip("Choose them in their list, then ‘Enrol’")
        self.empty = EmptyPanel(desk.theme)
        self.listed = tool(desk.theme, "Show who is inside in their list", "list-filter")
        self.listed.setToolTip("Show who is inside in their list: to export, tag or edit them")
        self._about = About()
        self._lists = QStackedWidget()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_PAUSE)
        self._lay_out()
        self._connect()
        self._fill_groups(())
        self.setFocusProxy(self.table)

    def showEvent(self, event: QShowEvent) -> None:
        """Read who there is."""
        super().showEvent(event)
        self.table.people.refresh()
        self.refresh_choices()

    def show_step(self, step: str) -> None:
        """Show only who stands at a step."""
        if self.steps.findData(step) < 0:
            self.steps.addItem(step, step)
        self.steps.setCurrentIndex(self.steps.findData(step))

    @later
    @newest
    async def refresh_choices(self) -> None:
        """Offer the states, steps and reasons that there are, with how many of each."""
        read = self.desk.background.read
        found = await read(sequence_people.standing, self._workflow_id)
        steps = await read(sequence_people.steps, self._workflow_id)
        self._about = await read(sequence_people.about, self._workflow_id)
        self._fill_groups(found)
        self._fill_steps(found, steps)
        self._fill_reasons(found)
        if self._lists.currentWidget() is self.empty:
            self._counted()  # what is said there depends on what was read

    # -- parts -----------------------------------------------------------------------------

    def _fill_groups(self, found: Sequence[Standing]) -> None:
        shown: list[tuple[str, str]] = []
        for group, words in GROUP_WORDS.items():
            states = GROUPS[group]
            count = sum(one.count for one in found if not states or one.state in states)
            shown.append((f"{words} · {count:,}" if count else words, group))
        _fill(self.groups, shown)

    def _fill_steps(self, found: Sequence[Standing], steps: dict[str, Step]) -> None:
        here = Counter[str]()
        for one in found:
            here[one.step] += one.count
        shown = [("Every step", "")]
        for key, step in steps.items():
            count = f" · {here[key]:,}" if here[key] else ""
            shown += [(f"{step_words(step)}{count}", key)] if here[key] else []
        _fill(self.steps, shown)

    def _fill_reasons(self, found: Sequence[Standing]) -> None:
        why = Counter[str]()
        for one in found:
            why[one.reason] += one.count
        del why[""]
        shown = [(f"{sentence(code)} · {count:,}", code) for code, count in why.most_common()]
        _fill(self.reasons, [("For whatever reason", ""), *shown])
        self.reasons.setVisible(bool(shown) or bool(self.reasons.currentData()))
        ended = self.table.people.wanted.group == "ended"
        self.table.offer_why(bool(shown) or ended)

    def _ask(self) -> None:
        wanted = Wanted(
            self.groups.currentData(),
            self.steps.currentData() or "",
            self.reasons.currentData() or "",
            self.search.text().strip(),
        )
        if wanted != self.table.people.wanted:
            self.table.people.ask(wanted)

    def _show_all(self) -> None:
        boxes = (self.groups, self.steps, self.reasons, self.search)
        blocked = [QSignalBlocker(each) for each in boxes]
        for box in boxes[:3]:
            box.setCurrentIndex(0)
        self.search.clear()
        for each in blocked:
            each.unblock()
        self._ask()

    def _press_empty(self) -> None:
        if self.table.people.wanted == Wanted():
            self._choose_people()
        else:
            self._show_all()

    def _choose_people(self) -> None:
        self.desk.go(PAGES[self._about.record])

    def _show_listed(self) -> None:
        inside = {"field": "in_sequence", "op": "contains", "value": self._about.name}
        self.desk.go(PAGES[self._about.record], "filter", inside)

    def _counted(self) -> None:
        count = len(self.table.people.ids)
        if not count and self.table.people.wanted == Wanted():
            first = "" if self._about.takes_in else "Publish the sequence first. "
            words = (
                f"{first}Choose them in the list of {PAGES[self._about.record]}, then ‘Enrol’. "
                "Before anybody enters, you see who is left out and how many messages that means."
            )
            self.empty.say("users", "Nobody is in this sequence now", words, "Choose whom to enrol")
        elif not count:
            words = "Nobody in this sequence matches what you asked for."
            self.empty.say("search", "Nobody found", words, "Show everybody inside")
        self._lists.setCurrentWidget(self.empty if not count else self._card)
        self.bar.offer(self.table.chosen_count(), count)

    def _open_menu(self, where: QPoint) -> None:
        if not self.table.chosen():
            return
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def menu(self) -> QMenu:
        """Return what can be done to the chosen as a menu."""
        menu, person, deeds = QMenu(self), self.table.person(), self.deeds
        if person is not None:
            ref, run = person.run.ref, person.run
            menu.addAction(f"Open {ref.kind}", lambda: self.desk.go(PAGES[ref.kind], ref))
            menu.addAction("Show the run", lambda: self.desk.go("runs", "run", run.id))
            menu.addSeparator()
        pauses = menu.addMenu("Pause")
        for words, length in PAUSES:
            pauses.addAction(words, lambda length=length: deeds.pause(length))
        menu.addAction("Resume", deeds.resume)
        menu.addAction("Skip to the next step", deeds.skip)
        menu.addAction("Remove from the sequence", deeds.remove)
        if last := deeds.history.last():
            menu.addSeparator()
            menu.addAction(f"Undo: {last}", deeds.history.undo_last)
        return menu

    def _open(self, person: Person) -> None:
        self.desk.go(PAGES[person.run.ref.kind], person.run.ref)

    def _connect(self) -> None:
        table = self.table
        self._typing.timeout.connect(self._ask)
        self.search.textChanged.connect(lambda: self._typing.start())
        for box in (self.groups, self.steps, self.reasons):
            box.currentIndexChanged.connect(self._ask)
        table.people.counted.connect(self._counted)
        table.people.counted.connect(self.refresh_choices)
        table.picked.connect(lambda: self.bar.offer(table.chosen_count(), len(table.people.ids)))
        table.opened.connect(self._open)
        table.removing.connect(self.deeds.remove)
        table.undoing.connect(self.deeds.history.undo_last)
        table.customContextMenuRequested.connect(
            lambda where: self._open_menu(table.viewport().mapToGlobal(where))
        )
        self.bar.all_wanted.connect(table.selectAll)
        self.bar.menu_wanted.connect(self._open_menu)
        self.empty.pressed.connect(self._press_empty)
        self.enrol.clicked.connect(self._choose_people)
        self.listed.clicked.connect(self._show_listed)
        self.deeds.chosen = table.chosen

    def _lay_out(self) -> None:
        filters, line = FlowLayout(), QHBoxLayout()
        self.search.setFixedWidth(220)
        named = ((self.groups, "State"), (self.steps, "Step"), (self.reasons, "Why"))
        filters.addWidget(self.search)
        for box, name in named:
            box.setAccessibleName(name)
            box.setMinimumContentsLength(14)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            filters.addWidget(box)
        line.addLayout(filters, 1)
        for each in (self.listed, self.enrol):
            line.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
        self.reasons.hide()
        self._card = QFrame(objectName="card")
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(8, 4, 8, 8)
        inside.setSpacing(0)
        inside.addWidget(self.bar)
        inside.addWidget(self.table)
        self._lists.addWidget(self._card)
        self._lists.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(line)
        layout.addWidget(self._lists, 1)


class PeopleTable(QTableView):
    """``opened`` brings who was double-clicked, ``picked`` tells that others are chosen."""

    opened = Signal(object)
    picked = Signal()
    removing = Signal()
    undoing = Signal()

    def __init__(self, desk: Desk, workflow_id: int) -> None:
        super().__init__()
        self.setAccessibleName("People in the sequence")
        self.people = PeopleModel(desk, workflow_id, self)
        self.setModel(self.people)
        self.setItemDelegate(ListDelegate(desk.theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(NEXT, QHeaderView.ResizeMode.Stretch)
        self._kept: set[int] = set()
        self._why = False
        self.people.about_to_change.connect(self._keep)
        self.people.modelReset.connect(self._restore)
        self.selectionModel().selectionChanged.connect(lambda *_: self.picked.emit())
        self.doubleClicked.connect(lambda _: self._open())
        desk.theme.changed.connect(self.viewport().update)

    def chosen(self) -> list[int]:
        """Return the numbers of the chosen runs, from top to bottom."""
        ids = self.people.ids
        return [n for top, bottom in self._stretches() for n in ids[top : bottom + 1]]

    def chosen_count(self) -> int:
        """Return how many are chosen."""
        return sum(bottom - top + 1 for top, bottom in self._stretches())

    def person(self) -> Person | None:
        """Return the one on whom the cursor stands, if at hand."""
        return self.people.at(self.currentIndex().row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter, remove with Delete, take back with Ctrl+Z."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif event.key() == Qt.Key.Key_Delete and self.chosen_count():
            self.removing.emit()
        elif event.key() == Qt.Key.Key_Z and event.modifiers() == _CTRL:
            self.undoing.emit()
        else:
            super().keyPressEvent(event)

    def offer_why(self, offered: bool) -> None:
        """Show why people rest or have left, where that is so of any."""
        self._why = offered
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave what comes next its room where the window is narrow."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setColumnHidden(HERE, self.width() < ROOMY)
        self.setColumnHidden(WHY, self.width() < ROOMIER or not self._why)

    def _open(self) -> None:
        if (person := self.person()) is not None:
            self.opened.emit(person)

    def _stretches(self) -> Iterator[tuple[int, int]]:
        chosen = self.selectionModel().selection().toList()
        return iter(sorted({(each.top(), each.bottom()) for each in chosen}))

    def _keep(self) -> None:
        self._kept = set(self.chosen())

    def _restore(self) -> None:
        """Choose the same people again, where they are still listed and not strewn all over."""
        picked, model = QItemSelection(), self.people
        stretches = list(model.stretches(self._kept))
        for top, bottom in stretches if len(stretches) <= MOST_STRETCHES else ():
            picked.select(model.index(top, 0), model.index(bottom, 0))
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(picked, flags.ClearAndSelect | flags.Rows)


_CTRL = Qt.KeyboardModifier.ControlModifier


def _fill(box: QComboBox, shown: Sequence[tuple[str, str]]) -> None:
    """Offer these, keeping the one that is chosen as long as it is offered."""
    chosen = box.currentData()
    with QSignalBlocker(box):
        box.clear()
        for words, key in shown:
            box.addItem(words, key)
        box.setCurrentIndex(max(0, box.findData(chosen)))
