"""Numbers and days as the person at this computer writes them."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import QLocale

from rally_desktop.core.amounts import amount

MOST_DECIMALS = 6


def locale() -> QLocale:
    """Return how numbers are written on this computer; where it does not say, as in Britain."""
    here = QLocale()
    if here.language() is QLocale.Language.C:
        return QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    return here


def number(value: float) -> str:
    """Say a number with its thousands apart and no more decimals than it has."""
    whole, _, decimals = f"{value:.{MOST_DECIMALS}f}".rstrip("0").partition(".")
    return locale().toString(float(value), "f", len(decimals)) if whole else ""


def money(value: float | None) -> str:
    """Say an amount; cents only where there are any."""
    if value is None:
        return ""
    return locale().toString(float(value), "f", 0 if float(value).is_integer() else 2)


def written(value: float) -> str:
    """Return a number as one types it."""
    return f"{value:.15g}".replace(".", locale().decimalPoint())


def read(text: str) -> str:
    """Return what somebody typed as a plain number; as it is where it is none."""
    typed = text.strip()
    found, understood = locale().toDouble(typed)
    known = found if understood else amount(typed)
    return typed if known is None else f"{known:.15g}"


def day(value: datetime | date) -> str:
    """Say a day: «3 March 2026»."""
    return f"{value.day} {value:%B %Y}"


def day_format() -> str:
    """Return how a day is typed: in the order that is usual here, the year whole."""
    usual = locale().dateFormat(QLocale.FormatType.ShortFormat)
    return usual if "yyyy" in usual else usual.replace("yy", "yyyy")


def short_day(value: datetime, today: date) -> str:
    """Say a day where room is short, and the nearest ones by their names: «Tomorrow», «3 Mar»."""
    near = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}
    if named := near.get((value.date() - today).days):
        return named
    year = f" {value.year}" if value.year != today.year else ""
    return f"{value.day} {value:%b}{year}"
