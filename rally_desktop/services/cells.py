"""What a cell of a list means: its text as the value of a field, or why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email

from rally_desktop.core import schema
from rally_desktop.core.fold import fold
from rally_desktop.model import rows
from rally_desktop.services import records

# Read returns (value, note): the note tells a person what was not taken as it stood.
Read = Callable[[str], tuple[Any, str]]

# Names of other programs and languages for what is in the lists here.
_SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "lifecycle_stage": {
        "subscriber": "Lead",
        "marketingqualifiedlead": "Qualified",
        "marketing qualified lead": "Qualified",
        "mql": "Qualified",
        "salesqualifiedlead": "Qualified",
        "sales qualified lead": "Qualified",
        "sql": "Qualified",
        "kunde": "Customer",
        "client": "Customer",
        "cliente": "Customer",
    },
    "consent_email": {"yes": "granted", "true": "granted", "no": "refused", "false": "refused"},
    "consent_sms": {"yes": "granted", "true": "granted", "no": "refused", "false": "refused"},
}
_YES = frozenset("1 yes y true x ja j oui o si sì sí sim s tak da".split())
_PLAIN_ADDRESS = re.compile(
    r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"(com|org|net|edu|eu|info|[A-Za-z]{2})"
)
_ANGLED = re.compile(r".*<([^<>]+)>\s*|mailto:(.*)")


def reader(field: str, choices: Mapping[str, str] | None = None) -> Read:
    """Return how a cell becomes the value of a contact's field.

    ``choices`` are the office's own values by their folded form; a new one is taken as it is.
    """
    column = rows.table("contact").columns[field]
    look = records.settable("contact")[field]
    if isinstance(look, schema.Choice):
        return _one_of(look.label, look.options, _SYNONYMS.get(field, {}))
    if isinstance(look, schema.Number):
        return _number(look)
    if isinstance(look, schema.YesNo):
        return lambda text: (fold(text) in _YES, "")
    if field == "time_zone":
        return _time_zone
    known = choices or {}
    limit = getattr(column.type, "length", None) or 200
    lines = field == "street"

    def line(text: str) -> tuple[str, str]:
        value = text.strip() if lines else " ".join(text.split())
        value = known.get(fold(value), value) if known else value
        if len(value) > limit:
            return value[:limit].rstrip(), f"{look.label} was cut to {limit} characters."
        return value, ""

    return line


def email(text: str) -> tuple[str, str]:
    """Return an address as it is kept, or what is wrong with it; no server is asked."""
    text = text.strip()
    if wrapped := _ANGLED.fullmatch(text):
        text = (wrapped[1] or wrapped[2] or "").strip()
    if not text or (len(text) <= 64 and _PLAIN_ADDRESS.fullmatch(text)):
        return text, ""
    try:
        return validate_email(text, check_deliverability=False).normalized, ""
    except EmailNotValidError:
        return "", f"‘{text[:80]}’ is not an e-mail address. Correct it, or leave it empty."


def full_name(text: str) -> tuple[str, str]:
    """Take a whole name apart: «Ruiz, Ana» and «Ana Maria Ruiz» are both understood."""
    last, comma, first = (" ".join(part.split()) for part in text.partition(","))
    if comma and first:
        return first[:200], last[:200]
    first, _, last = last.rpartition(" ")
    return (first[:200], last[:200]) if first else (last[:200], "")


def tags(text: str) -> list[str]:
    """Return the tags in a cell, separated by ; or by , each once."""
    found = (" ".join(tag.split()) for tag in re.split(r"[;,]", text))
    return list({fold(tag): tag for tag in found if 0 < len(fold(tag)) <= 100 >= len(tag)}.values())


def _one_of(label: str, options: tuple[str, ...], synonyms: Mapping[str, str]) -> Read:
    known = {**synonyms, **{fold(option): option for option in options}}

    def read(text: str) -> tuple[str, str]:
        value = known.get(fold(text), "")
        if value or not text.strip():
            return value, ""
        said = f"‘{text.strip()[:60]}’ is not a {label.lower()} and was left out; there are "
        return "", f"{said}{', '.join(options)}."

    return read


def _number(field: schema.Number) -> Read:
    def read(text: str) -> tuple[int | None, str]:
        if not text.strip():
            return None, ""
        try:
            number = round(float(text.strip().replace(",", ".")))
        except (ValueError, OverflowError):
            return None, f"‘{text.strip()[:60]}’ is no {field.label.lower()} and was left out."
        low, high = field.least or 0, field.most or 0
        if not low <= number <= high:
            return None, f"{field.label} must be from {low:g} to {high:g}; {number} was left out."
        return number, ""

    return read


def _time_zone(text: str) -> tuple[str, str]:
    text = text.strip()
    if not text or text in available_timezones():
        return text, ""
    return "", f"‘{text[:60]}’ is not a time zone such as Europe/Paris and was left out."
