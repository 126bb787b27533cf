"""What is asked when a workflow is published: one sheet with the numbers, or nothing at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from threading import Event

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from rally_desktop.core.errors import RallyError
from rally_desktop.engine import outlook
from rally_desktop.engine.backlog import Waiting
from rally_desktop.engine.nodes import trigger_kinds
from rally_desktop.engine.outlook import Outlook
from rally_desktop.engine.problems import Fix, Problem
from rally_desktop.engine.publishing import Published
from rally_desktop.model.graph import Graph
from rally_desktop.ui.desk import Desk
from rally_desktop.ui.later import later
from rally_desktop.ui.pages.workflow_answers import DueAnswer, InsideAnswer
from rally_desktop.ui.pages.workflow_faces import step_face
from rally_desktop.ui.pages.workflow_whole import TITLES
from rally_desktop.ui.widgets.buttons import button
from rally_desktop.ui.widgets.plain_label import PlainLabel

AT_ONCE = 0.4  # seconds; counting that takes longer is shown
LINES = 6  # changes that are told one by one
WIDTH, MOST_HIGH = 600, 600


async def publish(
    desk: Desk,
    parent: QWidget,
    workflow_id: int,
    wanted: Callable[[str], None],
    fixed: Callable[[Fix], None] | None = None,
) -> Published | None:
    """Publish a draft, asking first what must be asked; None where that was thought better of.

    ``wanted`` is told the step or trigger that somebody wants to see, ``fixed`` the fix that
    puts a problem right; without it, none is offered.
    """
    found = await desk.background.read(outlook.look, workflow_id)
    quiet = not (found.problems or found.inside)
    if quiet and not (found.looks_back and found.anew):
        return await desk.background.write(outlook.go_ahead, found)
    count = Count(desk, found)
    if quiet and await count.within(AT_ONCE) == []:
        return await desk.background.write(outlook.go_ahead, found)
    sheet = PublishSheet(desk, found, count, parent, mends=fixed is not None)
    sheet.wanted.connect(wanted)
    if fixed is not None:
        sheet.fixed.connect(fixed)
    return await sheet.answer()


class Count:
    """Who is due already, counted in the background until somebody has waited long enough."""

    def __init__(self, desk: Desk, found: Outlook) -> None:
        self._given_up = Event()
        self._task: asyncio.Task[list[Waiting]] | None = None
        if found.looks_back:
            reading = desk.background.read(outlook.due_already, found, self._given_up.is_set)
            self._task = asyncio.ensure_future(reading)
            # Where nobody waits for it any more, nobody hears what goes wrong with it either.
            self._task.add_done_callback(lambda task: task.cancelled() or task.exception())

    @property
    def needed(self) -> bool:
        """Say whether there is anything to count."""
        return self._task is not None

    async def within(self, seconds: float | None = None) -> list[Waiting] | None:
        """Return who is due already; None where it is not known in time, or was given up."""
        if self._task is None:
            return []
        await asyncio.wait({self._task}, timeout=seconds)
        known = self._task.done() and not self._given_up.is_set()
        return self._task.result() if known else None

    def give_up(self) -> None:
        """Stop counting."""
        self._given_up.set()


class PublishSheet(QDialog):
    """Shows what publishing means and publishes as answered; ``wanted`` and ``fixed`` leave it."""

    wanted = Signal(str)
    fixed = Signal(object)

    def __init__(
        self, desk: Desk, found: Outlook, count: Count, parent: QWidget, *, mends: bool
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self.found, self.count = desk, found, count
        self.published: Published | None = None
        self.shows: list[QPushButton] = []
        self.mends: list[QPushButton] = []
        self.inside = InsideAnswer(found)
        self.due = DueAnswer(desk.theme, found.messages)
        self.wrong = PlainLabel("", "sub")
        self.wrong.set_tone("bad")
        self.wrong.setWordWrap(True)
        self.busy = QProgressBar(maximum=0, textVisible=False)
        self.busy.setFixedHeight(4)
        self.busy.hide()
        self.cancel_button = button(desk.theme, "Close" if found.errors else "Cancel")
        self.publish_button = button(desk.theme, "Publish", "rocket", "primary")
        self.publish_button.setDefault(True)
        self.publish_button.setEnabled(not found.errors)
        self._build(mends=mends)
        self.due.given_up.connect(count.give_up)
        self.cancel_button.clicked.connect(self.reject)
        self.publish_button.clicked.connect(self._publish)
        self.finished.connect(count.give_up)

    async def answer(self) -> Published | None:
        """Show the sheet and return what was published, None where nothing was."""
        over: asyncio.Future[None] = asyncio.get_event_loop().create_future()
        for end in (self.finished, self.destroyed):  # the page may go away under it
            end.connect(lambda: over.done() or over.set_result(None))
        self.open()
        (self.cancel_button if self.found.errors else self.publish_button).setFocus()
        self._await_count()
        await over
        return self.published

    # -- what is done ---------------------------------------------------------------------

    @later
    async def _await_count(self) -> None:
        if self.count.needed:
            self.due.show_waiting(await self.count.within())
            self._fit()

    @later
    async def _publish(self) -> None:
        enter, an_hour = self.due.answer()
        self._set_busy(busy=True)
        try:
            self.published = await self.desk.background.write(
                outlook.go_ahead, self.found, self.inside.answer(), enter, an_hour
            )
        except RallyError as error:
            self._set_busy(busy=False)
            self.wrong.setText(str(error))
            self.wrong.show()
            return
        self.accept()

    def _set_busy(self, *, busy: bool) -> None:
        self.busy.setVisible(busy)
        for part in (self.publish_button, self.cancel_button, self.inside, self.due):
            part.setEnabled(not busy)

    def reject(self) -> None:
        """Leave everything as it is; what is being published already is not taken back."""
        if self.cancel_button.isEnabled():
            super().reject()

    def _leave_for(self, step: str) -> None:
        self.reject()
        self.wanted.emit(step)

    def _mend(self, fix: Fix) -> None:
        self.reject()
        self.fixed.emit(fix)

    # -- what is shown --------------------------------------------------------------------

    def _build(self, *, mends: bool) -> None:
        found = self.found
        name = found.graph.name
        title = f"‘{name}’ cannot be published yet" if found.errors else f"Publish ‘{name}’?"
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH)
        heading = PlainLabel(title, "heading")
        heading.setWordWrap(True)
        body = QWidget(objectName="scrolled")
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(24, 0, 24, 4)
        self._body.setSpacing(6)
        if found.problems:
            shown = [self._problem(one, mends=mends) for one in found.problems[:LINES]]
            more = len(found.problems) - LINES
            self._add(_about_problems(found), [], *shown)
            if more > 0:
                self._body.addWidget(PlainLabel(f"and {more:,} more below the canvas", "sub"))
        if found.changes:
            self._add(f"What changes against version {found.number}", _short(found.changes))
        if not found.errors:
            if found.inside:
                self._add("Who is inside", [], self.inside)
            if self.count.needed:
                self._add("Who is due already", [], self.due)
            self._add("Messages and brakes", [_most(found), *found.brakes])
        self._body.addStretch(1)
        self._scroll = QScrollArea(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(body)
        self._frame(heading)
        self._fit()

    def _frame(self, heading: QWidget) -> None:
        """Put the heading above what scrolls and the buttons below it."""
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(heading)
        foot.addWidget(self.wrong, 1)
        foot.addStretch()
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.publish_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 20, 0, 20)
        whole.setSpacing(14)
        whole.addLayout(top)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(self.busy)
        whole.addLayout(foot)
        for row in (top, foot):
            row.setContentsMargins(24, 0, 24, 0)

    def _fit(self) -> None:
        """Be as high as what is shown, as far as a small screen allows."""
        high = self._body.totalHeightForWidth(WIDTH)
        self._scroll.setMinimumHeight(min(MOST_HIGH, high))
        self.adjustSize()

    def _problem(self, problem: Problem, *, mends: bool) -> QWidget:
        """Return a problem as a row: what is wrong, the way there, and what puts it right."""
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        error = problem.severity == "error"
        sign, words = PlainLabel(), PlainLabel()
        icon = "circle-alert" if error else "triangle-alert"
        sign.setPixmap(self.desk.theme.pixmap(icon, "bad" if error else "warn", 16))
        where = name_in(self.found.graph, problem.step) if problem.step else ""
        words.setText(f"{where}: {problem.text}" if where else problem.text)
        words.setWordWrap(True)
        row.addWidget(sign)
        row.addWidget(words, 1)
        if problem.step:
            show = button(self.desk.theme, "Show", kind="link")
            show.clicked.connect(lambda: self._leave_for(problem.step or ""))
            row.addWidget(show)
            self.shows.append(show)
        if mends and (fix := problem.fix) is not None:
            mend = button(self.desk.theme, fix.label, "wrench")
            mend.clicked.connect(lambda: self._mend(fix))
            row.addWidget(mend)
            self.mends.append(mend)
        return made

    def _add(self, title: str, lines: Sequence[str], *parts: QWidget) -> None:
        if self._body.count():
            self._body.addSpacing(10)
        self._body.addWidget(PlainLabel(title, "strong"))
        for line in lines:
            label = PlainLabel(line)
            label.setWordWrap(True)
            self._body.addWidget(label)
        for part in parts:
            self._body.addWidget(part)


def _about_problems(found: Outlook) -> str:
    if found.errors:
        return "Put this right first"
    return "This does not stand in the way, but is odd"


def _short(lines: Sequence[str]) -> list[str]:
    more = len(lines) - LINES
    kept = list(lines) if more <= 1 else [*lines[:LINES], f"and {more} more changes"]
    return [f"•  {line}" for line in kept]


def _most(found: Outlook) -> str:
    count = found.messages
    if not count:
        return "It sends no messages."
    return f"Each who enters is sent at most {count:,} message{'s' * (count != 1)}."


def name_in(graph: Graph, key: str) -> str:
    """Return what a step or trigger is called on its card."""
    if key in TITLES:
        return TITLES[key]
    if key in graph.steps:
        return step_face(graph.steps[key]).title
    kinds = (trigger_kinds().get(one.kind) for one in graph.triggers if one.id == key)
    return next((kind.title for kind in kinds if kind is not None), "")
