"""The office's safeguards: caps, brakes and what happens when the engine was away, on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal

from sqlalchemy import ColumnElement, Row, Select, select

from rally_desktop.core.errors import BadSettings
from rally_desktop.core.schema import Choice, Described, Number, Text
from rally_desktop.model.changes import Refusal, RowChanged, RowRemoved
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import enrolment, outbox, run, visit, workflow
from rally_desktop.model.work import Work
from rally_desktop.services import holding, settings, workflows

NAME = "safeguards"
STOPPED = "sending_stopped"  # the red button; it holds whatever else is set


class Safeguards(Described, frozen=True):
    """Every limit on what workflows may do by themselves; 0 switches a limit off."""

    title: ClassVar = "Safeguards"

    emails_a_day: Annotated[
        int,
        Number("E-mails a person and day", help="A further one waits for room.", least=0, most=50),
    ] = 1
    emails_a_week: Annotated[
        int, Number("E-mails a person in 7 days", help="A further one waits.", least=0, most=200)
    ] = 3
    texts_a_day: Annotated[int, Number("SMS a person and day", least=0, most=50)] = 1
    most_emails_a_day: Annotated[
        int,
        Number("At most a person and day", help="A ceiling that nothing passes.", least=1, most=50),
    ] = 3
    most_emails_in_eight_days: Annotated[
        int, Number("At most a person in 8 days", least=1, most=200)
    ] = 8
    sends_an_hour: Annotated[int, Number("Messages a workflow and hour", least=0, most=100_000)] = (
        200
    )
    first_sends: Annotated[
        int,
        Number(
            "Ask after the first messages",
            help="So many messages after publishing, somebody says that all is well.",
            least=0,
            most=10_000,
        ),
    ] = 50
    enrolments_at_once: Annotated[
        int,
        Number(
            "Ask before enrolling at once", help="More than so many people.", least=0, most=100_000
        ),
    ] = 50
    enrolments_a_minute: Annotated[
        int, Number("Enrolments a workflow and minute", help="The rest wait.", least=0, most=60_000)
    ] = 60
    runs_a_record_hour: Annotated[
        int, Number("Runs a record, workflow and hour", least=0, most=1_000)
    ] = 10
    enrolments_a_record_day: Annotated[
        int,
        Number(
            "Enrolments a person and day",
            help="In one workflow that sends, or that causes itself.",
            least=0,
            most=1_000,
        ),
    ] = 3
    circles: Annotated[
        Literal["pause", "refuse"],
        Choice(
            "Once something goes round in circles",
            help="Its workflow is paused and says why, or only the record is refused.",
        ),
    ] = "pause"
    failures: Annotated[
        int,
        Number("Failures that pause", help="Of the last 50 steps of a workflow.", least=0, most=50),
    ] = 5
    failures_percent: Annotated[
        int, Number("Share of failures that pauses", unit="%", least=0, most=100)
    ] = 20
    send_errors_in_a_row: Annotated[
        int, Number("Send errors in a row that pause", least=0, most=50)
    ] = 5
    bounces_percent: Annotated[
        int, Number("Bounces of the last 50 that pause", unit="%", least=0, most=100)
    ] = 10
    expiry_hours: Annotated[
        int, Number("Messages go stale after", unit="hours", least=1, most=8_760)
    ] = 48
    recall_minutes: Annotated[
        int, Number("Messages can be recalled for", unit="minutes", least=0, most=1_440)
    ] = 0
    recall_seconds: Annotated[
        int,
        Number(
            "What people write can be recalled for",
            help="At least as long as all other messages.",
            unit="seconds",
            least=0,
            most=600,
        ),
    ] = 20
    late: Annotated[Literal["ask", "skip", "run"], Choice("What came due while away")] = "ask"
    http_hosts: Annotated[
        str,
        Text(
            "Servers inside the network",
            help="HTTP requests may reach these besides public ones: intranet.example, 10.0.0.7:80",
            required=False,
        ),
    ] = ""

    def recall(self, *, by_hand: bool) -> timedelta:
        """Return how long a message lies in the outbox before it is handed over."""
        usual = timedelta(minutes=self.recall_minutes)
        return max(usual, timedelta(seconds=self.recall_seconds)) if by_hand else usual

    def inside_hosts(self) -> frozenset[str]:
        """Return the servers that are not public and may be asked all the same."""
        return frozenset(self.http_hosts.lower().replace(",", " ").split())


def of(work: Work) -> Safeguards:
    """Return the office's safeguards; what it never set has its default."""
    if NAME not in work.memo:
        stored = settings.get(work, NAME, {})
        try:
            work.memo[NAME] = Safeguards.load(stored)
        except BadSettings:
            # Of a newer program, or spoilt: the careful defaults hold until they are saved anew.
            work.memo[NAME] = Safeguards()
    return work.memo[NAME]


def save(work: Work, safeguards: Safeguards) -> None:
    """Set the office's safeguards; raise BadSettings where one is out of bounds."""
    if problems := safeguards.problems():
        raise BadSettings(problems)
    settings.put(work, NAME, safeguards.dump())
    settings.count_up(work, workflows.COUNTER)  # the engine reads them again
    work.memo[NAME] = safeguards


def sending_stopped(work: Work) -> bool:
    """Say whether somebody has stopped all sending."""
    return bool(settings.get(work, STOPPED, False))


def stop_sending(work: Work, *, stopped: bool = True) -> None:
    """Stop all sending on every computer of the office, or let it go on."""
    settings.put(work, STOPPED, stopped)


# -- what waits for somebody's word --------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """What a workflow asks: may so many enter at once, may so many messages follow the first."""

    workflow_id: int
    workflow: str
    enrolments: int
    messages: int


def questions(work: Work) -> list[Question]:
    """Return what the workflows ask and nobody has answered yet, by name."""
    nobody_said = (enrolment.c.state == "asked") & enrolment.c.due_at.is_(None)
    enter = _counted(work, select(enrolment.c.workflow_id).where(nobody_said))
    send = _counted(work, _waiting_to_send(run.c.workflow_id))
    send += _counted(work, _kept(outbox.c.workflow_id))
    send = Counter({key: count for key, count in send.items() if not confirmed(work, key)})
    columns = workflow.c
    query = select(columns.id, columns.name).where(columns.id.in_(sorted({*enter, *send})))
    return [
        Question(number, name, enter[number], send[number])
        for number, name in work.connection.execute(query.order_by(columns.name, columns.id))
    ]


def confirm(work: Work, workflow_id: int) -> int:
    """Say that a version's first messages are well; return how many of the others go on."""
    workflows.require(work, workflow_id)
    settings.put(work, f"confirmed/{workflow_id}", _published(work, workflow_id))
    query = _waiting_to_send(run.c.id).where(run.c.workflow_id == workflow_id)
    waiting = list(work.connection.execute(query).scalars())
    kept = work.connection.execute(_kept(outbox.c.id).where(outbox.c.workflow_id == workflow_id))
    count = len(waiting) + len(kept.all())
    for number in waiting:
        work.change(RowChanged("run", number, {"due_at": work.now}))
    holding.let_go_of_workflow(work, workflow_id)
    return count


def confirmed(work: Work, workflow_id: int) -> bool:
    """Say whether somebody has said that the published version's first messages are well."""
    said = settings.get(work, f"confirmed/{workflow_id}")
    return said is not None and said == _published(work, workflow_id)


def ask(work: Work, workflow_id: int) -> bool:
    """Remember that it was asked whether a version's first messages are well; True at first."""
    name, version = f"asked/{workflow_id}", _published(work, workflow_id)
    if settings.get(work, name) == version:
        return False
    settings.put(work, name, version)
    return True


def release(work: Work, workflow_id: int) -> int:
    """Let those in who were too many at once; return how many.

    Whoever comes within the next hour belongs to them and is not asked about again.
    """
    workflows.require(work, workflow_id)
    settings.put(work, f"released/{workflow_id}", work.now.isoformat())
    found = _asked(work, workflow_id)
    for row in found:
        work.change(RowChanged("enrolment", row.id, {"due_at": work.now}))
    return len(found)


def turn_away(work: Work, workflow_id: int) -> int:
    """Let none of those in who were too many at once; return how many."""
    workflows.require(work, workflow_id)
    found = _asked(work, workflow_id)
    for row in found:
        ref = Ref(row.record_kind, row.record_id)
        work.change(RowRemoved("enrolment", row.id))
        work.change(Refusal(workflow_id, row.cause, ref, "turned_away"))
    return len(found)


def released(work: Work, workflow_id: int) -> bool:
    """Say whether somebody has let many in within the last hour."""
    said = settings.get(work, f"released/{workflow_id}")
    return bool(said) and work.now - datetime.fromisoformat(said) < timedelta(hours=1)


def _asked(work: Work, workflow_id: int) -> Sequence[Row[Any]]:
    columns = enrolment.c
    query = select(enrolment).where(
        columns.workflow_id == workflow_id, columns.state == "asked", columns.due_at.is_(None)
    )
    return work.connection.execute(query.order_by(columns.id)).all()


def _waiting_to_send(column: ColumnElement[int]) -> Select[int]:
    where = (visit.c.run_id == run.c.id) & (visit.c.seq == run.c.seq)
    query = select(column).join(visit, where)
    return query.where(run.c.state == "active", visit.c.reason == "ask_first")


def _kept(column: ColumnElement[int]) -> Select[int]:
    """Return what Stop Actions have sent no further than the outbox."""
    return select(column).where(holding.WAITS, outbox.c.reason == "ask_first")


def _counted(work: Work, query: Select[int]) -> Counter[int]:
    return Counter(work.connection.execute(query).scalars())


def _published(work: Work, workflow_id: int) -> int | None:
    query = select(workflow.c.published_id).where(workflow.c.id == workflow_id)
    return work.connection.execute(query).scalar()
