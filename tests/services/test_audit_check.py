"""The check of the audit log finds whatever was done to it, and nothing where nothing was."""

from __future__ import annotations

import os
import random
import shutil
import signal
import threading

import pytest
from sqlalchemy import event, text

from rally_desktop.model.sqlite import driver
from rally_desktop.model.store import Store
from rally_desktop.outside.heads import Heads
from rally_desktop.services import audit, audit_check, audit_keeper, contacts


@pytest.fixture
def heads(tmp_path):
    """Where this computer keeps how far it saw the chain."""
    return Heads(tmp_path / "audit.json")


@pytest.fixture
def busy(world):
    """An office in which a few things happened."""
    ana = world.contact("Ana")
    for department in ("Sales", "Support", "Care"):
        world.do(contacts.update, ana, {"department": department})
    return world


def tamper(world, *statements):
    """Do what somebody does who has the file, or is the server's master."""
    if world.store.engine.dialect.name == "sqlite":
        file = driver().connect(world.store.engine.url.database, isolation_level=None)
        guards = file.execute("select name from sqlite_schema where type = 'trigger'").fetchall()
        for statement in (*(f"drop trigger {name}" for (name,) in guards), *statements):
            file.execute(statement)
        file.close()
        return
    with world.store.engine.begin() as open_:
        for statement in ("set local session_replication_role = replica", *statements):
            open_.execute(text(statement))


def found(world, heads):
    """What the check says is wrong; None where nothing is."""
    broken = audit_check.check(world.store, heads).broken
    return broken and broken.kind


LAST = "(select max(id) from activity)"
LINK = "(select max(id) from audit_link)"
FORGED = (
    "insert into activity (id, at, kind, record_kind, record_id, detail)"
    " values (99999, 1, 'deleted', 'contact', 1, '{}')"
)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        (f"update activity set detail = '{{}}' where id = {LAST} - 1", "changed"),
        (f"update activity set user_id = 7 where id = {LAST} - 1", "changed"),
        (f"update activity set at = at - 1 where id = {LAST} - 1", "changed"),
        (f"update activity set record_id = record_id + 1 where id = {LAST} - 1", "changed"),
        (f"delete from activity where id = {LAST} - 1", "missing"),
        (f"delete from audit_link where id = {LINK} - 1", "missing"),
        (FORGED, "cut"),
        (f"update audit_link set at = at + 1 where id = {LINK} - 1", "link"),
        (f"update audit_link set digest = '' where id = {LINK} - 1", "link"),
    ],
)
def test_each_way_to_tamper_is_found(busy, heads, statement, kind):
    """One statement by whoever has the database, and the check says what was done."""
    assert found(busy, heads) is None
    tamper(busy, statement)
    assert found(busy, heads) == kind


def test_a_line_put_before_others_is_found(busy, heads):
    """A line with a number that was never given out is held by no link."""
    tamper(busy, FORGED.replace("99999", "-5"))
    assert found(busy, heads) == "added"


def test_a_tail_that_was_cut_off_is_found(busy, heads):
    """Lines and links gone from the end are missed, since this computer saw them."""
    assert audit_check.advance(busy.store, heads)
    links = f"delete from audit_link where id = {LINK}"
    tamper(busy, links, f"delete from activity where id = {LAST}")
    assert found(busy, heads) in ("cut", "older")
    assert not audit_check.advance(busy.store, heads)


def test_a_log_that_was_written_anew_is_found(busy, heads):
    """Whoever changes a line and works the whole chain out again is betrayed by the kept head."""
    assert audit_check.advance(busy.store, heads)
    tamper(busy, "delete from activity", "delete from audit_link", *_forgotten_numbers(busy))
    busy.contact("Ben")
    for _ in range(20):
        busy.contact()
    assert found(busy, heads) == "replaced"


def _forgotten_numbers(world):
    sqlite = world.store.engine.dialect.name == "sqlite"
    return ["delete from sqlite_sequence where name = 'audit_link'"] if sqlite else []


def test_an_older_copy_is_found_and_may_be_accepted(sqlite_url, clock, heads, tmp_path):
    """A copy put back ends before what was seen; once that is said to be right, it is."""
    store, path = Store.open(sqlite_url, clock), sqlite_url.removeprefix("sqlite:///")
    store.write(contacts.create, {"first_name": "Ana"}, ())
    store.close()
    copy = shutil.copyfile(path, tmp_path / "copy")
    store = Store.open(sqlite_url, clock)
    store.write(contacts.create, {"first_name": "Ben"}, ())
    assert audit_check.advance(store, heads)
    store.close()
    shutil.copyfile(copy, path)
    store = Store.open(sqlite_url, clock)
    assert audit_check.check(store, heads).broken.kind == "older"
    audit_check.accept(store, heads)
    assert audit_check.check(store, heads).broken is None
    store.close()


def test_what_was_erased_does_not_hide_what_was_changed(busy, heads):
    """After an erasure the rest is still looked at; an erased line's time counts, too."""
    (ana,) = busy.rows("select id from contact")[0]
    ben = busy.contact("Ben")
    busy.do(audit.forget, ben._replace(id=ana))
    verdict = audit_check.check(busy.store, heads)
    assert (verdict.broken, verdict.erased) == (None, 4)
    tamper(busy, f"update activity set at = at - 1 where record_id = {ana} and kind = 'created'")
    assert found(busy, heads) == "changed"


def test_it_can_be_called_off(busy, heads):
    """Whoever is tired of waiting gets no verdict."""
    assert audit_check.check(busy.store, heads, stopped=lambda: True) is None


@pytest.mark.slow
def test_two_writers_on_a_server_make_one_chain(postgres_url, clock, heads):
    """Two desktops that write at once, each with numbers of its own, seal one after the other."""
    stores = [Store.open(postgres_url, clock) for _ in range(2)]

    def write(store, tag):
        for _ in range(40):
            store.write(contacts.create, {"first_name": "Ana"}, (tag,))

    tags = ("vip", "friend")
    threads = [threading.Thread(target=write, args=each) for each in zip(stores, tags, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = audit_check.check(stores[0], heads)
    assert (verdict.broken, verdict.links) == (None, 80)
    for store in stores:
        store.close()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_two_hundred_crashes_leave_a_chain_that_holds(sqlite_url, clock, heads):
    """Whatever statement a program dies at, the lines that are there are the links that are."""
    chance, store = random.Random(7), Store.open(sqlite_url, clock)
    for number in range(200):
        store.engine.dispose()
        last = chance.randrange(40)
        if (child := os.fork()) == 0:
            _write_and_die(store, last)
        assert os.waitpid(child, 0)[1] == signal.SIGKILL
        if number % 50 == 49:
            assert audit_check.check(store, heads).broken is None
            assert audit_check.advance(store, heads)
    store.close()


def _write_and_die(store, left):
    """Write, in a process of its own, until it is killed before a statement."""

    @event.listens_for(store.engine, "before_cursor_execute")
    def count(*_):
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    while True:
        ref = store.write(contacts.create, {"first_name": "Ana"}, ("vip",))
        store.write(contacts.update, ref, {"department": "Sales"})


def test_where_it_stands_is_kept_while_the_program_runs_and_told_once_it_parts(busy, heads):
    """At its end the keeper has the newest link; where that is gone later, it says so once."""
    told = []
    audit_keeper.HeadKeeper(busy.store, heads, lambda: told.append(1)).close()
    assert told == []
    last = busy.rows("select max(id) from audit_link")[0][0]
    assert heads.read(busy.store.url, "").number == last
    tamper(busy, f"delete from audit_link where id = {LINK}")
    audit_keeper.HeadKeeper(busy.store, heads, lambda: told.append(1)).close()
    assert told == [1]
