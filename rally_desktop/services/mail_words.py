"""What the timeline says of e-mails: whether a person or a machine wrote, why one came back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

Detail = Mapping[str, Any]
# What a machine answered, by its kind; an absence may name the day of return besides.
MACHINES: Mapping[str, str] = {
    "absence": "Automatic reply, away",
    "left": "Automatic reply, no longer there",
    "acknowledgement": "Automatic confirmation",
    "challenge": "Automatic question before it is delivered",
    "calendar": "Answer to an invitation",
    "stray": "Report of failure that could not be matched with anything sent",
}
MACHINE = "Automatic reply"
# How a message came back, in what is said of it and in how it looks.
BACK: Mapping[str, str] = {
    "hard": "E-mail came back for good",
    "soft": "E-mail came back for now",
    "refused": "E-mail refused by the server",
}
# What a status means (RFC 3463), from its end: the subject, or the very detail.
STATUS: Mapping[str, str] = {
    "1.1": "There is no such address.",
    "1.2": "There is no such domain.",
    "1.3": "The address is written wrongly.",
    "1.6": "The mailbox has moved.",
    "1.8": "The server does not accept our address.",
    "1.10": "The domain receives no mail.",
    "2.1": "The mailbox is switched off.",
    "2.2": "The mailbox is full.",
    "2.3": "The message is too large.",
    "3.4": "The message is too large.",
    "4.1": "The server does not answer.",
    "4.4": "The domain receives no mail.",
    "4.7": "It could not be delivered in time.",
    "7": "The server refuses it as spam, or by a rule of its own.",
}
KINDS_OF_BACK: Mapping[str, str] = {
    "hard": "The address does not work any more.",
    "soft": "It may go through another time.",
    "refused": "The address is not at fault: look at the account.",
}


def received(detail: Detail) -> tuple[str, str]:
    """Say what came in: who wrote, where that is not who is expected, and what about."""
    subject, text = detail.get("subject") or "", detail.get("text") or ""
    if detail.get("automatic"):
        said = machine(detail)
    else:
        other = detail.get("other_address")
        said = f"E-mail received from {other}" if other else "E-mail received"
    return _about(said, subject), text


def machine(detail: Detail) -> str:
    """Say what a machine answered, and until when somebody is away."""
    said = MACHINES.get(detail.get("machine") or "", MACHINE)
    return said + (f" until {_day(detail['returns'])}" if detail.get("returns") else "")


def came_back(detail: Detail) -> tuple[str, str]:
    """Say which message came back, why in words, and what the server said."""
    how = detail.get("how") or ("hard" if detail.get("hard") else "soft")
    why = reason(detail.get("status") or "")
    said = _about(BACK.get(how, "E-mail came back"), detail.get("subject") or "")
    answer = " ".join((detail.get("answer") or "").split())
    told = [f"{detail['address']}: {why}" if detail.get("address") and why else why]
    told += [KINDS_OF_BACK.get(how, ""), f"‘{answer}’" if answer else ""]
    return said, "\n".join(filter(None, told))


def reason(status: str) -> str:
    """Return what a status such as 5.1.1 means; empty where that says nothing."""
    _, _, end = status.partition(".")
    return STATUS.get(end) or STATUS.get(end.partition(".")[0], "")


def look(kind: str, detail: Detail) -> str:
    """Return by which picture a line is known, where its kind alone does not tell."""
    if kind == "email_received" and detail.get("automatic"):
        machine = detail.get("machine")
        return f"machine_{machine}" if machine in ("absence", "left") else "machine"
    if kind == "email_bounced":
        return f"back_{detail.get('how') or ('hard' if detail.get('hard') else 'soft')}"
    return ""


def _about(said: str, subject: str) -> str:
    return f"{said}: {subject}" if subject else said


def _day(written: str) -> str:
    day = date.fromisoformat(written[:10])
    return f"{day.day} {day:%B %Y}"
