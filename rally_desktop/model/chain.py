"""The chain over the timeline: each transaction's lines are one link, sealed as it commits.

A link holds the digest of its lines and of the link before it, so that whatever is changed
later fits no more. What a line says goes into it by a digest of its own, salted: once somebody is
erased that digest stays in the line's place, and nobody can guess the words back from it.
"""

from __future__ import annotations

import platform
import secrets
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256, shake_256
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from rally_desktop.core.clock import to_micros
from rally_desktop.model.work import Work

# A line as it is written: id, at, kind, record_kind, record_id, user_id, run_id, chain, detail.
Stored = tuple[Any, ...]
ID = 0
KEY = 8  # bytes of salt a line
# Writers on a server seal one after the other; the lock goes with the commit.
LOCK = 0x41554449
FORGOTTEN = "-"
_encode = msgspec.json.Encoder().encode


class Link(NamedTuple):
    """One link of the chain; ``at`` is in microseconds."""

    id: int
    at: int
    origin: str
    first: int
    last: int
    lines: str
    digest: str
    hash: str
    salt: str

    def ranges(self) -> list[tuple[int, int]]:
        """Return which lines it holds: from the first to the last number of each part."""
        if not self.lines:
            return [(self.first, self.last)]
        parts = (part.partition("-") for part in self.lines.split(","))
        return [(int(low), int(high or low)) for low, _, high in parts]

    def numbers(self) -> list[int]:
        """Return the numbers of its lines."""
        return [number for low, high in self.ranges() for number in range(low, high + 1)]


def seal(work: Work, lines: list[Stored]) -> None:
    """Put a transaction's lines into the chain, as the last thing that it does."""
    if not lines:
        return
    connection = work.connection
    postgres = connection.dialect.name == "postgresql"
    if postgres:
        connection.exec_driver_sql(f"select pg_advisory_xact_lock({LOCK})")
    before = connection.exec_driver_sql(
        "select id, hash from audit_link order by id desc limit 1"
    ).first()
    lines.sort()
    numbers = [line[ID] for line in lines]
    first, last = numbers[0], numbers[-1]
    listed = "" if last - first + 1 == len(numbers) else _listed(numbers)
    salt = secrets.token_hex(16)
    made = digest(lines, leaves(lines, keys(salt, len(lines))))
    number, above = (before[0] + 1, before[1]) if before else (1, "")
    told = (number, to_micros(work.now), origin(), first, last, listed, made)
    marks = ", ".join(["%s" if postgres else "?"] * 9)
    connection.exec_driver_sql(
        'insert into audit_link (id, at, origin, "first", "last", lines, digest, hash, salt)'
        f" values ({marks})",
        (*told, hashed(told, above), salt),
    )


def keys(salt: str, count: int) -> list[bytes]:
    """Return the salt of each line of a link, in order; empty where it was forgotten."""
    if "," in salt or FORGOTTEN in salt:
        return [b"" if part == FORGOTTEN else bytes.fromhex(part) for part in salt.split(",")]
    drawn = shake_256(salt.encode()).digest(KEY * count)
    return [drawn[place : place + KEY] for place in range(0, KEY * count, KEY)]


def without(salt: str, count: int, places: Iterable[int]) -> str:
    """Return a link's salt with that of some lines forgotten for good."""
    gone = set(places)
    return ",".join(
        FORGOTTEN if place in gone or not key else key.hex()
        for place, key in enumerate(keys(salt, count))
    )


def leaves(lines: Iterable[Stored], salts: Iterable[bytes]) -> list[bytes]:
    """Return for each line the digest of what it says, and of whom."""
    return [
        sha256(key + f"{kind} {number} {said}".encode()).digest()
        for key, (_, _, _, kind, number, _, _, _, said) in zip(salts, lines, strict=True)
    ]


def digest(lines: Iterable[Stored], said: Iterable[bytes]) -> str:
    """Return the digest of lines: when, which kind, who, and the digests of what they say."""
    number, at, kind, _, _, user, run, chain, _ = zip(*lines, strict=True)
    made = sha256(_encode((number, at, kind, user, run, chain)))
    made.update(b"".join(said))
    return made.hexdigest()


def hashed(told: Sequence[Any], above: str) -> str:
    """Return the hash of a link: of its columns up to the digest, and of the link above it."""
    return sha256(_encode([*told, above])).hexdigest()


@cache
def origin() -> str:
    """Return what this computer is called."""
    return platform.node()[:100]


def _listed(numbers: Sequence[int]) -> str:
    breaks = [place for place, (low, high) in enumerate(pairwise(numbers), 1) if high - low > 1]
    parts = zip([0, *breaks], [*breaks, len(numbers)], strict=True)
    ends = ((numbers[low], numbers[high - 1]) for low, high in parts)
    return ",".join(f"{low}" if low == high else f"{low}-{high}" for low, high in ends)
