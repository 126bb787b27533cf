"""The engine's thread: awake when something happens, still when nothing does, truthful always."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest

from rally_desktop.core.errors import SendFailed
from rally_desktop.engine import thread as threads
from rally_desktop.engine.thread import EngineThread, Report
from rally_desktop.model.graph import Step
from rally_desktop.services import contacts, templates, workflows

pytestmark = pytest.mark.slow

TAG = Step("tag", "add_tag", {"tag": "Seen"})
WAIT = Step("wait", "wait", {"amount": 2, "unit": "days"})
PATIENCE = 20.0  # seconds; nothing here takes a tenth of one


@pytest.fixture
def engine(world, monkeypatch):
    """A running engine that hands messages to the memory carrier and never looks by itself."""
    monkeypatch.setattr(threads, "LONGEST_NAP", 3600.0)
    monkeypatch.setattr(threads.sys, "setswitchinterval", lambda seconds: None)
    made = EngineThread(world.store, lambda account: world.mail)
    made.start()
    yield made
    made.stop(PATIENCE)
    assert not made._thread.is_alive()


def test_a_commit_elsewhere_wakes_it(world, engine):
    """Whatever is written on another thread is looked at without anybody asking."""
    assert engine.wait_until_idle(PATIENCE)
    seen = threading.Event()
    world.store.listen(lambda tables: seen.set() if "run" in tables else None)
    world.publish(TAG)
    ana = world.contact()
    assert seen.wait(PATIENCE)
    assert world.record(ana)["tags"] == {"Seen"}


def test_a_turned_clock_is_followed(world, engine):
    """After the clock is turned and the engine woken, everything due by then is done."""
    world.publish(WAIT, TAG)
    ana = world.contact()
    assert engine.wait_until_idle(PATIENCE)
    assert world.record(ana)["tags"] == set()
    for _ in range(2):
        world.clock.advance(days=1, minutes=1)
        engine.wake()
        assert engine.wait_until_idle(PATIENCE)
    assert world.record(ana)["tags"] == {"Seen"}


def test_idle_means_that_all_is_done(world, engine):
    """Whenever it says that it is idle, every line was looked at and every run moved."""
    world.publish(TAG)
    for number in range(20):
        ana = world.contact(f"C{number}")
        assert engine.wait_until_idle(PATIENCE)
        assert world.record(ana)["tags"] == {"Seen"}
        assert world.rows("select count(*) from event_queue") == [(0,)]


def test_a_turned_clock_counts_even_unsaid(world, engine):
    """Asking whether it is idle after a turn of the clock waits for what that made due."""
    world.publish(WAIT, TAG)
    ana = world.contact()
    assert engine.wait_until_idle(PATIENCE)
    world.clock.advance(days=3)
    assert engine.wait_until_idle(PATIENCE)
    assert world.record(ana)["tags"] == {"Seen"}


def test_messages_go_out(world, engine):
    """What a step decided is handed over, and the report counts it."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    world.contact(email="ana@example.org")
    assert engine.wait_until_idle(PATIENCE)
    assert len(world.mail.letters) == 1
    assert (engine.report.started, engine.report.sent) == (1, 1)


def test_a_message_to_be_tried_again_is_tried_when_its_time_comes(world, engine):
    """A server that says «later» is asked again a minute on, and not before."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(Step("mail", "send_email", {"template": "Welcome"}))
    world.mail.fail("before", SendFailed("451 later"))
    world.contact(email="ana@example.org")
    assert engine.wait_until_idle(PATIENCE)
    assert world.mail.letters == []
    world.clock.advance(minutes=1)
    assert engine.wait_until_idle(PATIENCE)
    assert len(world.mail.letters) == 1


def test_it_tells_how_it_is(world):
    """Who listens hears when it works and when it is idle again, each change once."""
    heard = []
    engine = EngineThread(world.store, lambda account: world.mail, heard.append)
    assert engine.report == Report("starting")
    world.publish(TAG)
    world.contact()
    engine.start()
    assert engine.wait_until_idle(PATIENCE)
    engine.stop(PATIENCE)
    assert [one.state for one in heard[:1]] == ["working"]
    assert heard[-1].started == 1
    assert all(one != after for one, after in pairwise(heard))


def test_stopping_ends_it_for_good(world):
    """After stop() the thread is gone, and nothing that is written moves any more."""
    engine = EngineThread(world.store, lambda account: world.mail)
    engine.start()
    engine.stop(PATIENCE)
    assert not engine._thread.is_alive()
    world.publish(TAG)
    ana = world.contact()
    engine.wake()
    assert not engine.wait_until_idle(0.01)
    assert world.record(ana)["tags"] == set()


def test_what_is_due_when_it_starts_is_done_at_once(world, engine):
    """The first look needs nobody to ask for it, and idle is not said before it."""
    engine.stop(PATIENCE)
    world.publish(TAG)
    ana = world.contact()
    other = EngineThread(world.store, lambda account: world.mail)
    assert not other.wait_until_idle(0.01)
    other.start()
    assert other.wait_until_idle(PATIENCE)
    other.stop(PATIENCE)
    assert world.record(ana)["tags"] == {"Seen"}


def test_trouble_is_told_and_it_goes_on_afterwards(world, engine, monkeypatch, caplog):
    """While the database cannot be read the report says so; once it can, work goes on."""
    assert engine.wait_until_idle(PATIENCE)
    world.publish(TAG)
    real = engine._heart.tick

    def broken(*_):
        raise SendFailed("The disk does not answer.")

    monkeypatch.setattr(engine._heart, "tick", broken)
    told = threading.Event()
    engine._listener = lambda report: told.set() if report.state == "trouble" else None
    ana = world.contact()
    assert told.wait(PATIENCE)
    assert not engine.wait_until_idle(0.05)
    assert (engine.report.state, engine.report.trouble) == (
        "trouble", "The disk does not answer.",
    )  # fmt: skip
    monkeypatch.setattr(engine._heart, "tick", real)
    assert engine.wait_until_idle(PATIENCE)
    assert world.record(ana)["tags"] == {"Seen"}
    assert engine.report.trouble == ""
    caplog.clear()


def test_many_threads_may_wake_it(world, engine):
    """However many write at once, each of their records is taken in."""
    number = world.publish(TAG)

    def write(start):
        for each in range(start, start + 5):
            world.store.write(contacts.create, {"first_name": f"C{each}"})

    writers = [threading.Thread(target=write, args=(10 * n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert engine.wait_until_idle(PATIENCE)
    assert world.rows("select count(*) from run where state = 'done'") == [(20,)]
    assert world.ask(workflows.listed)[0].id == number


def test_an_engine_that_cannot_begin_keeps_nobody_waiting(world, monkeypatch):
    """Where there is not even a loop for it, the window goes on and says that it stands still."""

    def full():
        raise OSError("Too many open files")

    monkeypatch.setattr("threading.excepthook", lambda _: None)
    monkeypatch.setattr(threads.asyncio, "Runner", full)
    engine = EngineThread(world.store, lambda account: world.mail)
    engine.start()
    engine._thread.join(PATIENCE)
    assert engine.report.state == "stopped"


def test_a_bug_that_ends_the_engine_is_shown(world, monkeypatch):
    """The thread dies of what nobody foresaw: its report says so, for the window's foot."""
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    engine = EngineThread(world.store, lambda account: world.mail)
    monkeypatch.setattr(engine._heart, "tick", lambda: 1 / 0)

    engine.start()
    engine._thread.join(PATIENCE)

    assert engine.report.state == "stopped"
    assert "Start it anew" in engine.report.trouble
