"""Files that go with messages: each kept once, whatever it is called and wherever it is used.

What nothing names any more goes after a while; until then it may be on somebody's screen, not yet
saved. Whoever names a file anew makes it young again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from mimetypes import guess_type
from pathlib import PurePath
from typing import Any

from sqlalchemy import delete, select, update

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.tables import attachment, metadata, template_version
from rally_desktop.model.work import Work

LARGEST = 10 * 1024 * 1024
# Written out for the way a message grows by a third; most servers take 25 MB.
MOST = 15 * 1024 * 1024
MOST_FILES = 10
UNUSED = timedelta(days=7)  # how long a file is kept that nothing names
LONGEST_NAME = 80  # written out in a header it may take twelve times as much
# Mail servers turn down messages with these.
_REFUSED = frozenset(
    "ade adp apk bat cab chm cmd com cpl dll exe hta jar js jse lib lnk mde msc msi msp nsh pif ps1"
    " scr sct shb sys vb vbe vbs vxd wsc wsf wsh".split()
)


@dataclass(frozen=True)
class File:
    """A file as it goes with a message: its name there, what it is, and which content."""

    name: str
    kind: str
    digest: str
    size: int


def keep(work: Work, name: str, content: bytes) -> File:
    """Keep a file, unless the same content is there; raise Refused where it cannot be sent."""
    name = "".join(filter(str.isprintable, " ".join(PurePath(name).name.split())))
    texts.require(LONGEST_NAME, file=name)
    if why := unfit(name, len(content)):
        raise Refused(f"‘{name}’ is not attached: {why}")
    digest = sha256(content).hexdigest()
    if not _is_there(work, digest):
        row = {"digest": digest, "content": content, "at": work.now}
        work.change(RowAdded("attachment", row))
    return File(name, guess_type(name)[0] or "application/octet-stream", digest, len(content))


def unfit(name: str, size: int) -> str:
    """Say why a file cannot go with a message; empty where it can."""
    ending = name.rpartition(".")[2].lower()
    if not name or not size:
        return "the file is empty."
    if ending in _REFUSED:
        return f"mail servers turn files such as ‘.{ending}’ down: send a link instead."
    if size > LARGEST:
        return f"it has {_mega(size)}; {_mega(LARGEST)} are the most."
    return ""


def crowded(sizes: Sequence[int]) -> str:
    """Say why files of some sizes cannot go with one message; empty where they can."""
    if len(sizes) > MOST_FILES:
        return f"{MOST_FILES} files are the most that go with a message."
    if (size := sum(sizes)) > MOST:
        return f"the files have {_mega(size)} together; {_mega(MOST)} are the most: send a link."
    return ""


def check(work: Work, files: Sequence[File]) -> None:
    """Raise Refused where files are too many or too large to go with one message."""
    if why := crowded([one.size for one in files]):
        raise Refused(f"{why[0].upper()}{why[1:]}")
    for one in files:
        if not _is_there(work, one.digest):
            raise NotFound(f"The file ‘{one.name}’ is not there any more: attach it again.")


def content(work: Work, digest: str) -> bytes:
    """Return what a file holds, or raise NotFound."""
    query = select(attachment.c.content).where(attachment.c.digest == digest)
    found = work.connection.execute(query).scalar()
    if found is None:
        raise NotFound("A file of the message is not there any more.")
    return bytes(found)


def read(stored: Iterable[Mapping[str, Any]] | None) -> tuple[File, ...]:
    """Return files as they are stored."""
    return tuple(File(**one) for one in stored or ())


def stored(files: Sequence[File]) -> list[dict[str, Any]] | None:
    """Return files as they are to be stored; None where there are none."""
    return [asdict(one) for one in files] or None


# -- what nothing names any more -------------------------------------------------------------


def unused(work: Work, most: int) -> list[str]:
    """Return old files that no template, version, draft or message names, by digest."""
    own = attachment.c
    query = select(own.digest).where(own.at < work.now - UNUSED).order_by(own.at)
    old = dict.fromkeys(work.connection.execute(query).scalars())
    if old:
        for digest in _named(work):
            old.pop(digest, None)
    return list(old)[:most]


def drop(work: Work, digests: Sequence[str]) -> int:
    """Let files go that are unused, but for those that were named anew meanwhile."""
    own = attachment.c
    old: datetime = work.now - UNUSED
    gone = delete(attachment).where(own.digest.in_(digests), own.at < old)
    return work.connection.execute(gone).rowcount


def _named(work: Work) -> Iterator[str]:
    """Yield the digest of every file that something names."""
    for table in metadata.tables.values():
        if "files" in table.c:
            query = select(table.c.files).where(table.c.files.is_not(None))
            for (files,) in work.connection.execute(query):
                yield from (one["digest"] for one in files or () if "digest" in one)
    for (content,) in work.connection.execute(select(template_version.c.content)):
        yield from (one["digest"] for one in content.get("files") or ())


def _is_there(work: Work, digest: str) -> bool:
    """Say whether a file is kept, and make it young again if it is."""
    if any(
        isinstance(change, RowAdded) and change.values.get("digest") == digest
        for change, *_ in work.recorded
    ):
        return True
    young = update(attachment).where(attachment.c.digest == digest).values(at=work.now)
    return work.connection.execute(young).rowcount == 1


def _mega(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB".replace(".0 MB", " MB")
