"""The office's safeguards: caps, brakes and what happens when the engine was away, on one page."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from rally_desktop.core.errors import BadSettings
from rally_desktop.core.schema import Choice, Described, Number
from rally_desktop.model.work import Work
from rally_desktop.services import settings, workflows

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
    failures: Annotated[
        int,
        Number("Failures that pause", help="Of the last 50 steps of a workflow.", least=0, most=50),
    ] = 5
    failures_percent: Annotated[
        int, Number("and that many of them", unit="%", least=0, most=100)
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
    late: Annotated[Literal["ask", "skip", "run"], Choice("What came due while away")] = "ask"


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
