"""Rehearsing a workflow: what it would do is told, and the office stays as it was."""

from __future__ import annotations

import hashlib
import socket
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.engine.rehearsal import Cancelled, Plan, rehearse
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.model.tables import metadata
from rally_desktop.services import contacts, mail_accounts, records, runs, templates, timeline
from tests.world import chain

pytestmark = pytest.mark.slow

WAIT = Step("wait", "wait", {"amount": 2, "unit": "days"})
MAIL = Step("mail", "send_email", {"template": "Welcome"})
AGAIN = Step("more", "send_email", {"template": "Welcome"})
TAG = Step("tag", "add_tag", {"tag": "Nurtured"})
PORTO = {"field": "city", "op": "is", "value": "Porto"}


def graph(*steps, trigger="record_created", settings=None, **more):
    """Return a workflow of these steps, one after the other."""
    return Graph(
        name="Nurture", triggers=(Trigger("t", trigger, settings or {}),), steps=chain(*steps),
        start=steps[0].id, **more,
    )  # fmt: skip


@pytest.fixture
def office(world):
    """Three contacts, of whom one has no first name, and a template that asks for it."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Dear {{ contact.first_name }}")
    world.contact("Ana", email="ana@example.com", city="Porto")
    world.contact("Ben", email="ben@example.com", city="Porto")
    world.contact("", last_name="Cruz", email="cruz@example.com", city="Faro")
    world.tick()
    return world


def found(world, graph, **plan):
    """Return what a rehearsal finds."""
    with rehearse(world.store, Plan(graph, **plan)) as done:
        return done.findings


def checksum(store):
    """Return a digest of every row of every table."""
    digest = hashlib.sha256()
    with store.engine.connect() as connection:
        for table in metadata.sorted_tables:
            rows = connection.exec_driver_sql(f'select * from "{table.name}"').all()
            digest.update(repr((table.name, sorted(map(repr, rows)))).encode())
    return digest.hexdigest()


def test_every_step_is_counted_by_what_became_of_it(office):
    """Who entered a step is waiting, done, skipped, failed or stopped, and left by which exit."""
    steps = found(office, graph(MAIL, WAIT, TAG)).steps
    assert [(one.step, one.entered) for one in steps] == [("mail", 3), ("wait", 2), ("tag", 2)]
    assert all(one.entered == sum(one.outcomes.values()) for one in steps)
    assert steps[0].outcomes["failed"] == 1
    assert steps[1].exits == {"next": 2}


def test_the_calendar_counts_the_messages_of_each_day(office):
    """Two messages to two people, two days apart, are two on each of these days."""
    made = found(office, graph(MAIL, WAIT, AGAIN))
    assert made.sends == {"2026-06-02": 2, "2026-06-04": 2}
    assert made.people_by_messages == {"2": 2}
    assert (made.messages, made.most_messages) == (4, 2)
    assert [one.messages for one in made.worst] == [2, 2]


def test_a_message_that_cannot_be_filled_in_is_told(office):
    """Cruz has no first name: it is said at which step, and which field is wanting."""
    unfilled = found(office, graph(MAIL)).unfilled
    assert [(one.record, one.step, one.field) for one in unfilled] == [
        ("Cruz", "mail", "contact.first_name")
    ]


def test_the_audience_decides_who_enters(office):
    """Only those of the audience are considered, as if the event had just happened to them."""
    made = found(office, graph(TAG, audience=PORTO))
    assert (made.considered, made.entered) == (2, 2)


def test_who_may_not_enter_again_is_told_by_reason(office):
    """Whoever was in the published workflow before is refused with the reason it would have."""
    number = office.publish(TAG, settings=Rules(again="never"))
    office.contact("Dora", email="dora@example.com")
    office.tick()
    made = found(office, graph(TAG, settings=None, **{}), workflow_id=number)
    assert made.refused == {"cooldown": 1}
    assert made.entered == 3


def test_a_rehearsal_changes_no_row_of_the_office(office):
    """Every row of every table is the same before and after, forward and back."""
    before = checksum(office.store)
    found(office, graph(MAIL, WAIT, TAG))
    office.clock.advance(hours=5)
    found(office, graph(MAIL, WAIT, TAG), since=datetime(2026, 6, 1, tzinfo=UTC))
    assert checksum(office.store) == before


def test_a_rehearsal_opens_no_connection(office, monkeypatch):
    """Messages are sent in it, and still not even a socket is made, or a name looked up."""
    office.ask(mail_accounts.accounts)
    opened = []
    monkeypatch.setattr(socket.socket, "__init__", lambda *given, **how: opened.append(given))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **how: opened.append(given))
    made = found(office, graph(MAIL, WAIT, AGAIN))
    assert made.messages == 4
    assert not opened


def test_the_same_seed_finds_the_same(office):
    """Two rehearsals with one seed say the same, byte for byte; replies depend on the seed."""
    said = [
        msgspec.json.encode(found(office, graph(MAIL, WAIT, AGAIN), seed=seed, replies=50))
        for seed in (7, 7)
    ]
    assert said[0] == said[1]


def test_a_reply_stops_a_sequence(office):
    """Where everybody replies after two days, nobody gets what comes after three."""
    long = Step("wait", "wait", {"amount": 3, "unit": "days"})
    made = found(office, graph(MAIL, long, AGAIN, purpose="sequence"), replies=100)
    assert made.messages == 2
    assert made.states["stopped"] == 2


def test_each_simulated_run_reads_as_history(office):
    """The runs of a rehearsal are read by the services that read real ones."""
    with rehearse(office.store, Plan(graph(WAIT, TAG))) as done:
        page = done.store.read(runs.listed)
        _, visits = done.store.read(runs.one, page.rows[0].id)
        lines = done.store.read(timeline.lines, page.rows[0].ref)
    assert [one.outcome for one in visits] == ["done", "done"]
    assert any("Nurtured" in line.text for line in lines)


def test_one_record_is_told_visit_by_visit(office):
    """A rehearsal for one contact tells each step that the run came by, and when."""
    ana = office.do(lambda work: work.records("contact", [1]))[1]
    made = found(office, graph(WAIT, TAG), record_id=ana["id"])
    assert [(one.record, one.state) for one in made.runs] == [("Ana", "done")]
    assert [one.step for one in made.runs[0].visits] == ["wait", "tag"]


def test_a_rehearsal_back_in_time_tells_what_would_have_been(office):
    """Ben got a tag a week ago and Ana a week before: only Ben would have entered since."""
    start = office.clock.now()
    ana, ben = 1, 2
    for number in (ana, ben):
        office.turn(days=7)
        ref = next(iter(office.ask(lambda work, n=number: work.records("contact", [n])).values()))
        assert ref["city"] == "Porto"
        office.do(records.add_tag, _contact(number), "VIP")
    office.turn(days=7)
    since = start + timedelta(days=10)

    made = found(office, graph(TAG, trigger="tag_added", settings={"tags": ["VIP"]}), since=since)

    assert [one.entered for one in made.steps] == [1]


def _contact(number):
    from rally_desktop.model.ref import Ref

    return Ref("contact", number)


def test_records_go_back_to_what_they_were(office):
    """Ana moved to Faro yesterday; told again from before, she was still in Porto."""
    office.turn(days=1)
    since = office.clock.now()
    office.turn(days=1)
    office.do(records.add_tag, _contact(1), "VIP")
    office.turn(days=1)
    office.do(contacts.update, _contact(1), {"city": "Faro"})
    office.turn(hours=5)

    made = found(
        office,
        graph(TAG, trigger="tag_added", settings={"tags": ["VIP"]}, audience=PORTO),
        since=since,
    )

    assert (made.entered, made.refused) == (1, {})


def test_who_did_not_exist_yet_enters_when_made(office):
    """A contact made since the day gone back to is made again at its moment."""
    office.turn(days=1)
    since = office.clock.now()
    office.turn(days=1)
    office.contact("Dora", email="dora@example.com", city="Faro", tags=("New",))
    office.turn(days=1)

    with rehearse(office.store, Plan(graph(WAIT, TAG), since=since, days=9)) as done:
        page = done.store.read(runs.listed)

    assert [row.record for row in page.rows] == ["Dora"]
    assert page.rows[0].started_at == since + timedelta(days=1)


def test_errors_in_the_definition_are_found_first(office):
    """A workflow that could not be published is not rehearsed; what is wrong is said."""
    made = found(office, graph(Step("mail", "send_email", {"template": "Nowhere"})))
    assert [one.severity for one in made.problems] == ["error"]
    assert made.entered == 0


def test_a_rehearsal_can_be_cancelled(office):
    """Whoever asks for an end gets it, and the copy is gone."""
    with pytest.raises(Cancelled):
        rehearse(office.store, Plan(graph(WAIT, TAG)), cancelled=lambda: True)


def test_progress_goes_to_the_end(office):
    """What is told of the progress only grows, and ends at the whole."""
    told: list[float] = []
    with rehearse(office.store, Plan(graph(WAIT, TAG)), progress=told.append):
        pass
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_what_cannot_be_rehearsed_is_refused(office):
    """A record that is not there, too many days and a day to come are refused in words."""
    for plan, error in (
        ({"record_id": 999}, NotFound),
        ({"days": 0}, Refused),
        ({"since": datetime(2030, 1, 1, tzinfo=UTC)}, Refused),
    ):
        with pytest.raises(error):
            rehearse(office.store, Plan(graph(TAG), **plan))
