"""The timeline of one record: everything that happened, newest first, and it goes on by itself."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.model.ref import Ref
from rally_desktop.services import timeline
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.letters.letter_button import LetterButton
from rally_desktop.ui.letters.outgoing_letters import OutgoingLetters
from rally_desktop.ui.pages.timeline_deeds import TimelineDeeds
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.choice_menu import ChoiceButton
from rally_desktop.ui.widgets.composer import Composer
from rally_desktop.ui.widgets.composer_forms import FORMS
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.flow_layout import FlowLayout
from rally_desktop.ui.widgets.open_tasks import OpenTasks
from rally_desktop.ui.widgets.planned_meetings import PlannedMeetings
from rally_desktop.ui.widgets.shrinking_area import ShrinkingArea
from rally_desktop.ui.widgets.timeline_feed import Asked, TimelineFeed
from rally_desktop.ui.widgets.timeline_view import TimelineView

TYPING_PAUSE = 200
LOW = 300  # pixels in which a form leaves no line to be seen


class TimelinePane(QWidget):
    """The pane: a place to write, what is to be done, what to see, and the lines."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.ref: Ref | None = None
        self.setAccessibleName("What happened")
        self.view = TimelineView(desk)
        self.feed = TimelineFeed(desk, self.view)
        self.composer = Composer(desk)
        self.tasks = OpenTasks(desk)
        self.meetings = PlannedMeetings(desk)
        self.search = QLineEdit(placeholderText="Search the timeline", clearButtonEnabled=True)
        self.search.setAccessibleName("Search the timeline")
        self.groups = ChoiceButton("Show")
        self.groups.offer(timeline.GROUPS.values())
        self.outgoing, self.letters = OutgoingLetters(desk), LetterButton(desk, self)
        self._due = ShrinkingArea(self.outgoing, self.meetings, self.tasks)
        self._narrow = QWidget()
        self.empty = EmptyPanel(desk.theme)
        self.empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.deeds = TimelineDeeds(desk, self)
        self.buttons: dict[str, QPushButton] = {}
        self.writes = FlowLayout(gap=0)
        self._below = QWidget()
        self._layers = QStackedLayout(self._below)
        self._layers.addWidget(self.view)
        self._layers.addWidget(self.empty)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_PAUSE)
        self._lay_out()
        self.writes.addWidget(self.letters.button)
        for kind in FORMS:
            self._offer(kind)
        self._typing.timeout.connect(self._ask)
        self.search.textChanged.connect(lambda: self._typing.start())
        self.search.returnPressed.connect(self.view.setFocus)
        self.groups.changed.connect(self._ask)
        self.feed.filled.connect(self._show_layer)
        self.empty.pressed.connect(self._widen)
        self.composer.begun.connect(self._mark_drafts)
        self.composer.writing.connect(self._make_room)
        self.composer.left.connect(self.view.setFocus)
        self.meetings.note_wanted.connect(lambda: self.composer.write("note"))
        self.view.wanted.connect(self.deeds.do)
        self.deeds.edited.connect(self.composer.edit_note)

    def _lay_out(self) -> None:
        writes = QHBoxLayout()
        writes.setContentsMargins(8, 8, 12, 4)
        writes.addLayout(self.writes)
        narrow = QHBoxLayout(self._narrow)
        narrow.setContentsMargins(16, 0, 12, 8)
        narrow.setSpacing(8)
        narrow.addWidget(self.search, 1)
        narrow.addWidget(self.groups)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(writes)
        layout.addWidget(self.composer)
        layout.addWidget(self._due)
        layout.addWidget(self._narrow)
        layout.addWidget(self._below, 1)

    def sizeHint(self) -> QSize:
        """Return half of a page: the other half is the card's."""
        return QSize(420, 360)

    def _offer(self, kind: str) -> None:
        """Offer to write something of a kind, by a button and by keys."""
        form = FORMS[kind]
        made = self.buttons[kind] = button(self.desk.theme, form.title, form.icon, "quiet")
        made.setToolTip(f"{form.does} ({form.keys})")
        made.clicked.connect(lambda: self.composer.write(kind))
        QShortcut(QKeySequence(form.keys), self).activated.connect(made.click)
        self.writes.addWidget(made)

    def _mark_drafts(self, kinds: frozenset[str]) -> None:
        """Say by a dot what was begun about this record and put away."""
        for kind, made in self.buttons.items():
            form = FORMS[kind]
            made.setText(f" {form.title}{' •' if kind in kinds else ''}")
            made.setAccessibleName(f"{form.does}{', begun' if kind in kinds else ''}")

    def _make_room(self, writing: bool) -> None:
        """Leave the room to a form while one is open."""
        for part in (self._due, self._narrow):
            part.setVisible(not writing)
        self._fold()

    def _fold(self) -> None:
        """Give a form all the room where there is not enough for the lines, too."""
        self._below.setVisible(self.composer.form is None or self.height() >= LOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again whether the lines have room."""
        super().resizeEvent(event)
        self._fold()

    def show_ref(self, ref: Ref | None) -> None:
        """Show the timeline of a record.

        Nobody is no reason to forget where one was: a grid that is being read anew shows
        nobody for a moment, and then the same record again.
        """
        if ref is None or ref == self.ref:
            return
        self._take(ref)
        self._ask()

    def show_line(self, ref: Ref, number: int) -> None:
        """Show the timeline of a record where one line is, whatever it was narrowed to."""
        self._take(ref)
        for part in (self.search, self.groups):
            part.blockSignals(True)
        self.search.clear()
        self.groups.choose(())
        for part in (self.search, self.groups):
            part.blockSignals(False)
        self._typing.stop()
        self.feed.ask_at(Asked(ref, folded=False), number)

    def _take(self, ref: Ref) -> None:
        """Let all parts be about a record."""
        if ref != self.ref:
            self.ref = ref
            self.composer.show_ref(ref)
            self.letters.show_ref(ref)
            self.outgoing.show_ref(ref)
            self.tasks.show_ref(ref)
            self.meetings.show_ref(ref)
            for kind, made in self.buttons.items():
                made.setVisible(ref.kind != "company" or not FORMS[kind].for_people)

    def open_letter(self) -> None:
        """Open the newest message of those at hand, with its conversation."""
        found = (line for line in self.view.lines.lines if line.mail is not None)
        if line := next(found, None):
            self.deeds.do("open", line)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what happened meanwhile."""
        super().showEvent(event)
        self.feed.follow(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Read nothing that nobody sees."""
        super().hideEvent(event)
        self.feed.follow(False)

    def _ask(self) -> None:
        self._typing.stop()
        chosen = self.groups.chosen()
        groups = tuple(key for key, title in timeline.GROUPS.items() if title in chosen)
        self.feed.ask(Asked(self.ref, groups, self.search.text().strip()))

    def _widen(self) -> None:
        """Show everything again."""
        self.search.clear()
        self.groups.choose(())
        self._ask()

    def _show_layer(self) -> None:
        shown = self.view if self.view.lines.lines else self.empty
        asked = self.feed.asked
        if asked.groups or asked.text:
            words = "No line says that, of the kinds that are shown."
            self.empty.say("search", "Nothing found", words, "Show everything")
        else:
            self.empty.say("history", "Nothing here yet", "What happens will be listed here.")
        self._layers.setCurrentWidget(shown)
