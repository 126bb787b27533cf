"""Read a mailbox by IMAP (RFC 3501) without leaving a trace: nothing is marked seen, or changed."""

from __future__ import annotations

import imaplib
import re
import ssl
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Literal

from rally_desktop.core.errors import SendFailed
from rally_desktop.outside.mail import imap, imap_values, structure
from rally_desktop.outside.mail.header_text import headers, message_ids, raw
from rally_desktop.outside.mail.imap import Place
from rally_desktop.outside.mail.imap_values import Value
from rally_desktop.outside.mail.structure import Copy

Role = Literal["inbox", "sent"]
# Seconds for one reply: a large mailbox takes a while to be searched.
REPLY_SECONDS = 60.0
# Places in a folder that are searched at once, so that no answer is longer than a line may be.
WINDOW = 20_000
# A message up to this size is read whole, a larger one by its structure, else so much of it.
WHOLE, HEAD = 1024 * 1024, 256 * 1024
# Of a file so much comes at once, so that one sees it coming and can stop it.
STRETCH = 256 * 1024
Told = Callable[[int], None]
_HEADS = "MESSAGE-ID DATE FROM TO SUBJECT X-RALLY-KEY"
_OUTLINE = f"(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS ({_HEADS})])"
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,12})\b")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]{10,40})"')
# What imaplib raises of answers that it did not expect.
_BROKEN = (imaplib.IMAP4.error, OSError, ValueError, LookupError, TypeError, AttributeError)
_MONTHS: Sequence[str] = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_WHEN = re.compile(r" ?(\d{1,2})-(\w{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})")


class MailboxAway(SendFailed):
    """The server of incoming mail does not answer as it should."""


@dataclass(frozen=True)
class Opened:
    """A folder that was opened: as long as ``validity`` holds, so do the numbers of messages.

    ``top`` is the number of its newest message, or a little above; ``count`` how many there are.
    """

    validity: int
    top: int
    count: int


@dataclass(frozen=True)
class Outline:
    """A message before it is read: its number and size, when it came, and what stands for it."""

    uid: int
    size: int
    at: datetime | None
    digest: str
    message_id: str
    key: str


class ImapMailbox:
    """An account's mailbox; every method raises MailboxAway where the server fails."""

    def __init__(
        self,
        place: Place,
        secret: str,
        *,
        tls: ssl.SSLContext | None = None,
        heads_only: bool = False,
    ) -> None:
        """Connect and log in; raise SendFailed with what to do.

        With ``heads_only`` the server is not asked how messages are built; it becomes true while
        it is, so that a server that breaks off over that is spared it the next time.
        """
        self.heads_only = heads_only
        self._host = place.host
        self._client = imap.connect(place, secret, tls=tls, seconds=REPLY_SECONDS)
        self._count = 0

    def close(self) -> None:
        """Take leave of the server."""
        imap.leave(self._client)

    def hang_up(self) -> None:
        """End the connection without a word."""
        imap.hang_up(self._client)

    def folders(self) -> list[tuple[str, Role]]:
        """Return the folders that are read: the inbox, and where sent mail is kept."""
        with _Asking(self._host):
            known = imap.listed(self._client)
        sent: list[tuple[str, Role]] = [(name, "sent") for name in imap.sent_folders(known)[:3]]
        return [("INBOX", "inbox"), *sent]

    def open(self, folder: str) -> Opened | None:
        """Open a folder for reading only; None where it cannot be opened."""
        with _Asking(self._host):
            state, said = self._client.select(folder, readonly=True)
            if state != "OK":
                return None
            self._count = int(said[0] or 0)
            validity, upcoming = self._told("UIDVALIDITY"), self._told("UIDNEXT")
        top = upcoming - 1 if upcoming else max(self.numbers(above=0), default=0)
        return Opened(validity, top, self._count)

    def _told(self, name: str) -> int:
        found = self._client.response(name)[1][0]
        return int(found) if isinstance(found, bytes) and found.isdigit() else 0

    def numbers(self, *, above: int, since: datetime | None = None) -> list[int]:
        """Return the numbers of the messages above one, of those that came since a day."""
        wanted = f"UID {above + 1}:*" + (f" SINCE {_day(since)}" if since else "")
        found: set[int] = set()
        with _Asking(self._host):
            for high in range(self._count, 0, -WINDOW):
                places = f"{max(high - WINDOW + 1, 1)}:{high}"
                some = {uid for uid in self._search(f"{places} {wanted}") if uid > above}
                if not some and since is None:
                    break  # numbers rise with places
                found |= some
        return sorted(found)

    def _search(self, wanted: str) -> Iterator[int]:
        state, said = self._client.uid("SEARCH", wanted)
        if state != "OK":
            raise imaplib.IMAP4.error(f"SEARCH was refused: {said!r:.200}")
        for part in said:
            yield from (int(one) for one in (part or b"").split() if one.isdigit())

    def outlines(self, uids: Sequence[int]) -> list[Outline]:
        """Return what can be known of messages without reading them, in the order of ``uids``."""
        with _Asking(self._host):
            answers = self._fetched(uids, _OUTLINE)
            found = {uid: _outline(uid, said, head) for uid, said, head in answers}
        return [found[uid] for uid in uids if uid in found]

    def messages(self, outlines: Sequence[Outline]) -> dict[int, Copy]:
        """Return messages by their numbers: small ones whole, the texts of large ones."""
        small = [one.uid for one in outlines if one.size <= WHOLE]
        large = [one.uid for one in outlines if one.size > WHOLE]
        with _Asking(self._host):
            whole = f"(UID BODY.PEEK[]<0.{WHOLE}>)"
            made = {uid: Copy(data) for uid, _, data in self._fetched(small, whole)}
            made |= self._built([] if self.heads_only else large)
            head = f"(UID BODY.PEEK[]<0.{HEAD}>)"
            rest = [uid for uid in large if uid not in made]
            return made | {uid: Copy(data) for uid, _, data in self._fetched(rest, head)}

    def _built(self, uids: Sequence[int]) -> Iterator[tuple[int, Copy]]:
        """Yield messages put together from their texts, those whose structure can be read."""
        for uid in uids:
            self.heads_only = True
            made = self._copied(uid)
            self.heads_only = False
            if made:
                yield uid, made

    def _copied(self, uid: int) -> Copy | None:
        node = structure.read(self._told_of(uid, "(UID BODYSTRUCTURE)").get(b"BODYSTRUCTURE"))
        told = self._told_of(uid, f"(UID {' '.join(structure.wanted(node))})") if node else {}
        return structure.copy(node, told) if node and told else None

    def _told_of(self, uid: int, what: str) -> dict[bytes, Value]:
        """Return what is told of one message; nothing where the server does not understand."""
        try:
            _, said = self._client.uid("FETCH", str(uid), what)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return {}
        told = dict[bytes, Value]()
        for one in imap_values.answers(said):
            if one.get(b"UID") == str(uid).encode():
                told |= one
        return told

    def piece(
        self, uid: int, start: int, end: int, section: str = "", told: Told = lambda done: None
    ) -> bytes:
        """Return a stretch of a message’s bytes, such as an attachment; empty where it is gone.

        ``told`` hears how many bytes are there; what it raises ends the reading.
        """
        made: list[bytes] = []
        with _Asking(self._host):
            for place in range(start, end, STRETCH):
                told(place - start)
                what = f"(UID BODY.PEEK[{section}]<{place}.{min(STRETCH, end - place)}>)"
                found = [data for one, _, data in self._fetched([uid], what) if one == uid]
                if not found or not found[0]:
                    break
                made += found[:1]
        return b"".join(made)

    def _fetched(self, uids: Sequence[int], what: str) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield number, attributes and literal of each message that is still there."""
        if not uids:
            return
        state, said = self._client.uid("FETCH", _ranges(uids), what)
        if state != "OK":
            raise imaplib.IMAP4.error(f"FETCH was refused: {said!r:.200}")
        wanted = set(uids)
        for attributes, literal in _answers(said):
            number = _UID.search(attributes)
            if number and int(number[1]) in wanted:
                yield int(number[1]), attributes, literal


class _Asking:
    """Turns what goes wrong with a server into words for people."""

    def __init__(self, host: str) -> None:
        self._host = host

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Tell what went wrong."""
        if isinstance(error, _BROKEN):
            text = f"{self._host} broke off while its mail was read. ({str(error)[:200]})"
            raise MailboxAway(text, account=True) from error


def digest_of(head: bytes) -> tuple[str, str, str]:
    """Return what stands for a message with these headers, its Message-ID and our own key."""
    read = headers(head)
    found = message_ids(raw(read, "Message-ID"))
    own = found[0] if found else ""
    said = own or "\n".join(raw(read, name) for name in ("Date", "From", "To", "Subject"))
    sum_ = blake2b(said.encode("utf-8", "surrogateescape"), digest_size=18).digest()
    return urlsafe_b64encode(sum_).decode(), own[:300], raw(read, "X-Rally-Key")[:300]


def _outline(uid: int, said: bytes, head: bytes) -> Outline:
    size, date = _SIZE.search(said), _DATE.search(said)
    digest, message_id, key = digest_of(head)
    at = _moment(date[1].decode("ascii", "replace")) if date else None
    return Outline(uid, int(size[1]) if size else 0, at, digest, message_id, key)


def _moment(text: str) -> datetime | None:
    found = _WHEN.fullmatch(text)
    if found is None or found[2].title() not in _MONTHS:
        return None
    month = _MONTHS.index(found[2].title()) + 1
    off = timedelta(hours=int(found[8]), minutes=int(found[9]))
    try:
        at = datetime(
            int(found[3]), month, int(found[1]), *map(int, found.group(4, 5, 6)), tzinfo=UTC
        )
        return at - off if found[7] == "+" else at + off
    except (ValueError, OverflowError):
        return None


def _day(moment: datetime) -> str:
    # A day earlier: servers count in zones of their own.
    day = moment.astimezone(UTC) - timedelta(days=1)
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def _ranges(uids: Iterable[int]) -> str:
    """Return numbers as a server takes them: ``3:7,9``."""
    runs: list[list[int]] = []
    for uid in sorted(set(uids)):
        if runs and uid == runs[-1][1] + 1:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in runs)


def _answers(said: Iterable[object]) -> Iterator[tuple[bytes, bytes]]:
    """Yield attributes and literal of each FETCH answer; servers put the number before or after."""
    waiting: tuple[bytes, bytes] | None = None
    for one in said:
        if isinstance(one, tuple):
            if waiting:
                yield waiting
            waiting = (bytes(one[0]), bytes(one[1]))
        elif isinstance(one, bytes):
            if waiting:
                yield waiting[0] + b" " + one, waiting[1]
                waiting = None
            else:
                yield one, b""
    if waiting:
        yield waiting
