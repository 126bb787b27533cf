"""Answers begun: to whom, about what, and with which words quoted."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any

from sqlalchemy import select

from rally_desktop.core import address_line
from rally_desktop.core.errors import NotFound, Refused
from rally_desktop.core.fold import fold
from rally_desktop.core.message import Mailbox
from rally_desktop.model.ref import Ref
from rally_desktop.model.tables import message, outbox
from rally_desktop.model.work import Work
from rally_desktop.outside.mail.plain import plain_text
from rally_desktop.services import attachments
from rally_desktop.services.letters import GONE
from rally_desktop.services.matching import Matcher
from rally_desktop.services.writing import THE_REST, Awaited, Draft, Kind

_ANSWERS = re.compile(r"(?i)\s*(re|aw|antw|sv|vs|rif|ref|odp)(\[\d+\])?\s*:")
_PASSED_ON = re.compile(r"(?i)\s*(fwd?|wg|tr|rv|pd|enc)\s*:")
LONGEST_QUOTE = 50_000
CUT = "\n\n[The message goes on; this is its beginning.]"
LONGEST_STEM, LONGEST_ENDING = 60, 20  # of the name of a file


def draft(work: Work, number: int, kind: Kind) -> Draft:
    """Return an answer to a message, or the same passed on; raise NotFound or Refused."""
    row = work.connection.execute(select(message).where(message.c.id == number)).mappings().first()
    if row is None:
        raise NotFound(GONE)
    sent = _outbox(work, row["outbox_id"])
    to, cc = _recipients(row, kind, Matcher(work, ()).ours)
    passed_on = kind == "forward"
    return Draft(
        contact=_person(row, sent),
        kind=kind,
        to=address_line.written(to),
        cc=address_line.written(cc),
        subject=_subject(row["subject"], passed_on=passed_on),
        quoted=_quoted(row, passed_on=passed_on),
        in_reply_to="" if passed_on else row["server_id"] or row["message_id"],
        account_id=sent.get("account_id") if sent else row["account_id"],
        files=attachments.read(sent.get("files")) if passed_on else (),
        passed_on=number if passed_on else None,
        awaited=tuple(_awaited(row)) if passed_on and not sent else (),
    )


def _awaited(row: Mapping[Any, Any]) -> Iterator[Awaited]:
    """Yield what came along, the pictures within the text last: the words alone are quoted.

    Of a message of which only the beginning was read, that is the rest: its files may be there.
    """
    if row["size"]:
        yield Awaited("The rest of the message", row["size"], THE_REST)
        return
    files = sorted(enumerate(row["files"] or ()), key=lambda one: one[1]["inline"])
    for place, one in files:
        path = PurePath(one["name"])
        name = f"{path.stem[:LONGEST_STEM]}{path.suffix[:LONGEST_ENDING]}"
        why = attachments.unfit(name, one["size"])
        yield Awaited(name, one["size"], place, why)


def _recipients(
    row: Mapping[Any, Any], kind: Kind, ours: Collection[str]
) -> tuple[list[Mailbox], list[Mailbox]]:
    if kind == "forward":
        return [], []
    everybody = address_line.read(row["recipient"]).people
    if row["direction"] == "out":
        return list(everybody[:1]), list(everybody[1:] if kind == "reply_all" else ())
    to = address_line.read(row["reply_to"]).people or address_line.read(row["sender"]).people
    known = {fold(one.address) for one in to} | set(ours)
    also = [one for one in everybody if fold(one.address) not in known]
    return list(to), also if kind == "reply_all" else []


def _person(row: Mapping[Any, Any], sent: Mapping[Any, Any]) -> Ref:
    if row["record_kind"] == "contact":
        return Ref("contact", row["record_id"])
    if sent.get("contact_id") is None:
        raise Refused("Nobody is known whom it was from. Write from the contact’s own page.")
    return Ref("contact", sent["contact_id"])


def _outbox(work: Work, number: int | None) -> Mapping[Any, Any]:
    columns = (outbox.c.contact_id, outbox.c.account_id, outbox.c.files)
    query = select(*columns).where(outbox.c.id == number)
    return work.connection.execute(query).mappings().first() or {}


def _subject(subject: str, *, passed_on: bool) -> str:
    known, word = (_PASSED_ON, "Fwd") if passed_on else (_ANSWERS, "Re")
    return subject if known.match(subject) else f"{word}: {subject}".strip()


def _quoted(row: Mapping[Any, Any], *, passed_on: bool) -> str:
    said = (row["text"] or plain_text(row["html"])).strip()
    text = said[:LONGEST_QUOTE]
    if passed_on:
        text += CUT if len(said) > LONGEST_QUOTE else ""
        told = {
            "From": row["sender"], "Date": _when(row["at"]), "Subject": row["subject"],
            "To": row["recipient"],
        }  # fmt: skip
        head = "\n".join(f"{name}: {said}" for name, said in told.items() if said)
        return f"---------- Forwarded message ----------\n{head}\n\n{text}"
    lines = (f">{'' if line.startswith('>') else ' '}{line}" for line in text.splitlines())
    who = row["sender"] or "somebody"
    return "\n".join([f"On {_when(row['at'])}, {who} wrote:", *(line.rstrip() for line in lines)])


def _when(moment: datetime) -> str:
    local = moment.astimezone()
    return f"{local:%A}, {local.day} {local:%B %Y at %H:%M}"
