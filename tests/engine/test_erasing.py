"""A person is erased everywhere: nothing that says who it was is left, and nothing else is lost."""

from __future__ import annotations

import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from rally_desktop.engine import erasing
from rally_desktop.engine.publishing import publish
from rally_desktop.model.changes import Notified, RowAdded
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.patch import Patch
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import metadata, outbox
from rally_desktop.outside.heads import Heads
from rally_desktop.services import (
    audit_check,
    calls,
    contacts,
    deals,
    drafts,
    forgotten,
    grid,
    imports,
    meetings,
    merge_records,
    messages,
    notes,
    privacy,
    settings,
    tasks,
    templates,
    timeline,
    users,
    views,
    workflows,
)
from rally_desktop.services.drafts import Basis, Entry, History, Page
from rally_desktop.services.import_result import Options
from rally_desktop.services.views import Layout

pytestmark = pytest.mark.slow

HEADINGS = "First name,Last name,E-mail,Street\n"
FULL = "Zephyrine O’Quirk-Müller"
OLD, EMAIL = "zeph.old@quirk.example.org", "zephyrine@quirk.example.org"
WHO = {
    "first_name": "Zephyrine", "last_name": "O’Quirk-Müller", "email": EMAIL,
    "phone": "+44 20 7946 0187", "mobile": "+44 7700 900187", "linkedin": "linkedin.com/in/zquirk",
    "street": "7 Marmalade Mews", "title": "Keeper of otters",
}  # fmt: skip
FILTER = {"field": "email", "op": "is", "value": EMAIL}
# What only this person's rows say: it need not identify anybody, and goes all the same.
SECRETS = (
    "Zephyrine", EMAIL, OLD, "7946 0187", "900187", "zquirk", "Marmalade Mews", "Keeper of otters",
    "allergic to plovers", "ring about the aquarium", "wanted a quincunx", "tea at the orangery",
    "my ferret is unwell", "Pays in doubloons",
)  # fmt: skip


def found_in(world, *needles):
    """Return every (table, text) of the office in which one of these is written."""
    with world.store.engine.connect() as connection:
        return {
            (table.name, needle)
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
            for needle in needles
            if needle.casefold() in _said(row).casefold()
        }


def _said(row):
    return " ".join(
        zlib.decompress(value).decode() if isinstance(value, bytes) else str(value)
        for value in row
    )  # fmt: skip


def on_file(world, needle):
    """Say whether a text lies in the files of the office; on a server nobody can tell."""
    if world.store.engine.dialect.name != "sqlite":
        return True
    path = Path(world.store.engine.url.database)
    parts = [path, *path.parent.glob(f"{path.name}-*")]
    return any(needle.lower().encode() in part.read_bytes().lower() for part in parts)


def brought(world, tmp_path, *rows, **options):
    """Import rows; return what came of it."""
    path = tmp_path / "people.csv"
    path.write_text(HEADINGS + "\n".join(rows) + "\n", encoding="utf-8")
    return imports.import_file(world.store, path, options=Options(**options))


@pytest.fixture
def zephyrine(world, tmp_path):
    """A person who is everywhere: in imports, a merge, mails, runs, notes, drafts, filters."""
    world.mailbox()
    subject, text = "Dear {{ contact.first_name }}", "You live at {{ contact.street }}"
    world.do(templates.save, "Hello", subject=subject, text=text)
    wait = Step("w", "wait", {"amount": 9, "unit": "days"})
    world.publish(Step("s", "send_email", {"template": "Hello"}), wait)
    name = "Zephyrine,O’Quirk-Müller"
    rows = [f"{name},{OLD},7 Marmalade Mews", f"{name},{EMAIL} at home,Pays in doubloons"]
    brought(world, tmp_path, *rows)
    [number] = world.ask(grid.ids, "contact", grid.Query())
    ref = Ref("contact", number)
    world.turn(minutes=1)
    world.do(contacts.update, ref, WHO)
    brought(world, tmp_path, f"{name},{EMAIL},8 Marmalade Mews", overwrite=True)
    _merged(world, ref)
    _talked_about(world, ref)
    _drawn(world)
    return ref


def _merged(world, ref):
    twin = world.contact(
        "Zephyrine", last_name="Quirk", email="zq@quirk.example.org", title="Keeper of otters"
    )
    world.do(notes.add, twin, "Pays in doubloons")
    world.do(merge_records.merge, ref, twin)


def _talked_about(world, ref):
    """Let there be a line of every sort, on the person and on others."""
    sender = f"{FULL} <{EMAIL}>"
    world.do(messages.receive, ref, sender=sender, subject="Hm", text="my ferret is unwell")
    world.do(notes.add, ref, "allergic to plovers")
    world.do(tasks.create, ref, title="ring about the aquarium")
    world.do(calls.log, ref, direction="out", outcome="connected", text="wanted a quincunx")
    world.do(meetings.plan, ref, title="tea at the orangery", starts_at=world.clock.now())
    ben = world.contact("Ben", last_name="Berg")
    world.do(notes.add, ben, f"Knows {FULL}, {EMAIL.upper()}")
    deal = world.deal(f"{FULL}: aquarium", contact_id=ref.id)
    world.do(notes.add, deal, "call +44 20 7946 0187")
    world.do(messages.receive, deal, sender=sender, subject="Deal", text="my ferret is unwell")
    user = world.ask(users.listed)[0]
    told = (user.id, user.name, f"{FULL} wrote")
    world.do(lambda work: work.change(Notified(ref, work.new_id("notification"), *told)))


def _drawn(world):
    """Let views, drafts, their history, settings and the suppression list name the person."""
    world.do(views.add, "contacts", f"Only {FULL}", Layout(("name",), FILTER))
    wait = Step("a", "wait", {"amount": 1, "unit": "days"})
    starts = (Trigger("t", "record_created"),)
    flow = Graph("Only one", triggers=starts, audience=FILTER, steps={"a": wait}, start="a")
    made, after = world.do(workflows.create, flow), flow.with_(name=f"For {FULL}")
    world.do(publish, made)
    history = History(1, 1, (Entry("Rename", Patch.between(flow, after)),))
    basis = Basis(Page("a" * 16, "Anna", "desk", 1), 1, 1)
    world.do(drafts.save, made, after, basis, history=history)
    world.do(settings.put, "remembered", {"last": EMAIL})
    row = {"channel": "email", "address": EMAIL, "reason": "unsubscribed"}
    world.do(lambda work: work.change(RowAdded("suppression", {**row, "at": work.now})))


def test_nothing_that_says_who_it_was_is_left(world, zephyrine):
    """No table, and no byte of the files with their log, says anything of who was erased."""
    before = found_in(world, *SECRETS)
    assert {needle for _, needle in before} == set(SECRETS)
    assert {table for table, _ in before} >= {
        "activity", "call", "contact", "deal", "draft_history", "import_batch", "meeting",
        "message", "note", "notification", "outbox", "saved_view", "setting", "suppression",
        "task", "visit", "workflow", "workflow_version",
    }  # fmt: skip
    assert [one for one in SECRETS if not one.isascii() or not on_file(world, one)] == []
    outcome = erasing.erase(world.store, zephyrine)
    assert found_in(world, *SECRETS) == set()
    assert (outcome.waits, outcome.wiped) == (False, True)
    on_sqlite = world.store.engine.dialect.name == "sqlite"
    assert [one for one in SECRETS if on_sqlite and on_file(world, one)] == []


def test_counts_stay_and_the_audit_log_holds(world, zephyrine, tmp_path):
    """That a message was sent and a run went through stays, and the chain of lines is whole."""
    counted = "select state, count(*) from outbox group by state"
    before, visits = world.rows(counted), len(world.visits())
    erasing.erase(world.store, zephyrine)
    assert world.rows(counted) == before
    assert (len(world.visits()), world.run_states()) == (visits, ["cancelled"])
    assert world.rows("select reason from run") == [("erased",)]
    verdict = audit_check.check(world.store, Heads(tmp_path / "audit.json"))
    assert verdict is not None
    assert verdict.broken is None
    assert verdict.erased
    [only] = [row.id for row in world.ask(workflows.listed) if "(erased)" in row.name]
    assert world.ask(workflows.draft, only).graph.audience["value"] == "(erased)"


def test_others_keep_what_is_theirs(world, zephyrine):
    """An address that only ends like the erased one, and people of the same city, are untouched."""
    other = world.contact("Dia", last_name="Zephyrine", email=f"dia{EMAIL}", phone=WHO["phone"])
    world.do(notes.add, other, f"Writes from dia{EMAIL}")
    erasing.erase(world.store, zephyrine)
    found = world.record(other)
    assert (found["email"], found["phone"]) == (f"dia{EMAIL}", WHO["phone"])
    assert world.rows(f"select text from note where record_id = {other.id}") == [
        (f"Writes from dia{EMAIL}",)
    ]


def test_a_list_does_not_bring_back_who_was_erased(world, zephyrine, tmp_path):
    """A row with an erased address is refused, nothing of it is kept, and by hand it is allowed."""
    erasing.erase(world.store, zephyrine)
    done = brought(world, tmp_path, f"Zephyrine,,{EMAIL},8 Marmalade Mews")
    assert (done.created, done.skipped, done.verdicts[0].reason) == (0, 1, forgotten.WHY)
    assert found_in(world, EMAIL, "Marmalade") == set()
    back = world.contact("Zephyrine", email=EMAIL)
    assert world.ask(messages.refusal, world.record(back), transactional=False) == "suppressed"
    world.do(forgotten.let_back, "email", EMAIL)
    assert world.ask(messages.refusal, world.record(back), transactional=False) == ""


def test_what_waits_is_not_sent_any_more(world, zephyrine):
    """A message that no server was asked to keep is cancelled, one in doubt is not sent again."""
    for number, state in enumerate(("held", "ready", "retry", "claimed", "sending"), start=100):
        world.do(_copied, number, state)
    _put(world, "doubt", 1)
    sent = len(world.mail.letters)
    erasing.erase(world.store, zephyrine)
    said = world.rows("select distinct state, reason, text, address from outbox")
    assert said == [("failed", "erased", "", "")]
    world.turn(days=3)
    assert len(world.mail.letters) == sent


def test_a_message_at_the_server_is_settled_first(world, zephyrine):
    """While a server takes a message over the rest waits for it; the engine then ends it."""
    _put(world, "dot")
    outcome = erasing.erase(world.store, zephyrine)
    assert outcome.waits
    assert world.rows("select state from outbox") == [("dot",)]
    world.do(lambda work: work.connection.execute(update(outbox).values(state="sent", token=None)))
    world.clock.advance(minutes=2)
    world.tick()
    assert world.ask(privacy.unfinished) == []
    assert found_in(world, *SECRETS) == set()
    assert world.rows("select state from outbox") == [("sent",)]


def test_an_erasure_that_was_interrupted_is_ended_by_the_engine(world, zephyrine):
    """What only began is gone on with a while later, to the same end."""
    world.do(erasing.begin, zephyrine)
    assert found_in(world, *SECRETS)
    world.turn(minutes=11)
    assert found_in(world, *SECRETS) == set()


def test_a_name_that_somebody_else_has_stays_in_others_texts(world, zephyrine):
    """Only what could be nobody else is taken out of other people's notes."""
    world.contact("Zephyrine", last_name="O’Quirk-Müller", email="other@example.org")
    assert world.ask(privacy.held, zephyrine).name_shared
    erasing.erase(world.store, zephyrine)
    [[text]] = world.rows("select text from note where text like 'Knows%'")
    assert text == f"Knows {FULL}, (erased)"


def _put(world, state, number=1):
    later = world.clock.now() + timedelta(minutes=5)
    values = {"state": state, "token": "x", "claimed_until": later, "due_at": later}
    values["doubted_at"] = world.clock.now()
    put = update(outbox).where(outbox.c.id == number).values(values)
    world.do(lambda work: work.connection.execute(put))


def _copied(work, number, state):
    row = dict(work.connection.execute(select(outbox)).mappings().first())
    work.change(RowAdded("outbox", {**row, "id": number, "key": str(number), "state": state}))


def test_data_stays_data_whatever_is_taken_out_of_it(world):
    """A telephone number that is also an amount goes from texts, not from the amounts."""
    ana = world.contact("Ana", phone="200000")
    deal = world.deal("Roof", amount=100_000)
    world.do(deals.update, deal, {"amount": 200_000})
    world.do(notes.add, deal, "Call 200000 about it")
    erasing.erase(world.store, ana)
    said = [line.text for line in world.ask(timeline.lines, deal)]
    assert "Amount changed from 100,000 to 200,000" in said
    assert world.rows("select text from note") == [("Call (erased) about it",)]
