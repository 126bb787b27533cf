"""The day's page: what is to be done, decided, answered and read, by whom one says one is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work
from rally_desktop.services import tasks, today, users
from rally_desktop.services.today import Day
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.focus import kept
from rally_desktop.ui.later import later, newest
from rally_desktop.ui.pages import Page
from rally_desktop.ui.pages.today_replies import ReplyDeeds
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.day_lines import DayLine, Part
from rally_desktop.ui.widgets.empty_panel import EmptyPanel
from rally_desktop.ui.widgets.page_head import PageHead
from rally_desktop.ui.widgets.related_list import PAGES
from rally_desktop.ui.widgets.relative_time import ago
from rally_desktop.ui.widgets.task_deeds import TaskDeeds
from rally_desktop.ui.widgets.task_line import TaskLine

T = TypeVar("T")
EVERYBODY = "Everybody"
WHO = "today.who"
AT_ONCE = 20  # lines of a part; nobody does more before looking again
WIDEST = 960  # a task whose buttons stand far from its words is hard to follow
WATCHED = frozenset({"task", "run", "contact", "notification", "user_account", "outbox", "message"})


class TodayPage(Page):
    """One person's day."""

    title = "Today"
    icon = "sun"
    order = 1

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.parts: list[Part] = []
        self._whole: set[str] = set()
        self._people: dict[str, int] = {}
        self.deeds = TaskDeeds(desk, self)
        self.replies = ReplyDeeds(desk, self)
        self.head = PageHead(self.title)
        self.who = QComboBox()
        self.who.setAccessibleName("Whose day")
        self.who.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.unknown = button(desk.theme, "Say who you are", kind="link")
        self.unknown.clicked.connect(lambda: desk.go("settings", "This computer"))
        self.all_tasks = button(desk.theme, "All tasks", "square-check")
        self.all_tasks.setToolTip("The tasks of everybody in one list")
        self.all_tasks.clicked.connect(lambda: desk.go("tasks"))
        self.head.add(self.unknown, self.who, self.all_tasks)
        self.nothing = EmptyPanel(desk.theme)
        self.nothing.say("sun", "All done", "Nothing is due, and nobody waits for an answer.")
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        self._main, self._aside = QWidget(), QWidget()
        self.unknown.setVisible(len(desk.seat.people) > 1 and desk.seat.user is None)
        self._lay_out()
        self.who.activated.connect(self._choose)
        desk.background.changed.connect(self._hear)
        desk.seat.changed.connect(self._greet)
        desk.seat.chosen.connect(self._sit)
        desk.theme.changed.connect(lambda: self.refresh())

    def shown(self) -> None:
        """Read the day anew."""
        self.refresh()

    @later
    @newest
    async def refresh(self) -> None:
        """Read what there is to do."""
        read = self.desk.background.read
        self._offer(await read(_people))
        now = self.desk.clock.now().astimezone()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        self.head.line.setText(f"{now:%A}, {now.day} {now:%B}")
        found = await read(today.of, self._people.get(self.who.currentText()), midnight)
        with kept(self._scroll):
            self._show(found, now)

    @later
    async def put_away(self, number: int) -> None:
        """Put a notice away."""
        await self.desk.background.write(today.see, number)

    # -- showing ---------------------------------------------------------------------------

    def _show(self, day: Day, now: datetime) -> None:
        for part in self.parts:
            part.setParent(None)  # type: ignore[arg-type]
            part.deleteLater()
        self.parts = []
        for heading, some in day.tasks:
            tone = "bad" if heading == "Overdue" else "plain"
            self._add(self._left, heading, some, lambda one: self._task(one, now), tone)
        self._add(
            self._right, "To be reviewed", day.reviews,
            lambda one: self._line(
                one.record, f"Waits for review in ‘{one.workflow}’", one.started_at, now,
                lambda: self.desk.go("runs", one.id),
            ),
        )  # fmt: skip
        self._add(
            self._right, "Replies", day.replies, lambda one: self.replies.line(one, now)
        )  # fmt: skip
        self._add(
            self._right, "Notifications", day.notices,
            lambda one: self._line(one.text, "", one.at, now, self._to(one.ref), one.id),
        )  # fmt: skip
        self._main.setVisible(bool(day.tasks))
        self._aside.setVisible(any((day.reviews, day.replies, day.notices)))
        self.nothing.setVisible(not day)
        self._scroll.setVisible(bool(day))

    def _add(
        self, column: QVBoxLayout, heading: str, some: Sequence[T], line: Callable[[T], QWidget],
        tone: str = "plain",
    ) -> None:  # fmt: skip
        """Add a part with its first lines, or with all once somebody asked for them."""
        if some:
            shown = some if heading in self._whole else some[:AT_ONCE]
            lines = [line(one) for one in shown]
            part = Part(self.desk.theme, heading, lines, len(some), tone)
            part.all_wanted.connect(lambda: self._show_all(heading))
            column.insertWidget(column.count() - 1, part)
            self.parts.append(part)

    def _show_all(self, heading: str) -> None:
        self._whole.add(heading)
        self.refresh()

    def _task(self, one: tasks.Task, now: datetime) -> QWidget:
        line = TaskLine(self.desk, one, one.assignee or "", now)
        self.deeds.heed(line)
        return DayLine.around(self.desk.theme, line, one.record, self._to(one.ref))

    def _line(
        self, text: str, about: str, at: datetime, now: datetime,
        opens: Callable[[], None] | None, notice: int | None = None,
    ) -> QWidget:  # fmt: skip
        line = DayLine(self.desk.theme, text, about, ago(at, now), opens)
        if notice is not None:
            line.add_button("Seen", lambda: self.put_away(notice))
        return line

    def _to(self, ref: Ref | None) -> Callable[[], None] | None:
        return (lambda: self.desk.go(PAGES[ref.kind], ref)) if ref else None

    def _offer(self, people: dict[str, int]) -> None:
        if people == self._people:
            return
        mine = self.desk.seat.name or EVERYBODY
        kept = self.who.currentText() or self.desk.preferences.get(WHO) or mine
        self._people = people
        self.who.clear()
        self.who.addItems([EVERYBODY, *people])
        self.who.setCurrentIndex(max(0, self.who.findText(kept)))

    def _choose(self) -> None:
        self.desk.preferences.put(WHO, self.who.currentText())
        self.refresh()

    def _sit(self) -> None:
        """Show the day of whoever sat down here just now."""
        self.who.setCurrentIndex(max(0, self.who.findText(self.desk.seat.name)))
        self._choose()

    def _greet(self) -> None:
        """Show the day of whoever sits here, unless another one was wanted the last time."""
        seat = self.desk.seat
        self.unknown.setVisible(len(seat.people) > 1 and seat.user is None)
        place = self.who.findText(seat.name)
        if place >= 0 and self.desk.preferences.get(WHO) is None:
            self.who.setCurrentIndex(place)
            self.refresh()

    def _hear(self, touched: frozenset[str]) -> None:
        if touched & WATCHED and self.isVisible():
            self.refresh()

    def _lay_out(self) -> None:
        body = QWidget(objectName="scrolled")
        sides = QHBoxLayout(body)
        sides.setContentsMargins(24, 4, 24, 24)
        sides.setSpacing(20)
        for column, share, part in ((self._left, 3, self._main), (self._right, 2, self._aside)):
            column.setSpacing(14)
            column.setContentsMargins(0, 0, 0, 0)
            column.addStretch(1)
            part.setLayout(column)
            part.setMaximumWidth(WIDEST)
            sides.addWidget(part, share)
        sides.addStretch(0)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.head)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self.nothing, 1)
        self.nothing.hide()


def _people(work: Work) -> dict[str, int]:
    return {label: user.id for label, user in users.by_label(work).items()}
