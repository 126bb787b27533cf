"""What tests stand on: a clock that is turned by hand and a database of each kind."""

from __future__ import annotations

import gc
import itertools
import os
import shutil

# Before anything imports Qt or the keyring: no window opens, no real password is touched.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

from datetime import UTC, datetime
from functools import partialmethod

import hypothesis
import pytest
from pytestqt.qtbot import QtBot

from rally_desktop.core.clock import ManualClock
from rally_desktop.model.opening import open_database
from rally_desktop.model.store import Store
from rally_desktop.services import office as offices
from tests import statements
from tests.postgres import running_server
from tests.world import World

TEMPLATE = "rally_template"
PATIENCE_MS = 45_000  # until something never comes; a busy machine takes its time
ON_BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]

# These machines are shared: how long an example takes says nothing about the code.
hypothesis.settings.register_profile("rally", deadline=None, print_blob=True)
hypothesis.settings.load_profile("rally")

_numbers = itertools.count(1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Collect what a test with Qt leaves over on this thread, once nothing holds it any more.

    As in the program: a timer that dies on another thread takes the next test with it.
    """
    if "qapp" not in item.fixturenames:
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect(1)
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Begin with the longest, those with a timeout of their own: none is left over at the end."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish():
    """Leave what lasts as long as the run, ten thousand tests of it, out of every collection."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def shared_statements():
    """Compile each statement once in a run, not once in each test."""
    with pytest.MonkeyPatch.context() as patch:
        statements.share(patch)
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    """Keep the files of whoever runs the tests out of them."""
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for name in ("HOME", "USERPROFILE", "APPDATA", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home))
    return home


@pytest.fixture(autouse=True)
def nothing_logged(caplog):
    """Fail a test that logs a warning or worse; one that means to calls ``caplog.clear()``."""
    yield
    for phase in ("setup", "call"):
        for record in caplog.get_records(phase):
            if record.levelname in ("WARNING", "ERROR", "CRITICAL"):
                pytest.fail(f"{record.name} logged {record.levelname}: {record.getMessage()}")


class PatientBot(QtBot):
    """Waits for what comes, not for a time: how long that takes says nothing about the code."""

    waitUntil, waitSignal, waitSignals, waitExposed, waitActive = (
        partialmethod(wait, timeout=PATIENCE_MS)
        for wait in (
            QtBot.waitUntil,
            QtBot.waitSignal,
            QtBot.waitSignals,
            QtBot.waitExposed,
            QtBot.waitActive,
        )
    )


@pytest.fixture
def qtbot(qapp, request):
    """What works the screen and waits for it."""
    return PatientBot(request)


@pytest.fixture
def clock():
    """Tuesday, the second of June 2026, nine o'clock in UTC."""
    return ManualClock(datetime(2026, 6, 2, 9, tzinfo=UTC))


@pytest.fixture(scope="session")
def postgres_server():
    """A PostgreSQL server that lives as long as the test run.

    To make and to drop a database it looks through all its buffers, so it has few.
    """
    with running_server("shared_buffers=16MB") as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server):
    """A database with the newest schema and nothing in it, to be copied."""
    open_database(postgres_server.create(TEMPLATE)).dispose()
    return TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A file with the newest schema and nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "template.rally"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path):
    """The address of an empty office in a file."""
    path = shutil.copyfile(sqlite_template, tmp_path / "office.rally")
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server, postgres_template):
    """The address of an empty office on the server."""
    name = f"office_{next(_numbers)}"
    yield postgres_server.create(name, postgres_template)
    postgres_server.drop(name)


@pytest.fixture(params=ON_BOTH)
def database(request):
    """The address of an empty office, once on SQLite and once on PostgreSQL."""
    fixture = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return request.getfixturevalue(fixture)


@pytest.fixture(params=ON_BOTH)
def empty_database(request, tmp_path):
    """The address of a database without any table, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.rally'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"empty_{next(_numbers)}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
def store(database, clock):
    """An empty office on either database, its clock turned by hand."""
    opened = Store.open(database, clock)
    yield opened
    opened.close()


@pytest.fixture
def world(store, clock):
    """An office with its lists and pipeline, and short ways to fill it."""
    store.write(offices.found)
    return World(store, clock)
