"""A person is erased everywhere: nothing that says who it was is left, and nothing else is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from rally_desktop.engine import erasing
from rally_desktop.model.graph import Graph, Step
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import metadata
from rally_desktop.services import (
    calls,
    contacts,
    drafts,
    forgotten,
    grid,
    imports,
    meetings,
    merge_records,
    messages,
    notes,
    settings,
    tasks,
    templates,
    users,
    views,
    workflows,
)
from rally_desktop.services.drafts import Basis, Entry, History, Page
from rally_desktop.services.import_result import Options
from rally_desktop.services.views import Layout

pytestmark = pytest.mark.slow

WHO = {
    "first_name": "Zephyrine",
    "last_name": "O\u2019Quirk-M\u00fcller",
    "email": "zephyrine@quirk.example.org",
    "phone": "+44 20 7946 0187",
    "mobile": "+44 7700 900187",
    "linkedin": "linkedin.com/in/zquirk",
    "street": "7 Marmalade Mews",
    "title": "Keeper of otters",
}
FULL = "Zephyrine O\u2019Quirk-M\u00fcller"
# What only this person's rows say: it need not identify anybody, and goes all the same.
SECRETS = (
    "Zephyrine", "zephyrine@quirk.example.org", "zeph.old@quirk.example.org", "7946 0187", "900187", "zquirk",
    "Marmalade Mews", "Keeper of otters", "allergic to plovers", "ring about the aquarium",
    "wanted a quincunx", "tea at the orangery", "my ferret is unwell", "Pays in doubloons",
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
    import zlib

    parts = (
        zlib.decompress(value).decode() if isinstance(value, bytes) else str(value) for value in row
    )
    return " ".join(parts).replace("\\u2019", "\u2019")


def bytes_of(world):
    """Return everything that lies in the files of the office."""
    path = Path(world.store.engine.url.database)
    parts = [path, *path.parent.glob(f"{path.name}-*")]
    return b"".join(part.read_bytes() for part in parts)


@pytest.fixture
def zephyrine(world, tmp_path):
    """A person who is everywhere: in an import, a merge, mails, runs, notes, drafts, filters."""
    world.mailbox()
    world.do(
        templates.save,
        "Hello",
        subject="Dear {{ contact.first_name }}",
        text="About {{ contact.street }}",
    )
    world.publish(
        Step("s", "send_email", {"template": "Hello"}),
        Step("w", "wait", {"amount": 9, "unit": "days"}),
    )
    path = tmp_path / "people.csv"
    path.write_text(
        "First name,Last name,E-mail,Street\n"
        "Zephyrine,O\u2019Quirk-M\u00fcller,zeph.old@quirk.example.org,7 Marmalade Mews\n"
        "Zephyrine,broken,zephyrine@quirk.example.org at home,Pays in doubloons\n",
        encoding="utf-8",
    )
    imports.import_file(world.store, path, options=Options())
    [number] = world.ask(grid.ids, "contact", grid.Query())
    ref = Ref("contact", number)
    world.turn(minutes=1)
    world.do(contacts.update, ref, WHO)
    imports.import_file(world.store, _again(tmp_path), options=Options(overwrite=True))
    world.turn(hours=30)
    twin = world.contact(
        "Zephyrine", last_name="Quirk", email="zq@quirk.example.org", title="Keeper of otters"
    )
    world.do(notes.add, twin, "Pays in doubloons")
    world.do(merge_records.merge, ref, twin)
    world.do(
        messages.receive,
        ref,
        sender=f"{FULL} <{WHO['email']}>",
        subject="Hm",
        text="my ferret is unwell",
    )
    world.do(notes.add, ref, "allergic to plovers")
    world.do(tasks.create, ref, title="ring about the aquarium")
    world.do(
        calls.log, ref, direction="out", outcome="connected", seconds=60, text="wanted a quincunx"
    )
    world.do(meetings.plan, ref, title="tea at the orangery", starts_at=world.clock.now())
    ben = world.contact("Ben", last_name="Berg")
    world.do(notes.add, ben, f"Knows {FULL}, zephyrine@QUIRK.example.org")
    deal = world.deal(f"{FULL}: aquarium", contact_id=ref.id)
    world.do(notes.add, deal, f"call +44 20 7946 0187")
    world.do(_notify, ref)
    filter_ = {"field": "email", "op": "is", "value": WHO["email"]}
    world.do(views.add, "contacts", f"Only {FULL}", Layout(("name",), filter_, "name", False))
    flow = Graph("Only one", audience=filter_, steps={"a": Step("a", "wait")}, start="a")
    made = world.do(workflows.create, flow)
    page = Page("a" * 16, "Anna", "desk", 1)
    after = flow.with_(name=f"For {FULL}")
    from rally_desktop.model.patch import Patch

    history = History(1, 1, (Entry("Rename", Patch.between(flow, after)),))
    world.do(drafts.save, made, after, Basis(page, 1, 1), history=history)
    world.do(settings.put, "remembered", {"last": WHO["email"]})
    world.do(lambda work: world_suppress(work))
    return ref


def _again(tmp_path):
    path = tmp_path / "again.csv"
    path.write_text(
        f"First name,Last name,E-mail,Street\nZephyrine,O\u2019Quirk-M\u00fcller,{WHO['email']},8 Marmalade Mews\n",
        encoding="utf-8",
    )
    return path


def _notify(work, ref):
    from rally_desktop.model.changes import Notified

    user = users.listed(work)[0]
    work.change(Notified(ref, work.new_id("notification"), user.id, user.name, f"{FULL} wrote"))


def world_suppress(work):
    from rally_desktop.model.changes import RowAdded

    row = {
        "channel": "email",
        "address": "zephyrine@quirk.example.org",
        "reason": "unsubscribed",
        "at": work.now,
    }
    work.change(RowAdded("suppression", row))


def test_nothing_that_says_who_it_was_is_left(world, zephyrine):
    """After an erasure no table, and no byte of the files, says anything of the person."""
    before = found_in(world, *SECRETS)
    assert {needle for _, needle in before} == set(SECRETS)
    print(sorted({t for t, _ in before}))
    outcome = erasing.erase(world.store, zephyrine)
    assert found_in(world, *SECRETS) == set()
    assert (outcome.waits, outcome.wiped) == (False, True)
    if world.store.engine.dialect.name == "sqlite":
        kept = bytes_of(world).lower()
        assert [one for one in SECRETS if one.lower().encode() in kept] == []


def test_a_list_does_not_bring_back_who_was_erased(world, zephyrine, tmp_path):
    """A row with an erased address is refused, nothing of it is kept, and by hand it is allowed."""
    erasing.erase(world.store, zephyrine)
    done = imports.import_file(world.store, _again(tmp_path), options=Options())
    assert (done.created, done.skipped, done.verdicts[0].reason) == (0, 1, forgotten.WHY)
    assert found_in(world, WHO["email"], "Marmalade") == set()
    back = world.contact("Zephyrine", email=WHO["email"])
    assert world.ask(messages.refusal, world.record(back), transactional=False) == "suppressed"
    world.do(forgotten.let_back, "email", WHO["email"])
    assert world.ask(messages.refusal, world.record(back), transactional=False) == ""
