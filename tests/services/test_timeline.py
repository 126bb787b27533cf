"""A record's timeline in plain words, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.core import numerals
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import MessageReceived, RecordRestored, RowAdded
from rally_desktop.model.mailings import MailArrived
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.services import (
    calls,
    companies,
    contacts,
    deals,
    entry,
    field_edits,
    notes,
    office,
    records,
    tasks,
    timeline,
    timeline_words,
    users,
)


@pytest.fixture
def ana(store):
    """One contact."""
    return store.write(contacts.create, {"first_name": "Ana", "email": "ana@example.com"})


def _said(store, ref, **how):
    return [line.text for line in store.read(timeline.lines, ref, **how)]


def test_the_newest_line_is_first(store, ana):
    """What happened last stands at the top, down to the creation."""
    store.write(records.add_tag, ana, "VIP")
    store.write(records.remove_tag, ana, "VIP")
    assert _said(store, ana) == ["Tag ‘VIP’ removed", "Tag ‘VIP’ added", "Contact created"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": "Dentist"}, "Job title set to ‘Dentist’"),
        ({"email": ""}, "E-mail cleared (was ‘ana@example.com’)"),
        ({"first_name": "Anna"}, "First name changed from ‘Ana’ to ‘Anna’"),
        ({"lifecycle_stage": "Customer"}, "Lifecycle stage changed from Lead to Customer"),
        ({"do_not_contact": True}, "Do not contact changed from no to yes"),
        ({"score": 40, "city": "Leeds"}, "Score set to 40; City set to ‘Leeds’"),
    ],
)
def test_a_change_of_fields_is_a_sentence(store, ana, values, said):
    """A change says the field by its label, and its value before and after."""
    store.write(contacts.update, ana, values)
    assert _said(store, ana)[0] == said


def test_many_fields_fold_into_one_line(store, ana):
    """More than two fields make one line whose body has them all."""
    store.write(contacts.update, ana, {"title": "Dr", "city": "Leeds", "country": "UK"})
    line = store.read(timeline.lines, ana)[0]
    assert line.text == "3 fields changed"
    assert line.body.splitlines()[1] == "City set to ‘Leeds’"


def test_people_and_companies_are_named(store, ana):
    """A new owner or company is said by name, not by number."""
    owner = store.write(users.add, "Maria")
    company = store.write(companies.create, {"name": "Hill Dental"})
    store.write(contacts.update, ana, {"owner_id": owner, "company_id": company.id})
    said = _said(store, ana)[0]
    assert "Owner set to Maria" in said
    assert "Company set to Hill Dental" in said


def test_what_people_write_is_the_body(store, ana):
    """Notes, calls and received e-mails carry their text to unfold."""
    store.write(notes.add, ana, "Likes mornings")
    store.write(calls.log, ana, direction="out", outcome="Reached", seconds=130, text="Will buy")
    row = {"id": 1, "channel": "email", "direction": "in", "record_kind": "contact",
           "record_id": ana.id, "message_id": "<a@b>", "in_reply_to": "", "subject": "Quote",
           "sender": "ana@example.com", "recipient": "us@example.com", "text": "Yes, please",
           "html": ""}  # fmt: skip
    store.write(lambda work: work.change(MessageReceived(ana, {**row, "at": work.now})))
    lines = store.read(timeline.lines, ana)
    assert [(line.text, line.body) for line in lines[:3]] == [
        ("E-mail received: Quote", "Yes, please"),
        ("Called: Reached, 2 min", "Will buy"),
        ("Note", "Likes mornings"),
    ]


def test_who_did_it_is_said(store, ana):
    """A line names the user at whose desk it was written."""
    store.user_id = store.write(users.add, "Maria")
    store.write(notes.add, ana, "Hello")
    assert store.read(timeline.lines, ana)[0].by == "Maria"


def test_older_lines_follow_without_a_gap(store, ana):
    """Reading in pieces gives every line once."""
    for number in range(7):
        store.write(notes.add, ana, f"Note {number}")
    whole = store.read(timeline.lines, ana)
    first = store.read(timeline.lines, ana, limit=3)
    rest = store.read(timeline.lines, ana, before=first[-1].place)
    assert first + rest == whole


def test_each_line_is_in_one_group(store, ana):
    """The groups together show every line exactly once."""
    store.write(notes.add, ana, "Hello")
    store.write(calls.log, ana, direction="in", outcome="Reached")
    number = store.write(tasks.create, ana, title="Ring back")
    store.write(tasks.complete, number)
    store.write(records.delete, ana)
    store.write(lambda work: work.change(RecordRestored(ana)))
    whole = {line.id for line in store.read(timeline.lines, ana)}
    parts = [
        [line.id for line in store.read(timeline.lines, ana, groups=[group])]
        for group in timeline.GROUPS
    ]
    assert sorted(number for part in parts for number in part) == sorted(whole)


def test_a_deal_says_its_stages(store):
    """A deal that moved says from where and to where."""
    store.write(office.found)
    deal = store.write(deals.create, {"name": "New roof"})
    old, new = [stage.name for stage in store.read(deals.stages)][:2]
    store.write(deals.move, deal, new)
    assert f"Stage moved from {old} to {new}" in _said(store, deal)


def test_several_groups_are_shown_together(store, ana):
    """Notes and calls alone leave out what was done otherwise."""
    store.write(notes.add, ana, "Hello")
    store.write(calls.log, ana, direction="in", outcome="Reached")
    assert _said(store, ana, groups=["notes", "calls"]) == ["Call received: Reached", "Note"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MORNINGS", ["Note"]),
        ("ärzte", ["Note"]),
        ("called reached", ["Called: Reached"]),
        ("job title", ["Job title set to ‘Dentist’"]),
        ("created maria", ["Contact created"]),
        ('"', ["Note"]),
        ("seconds", []),
        ("100%", []),
    ],
)
def test_lines_are_searched_by_what_they_say(store, clock, text, found):
    """Every word must stand in a line as one reads it, in any case; how it is kept is nothing."""
    store.user_id = store.write(users.add, "Maria")
    ana = store.write(contacts.create, {"first_name": "Ana"})
    store.user_id = None
    store.write(notes.add, ana, 'Likes mornings; knows "Ärzte"')
    store.write(calls.log, ana, direction="out", outcome="Reached")
    store.write(contacts.update, ana, {"title": "Dentist"})
    assert _said(store, ana, text=text) == found


def test_lines_next_to_a_line_are_read_both_ways(store, ana):
    """From the middle of a timeline one comes to its newer and to its older lines."""
    for number in range(7):
        store.write(notes.add, ana, f"Note {number}")
    whole = store.read(timeline.lines, ana)
    middle = whole[4].place
    assert store.read(timeline.lines, ana, after=middle, limit=2) == whole[2:4]
    assert store.read(timeline.lines, ana, after=timeline.BEGINNING, limit=2) == whole[-2:]


def test_what_is_learnt_late_stands_where_it_belongs(world, ana):
    """A message of last week, read today, stands below what happened since, also page by page."""
    world.clock.advance(days=7)
    for number in range(3):
        world.do(notes.add, ana, f"Note {number}")
    week_ago = world.clock.now() - timedelta(days=6)
    row = {"subject": "Old", "message_id": "", "in_reply_to": "", "at": week_ago}
    world.do(lambda work: work.change(MailArrived(ana, row, {})))
    whole = world.ask(timeline.lines, ana)
    assert [line.kind for line in whole] == ["note_added"] * 3 + ["email_received", "created"]
    pages = [world.ask(timeline.lines, ana, limit=2)]
    while len(pages[-1]) == 2:
        pages.append(world.ask(timeline.lines, ana, before=pages[-1][-1].place, limit=2))
    assert tuple(line for page in pages for line in page) == whole


@pytest.mark.parametrize(
    ("groups", "index"),
    [((), "record"), (["messages"], "said"), (["calls", "notes", "messages"], "said")],
)
def test_a_stretch_is_read_by_the_index_alone(sqlite_url, clock, groups, index):
    """However long a timeline is, a page of it is neither sorted nor counted off."""
    store = Store.open(sqlite_url, clock)
    asked = timeline._statement(None, Ref("contact", 1), groups, ())
    asked = timeline._beyond(asked, timeline.Place(clock.now(), 5), None).limit(60)
    said = asked.compile(store.engine, compile_kwargs={"literal_binds": True})
    with store.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"explain query plan {said}").all()
    store.close()
    steps = [row[3] for row in plan]
    assert f"ix_activity_{index} (record_kind=? AND record_id=? AND " in steps[0]
    assert not [step for step in steps if "TEMP" in step]


def test_what_became_of_a_message_is_with_the_messages():
    """Every sentence about an e-mail or an SMS is shown where one narrows to messages."""
    said = [kind for kind in timeline_words._SAY if kind.startswith(("email_", "sms_"))]
    assert {timeline.group_of(kind) for kind in said} == {"messages"}


def test_a_note_is_changed_by_who_wrote_it_alone(store, ana):
    """The line says the note as it is now, and finds it so; nobody else can change it."""
    maria = store.write(users.add, "Maria")
    store.user_id = maria
    number = store.write(notes.add, ana, "Likes mornings")
    assert store.write(notes.edit, number, "Likes evenings")
    assert not store.write(notes.edit, number, " Likes evenings ")
    (line,) = store.read(timeline.lines, ana, text="evenings")
    assert (line.text, line.body, line.note, line.own) == (
        "Note, edited",
        "Likes evenings",
        1,
        True,
    )
    assert store.read(timeline.lines, ana, text="mornings") == ()
    store.user_id = store.write(users.add, "Ben")
    assert not store.read(timeline.lines, ana)[0].own
    for service, more in ((notes.edit, ("Mine",)), (notes.remove, ()), (notes.restore, ())):
        with pytest.raises(Refused, match="Only who wrote"):
            store.write(service, number, *more)


def test_a_note_is_deleted_and_comes_back(store, ana):
    """What was deleted says so and nothing else, until it is taken out of the trash."""
    number = store.write(notes.add, ana, "Likes mornings")
    store.write(notes.remove, number)
    line = store.read(timeline.lines, ana)[0]
    assert (line.text, line.body, line.note) == ("Note deleted", "", None)
    store.write(notes.restore, number)
    assert store.read(timeline.lines, ana)[0].body == "Likes mornings"
    with pytest.raises(NotFound):
        store.write(notes.remove, 99)


def test_an_own_field_is_said_by_its_label(store, ana):
    """A change of a field that the office made says what the office calls it."""
    store.write(
        lambda work: work.change(
            RowAdded("custom_field", {"id": 1, "record_kind": "contact", "name": "bday",
                                      "label": "Birthday", "kind": "date", "position": 0})
        )
    )  # fmt: skip
    store.write(entry.update, ana, {"custom.bday": "1990-03-28"})
    assert _said(store, ana)[0] == "Birthday set to 28 March 1990"


def test_own_fields_are_said_as_the_office_names_and_fills_them(store, ana):
    """A day of one's own field is said as a day, and a new label counts for lines of old too."""
    number = store.write(field_edits.add, "contact", "Recall", "date")
    store.write(entry.update, ana, {"custom.recall": "2026-03-28"})
    assert _said(store, ana)[0] == "Recall set to 28 March 2026"
    store.write(field_edits.rename, number, "Next visit")
    store.write(field_edits.archive, number)
    assert _said(store, ana)[0] == "Next visit set to 28 March 2026"
    assert store.read(timeline.lines, ana, text="visit")


def test_amounts_are_said_as_they_are_written_here(store):
    """Once the program knows how people here write numbers, the timeline says them so."""
    store.write(office.found)
    deal = store.write(deals.create, {"name": "New roof"})
    store.write(deals.update, deal, {"amount": 12500})
    numerals.use(str, lambda value: f"{value:,.2f} €")
    try:
        assert store.read(timeline.lines, deal)[0].text == "Amount set to 12,500.00 €"
    finally:
        numerals.use(numerals._plainly, numerals._plainly)
