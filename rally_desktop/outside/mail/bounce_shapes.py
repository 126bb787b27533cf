"""How mail servers write to people that a message did not arrive, or not yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rally_desktop.outside.mail.arrived import Arrived, Returned
from rally_desktop.outside.mail.header_text import headers

_LOOKED_AT = 8_000


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_SERVERS = re.compile(
    r"(?i)(mailer[-_.]?daemon|post-?master|mail-?daemon|mdaemon|microsoftexchange\w*|mailsystem"
    r"|mail[-_.]?delivery\w*|e?\d*_?smtp_mail_service)([-+_.\d\W].*)?"
)
_SERVER_NAMES = _any(
    r"mail (delivery|system)|mailer.?daemon|(system|mail) ?administrat|delivery (sub)?system"
    r"|^postmaster|systemadministrator|mail delivery service"
)
_FAILURE_SUBJECTS = _any(
    r"undeliver|delivery (status notification|failure|has failed|problem|report|error|failed)",
    r"deliver(y|ed)? fail|failure notice|returned mail|returned to sender|returned e?-?mail",
    r"mail (delivery )?(error|failed|failure)|non[- ]deliver|not delivered|mail rejected",
    r"message status|unzustellbar|nicht zustellbar|zustell\w* ?fehl|non remis|échec de la remise",
    r"non distribu|no se puede entregar|error de entrega|no entregado|não é possível entregar",
    r"falha na entrega|não entregue|non recapitabile|mancato recapito|niedostarcz|nie dostarczon",
    r"не доставлен|недоставлен|неможливо доставити|nondeliverable|permanent(e)? (fail|error)",
)
# Nobody types these by hand; after «Re:» or «Fwd:» they are another’s.
_SERVER_SUBJECT = _any(
    r"(delivery (failure|status) notification( \(\w+\))?|undelivered mail returned to sender"
    r"|mail delivery failed\b.*|returned mail: .*|failure notice|undeliverable( mail|: .*)"
    r"|mail could not be delivered|non-?delivery( report|: .*)|mail delivery (failure|error))"
    r"[\s.!]*$"
)
_REFUSALS = _any(
    r"(could|can) ?(not|n[’']t) (yet )?be (delivered|sent|forwarded|completed)",
    r"(was|were|has|have|is) ?(not|n[’']t) (been |able to be )?delivered"
    r"|wasn[’']t able to deliver",
    r"(not|un)able to (be )?deliver|delivery (to|has|of|attempt|failed|error|fail|problem|the)",
    r"deliver(y|ed|able|ing)?\W.{0,80}(fail|error|problem|reject|impossible|unsuccessful)",
    r"(fail|error|problem|unsuccessful)\w*.{0,60}\bdeliver|undeliver|did not reach"
    r"|returned to you",
    r"permanent (fatal )?error|following address(es)?( has| have|\(es\))?|could not (deliver"
    r"|send)",
    r"(user|recipient|mailbox|address)\W.{0,30}(unknown|not found|not exist|reject|unavailable)",
    r"(message|mail)\b.{0,80} (was|has been|is)( \w+)? (rejected|refused|blocked|returned"
    r"|bounced)",
    r"user unknown|no such (user|recipient|account)|unknown (user|recipient)"
    r"|rejected your message",
    r"\b5\d\d[ -]|not accepted|cannot accept|no mailbox|mail ?box.{0,40}full|over ?quota",
    r"zugestellt werden|nachrichtenzustellung|nicht zugestellt|pas pu être (remis|distribué)",
    r"non remis|no se (ha )?(pudo|podido) entregar|falha na entrega|não (pôde|foi).{0,20}entreg",
    r"(recapito|consegna) non riuscit|non è stato (recapitato|consegnato)|nie powiodło",
    r"nie (mogła|może|można) (zostać |być )?dostarcz|не може бути доставлен|не (було )?доставлен",
)
_WARNINGS = _any(
    r"warning (message )?only|do not need to re-?send|still being retried|will (be )?retr(y|ied)",
    r"(not yet been|not been) delivered.{0,80}(after|for) more than|delivery attempts will",
    r"could not send message for (the )?past|(will|continue to) (keep )?try(ing)?( to deliver)?\b"
    r".{0,60}(hours|days|until)|has been postponed|delivery incomplete"
    r"|no action is required on your part",
    r"retry for \d+ more|delivery .{0,30}(is |has been |was )delayed|temporary problem delivering",
    r"noch nicht zugestellt|weitere zustellversuche|verzögert|retardée?|se ha retrasado",
    r"atrasada|ritardo nella consegna|opóźnion|затримано",
)
_WARNING_SUBJECTS = _any(
    r"delayed|\(delay\)|^warning: (could|message|your|mail)|delivery warning"
    r"|still being retried|could not send message for past|verzögert"
)
_GIVEN_UP = _any(r"given up|giving up|permanent error|will not be retried|fatal errors")
_COPIES = re.compile(
    r"(?im)^[ \t>]*(-{2,}\s*(below this line|this is a copy|the (header|body) of|original message"
    r"|unsent message|returned message|undelivered message|the unsent|begin).*"
    r"|original message (headers|follows).*|ursprüngliche (nachrichten)?kopfzeilen.*"
    r"|en-têtes de message d[’']origine.*|encabezados (de mensaje )?originales.*"
    r"|cabeçalhos de mensagem originais.*|intestazioni originali.*|oryginalne nagłówki.*"
    r"|\|-+ ?(message (text|header)|original).*"
    r"|-{3,} ?(message|your message|attached).{0,40}|your message follows.*"
    r"|received: (from|by|\(qmail).*|return-path: .*|message-id: .*)$"
)
# Where the copy was squeezed into one paragraph.
_ID = re.compile(r"(?i)\bmessage-id: *(<[^<>\s]{1,900}>)")
_KEY = re.compile(r"(?i)\bx-rally-key: *(\S{1,200})")


@dataclass(frozen=True)
class Parted:
    """What a server wrote, and the headers of the message it sent back below that."""

    above: str
    returned: Returned


def parted(text: str) -> Parted:
    """Part a report that was written for people."""
    found = _COPIES.search(text[: 4 * _LOOKED_AT])
    if found is None:
        return Parted(text[:_LOOKED_AT], Returned())
    below = text[found.start() : found.start() + _LOOKED_AT]
    lines = [line.lstrip("> \t") for line in below.split("\n") if ":" in line]
    returned = Returned.of(headers("\n".join(lines).encode("utf-8", "replace")))
    if not returned.message_id and (named := _ID.search(below)):
        key = _KEY.search(below)
        returned = replace(returned, message_id=named[1], key=key[1] if key else "")
    return Parted(text[: found.start()][:_LOOKED_AT], returned)


def is_from_a_server(arrived: Arrived) -> bool:
    """Say whether a mail server wrote, and no person through it."""
    local = arrived.sender.address.partition("@")[0]
    known = _SERVERS.fullmatch(local) or _SERVER_NAMES.search(arrived.sender.name)
    if known or arrived.header("X-Failed-Recipients"):
        return True
    if any("delivery-status" in report.type for report in arrived.reports):
        return True
    if _SERVER_SUBJECT.match(arrived.subject) or _rejects_by_rule(arrived):
        return bool(_REFUSALS.search(arrived.text[:_LOOKED_AT]))
    nobody = arrived.header("Return-Path").strip() == "<>" or not arrived.sender.address
    subject = _FAILURE_SUBJECTS.search(arrived.subject)
    return bool(nobody and (subject or _WARNING_SUBJECTS.search(arrived.subject)))


def _rejects_by_rule(arrived: Arrived) -> bool:
    """Say whether a mailbox’s own rule turned the message down (RFC 5429)."""
    notes = (one.text for one in arrived.reports if "disposition-notification" in one.type)
    return (
        any("automatic-action" in note for note in notes)
        and "rejected" in arrived.text[:_LOOKED_AT]
    )


def refuses(arrived: Arrived, above: str) -> bool:
    """Say whether a server writes that it gave a message up."""
    return bool(_FAILURE_SUBJECTS.search(arrived.subject) or _REFUSALS.search(above))


def warns(arrived: Arrived) -> bool:
    """Say whether a server writes that it is still trying."""
    if _GIVEN_UP.search(arrived.text[:_LOOKED_AT]):
        return False
    subject = _WARNING_SUBJECTS.search(arrived.subject)
    return bool(subject or _WARNINGS.search(parted(arrived.text).above))
