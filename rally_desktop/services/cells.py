"""What a cell of a list means: its text as the value of a field, or why it cannot be."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email

from rally_desktop.core import schema
from rally_desktop.core.amounts import amount
from rally_desktop.core.fold import fold
from rally_desktop.services import calendar

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
_NO = frozenset("0 no n false nein non não nao nee nie ne -".split())
_PLAIN_ADDRESS = re.compile(
    r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+"
    r"(com|org|net|edu|eu|info|[A-Za-z]{2})"
)
_ANGLED = re.compile(r".*<([^<>]+)>\s*|mailto:(.*)")
_IN_QUOTES = re.compile(r'"[^"]*"')
_SEVERAL = re.compile(r":::|[;,\n]")
# A number with a currency before or behind it: «€ 1 234,50», «CHF 1'234.50», «-12 %».
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(\s.*)?")


def reader(look: schema.Field, name: str, limit: int, choices: Mapping[str, str]) -> Read:
    """Return how a cell becomes the value of a field; ``limit`` is how long a text may be.

    ``choices`` are the office's own values by their folded form; a new one is taken as it is.
    """
    if isinstance(look, schema.Choice):
        return _one_of(look.label, look.options, _SYNONYMS.get(name, {}))
    if isinstance(look, schema.Number):
        return _number(look, whole=name == "score")
    if isinstance(look, schema.YesNo):
        return _yes_no(look.label)
    if isinstance(look, schema.Moment):
        return _moment(look.label)
    if name == "time_zone":
        return time_zone
    return _line(look.label, limit, choices, lines=name == "street", dialled=name in _DIALLED)


_DIALLED = ("phone", "mobile")


def _line(label: str, limit: int, known: Mapping[str, str], *, lines: bool, dialled: bool) -> Read:
    def line(text: str) -> tuple[str, str]:
        value = text.strip() if lines else " ".join(text.split())
        value = known.get(fold(value), value) if known else value
        if len(value) > limit:
            return value[:limit].rstrip(), f"{label} was cut to {limit} characters."
        if dialled and value and not any(map(str.isdigit, value)):
            return value, f"‘{value[:60]}’ is no number that can be dialled."
        return value, ""

    return line


def email(text: str) -> tuple[str, str]:
    """Return an address as it is kept, or what is wrong with it; no server is asked.

    Of several in one cell the first is taken.
    """
    text = text.strip()
    if ("<" in text or ":" in text) and (wrapped := _ANGLED.fullmatch(text)):
        text = (wrapped[1] or wrapped[2] or "").strip()
    if not text or (len(text) <= 64 and _PLAIN_ADDRESS.fullmatch(text)):
        return text, ""
    try:
        return validate_email(text, check_deliverability=False).normalized, ""
    except EmailNotValidError:
        first, *more = _SEVERAL.split(text, maxsplit=1)
        if more and "@" in first:
            return email(first)
        return "", f"‘{text[:80]}’ is not an e-mail address. Correct it, or leave it empty."


def full_name(text: str) -> tuple[str, str]:
    """Take a whole name apart: «Ruiz, Ana» and «Ana Maria Ruiz» are both understood."""
    last, comma, first = (" ".join(part.split()) for part in text.partition(","))
    if comma and first:
        return first[:200], last[:200]
    first, _, last = last.rpartition(" ")
    return (first[:200], last[:200]) if first else (last[:200], "")


def tags(text: str) -> list[str]:
    """Return the tags in a cell, separated by ; or by , each once; one in quotes may have both.

    Google writes «* myContacts ::: Friends»; what it begins with * is its own.
    """
    if ":::" in _IN_QUOTES.sub("", text):
        text = ";".join(tag for tag in text.split(":::") if not tag.strip().startswith("*"))
    parts = _quoted(text) if '"' in text else re.split(r"[;,]", text)
    found = (" ".join(tag.split()) for tag in parts)
    return list({fold(tag): tag for tag in found if 0 < len(fold(tag)) <= 100 >= len(tag)}.values())


def tags_cell(worn: tuple[str, ...]) -> str:
    """Return tags as one cell, so that ``tags`` reads the same tags in it."""
    return "; ".join(_in_quotes(tag) if re.search('[;,"]|:::', tag) else tag for tag in worn)


def _in_quotes(tag: str) -> str:
    return '"' + tag.replace('"', '""') + '"'


def _quoted(text: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=";", skipinitialspace=True), [])
    except csv.Error:
        return re.split(r"[;,]", text)


def _one_of(label: str, options: tuple[str, ...], synonyms: Mapping[str, str]) -> Read:
    known = {**synonyms, **{fold(option): option for option in options}}

    def read(text: str) -> tuple[str, str]:
        value = known.get(fold(text), "")
        if value or not text.strip():
            return value, ""
        said = f"‘{text.strip()[:60]}’ is not a {label.lower()} and was left out; there are "
        return "", f"{said}{', '.join(options)}."

    return read


def _number(field: schema.Number, *, whole: bool) -> Read:
    def read(text: str) -> tuple[float | None, str]:
        if not text.strip():
            return None, ""
        number = amount(text)
        if number is None:
            return None, f"‘{text.strip()[:60]}’ is no {field.label.lower()} and was left out."
        if problem := field.flaw(number):
            return None, f"{field.label} {problem}; {text.strip()[:60]} was left out."
        return round(number) if whole else number, ""

    return read


def _yes_no(label: str) -> Read:
    def read(text: str) -> tuple[bool | None, str]:
        said = fold(text)
        if said in _YES or said in _NO:
            return said in _YES, ""
        return None, f"{label} is yes or no; ‘{text.strip()[:60]}’ was left out."

    return read


def _moment(label: str) -> Read:
    def read(text: str) -> tuple[datetime | None, str]:
        if (found := moment(text)) is not None or not text.strip():
            return found, ""
        said = f"‘{text.strip()[:60]}’ is no date such as 2026-03-28 and was left out"
        return None, f"{label}: {said}."

    return read


def moment(text: str) -> datetime | None:
    """Return a date as people write it, at midnight UTC unless a time is said.

    Days come before months, unless that cannot be: 03/28/2026 is in March all the same.
    """
    text = text.strip()
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        if (found := _DAY_FIRST.fullmatch(text)) is None:
            return None
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        if month > 12:
            day, month = month, day
        if len(found[3]) == 2:
            year += 2000 if year < 70 else 1900
        try:
            read = datetime.combine(date(year, month, day), datetime.min.time())
        except ValueError:
            return None
    moved = read if read.tzinfo else read.replace(tzinfo=UTC)
    return moved if moved.year >= 1000 else None


def time_zone(text: str) -> tuple[str, str]:
    """Return the name of a zone, or what is wrong with it."""
    text = text.strip()
    if not text or text in calendar.zone_names():
        return text, ""
    return "", f"‘{text[:60]}’ is not a time zone such as Europe/Paris and was left out."
