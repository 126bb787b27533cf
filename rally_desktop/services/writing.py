"""What somebody is writing to a person: kept as it is typed, and offered again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import RowMapping, delete, or_, select

from rally_desktop.core import address_line, texts
from rally_desktop.core.errors import Conflict, NotFound, Refused
from rally_desktop.core.message import Mailbox
from rally_desktop.model.changes import RowAdded, RowChanged, RowRemoved
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import letter_draft
from rally_desktop.model.work import Work
from rally_desktop.services import attachments, mail_accounts, records
from rally_desktop.services.attachments import File

Kind = Literal["new", "reply", "reply_all", "forward"]
KEPT = timedelta(days=30)  # what was sent stays so long, to become a draft again when recalled
LONGEST_LINE, LONGEST_SUBJECT = 8_000, 1_000
THE_REST = -1


@dataclass(frozen=True)
class Awaited:
    """A file of a message that is passed on, by its place there; ``why`` it is not attached.

    Without a reason it is still to be fetched. At the place THE_REST it is all that was not read
    of a large message: what is in it, nobody knows before.
    """

    name: str
    size: int
    place: int
    why: str = ""

    @property
    def is_rest(self) -> bool:
        """Say whether it is what was not read of a message."""
        return self.place == THE_REST


@dataclass(frozen=True)
class Draft:
    """A letter that is being written to a contact; ``id`` is 0 until it is kept.

    ``quoted`` stands below what is written and is sent as it is; ``html`` is a design in the
    place of the text. ``in_reply_to`` is the Message-ID of what is answered, ``passed_on`` the
    number of what is forwarded, of which the files ``awaited`` are not attached.
    """

    contact: Ref
    kind: Kind = "new"
    to: str = ""
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    text: str = ""
    quoted: str = ""
    in_reply_to: str = ""
    html: str = ""
    template: str = ""
    template_version: int | None = None
    account_id: int | None = None
    files: tuple[File, ...] = ()
    passed_on: int | None = None
    awaited: tuple[Awaited, ...] = ()
    send_at: datetime | None = None
    id: int = 0
    revision: int = 0
    updated_at: datetime | None = None


class Begun(NamedTuple):
    """A draft to go on with; ``again`` says that it was begun before."""

    draft: Draft
    again: bool = False


def begin(work: Work, wanted: Draft) -> Begun:
    """Return the draft that the user has begun of the same kind to the same person, or a new one.

    Raises NotFound where the person is gone.
    """
    contact = work.record(wanted.contact)
    own = letter_draft.c
    query = (
        _of(work, wanted.contact)
        .where(own.kind == wanted.kind, own.in_reply_to == wanted.in_reply_to)
        .where(own.passed_on == wanted.passed_on)
        .order_by(own.updated_at.desc())
        .limit(1)
    )
    if found := work.connection.execute(query).mappings().one_or_none():
        return Begun(_read(found), again=True)
    account = mail_accounts.account_for(work, "", work.user_id or contact["owner_id"])
    if not wanted.to and wanted.kind != "forward" and contact["email"]:
        name = records.name_of("contact", contact)
        wanted = replace(wanted, to=address_line.written([Mailbox(contact["email"], name)]))
    return Begun(replace(wanted, account_id=wanted.account_id or (account and account.id)))


def begun(work: Work, contact: Ref) -> list[Draft]:
    """Return what the user has begun to write to a person, the newest first."""
    query = _of(work, contact).order_by(letter_draft.c.updated_at.desc())
    return [_read(row) for row in work.connection.execute(query).mappings()]


def addressee(work: Work, about: Ref) -> tuple[Ref | None, bool]:
    """Return whom one writes to about a record, and whether a new letter is begun already."""
    found = work.record(about)
    number = found["id"] if about.kind == "contact" else found.get("contact_id")
    if number is None:
        return None, False
    whom = Ref("contact", number)
    return whom, any(draft.kind == "new" for draft in begun(work, whom))


def kept(work: Work, number: int) -> tuple[Draft, int | None]:
    """Return a draft and the message that it became, if it did; raise NotFound."""
    row = _row(work, number)
    return _read(row), row["outbox_id"]


def save(work: Work, draft: Draft, *, anyway: bool = False) -> Draft:
    """Keep a draft as it was typed; return it with its number and revision.

    One that was thrown away in another window is a new one here. Raises Conflict where another
    window has changed it since, unless it is to be kept ``anyway``, and Refused where it was sent.
    """
    texts.require(LONGEST_LINE, to=draft.to, cc=draft.cc, bcc=draft.bcc)
    texts.require(LONGEST_SUBJECT, subject=draft.subject)
    texts.require(text=draft.text, quoted=draft.quoted)
    values, known = _columns(work, draft), _find(work, draft.id)
    if known is None:
        number = work.new_id("letter_draft")
        about = {"record_kind": draft.contact.kind, "record_id": draft.contact.id}
        began = {"user_id": work.user_id, "begun_at": work.now, "revision": 1}
        work.change(RowAdded("letter_draft", {"id": number, **about, **began, **values}))
        return replace(draft, id=number, revision=1, updated_at=work.now)
    if known["outbox_id"] is not None:
        raise Refused("This letter was sent already, from another window.")
    if known["revision"] != draft.revision and not anyway:
        raise Conflict("This letter was changed in another window.")
    revision = known["revision"] + 1
    work.change(RowChanged("letter_draft", draft.id, {**values, "revision": revision}))
    return replace(draft, revision=revision, updated_at=work.now)


def discard(work: Work, number: int) -> None:
    """Throw a draft away; one that was sent, or is gone, is left alone."""
    own = letter_draft.c
    query = select(own.id).where(own.id == number, own.outbox_id.is_(None))
    if work.connection.execute(query).scalar() is not None:
        work.change(RowRemoved("letter_draft", number))


def has_draft(work: Work, outbox_id: int) -> bool:
    """Say whether what became a message can be taken up as a draft again."""
    query = select(letter_draft.c.id).where(letter_draft.c.outbox_id == outbox_id)
    return work.connection.execute(query).first() is not None


def take_up(work: Work, outbox_id: int) -> Draft | None:
    """Make a draft anew of what became a message; None where it was no draft of somebody."""
    query = select(letter_draft).where(letter_draft.c.outbox_id == outbox_id)
    found = work.connection.execute(query).mappings().one_or_none()
    if found is None:
        return None
    return save(work, replace(_read(found), id=0, send_at=None))


def became(work: Work, draft: Draft, outbox_id: int) -> None:
    """Note which message a draft became, and forget what was sent a while ago."""
    work.change(RowChanged("letter_draft", draft.id, {"outbox_id": outbox_id}))
    own, old = letter_draft.c, work.now - KEPT
    gone = or_(own.send_at.is_(None), own.send_at < old)  # what waits can still be recalled
    work.connection.execute(
        delete(letter_draft).where(own.outbox_id.is_not(None), own.updated_at < old, gone)
    )


def _of(work: Work, contact: Ref) -> Any:
    """Ask for what the user has begun, and what was begun before anybody said who sits here."""
    own = letter_draft.c
    mine = or_(own.user_id == work.user_id, own.user_id.is_(None))
    about = (own.record_kind == contact.kind, own.record_id == contact.id)
    return select(letter_draft).where(*about, own.outbox_id.is_(None), mine)


def _find(work: Work, number: int) -> RowMapping | None:
    query = select(letter_draft).where(letter_draft.c.id == number).with_for_update()
    return work.connection.execute(query).mappings().one_or_none()


def _row(work: Work, number: int) -> RowMapping:
    if (found := _find(work, number)) is None:
        raise NotFound("This letter was thrown away, in another window.")
    return found


# What is typed into a column of the same name, and what into one of another.
_SAME = (
    "kind", "subject", "text", "quoted", "in_reply_to", "html", "template", "template_version",
    "account_id", "passed_on", "send_at",
)  # fmt: skip
_LINES = ("to", "cc", "bcc")


def _columns(work: Work, draft: Draft) -> dict[str, Any]:
    values = {name: getattr(draft, name) for name in _SAME}
    values |= {f"{name}_line": getattr(draft, name) for name in _LINES}
    values["awaited"] = [asdict(one) for one in draft.awaited] or None
    return {**values, "files": attachments.stored(draft.files), "updated_at": work.now}


def _read(row: RowMapping) -> Draft:
    values: dict[str, Any] = {name: row[name] for name in _SAME}
    values |= {name: row[f"{name}_line"] for name in _LINES}
    values["awaited"] = tuple(Awaited(**one) for one in row["awaited"] or ())
    about = Ref(row["record_kind"], row["record_id"])
    return Draft(
        about, **values, files=attachments.read(row["files"]), id=row["id"],
        revision=row["revision"], updated_at=row["updated_at"],
    )  # fmt: skip
