"""The index that the search looks into: FTS5 on SQLite, text vectors on PostgreSQL.

Both hold the same words (``core/words.py``) under the same numbers: the names of contacts,
companies and deals for themselves, and all that anything says. Neither keeps the texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Select,
    TableClause,
    cast,
    column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

Part = Literal["names", "said"]
# In which order kinds stand in the index: never to be changed, as it is part of every number.
CODES = {
    "contact": 1,
    "company": 2,
    "deal": 3,
    "note": 4,
    "message": 5,
    "call": 6,
    "task": 7,
    "meeting": 8,
}
TEXTS = ("note", "message", "call", "task", "meeting")  # what is written about a record
# Beginnings of how many letters an index keeps ready, from the fewest to the most; a longer one
# is put together from all words that begin so.
READY: Mapping[Part, tuple[int, int]] = {"names": (1, 4), "said": (2, 6)}
_SHIFT = 48
_PAGES = 500  # of the index that are written anew in one piece
_FORM = 2  # of the index: another one is made anew beside it


class Entry(NamedTuple):
    """The words of one thing; its names are among what it says."""

    kind: str
    id: int
    names: Sequence[str]
    said: Sequence[str]


class Word(NamedTuple):
    """The spellings that answer one word of a question; ``begins`` takes what goes on, too."""

    spellings: Collection[str]
    begins: bool = True


class Index(Protocol):
    """What both databases do."""

    def make(self, connection: Connection) -> None:
        """Make an empty index; one that is there goes."""
        ...

    def put(self, connection: Connection, entries: Collection[Entry]) -> None:
        """Read things in, in the place of what was known of them."""
        ...

    def drop(self, connection: Connection, kind: str, numbers: Iterable[int]) -> None:
        """Forget things."""
        ...

    def drop_between(self, connection: Connection, kind: str, first: int, last: int) -> None:
        """Forget a stretch of things."""
        ...

    def found(
        self, connection: Connection, part: Part, kind: str, asked: Sequence[Word], limit: int
    ) -> list[int]:
        """Return the newest things of a kind that have every word."""
        ...

    def all(self, part: Part, kind: str, asked: Sequence[Word]) -> Select[tuple[int]]:
        """Return a query for all things of a kind that have every word, in no order."""
        ...

    def count(
        self, connection: Connection, part: Part, kind: str, asked: Sequence[Word], most: int
    ) -> int:
        """Return how many things of a kind have every word, counted up to ``most``.

        Without a kind it counts all that there is.
        """
        ...

    def purge(self, connection: Connection, *, begun: bool) -> bool:
        """Write a piece of the index anew without what was forgotten; say whether more is left."""
        ...


def make(engine: Engine) -> None:
    """Make the index where there is none, and let all that is there be read in."""
    with engine.connect() as connection:
        if there(connection) or not can(connection):
            return
    with engine.connect().execution_options(rally_write=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('search index'))")
        if not there(connection):
            make_anew(connection)


def make_anew(connection: Connection) -> None:
    """Empty the index and let all that is there be read in."""
    _INDEXES[connection.dialect.name].make(connection)
    execute = connection.exec_driver_sql
    for name in ("search_pending", "search_word"):
        execute(f"delete from {name}")
    for kind in CODES:
        execute(
            f"insert into search_pending (kind, first_id, last_id) select '{kind}', min(id),"
            f' max(id) from "{kind}" having count(*) > 0'
        )


def there(connection: Connection) -> bool:
    """Say whether this database has an index, whoever can use it."""
    if connection.dialect.name == "postgresql":
        statement = f"select to_regclass('search_entry_{_FORM}')"
    else:
        statement = f"select 1 from sqlite_schema where name = 'search_names_{_FORM}'"
    return connection.exec_driver_sql(statement).scalar() is not None


def can(connection: Connection) -> bool:
    """Say whether this computer can use an index: SQLite may come without the module for it."""
    if connection.dialect.name == "postgresql":
        return True
    module = "select 1 from pragma_module_list where name = 'fts5'"
    execute = connection.exec_driver_sql
    number = execute("select sqlite_version()").scalar_one()
    recent = tuple(map(int, number.split("."))) >= Fts.SINCE
    return recent and execute(module).scalar() is not None


def at_hand(connection: Connection) -> Index | None:
    """Return the index of this database where it is there and can be used."""
    if "search index" not in connection.info:
        if not there(connection) or not can(connection):
            return None
        connection.info["search index"] = _INDEXES[connection.dialect.name]
    return connection.info["search index"]


def _place(kind: str, number: int) -> int:
    return CODES[kind] << _SHIFT | number


def _stretch(kind: str) -> tuple[int, int]:
    """Return the first and the last place of a kind, or of all where none is named."""
    if not kind:
        return 0, (len(CODES) + 1) << _SHIFT
    return _place(kind, 0), _place(kind, (1 << _SHIFT) - 1)


def _numbers(words: TableClause, kind: str) -> Select[tuple[int]]:
    place = next(iter(words.c))
    return select(place - _place(kind, 0)).where(place.between(*_stretch(kind)))


def _question(asked: Sequence[Word], quoted: str, begins: str, either: str, both: str) -> str:
    """Return a question as a database understands it; words hold no sign that means anything."""
    terms = (
        either.join(quoted.format(one) + begins * word.begins for one in word.spellings)
        for word in asked
    )
    return both.join(f"({term})" for term in terms)


class Fts:
    """SQLite's own: two tables without content, newest first whatever they hold.

    The prefixes are what makes a few letters quick; without them all words that begin so would
    be merged first. Words come in apart, so the simplest tokenizer is the right one.
    """

    SINCE = (3, 43)  # a table without content can forget

    def make(self, connection: Connection) -> None:
        """Make an empty index; one that is there goes."""
        execute = connection.exec_driver_sql
        for name, (fewest, most) in READY.items():
            ready = " ".join(map(str, range(fewest, most + 1)))
            old = "select name from sqlite_schema where sql like ?"
            for row in execute(old, (f"create virtual table search_{name}%",)).all():
                execute(f'drop table "{row[0]}"')
            execute(
                f"create virtual table search_{name}_{_FORM} using fts5(words, content='',"
                f" contentless_delete=1, detail=none, prefix='{ready}',"
                " tokenize='ascii')"
            )

    def put(self, connection: Connection, entries: Collection[Entry]) -> None:
        """Read things in, in the place of what was known of them."""
        placed = [(_place(one.kind, one.id), one) for one in entries]
        for name, rows in (
            ("names", [(place, " ".join(one.names)) for place, one in placed if one.names]),
            ("said", [(place, " ".join(one.said)) for place, one in placed]),
        ):
            if rows:
                table = f"search_{name}_{_FORM}"
                statement = f"insert or replace into {table} (rowid, words) values (?, ?)"
                connection.exec_driver_sql(statement, rows)

    def drop(self, connection: Connection, kind: str, numbers: Iterable[int]) -> None:
        """Forget things."""
        places = [(_place(kind, number),) for number in numbers]
        for name in ("names", "said") if places else ():
            statement = f"delete from search_{name}_{_FORM} where rowid = ?"
            connection.exec_driver_sql(statement, places)

    def drop_between(self, connection: Connection, kind: str, first: int, last: int) -> None:
        """Forget a stretch of things."""
        places = (_place(kind, first), _place(kind, last))
        for name in ("names", "said"):
            table = f"search_{name}_{_FORM}"
            known = f"select id from {table}_docsize where id between ? and ?"
            connection.exec_driver_sql(f"delete from {table} where rowid in ({known})", places)

    def found(
        self, connection: Connection, part: Part, kind: str, asked: Sequence[Word], limit: int
    ) -> list[int]:
        """Return the newest things of a kind that have every word."""
        rows = connection.exec_driver_sql(
            self._found(part), (self._question(asked), *_stretch(kind), limit)
        )
        return [row[0] - _place(kind, 0) for row in rows]

    def all(self, part: Part, kind: str, asked: Sequence[Word]) -> Select[tuple[int]]:
        """Return a query for all things of a kind that have every word, in no order."""
        words = table(f"search_{part}_{_FORM}", column("rowid", BigInteger))
        has = column(words.name).op("match")(self._question(asked))
        return _numbers(words, kind).where(has)

    def count(
        self, connection: Connection, part: Part, kind: str, asked: Sequence[Word], most: int
    ) -> int:
        """Return how many things of a kind have every word, counted up to ``most``."""
        return connection.exec_driver_sql(
            f"select count(*) from ({self._found(part)})",
            (self._question(asked), *_stretch(kind), most),
        ).scalar_one()

    def purge(self, connection: Connection, *, begun: bool) -> bool:
        """Write a piece of the index anew without what was forgotten; say whether more is left.

        A negative number of pages begins anew with all there is (sqlite.org/fts5.html, 6.8).
        """
        execute, more = connection.exec_driver_sql, False
        for name in ("names", "said"):
            table = f"search_{name}_{_FORM}"
            before = execute("select total_changes()").scalar_one()
            pages = _PAGES if begun else -_PAGES
            execute(f"insert into {table} ({table}, rank) values ('merge', {pages})")
            more = more or execute("select total_changes()").scalar_one() - before >= 2
        return more

    def _found(self, part: Part) -> str:
        table = f"search_{part}_{_FORM}"
        return (
            f"select rowid from {table} where {table} match ? and rowid between ? and ?"
            " order by rowid desc limit ?"
        )

    def _question(self, asked: Sequence[Word]) -> str:
        return _question(asked, '"{}"', "*", " OR ", " AND ")


class Vectors:
    """PostgreSQL's own: a row for each thing with a vector of words, found by a GIN index."""

    def make(self, connection: Connection) -> None:
        """Make an empty index; one that is there goes."""
        execute = connection.exec_driver_sql
        old = "select tablename from pg_tables where tablename like %s and schemaname = any(%s)"
        ours = execute("select current_schema()").scalar_one()
        for row in execute(old, ("search\\_entry\\_%", [ours])).all():
            execute(f'drop table "{row[0]}"')
        table = f"search_entry_{_FORM}"
        execute(
            f"create table {table} (id bigint primary key, names tsvector not null,"
            " said tsvector not null)"
        )
        for name in ("names", "said"):
            execute(f"create index ix_{table}_{name} on {table} using gin ({name})")

    def put(self, connection: Connection, entries: Collection[Entry]) -> None:
        """Read things in, in the place of what was known of them."""
        if entries:
            connection.exec_driver_sql(
                f"insert into search_entry_{_FORM} (id, names, said) values"
                " (%s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))"
                " on conflict (id) do update set names = excluded.names, said = excluded.said",
                [(_place(e.kind, e.id), list(e.names), list(e.said)) for e in entries],
            )

    def drop(self, connection: Connection, kind: str, numbers: Iterable[int]) -> None:
        """Forget things."""
        if places := [_place(kind, number) for number in numbers]:
            statement = f"delete from search_entry_{_FORM} where id = any(%s)"
            connection.exec_driver_sql(statement, (places,))

    def drop_between(self, connection: Connection, kind: str, first: int, last: int) -> None:
        """Forget a stretch of things."""
        places = (_place(kind, first), _place(kind, last))
        statement = f"delete from search_entry_{_FORM} where id between %s and %s"
        connection.exec_driver_sql(statement, places)

    def found(
        self, connection: Connection, part: Part, kind: str, asked: Sequence[Word], limit: int
    ) -> list[int]:
        """Return the newest things of a kind that have every word."""
        rows = connection.exec_driver_sql(
            f"{self._found(part)} order by id desc limit %s",
            (self._question(asked), *_stretch(kind), limit),
        )
        return [row[0] - _place(kind, 0) for row in rows]

    def all(self, part: Part, kind: str, asked: Sequence[Word]) -> Select[tuple[int]]:
        """Return a query for all things of a kind that have every word, in no order."""
        words = table(f"search_entry_{_FORM}", column("id", BigInteger))
        has = column(part).op("@@")(cast(self._question(asked), TSQUERY))
        return _numbers(words, kind).where(has)

    def count(
        self, connection: Connection, part: Part, kind: str, asked: Sequence[Word], most: int
    ) -> int:
        """Return how many things of a kind have every word, counted up to ``most``."""
        return connection.exec_driver_sql(
            f"select count(*) from ({self._found(part)} limit %s) as found",
            (self._question(asked), *_stretch(kind), most),
        ).scalar_one()

    def purge(self, connection: Connection, *, begun: bool) -> bool:
        """Leave it to the server, which clears away by itself what is gone."""
        return False

    def _found(self, part: Part) -> str:
        return (
            f"select id from search_entry_{_FORM} where {part} @@ %s::tsquery"
            " and id between %s and %s"
        )

    def _question(self, asked: Sequence[Word]) -> str:
        return _question(asked, "'{}'", ":*", " | ", " & ")


_INDEXES: dict[str, Index] = {"sqlite": Fts(), "postgresql": Vectors()}
