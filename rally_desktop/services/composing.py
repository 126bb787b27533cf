"""From what somebody wrote to the message that goes out: filled in, signed, checked, sent once.

The number of the draft is in the key of the message: however often, and from however many
windows, somebody presses Send, there is one message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from rally_desktop.core import address_line
from rally_desktop.core.errors import BadTemplate, MissingValue, NotFound, Refused, SendFailed
from rally_desktop.core.merge import SIMPLE, compile_template
from rally_desktop.core.message import Copy
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Snapshot, Work
from rally_desktop.outside.mail.header import deliverable
from rally_desktop.services import (
    mail_accounts,
    mail_signatures,
    merging,
    messages,
    records,
    templates,
    writing,
)
from rally_desktop.services.mail_accounts import Account
from rally_desktop.services.messages import Content, Origin
from rally_desktop.services.writing import Draft

MOST_PEOPLE = 50
# Why somebody may not be written to, in words for whoever writes.
REFUSALS: Mapping[str, str] = {
    "gone": "{name} was deleted. Take the contact out of the trash first.",
    "do_not_contact": "{name} is marked ‘Do not contact’, so nothing can be sent. If that is "
    "over, take the mark off in the contact’s fields, under ‘Consent’.",
    "bad_address": "The address of {name} is known to be invalid. Find the new one.",
    "no_consent": "{name} has refused marketing, and ‘{template}’ is marketing. Write your own "
    "words, without the template.",
    "suppressed": "Nothing can be sent to one of these addresses: nothing more was wanted "
    "there, or it was erased.",
}
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


@dataclass(frozen=True)
class Composed:
    """A letter that may go out: to whom, by which account, and what it says."""

    contact: Snapshot
    account: Account
    content: Content


@dataclass(frozen=True)
class Filled:
    """A template filled in for somebody; fields of which nothing is known are left as chips.

    ``html`` is a design, which is filled in as it goes out.
    """

    subject: str
    text: str
    html: str
    template: templates.Template


def send(work: Work, number: int) -> int:
    """Put a draft into the outbox and return its number there; a second time changes nothing.

    Raises Refused with what is in the way, NotFound where the draft is gone.
    """
    draft, sent = writing.kept(work, number)
    if sent is not None:
        return sent
    letter = composed(work, draft)
    at = draft.send_at if draft.send_at and draft.send_at > work.now else None
    reason = "later" if at else ""
    origin = Origin(None, None, messages.BY_HAND, number, at or work.now, at, reason)
    about = (draft.contact, letter.contact, letter.account)
    sent = messages.queue(work, *about, letter.content, origin)
    writing.became(work, draft, sent)
    return sent


def composed(work: Work, draft: Draft) -> Composed:
    """Return a draft as it would go out; raise Refused with what is in the way."""
    contact = work.record(draft.contact)
    account = _account(work, draft)
    to, *also = recipients(draft)
    if reason := refusal(work, draft):
        raise Refused(reason)
    if also and is_marketing(work, draft):
        raise Refused(
            f"‘{draft.template}’ is marketing, with a link to unsubscribe that is one person’s "
            "own. Take the other addresses out, or write without the template."
        )
    data = _Data(work, draft.contact, records.name_of("contact", contact))
    text = data.fill(draft.text)
    passed_on = draft.quoted.strip() if draft.kind == "forward" else ""
    if not (text.strip() or draft.html or draft.files or passed_on):
        raise Refused("There is nothing in the letter yet. Write something first.")
    if coming := awaited(draft):
        raise Refused(coming)
    content = Content(
        data.fill(draft.subject), text, data.fill(draft.html, html=True), draft.template,
        transactional=not is_marketing(work, draft), in_reply_to=draft.in_reply_to,
        version=draft.template_version, files=draft.files, to=to.mailbox, copies=tuple(also),
        signed=True,
    )  # fmt: skip
    return Composed(contact, account, _signed(work, account, content, draft.quoted))


def recipients(draft: Draft) -> list[Copy]:
    """Return whom a draft goes to, those of To first; raise Refused with what is wrong."""
    people: dict[str, Copy] = {}
    for line in ("to", "cc", "bcc"):
        found = address_line.read(getattr(draft, line))
        if found.wrong:
            raise Refused(f"‘{found.wrong[0]}’ is no e-mail address. Correct it, or take it out.")
        for box in found.people:
            people.setdefault(box.address.casefold(), Copy(line, box))
    made = list(people.values())
    if not made or made[0].line != "to":
        raise Refused("Type whom the letter goes to.")
    if len(made) > MOST_PEOPLE:
        raise Refused(f"A letter goes to {MOST_PEOPLE} people at most.")
    for one in made:
        try:
            deliverable(one.mailbox.address, "address")
        except SendFailed as error:
            raise Refused(str(error)) from error
    return made


def refusal(work: Work, draft: Draft) -> str:
    """Say why nothing may be sent to whom a draft names; empty where it may."""
    contact = work.find(draft.contact)
    if contact is None:
        raise NotFound("That contact does not exist any more.")
    lines = (address_line.read(line).people for line in (draft.to, draft.cc, draft.bcc))
    whom = {box.address for people in lines for box in people}
    marketing = is_marketing(work, draft)
    reason = messages.refusal_by_hand(work, contact, whom, marketing=marketing)
    name = records.name_of("contact", contact)
    if reason == "do_not_contact" and not contact["do_not_contact"]:
        name = "Somebody to whom it goes"
    return REFUSALS[reason].format(name=name, template=draft.template) if reason else ""


def awaited(draft: Draft) -> str:
    """Say which file of a message that is passed on is not here yet; empty where none is."""
    name = next((one.name for one in draft.awaited if not one.why), "")
    return f"‘{name}’ is still being fetched. Wait for it, or cancel that." if name else ""


def missing(work: Work, draft: Draft) -> str:
    """Say which merge field nothing is known for, or what cannot be filled in; else nothing."""
    contact = work.record(draft.contact)
    data = _Data(work, draft.contact, records.name_of("contact", contact))
    try:
        for source, html in ((draft.subject, False), (draft.text, False), (draft.html, True)):
            data.fill(source, html=html)
    except (Refused, BadTemplate) as error:
        return str(error)
    return ""


def is_marketing(work: Work, draft: Draft) -> bool:
    """Say whether a draft is made from a template that is marketing; one's own words are not."""
    if not draft.template:
        return False
    try:
        return not templates.named(work, draft.template).transactional
    except NotFound:
        return True  # nobody can tell any more, so it is treated with care


def fill(work: Work, contact: Ref, name: str) -> Filled:
    """Return a template filled in for a person, as far as that is known; raise NotFound."""
    found = templates.named(work, name)
    data = _Data(work, contact, "")
    if found.family == "basic":
        return Filled(data.begin(found.subject), data.begin(found.text), "", found)
    return Filled(data.begin(found.subject), found.text, found.html, found)


def signature(work: Work, account: Account) -> str:
    """Return what stands below what somebody writes from an account; empty without one."""
    if not account.signs_by_hand:
        return ""
    return mail_signatures.of(work, account, work.user_id)[0]


class _Data:
    """Fills texts in for one person."""

    def __init__(self, work: Work, contact: Ref, name: str) -> None:
        self._work, self._contact, self._name = work, contact, name

    def fill(self, source: str, *, html: bool = False) -> str:
        """Return a text filled in, nothing half; raise Refused where a field is empty."""
        made = compile_template(source, html=html)
        try:
            return str(made.render(merging.data(self._work, self._contact, made.fields)))
        except MissingValue as error:
            field = merging.label(self._work, error.field)
            raise Refused(
                f"Nothing is known of {self._name} for the merge field ‘{field}’. Type the words "
                "in its place, or give the field a fallback."
            ) from error

    def begin(self, source: str) -> str:
        """Return a text with every field filled in of which something is known.

        What could be taken for a field itself stays one: data is never read as a template.
        """
        if "{%" in source or "{#" in source:
            return self._whole(source)
        return SIMPLE.sub(lambda found: self._one(found[0]), source)

    def _one(self, field: str) -> str:
        made = compile_template(field)
        try:
            said = str(made.render(merging.data(self._work, self._contact, made.fields)))
        except MissingValue:
            return field
        return field if "{" in said else said

    def _whole(self, source: str) -> str:
        try:
            said = self.fill(source)
        except Refused:
            return source
        return source if "{" in said else said


def _account(work: Work, draft: Draft) -> Account:
    if draft.account_id is None:
        raise Refused("No mail account is set up to send from. Add one in Settings › Mail.")
    account = mail_accounts.one(work, draft.account_id)
    if account.channel != "email":
        raise Refused("That account sends no e-mail. Choose another one.")
    return account


def _signed(work: Work, account: Account, content: Content, quoted: str) -> Content:
    """Put the signature below what was written, and what is quoted below that."""
    if content.html:
        text, html = mail_signatures.under(
            work, account, content.text, content.html, work.user_id, automated=False
        )
        html = mail_signatures.into(html, _lines(quoted)) if quoted.strip() else html
        return replace(content, text=_above(text, quoted), html=html)
    text, rich = content.text, ""
    if account.signs_by_hand and account.signature_html:
        rich = mail_signatures.of(work, account, work.user_id)[1]
    html = _as_html(text, rich, quoted) if rich else ""
    text, _ = mail_signatures.under(work, account, text, "", work.user_id, automated=False)
    return replace(content, text=_above(text, quoted), html=html)


def _above(text: str, quoted: str) -> str:
    return f"{text.rstrip()}\n\n{quoted.strip()}\n" if quoted.strip() else text


def _as_html(text: str, signature: str, quoted: str) -> str:
    """Return plain text as a page, for whose signature has more than words."""
    below = f'<div style="margin-top:16px">{signature}</div>'
    if quoted.strip():
        below += f'<div style="margin-top:16px;color:#555">{_lines(quoted)}</div>'
    return f"<html><body><div>{_lines(text)}</div>{below}</body></html>"


def _lines(text: str) -> str:
    return "<br>\n".join(map(_line, text.strip().splitlines()))


def _line(line: str) -> str:
    parts: list[str] = []
    end = 0
    for found in _LINK.finditer(line):
        link: Any = escape(found[0])
        parts += [escape(line[end : found.start()]), f'<a href="{link}">{link}</a>']
        end = found.end()
    return "".join([*parts, escape(line[end:])])
