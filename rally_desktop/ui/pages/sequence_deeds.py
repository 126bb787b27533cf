"""What is done to a sequence in its list: each a change of the draft that the canvas shows, too."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from rally_desktop.canvas.faces import Offer
from rally_desktop.canvas.fragments import free_id
from rally_desktop.canvas.plan import Spot
from rally_desktop.engine import sequence_plan
from rally_desktop.engine.sequence_plan import Line
from rally_desktop.model.graph import START, STOP, Graph, Step
from rally_desktop.ui.pages.sequence_adding import in_line
from rally_desktop.ui.pages.sequence_words import NAMES, title_of
from rally_desktop.ui.pages.workflow_asking import Asker
from rally_desktop.ui.pages.workflow_page import CanvasPage

PAUSE = {"amount": 2, "unit": "business days"}  # before a step that is added at the end


class SequenceDeeds:
    """Does it, and says what was done; ``anchor`` returns the button at which a step is added."""

    def __init__(self, page: CanvasPage, anchor: Callable[[int], QWidget]) -> None:
        self.page, self.draft = page, page.draft
        self.line = Line()
        self.people: Callable[[str], None] = lambda _step: None
        self._anchor = anchor
        self._asker = Asker(page.view)

    # -- choosing ---------------------------------------------------------------------------------

    def choose(self, key: str) -> None:
        """Choose a step, here and on the canvas."""
        spot = Spot("step", key)
        if self.page.canvas.scene.selected != spot:
            self.page.canvas.select(spot)

    def chosen(self) -> int | None:
        """Return the place of the row that is chosen."""
        spot = self.page.canvas.scene.selected
        return self.line.place_of(spot.id) if isinstance(spot, Spot) else None

    def open(self, key: str) -> None:
        """Put the cursor into the settings of a step."""
        self.choose(key)
        self.page.settings.focus_first()

    def look_at_wait(self, at: int) -> None:
        """Show the settings of what is waited for before a step, or of the step itself."""
        row = self.line.rows[at]
        self.choose(row.waits[0] if row.waits else row.key)

    def show_people(self, at: int) -> None:
        """Show who waits before a step."""
        self.people(self.line.rows[at].waits[0])

    # -- changing ---------------------------------------------------------------------------------

    def put(self, at: int, to: int) -> None:
        """Put a step in another place; the days stay where they are."""
        key = self.line.rows[at].key
        made = sequence_plan.moved(self.draft.own, self.line, at, to)
        self.edit(f"Move {self.title(key)} to place {to + 1}", made, key)

    def wait(self, at: int, amount: int, unit: str) -> None:
        """Wait so long before a step, or not at all."""
        row, wait = self.line.rows[at], None
        key = row.waits[0] if row.waits else self.free("wait")
        if amount:
            wait = Step(key, "wait", {"amount": amount, "unit": unit})
        made = sequence_plan.waiting(self.draft.own, self.line, at, wait)
        title = f"Change the wait before {self.title(row.key)}"
        self.edit(title, made, key if amount else row.key, ("wait", row.key))

    def ask(self, at: int) -> None:
        """Ask what is to be added before a row, or at the end."""
        words = "What comes first?" if not at else "What comes next?"
        self._asker.ask(self._anchor(at), words, self.offers(), partial(self.add, at=at))

    def offers(self) -> tuple[Offer, ...]:
        """Return what can be added."""
        return in_line(self.page.canvas.catalogue.steps(self.draft.own.record))

    def add(self, offer: Offer, at: int) -> None:
        """Add a step before a row; at the end it comes some days after the last."""
        key = self.free(offer.kind)
        steps = [Step(key, offer.kind, dict(offer.settings))]
        if 0 < at == len(self.line.rows):
            steps.insert(0, Step(self.free("wait"), "wait", dict(PAUSE)))
        made = sequence_plan.added(self.draft.own, self.line, steps, at)
        if self.edit(f"Add {NAMES.get(offer.kind, offer.title)}", made, key):
            self.page.settings.focus_first()

    def edit(self, title: str, made: Graph, key: str, field: object = None) -> bool:
        """Change the draft and choose a step; say which change it was, or why there is none."""
        if self.draft.locked:
            self.page.canvas.say(self.draft.locked)
            return False
        self.draft.edit(title, made, field)
        if key in made.steps:
            self.choose(key)
        self.page.canvas.say(f"Done: {title[:1].lower()}{title[1:]}.")
        return True

    def title(self, key: str) -> str:
        """Return what a step is called."""
        step = self.draft.own.steps[key]
        return title_of(step, self.page.faces.face(step))

    def free(self, kind: str) -> str:
        """Return an id that no step has."""
        return free_id(kind, [*self.draft.own.steps, START, STOP])
