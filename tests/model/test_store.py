"""The one door to the data: all or nothing, and everybody who shows it hears of it."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError

from rally_desktop.core.errors import DatabaseUnusable, NotFound
from rally_desktop.model.changes import RowRemoved
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import MOST_ATTEMPTS, Store, WriterLock
from rally_desktop.services import contacts, deals, records, settings, users


def heard(store, service, *args):
    """The tables that listeners hear of when a service runs."""
    told = []
    forget = store.listen(told.append)
    store.write(service, *args)
    forget()
    return told


def test_listeners_hear_which_tables_changed(store):
    """After a commit, everybody hears the names of the tables, on the thread that wrote."""
    threads = []
    store.listen(lambda tables: threads.append(threading.current_thread()))
    assert heard(store, users.add, "Maria") == [frozenset({"user_account", "activity"})]
    assert threads == [threading.current_thread()]


def test_an_error_of_the_database_tells_nobody_what_was_written(store):
    """What goes into a log has the statement, and no name, address or text of anybody."""

    def write(work):
        work.connection.execute(text("insert into nowhere values (:who)"), {"who": "ana@home.org"})

    with pytest.raises(DBAPIError) as error:
        store.write(write)
    assert "nowhere" in str(error.value)
    assert "ana@home.org" not in str(error.value)


def test_who_stopped_listening_hears_nothing(store):
    """A listener that was taken away is left alone."""
    told = []
    store.listen(told.append)()
    store.write(users.add, "Maria")
    assert told == []


def test_listeners_find_what_they_heard_of(store):
    """When they are told, the change can be read already."""
    found = []
    store.listen(lambda tables: found.append(store.read(users.listed)))
    store.write(users.add, "Maria")
    assert [user.name for user in found[0]] == ["Maria"]


def test_a_write_that_fails_leaves_nothing(store):
    """A service that raises has done nothing, and nobody hears of it."""
    told = []
    store.listen(told.append)

    def service(work):
        users.add(work, "Maria")
        raise NotFound("Gone")

    with pytest.raises(NotFound, match="Gone"):
        store.write(service)
    assert (store.read(users.listed), told) == ([], [])


def test_after_a_failure_one_can_write_again(store):
    """A failed write does not keep the next one waiting."""

    def service(work):
        raise ZeroDivisionError

    for _ in range(20):
        with pytest.raises(ZeroDivisionError):
            store.write(service)
    store.write(users.add, "Maria")
    assert len(store.read(users.listed)) == 1


def test_what_a_read_changes_is_thrown_away(store):
    """A query may pretend; the database does not hear of it."""
    store.read(users.add, "Maria")
    assert store.read(users.listed) == []


def test_a_change_of_nothing_writes_nothing(world):
    """Setting what is so already makes no line, and nobody is told."""
    ana = world.contact(city="Porto", tags=("VIP",))
    roof = world.deal()
    before = world.happened(ana)
    assert heard(world.store, contacts.update, ana, {"city": " Porto "}) == []
    assert heard(world.store, records.add_tag, ana, "vip") == []
    assert heard(world.store, deals.move, roof, "New") == []
    assert world.happened(ana) == before


def test_numbers_are_never_used_again(world):
    """A row that went does not leave its number to another."""
    last = world.user("Maria")
    world.do(lambda work: work.change(RowRemoved("user_account", last)))
    assert world.user("Tom") > last


def test_a_second_door_goes_on_counting(store, clock, database):
    """Another program with the same office gives out numbers of its own."""
    other = Store.open(database, clock)
    first = [store.write(users.add, name) for name in ("Maria", "Tom")]
    second = other.write(users.add, "Eva")
    third = store.write(users.add, "Ida")
    other.close()
    assert len({*first, second, third}) == 4


def test_the_time_is_the_clocks(store, clock):
    """All that happens in one transaction happens at one moment, the clock's."""
    assert store.read(lambda work: work.now) == clock.now()


def test_the_address_is_shown_without_a_password(store):
    """Where the data is can be shown to anybody."""
    assert store.url.startswith(("sqlite:///", "postgresql"))
    address = make_url("postgresql+psycopg://ana:secret@server/office")
    engine = create_engine(address)
    assert Store(engine, store.clock).url == "postgresql+psycopg://ana:***@server/office"
    engine.dispose()


def test_two_threads_may_write_at_once(world):
    """Every one of many counts from many threads counts."""
    world.do(settings.put, "count", 0)
    if not world.store.url.startswith("sqlite"):
        pytest.skip("On a server the number would be locked in the database.")

    def count():
        for _ in range(10):
            world.store.write(settings.count_up, "count")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.ask(settings.get, "count") == 40


def test_reading_does_not_wait_for_a_writer(world):
    """While one writes, others read what was there before."""
    ana = world.contact()

    def service(work):
        contacts.update(work, ana, {"city": "Porto"})
        return world.record(ana)["city"]

    assert world.do(service) == ""
    assert world.record(ana)["city"] == "Porto"


def test_the_screen_goes_before_the_engine():
    """Whoever sits at the screen is let in first, even where the engine came first."""
    lock, order, waiting = WriterLock(), [], []

    def write(name, patient):
        waiting.append(name)
        with lock.held(patient=patient):
            order.append(name)

    threads = [
        threading.Thread(target=write, args=("engine", True)),
        threading.Thread(target=write, args=("screen", False)),
    ]
    with lock.held(patient=False):
        for thread in threads:
            thread.start()
            _until(lambda: len(waiting) == 1 + threads.index(thread))  # noqa: B023
        _until(lambda: lock._screen_waiting == 1)
    for thread in threads:
        thread.join()
    assert order == ["screen", "engine"]


def _until(condition):
    deadline = threading.Event()
    for _ in range(2_000):
        if condition():
            return
        deadline.wait(0.001)
    pytest.fail("It did not come to that.")


class Answer(Exception):
    """What a database driver raises; ``sqlstate`` is PostgreSQL's code."""

    def __init__(self, text="", sqlstate=None):
        super().__init__(text)
        self.sqlstate = sqlstate


def failing(times, answer, lost=False):
    """A service that the database refuses so many times before it lets it through."""
    tries = []

    def service(work):
        tries.append(users.add(work, "Maria"))
        if len(tries) <= times:
            raise OperationalError("insert", None, answer, connection_invalidated=lost)
        return len(tries)

    return service


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
def test_another_desktop_in_the_way_is_waited_for(store, sqlstate):
    """A transaction that collided is done again from the start, and happens once."""
    assert store.write(failing(2, Answer("conflict", sqlstate))) == 3
    assert len(store.read(users.listed)) == 1


def test_a_collision_that_does_not_end_is_told(store):
    """After some tries the trouble is passed on instead of trying for ever."""
    with pytest.raises(OperationalError, match="deadlock"):
        store.write(failing(MOST_ATTEMPTS, Answer("deadlock detected", "40P01")))
    assert store.read(users.listed) == []


@pytest.mark.parametrize(
    ("text", "lost", "said"),
    [
        ("database is locked", False, "Another program is writing"),
        ("attempt to write a readonly database", False, "may only be read"),
        ("database or disk is full", False, "disk is full"),
        ("disk I/O error", False, "disk could not be read"),
        ("database disk image is malformed", False, "Restore the newest backup"),
        ("connection failed: Connection refused", False, "connection to the office's server was"),
        ("server closed the connection", True, "connection to the office's server was lost"),
    ],
)
def test_trouble_with_the_database_says_what_to_do(store, text, lost, said):
    """Whoever sits at the screen reads a sentence, whether reading or writing."""
    for door in (store.read, store.write, store.write_patiently):
        with pytest.raises(DatabaseUnusable, match=said):
            door(failing(9, Answer(text), lost))


def test_a_bug_in_a_statement_stays_a_bug(store):
    """What no person can act on is not dressed up as something they can."""
    for door in (store.read, store.write):
        with pytest.raises(DBAPIError, match="nothing_of_the_kind"):
            door(lambda work: work.connection.exec_driver_sql("select * from nothing_of_the_kind"))


def test_a_record_reads_as_a_person_would_say_it():
    """A reference in a text names the kind and the number."""
    assert f"{Ref('contact', 7)}" == "contact 7"
