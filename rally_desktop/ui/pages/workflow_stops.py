"""What stops a workflow's runs, what an answer does to them, and what is done when one stops."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout

from rally_desktop.canvas import edits
from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.plan import Slot
from rally_desktop.engine import matrix
from rally_desktop.model.graph import STOP, Graph, Place
from rally_desktop.ui.pages.workflow_faces import KindCatalogue, fields_for, said, step_face
from rally_desktop.ui.pages.workflow_filter import GraphFilter
from rally_desktop.ui.pages.workflow_rows import Part, choices, explained, silent, stacked
from rally_desktop.ui.pages.workflow_triggers import STOPS, Tools, TriggerList
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

EVENTS = {
    "reply": "They reply",
    "automatic_reply": "An automatic reply comes",
    "text_back": "They send an SMS",
    "call_back": "They call",
    "meeting_planned": "A meeting is booked",
    "deal_won": "A deal is won",
    "hard_bounce": "Address or number does not exist",
    "soft_bounces": "Third bounce in 7 days",
    "unsubscribed": "They unsubscribe",
    "stop_word": "They text STOP",
    "written_by_hand": "The owner writes by hand",
}
ACTIONS: dict[matrix.Action, str] = {"stop": "Stop", "pause": "Pause", "go_on": "Go on"}
WATCHED = "Either ends a run wherever it stands; the steps that are left are not done."
ANSWERS = "What each does to the runs of the record; for a deal its contact’s answers count, too."
PAUSED = "A pause lasts until somebody ends it, 30 days at most; after the owner wrote, 3 days."
DONE_ONCE = "These steps are done once, at once, when a run is stopped. Waits are passed by."


class StopWhen(Part):
    """Events and conditions that stop a run."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._tools = tools
        self.events = TriggerList(tools, "stop_on", STOPS)
        self.filter = GraphFilter(tools, "stop_when")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(explained(WATCHED))
        column.addWidget(stacked(PlainLabel("At one of these events", "strong"), self.events))
        title = PlainLabel("When the record meets these conditions", "strong")
        column.addWidget(stacked(title, self.filter))

    def follow(self, graph: Graph) -> None:
        """Show what a graph says."""
        self.events.follow(graph)

    def summary(self, graph: Graph) -> str:
        """Return what stops a run in a line."""
        condition = said(graph.stop_when, fields_for(graph.record, self._tools.fields))
        found = [part for part in (self.events.summary(graph), condition) if part]
        return " or ".join(found) or "Nothing"


class StopMatrix(Part):
    """One line an event: stop, pause or go on."""

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._draft = tools.draft
        self.boxes: dict[str, QComboBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for row, (event, words) in enumerate(EVENTS.items()):
            label = PlainLabel(words)
            label.setWordWrap(True)
            box = choices([(word, action) for action, word in ACTIONS.items()], words)
            box.setFixedWidth(138)
            box.currentIndexChanged.connect(lambda _, event=event: self._edited(event))
            label.setBuddy(box)
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
            self.boxes[event] = box
        self.reset = button(tools.theme, "Do what is usual", "rotate-ccw", "link")
        self.reset.clicked.connect(self._forget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(explained(ANSWERS))
        column.addLayout(grid)
        column.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(explained(PAUSED))
        self.follow(tools.draft.graph)

    def follow(self, graph: Graph) -> None:
        """Show what a graph says; what is usual for its purpose is marked so."""
        usual, stops = _usual(graph), graph.settings.stops
        with silent(*self.boxes.values()):
            for event, box in self.boxes.items():
                for place, (action, words) in enumerate(ACTIONS.items()):
                    mark = " (usual)" if action == usual[event] else ""
                    box.setItemText(place, f"{words}{mark}")
                box.setCurrentIndex(box.findData(stops.get(event, usual[event])))
        self.reset.setVisible(bool(stops))

    def summary(self, graph: Graph) -> str:
        """Return how far it differs from what is usual."""
        usual, stops = _usual(graph), graph.settings.stops
        changed = [event for event in stops if usual.get(event) != stops[event]]
        if not changed:
            return f"As usual for {graph.purpose}s"
        if len(changed) == 1 and changed[0] in EVENTS:
            return f"{EVENTS[changed[0]]}: {ACTIONS[stops[changed[0]]].lower()}"
        return f"{len(changed)} are not as usual for {graph.purpose}s"

    def _edited(self, event: str) -> None:
        graph = self._draft.graph
        chosen: matrix.Action = self.boxes[event].currentData()
        stops: dict[str, matrix.Action] = {**graph.settings.stops, event: chosen}
        if chosen == _usual(graph)[event]:
            del stops[event]
        self._put(f"Change ‘{EVENTS[event]}’", stops)

    def _forget(self) -> None:
        self.boxes["reply"].setFocus()
        self._put("Do what is usual", {})

    def _put(self, title: str, stops: dict[str, matrix.Action]) -> None:
        graph = self._draft.graph
        rules = msgspec.structs.replace(graph.settings, stops=stops)
        self._draft.edit(title, graph.with_(settings=rules))


class StopActions(Part):
    """The steps done when a run is stopped; ``wanted`` brings the id of one to be shown."""

    wanted = Signal(str)

    def __init__(self, tools: Tools) -> None:
        super().__init__()
        self._tools = tools
        self._shown: list[tuple[str, str, str]] | None = None
        self.add = button(tools.theme, "Add a step", "plus", "link")
        self.add.clicked.connect(self._ask)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(explained(DONE_ONCE))
        column.addLayout(self._list)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        self.follow(tools.draft.graph)

    def follow(self, graph: Graph) -> None:
        """Show what a graph says."""
        faces = {key: step_face(graph.steps[key]) for key in graph.reachable(graph.stop_start)}
        shown = [(key, face.title, face.icon) for key, face in faces.items()]
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._list.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for number, (key, face) in enumerate(faces.items(), start=1):
            line = button(self._tools.theme, f"{number}. {face.title}", face.icon, "quiet")
            line.setToolTip("Show it on the canvas")
            line.clicked.connect(lambda _, key=key: self.wanted.emit(key))
            self._list.addWidget(line, 0, Qt.AlignmentFlag.AlignLeft)

    def summary(self, graph: Graph) -> str:
        """Return the steps in a line."""
        keys = graph.reachable(graph.stop_start)
        return ", ".join(step_face(graph.steps[key]).title for key in keys) or "Nothing"

    def offers(self) -> list[Offer]:
        """Return the kinds that can be added: all but those that wait or end."""
        offers = KindCatalogue().steps(self._tools.draft.graph.record)
        return [offer for offer in offers if offer.shape == "card" and offer.exits]

    def put(self, offer: Offer) -> None:
        """Add a step at the end of the first path; its settings are shown then."""
        graph = self._tools.draft.graph
        made, key = edits.inserted(graph, offer, Slot("connector", *_last(graph)))
        self._tools.draft.edit(f"Add {offer.title}", made)
        self.wanted.emit(key)

    def _ask(self) -> None:
        self._tools.asker.ask(self.add, "What is done then?", self.offers(), self.put)


def _usual(graph: Graph) -> dict[str, matrix.Action]:
    sequence = graph.purpose == "sequence"
    return {event: matrix.SEQUENCES[event] if sequence else "go_on" for event in EVENTS}


def _last(graph: Graph) -> Place:
    """Return where the first path of the Stop Actions can go on."""
    here = Place(STOP)
    while (key := graph.target(here)) is not None:
        exits = step_face(graph.steps[key]).exits
        if not exits:
            break
        here = Place(key, exits[0][0])
    return here
