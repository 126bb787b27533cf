"""An office that does nothing but write to its new contacts, for harnesses that break it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import text

from rally_desktop.engine.publishing import publish
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.store import Store
from rally_desktop.model.work import Work
from rally_desktop.services import contacts, mail_accounts, safeguards, templates, workflows
from rally_desktop.services import journal as journals
from rally_desktop.services import office as offices

START = datetime(2026, 6, 2, 9, tzinfo=UTC)
# Everything that holds messages back on purpose is off: here only faults may.
FREE = safeguards.Safeguards(
    emails_a_day=0, emails_a_week=0, most_emails_a_day=50, most_emails_in_eight_days=200,
    sends_an_hour=0, first_sends=0, enrolments_at_once=0, enrolments_a_minute=0,
    runs_a_record_hour=0, failures=0, send_errors_in_a_row=0, bounces_percent=0,
    expiry_hours=8_760, late="run",
)  # fmt: skip
WELCOME = Graph(
    name="Welcome",
    triggers=(Trigger("t", "record_created"),),
    steps={
        "wait": Step("wait", "wait", {"amount": 1, "unit": "minutes"}, {"next": "mail"}),
        "mail": Step("mail", "send_email", {"template": "Welcome"}),
    },
    start="wait",
)


class Counted(NamedTuple):
    """What came of all contacts: runs that ended, messages by state, doubts on the timeline."""

    contacts: int
    runs_done: int
    messages: int
    states: Counter[str]
    doubts_shown: int


def found(
    store: Store,
    *,
    port: int,
    journal: str = "none",
    journal_port: int = 993,
    connections: int = 1,
) -> None:
    """Found the office, with an account on a server of this computer, and start its workflow."""
    number = store.write(_furnish, port, journal, journal_port, connections)
    store.write(publish, number)


def _furnish(work: Work, port: int, journal: str, journal_port: int, connections: int) -> int:
    offices.found(work)
    safeguards.save(work, FREE)
    number = mail_accounts.add(
        work, "Office", "office@example.com", host="127.0.0.1", port=port, security="none",
        hourly_limit=0, connections=connections,
    )  # fmt: skip
    if journal != "none":
        journals.set_up(work, number, journal, host="127.0.0.1", port=journal_port, security="none")
    templates.save(work, "Welcome", subject="Hello", text="Dear {{ contact.first_name }}")
    return workflows.create(work, WELCOME)


def enrol(work: Work, names: list[str]) -> None:
    """Add contacts, whom the workflow writes to."""
    for name in names:
        contacts.create(work, {"first_name": name, "email": f"{name}@example.org"})


def counted(store: Store) -> Counted:
    """Count what came of all contacts, from the rows themselves."""
    with store.engine.connect() as connection:

        def count(what: str) -> int:
            return connection.execute(text(f"select count(*) from {what}")).scalar_one()

        states = connection.execute(text("select state, count(*) from outbox group by state"))
        return Counted(
            count("contact"),
            count("run where state = 'done'"),
            count("outbox"),
            Counter(dict(map(tuple, states))),
            count("activity where kind = 'email_doubted'"),
        )


def next_moment(moments: list[datetime | None], now: datetime) -> timedelta | None:
    """Return how far off the next of some moments is; None where there is none."""
    known = [moment for moment in moments if moment is not None]
    return max(min(known) - now, timedelta(microseconds=1)) if known else None
