"""Files that go with messages: each kept once, whatever it is called and wherever it is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from mimetypes import guess_type
from pathlib import PurePath
from typing import Any

from sqlalchemy import select

from rally_desktop.core import texts
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.tables import attachment
from rally_desktop.model.work import Work

LARGEST = 10 * 1024 * 1024
# Written out for the way a message grows by a third; most servers take 25 MB.
MOST = 15 * 1024 * 1024
MOST_FILES = 10
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
    ending = name.rpartition(".")[2].lower()
    if not name or not content:
        raise Refused("The file is empty.")
    if ending in _REFUSED:
        raise Refused(f"Mail servers turn files such as ‘.{ending}’ down: send a link instead.")
    if len(content) > LARGEST:
        raise Refused(f"‘{name}’ has {_mega(len(content))}; {_mega(LARGEST)} are the most.")
    digest = sha256(content).hexdigest()
    if not _is_kept(work, digest):
        row = {"digest": digest, "content": content, "at": work.now}
        work.change(RowAdded("attachment", row))
    return File(name, guess_type(name)[0] or "application/octet-stream", digest, len(content))


def check(work: Work, files: Sequence[File]) -> None:
    """Raise Refused where files are too many or too large to go with one message."""
    if len(files) > MOST_FILES:
        raise Refused(f"{MOST_FILES} files are the most that go with a message.")
    if (size := sum(one.size for one in files)) > MOST:
        raise Refused(
            f"The files have {_mega(size)} together; {_mega(MOST)} are the most: send a link."
        )
    for one in files:
        if not _is_kept(work, one.digest):
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


def _is_kept(work: Work, digest: str) -> bool:
    if any(
        isinstance(change, RowAdded) and change.values.get("digest") == digest
        for change, *_ in work.recorded
    ):
        return True
    query = select(attachment.c.digest).where(attachment.c.digest == digest)
    return work.connection.execute(query).first() is not None


def _mega(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB".replace(".0 MB", " MB")
