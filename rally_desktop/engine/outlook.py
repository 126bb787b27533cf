"""What publishing would mean, said before it is done; and doing it as was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rally_desktop.core.errors import Refused
from rally_desktop.engine import backlog, publishing
from rally_desktop.engine.backlog import Waiting
from rally_desktop.engine.by_hand import most_messages
from rally_desktop.engine.comparing import changes
from rally_desktop.engine.problems import Problem
from rally_desktop.engine.publishing import Inside, Published
from rally_desktop.engine.runfields import run_fields
from rally_desktop.model.graph import Graph
from rally_desktop.model.work import Work
from rally_desktop.services import safeguards, workflows
from rally_desktop.services.workflows import Standing


@dataclass(frozen=True)
class Outlook:
    """What publishing a draft would mean, but for who is due already: counting them takes time.

    ``movable`` of those inside stand at a step that the draft still has. ``messages`` is how many
    each who enters may be sent at most; ``brakes`` are what will ask or wait, in sentences.
    ``looks_back`` says that somebody may be due already, ``anew`` that nobody was asked about
    them yet.
    """

    workflow_id: int
    graph: Graph
    number: int | None
    problems: Sequence[Problem]
    changes: Sequence[str]
    inside: Sequence[Standing]
    movable: int
    messages: int
    brakes: Sequence[str]
    looks_back: bool
    anew: bool

    @cached_property
    def errors(self) -> list[Problem]:
        """Return what forbids publishing."""
        return [one for one in self.problems if one.severity == "error"]

    @property
    def count(self) -> int:
        """Return how many are inside."""
        return sum(one.count for one in self.inside)


def look(work: Work, workflow_id: int) -> Outlook:
    """Find out what publishing a workflow's draft would mean; nothing is changed."""
    draft = workflows.draft(work, workflow_id)
    graph, old = draft.graph, draft.published
    problems = publishing.problems_of(work, graph)
    sound = not any(one.severity == "error" for one in problems)
    messages = most_messages(work, graph) if sound else 0
    return Outlook(
        workflow_id, graph, draft.published_number, problems,
        changes(old, graph, run_fields(work, graph.record)) if old else (),
        workflows.inside(work, workflow_id), publishing.movable(work, workflow_id, graph),
        messages, list(_brakes(work, graph, messages)),
        looks_back=sound and backlog.looks_back(graph),
        anew=old is None or (old.triggers, old.audience) != (graph.triggers, graph.audience),
    )  # fmt: skip


def due_already(work: Work, outlook: Outlook, given_up: Callable[[], bool]) -> list[Waiting]:
    """Return who is stale or matches already; with many records it takes seconds."""
    return backlog.due_already(work, outlook.graph, outlook.workflow_id, given_up)


def go_ahead(
    work: Work,
    outlook: Outlook,
    inside: Inside = "stay",
    enter: Sequence[Waiting] = (),
    an_hour: int | None = None,
) -> Published:
    """Publish what was looked at, and let those enter who were chosen.

    Raises Refused where the draft is another one by now, or has an error.
    """
    if workflows.draft(work, outlook.workflow_id).graph != outlook.graph:
        raise Refused(f"‘{outlook.graph.name}’ was changed meanwhile. Look at it again first.")
    done = publishing.publish(work, outlook.workflow_id, inside)
    backlog.enrol(work, outlook.workflow_id, enter, an_hour)
    return done


def _brakes(work: Work, graph: Graph, messages: int) -> Iterator[str]:
    limits = safeguards.of(work)
    if graph.settings.review:
        yield REVIEWED
    if most := limits.enrolments_at_once:
        yield f"It asks before more than {most:,} enter at once."
    if not messages:
        return
    if safeguards.sending_stopped(work):
        yield STOPPED
    if limits.first_sends:
        yield ASKS_AFTER.format(limits.first_sends)
    if an_hour := graph.settings.sends_an_hour or limits.sends_an_hour:
        yield f"It sends at most {an_hour:,} messages an hour."


REVIEWED = "Somebody reviews each run before it begins."
STOPPED = "All sending is stopped now: its messages wait until it goes on."
ASKS_AFTER = "It asks after the first {:,} messages."
