"""What a mail server meant when it would not take a message: its status, its words."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["hard", "soft", "refused"]

_STATUS = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
_CODE = re.compile(r"(?<![\d.#@-])([45])(\d)(\d)(?=[ \-:,])(?![ -]*(?:bytes|seconds))")


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_UNKNOWN = _any(
    r"(user|recipient|mailbox|account|address|alias|person|name)\W+(is |was |are )?(un ?known"
    r"|invalid|not (found|known|listed|valid|exist|recogni[sz]ed|a valid)|disabled|inactive|closed"
    r"|suspended|unavailable|does ?n[o’']t exist|doesn[’']t exist|do not exist|no longer)",
    r"(un ?known|invalid|no such|non-?existent|inactive|disabled|nonexisting|bad)"
    r"( (local|virtual|mail|e-?mail|destination|relay))* ?(user|recipient|mailbox|account|address"
    r"|alias|person|domain|host)",
    r"does(n[’']t| not) (exist|have an?\b.{0,60}\baccount)",
    r"no mailbox (here )?by that name|not listed in|not our customer|unroute?able|no mx record",
    r"(host|domain)( or domain name)? (not found|does not exist|unknown)|recip(ient)?notfound",
    r"(could|can)(n[’']t| ?not) be found|wasn[’']t found|not (a )?(known|local) (user|recipient)",
    r"no longer (valid|active|in use|available|accept)|no user here|user doesn|unknown or illegal",
    r"mailbox unavailable|address rejected|rejected recipient|unknown to address",
    r"recipient rejected|bad destination|(account|e-?mail address) has been (disabled|closed)",
    r"nicht gefunden|unbekannt|existiert nicht|introuvable|n[’']existe pas|inconnu",
    r"no existe|no se encontró|no se ha encontrado|desconocid|não (foi )?encontrad|não existe",
    r"non (è stato )?trovato|inesistente|sconosciut|non esiste|nie można znaleźć|nie istnieje",
    r"nie znaleziono|nieznany|не знайден|не існує|невідом",
)
_FULL = _any(
    r"(mailbox|inbox|mail ?box|account|disk|storage|folder)\W.{0,60}\b(full|over)\b",
    r"over(disk)? ?quota|quota.{0,30}exceed|exceed\w*.{0,30}(quota|storage|allocation|space)",
    r"insufficient (system |disk )?(storage|space)|out of (disk )?(storage|space)|mailfull",
    r"mailbox (has )?exceeded|maximum (mailbox|storage) size|(postfach|speicher).{0,60}\bvoll\b",
    r"(boîte|bo[iî]te aux lettres).{0,60}pleine|(buzón|bandeja).{0,60}llen[oa]",
    r"(caixa).{0,60}cheia|casella.{0,60}piena|cassetta.{0,60}piena|skrzynka.{0,60}(pełna"
    r"|przepełn)",
    r"скринька.{0,60}(переповнена|заповнена)|переповнен",
)
_REFUSED = _any(
    r"\bspam|\bblocked|block ?list|black ?list|deny ?list|dnsbl|\brbl\b|\bpolic(y|ies)\b|dmarc"
    r"|\bspf\b|\bdkim\b|reputation|relay(ing)? (access |is )?(denied|prohibited|not)|unsolicited",
    r"not (permitted|authori[sz]ed|allowed|accept(ed|ing) (mail|messages))|access denied|\bvirus"
    r"|(message|mail) (content|size)|too (large|big)|size (limit|exceed)|authentication required",
    r"unable to relay|do(n[’']t| not) have permission|delivery restriction|\bbanned\b|restricted"
    r"|content reject|rejected (by|for|due)|sender (address )?(is )?(rejected|denied|blocked)",
)
_FOR_NOW = _any(
    r"time[ds]? ?out|try (again|later)|temporar|connection (refused|reset|lost)|grey ?list",
    r"deferred|expired|retry time|too many|rate limit|overload|unreachable|no route",
    r"vorübergehend|später|temporal|momentan|tymczasow|тимчасов",
)


def status_in(text: str) -> str:
    """Return the first status of RFC 3463 that a text holds, as ``5.1.1``."""
    found = _STATUS.search(text)
    return found[0] if found else ""


def kind_of(status: str, said: str) -> Kind:
    """Say whose fault it was: hard – the address’s, soft – it may pass, refused – ours."""
    said = said[:4_000]
    if not status or status.endswith(".0.0"):
        status = status_in(said) or status
    if status.startswith("4") or status.endswith(".2.2"):
        return "soft"
    known = _by_status(status, said) if status and not status.endswith(".0.0") else None
    return known or _by_words(said) or _by_code(said, status)


def _by_status(status: str, said: str) -> Kind | None:
    """Return what a permanent status means; words tell where it may mean two things."""
    _, subject, detail = status.split(".")
    unknown, refused = bool(_UNKNOWN.search(said)), bool(_REFUSED.search(said))
    if subject == "1":
        ours = detail in ("7", "8") or (refused and not unknown)
        return "refused" if ours else "hard"
    if subject in ("6", "7"):
        return "hard" if unknown and not refused else "refused"
    if status in ("5.3.4", "5.2.3"):
        return "refused"
    if status in ("5.2.1", "5.4.4", "5.4.310"):
        return "hard"
    return None


def _by_words(said: str) -> Kind | None:
    if _FULL.search(said):
        return "soft"
    if _UNKNOWN.search(said):
        return "hard"
    if _REFUSED.search(said):
        return "refused"
    return "soft" if _FOR_NOW.search(said) else None


def _by_code(said: str, status: str) -> Kind:
    """Return what the reply code alone says (RFC 5321, 4.2.3)."""
    code = _CODE.search(said)
    if code is None:
        subject = status.split(".")[1] if status else ""
        return {"1": "hard", "5": "refused"}.get(subject, "soft")  # pyright: ignore[reportReturnType]
    if code[1] == "4" or code[0] == "552":
        return "soft"
    return "hard" if code[0] in ("550", "551", "553") else "refused"
