"""A database that was copied or restored does not send by itself."""

import asyncio
import shutil

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.engine.installation import recognise
from rally_desktop.engine.outbox import Outbox
from rally_desktop.model.backup import back_up_file
from rally_desktop.model.graph import Step
from rally_desktop.model.opening import database_file
from rally_desktop.model.store import Store
from rally_desktop.outside.marks import Marks
from rally_desktop.services import installation, outbox, settings, templates
from tests.world import World

# A server tells its copies apart by itself.
in_a_file = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def marks(tmp_path):
    """What this computer remembers."""
    return Marks(tmp_path / "remembered" / "offices.json")


@pytest.fixture
def office(world):
    """An office with a message that waits."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    world.contact("Ana", email="ana@example.org")
    world.heart.tick()
    return world


@pytest.fixture
def copied(office, marks, tmp_path):
    """A copy of the office's file, made by hand while nobody worked."""
    recognise(office.store, marks)
    office.store.close()
    path = shutil.copyfile(database_file(str(office.store.engine.url)), tmp_path / "copy.rally")
    store = Store.open(f"sqlite:///{path}", office.clock)
    yield World(store, office.clock)
    store.close()


def sent(world):
    """How many messages go out now."""
    return asyncio.run(Outbox(world.store, lambda _: world.mail).send_due())


def test_an_office_that_stays_where_it_is_sends_on(office, marks):
    """Started again and again on the same computer, sending is never locked."""
    for _ in range(3):
        recognise(office.store, marks)
        assert office.ask(installation.locked) == ""

    assert sent(office) == 1


@in_a_file
def test_an_older_copy_of_the_same_file_is_locked(office, copied, marks):
    """The office went on since the copy was made: the copy holds what has gone out already."""
    recognise(office.store, marks)
    recognise(copied.store, marks)

    assert copied.ask(installation.locked) == installation.COPIED
    assert (sent(copied), sent(office)) == (0, 1)


@in_a_file
def test_a_backup_that_is_restored_is_locked(office, marks, tmp_path):
    """Even one that was made since the engine began: it says of itself that it is a copy."""
    recognise(office.store, marks)
    path = back_up_file(office.store.engine, tmp_path / "backup.rally")
    assert sent(office) == 1

    restored = Store.open(f"sqlite:///{path}", office.clock)
    recognise(restored, marks)
    assert restored.read(installation.locked) == installation.COPIED
    restored.close()


@in_a_file
def test_a_copy_on_another_computer_is_locked(copied, tmp_path):
    """A computer that never sent for this office does not begin by itself."""
    recognise(copied.store, Marks(tmp_path / "elsewhere.json"))

    assert sent(copied) == 0


def test_a_crash_between_mark_and_database_locks_nothing(office, marks, monkeypatch):
    """Stopped after the mark was written and before the database, the office is still itself."""
    recognise(office.store, marks)
    with monkeypatch.context() as broken:
        broken.setattr(office.store, "write_patiently", lambda service: None)
        broken.setattr(marks, "write", _only_first(marks.write))
        recognise(office.store, marks)

    recognise(office.store, marks)
    assert office.ask(installation.locked) == ""


def _only_first(write):
    calls = []
    return lambda *given: calls.append(given) or (write(*given) if len(calls) == 1 else None)


@in_a_file
def test_a_person_unlocks_a_copy_and_what_waited_is_in_doubt(copied, tmp_path):
    """From now on it sends, as an office of its own; what may have gone out is asked for."""
    elsewhere = Marks(tmp_path / "elsewhere.json")
    recognise(copied.store, elsewhere)
    before = copied.ask(settings.get, "epoch")

    assert copied.do(installation.unlock) == 1
    recognise(copied.store, elsewhere)

    assert copied.ask(settings.get, "epoch") != before
    assert sent(copied) == 0
    (doubt,) = copied.ask(outbox.doubts)
    copied.do(outbox.decide, doubt.id, sent=False)
    assert sent(copied) == 1
    with pytest.raises(Refused, match="not locked"):
        copied.do(installation.unlock)


@pytest.mark.slow
def test_a_database_restored_on_a_server_is_locked(postgres_server, postgres_url, clock, marks):
    """What was restored under another name or on another server is another database."""
    store = Store.open(postgres_url, clock)
    office = World(store, clock)
    recognise(store, marks)
    recognise(store, marks)
    assert office.ask(installation.locked) == ""
    store.close()

    name = postgres_url.partition("@/")[2].partition("?")[0]
    again = Store.open(postgres_server.create(f"{name}_restored", name), clock)
    recognise(again, marks)
    assert again.read(installation.locked) == installation.COPIED
    again.close()
    postgres_server.drop(f"{name}_restored")
