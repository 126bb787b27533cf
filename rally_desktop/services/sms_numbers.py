"""Which number a contact gets text messages at, with the code of its country."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rally_desktop.core import numbers, sms
from rally_desktop.core.errors import Refused
from rally_desktop.model.ref import Ref
from rally_desktop.model.work import Work
from rally_desktop.services import settings

COUNTRY, ZONE = "sms_country", "time_zone"
_MEMO = "sms country"
_FIELDS = ("mobile", "phone")


@dataclass(frozen=True)
class Number:
    """A number as it is written in a contact's ``field``, and as it is dialled."""

    field: str
    written: str
    dialled: str

    @property
    def kind(self) -> numbers.Kind:
        """Say whether it is a mobile's or a landline's, where that can be told."""
        return numbers.kind_of(self.dialled)


def country(work: Work) -> str:
    """Return the country of numbers that say none: what was set, else where the office is."""
    if _MEMO not in work.memo:
        chosen = settings.get(work, COUNTRY, "")
        work.memo[_MEMO] = chosen or numbers.country_of_zone(settings.get(work, ZONE, ""))
    return work.memo[_MEMO]


def set_country(work: Work, code: str) -> None:
    """Say in which country numbers are that say none; empty is where the office is."""
    if code and numbers.country_of(code) != code:
        raise Refused(f"‘{code}’ is no country.")
    settings.put(work, COUNTRY, code)
    work.memo.pop(_MEMO, None)


def known(work: Work, contact: Mapping[str, Any]) -> list[Number]:
    """Return the numbers of a contact, the one for text messages first."""
    found = [Number(at, contact[at], _dialled(work, contact, at)) for at in _FIELDS]
    return sorted((one for one in found if one.dialled), key=lambda one: one.kind == "landline")


def best(work: Work, contact: Mapping[str, Any]) -> str:
    """Return where a contact gets text messages; empty where no number is known.

    A landline comes last: many cannot get any.
    """
    return next((one.dialled for one in known(work, contact)), "")


def dialled(work: Work, written: str) -> str:
    """Return a number that somebody typed as it is dialled; empty where it is none."""
    return numbers.e164(written.strip(), country(work))


def _dialled(work: Work, contact: Mapping[str, Any], field: str) -> str:
    bare = sms.number_of(contact[field] or "")
    if not bare or bare.startswith("+"):
        return numbers.e164(bare) if bare else ""
    return numbers.e164(bare, next(_countries(work, contact), ""))


def _countries(work: Work, contact: Mapping[str, Any]) -> Iterator[str]:
    """Yield the countries that a number may be of, the likeliest first."""
    said = [contact["country"] or ""]
    if not said[0] and contact["company_id"]:
        company = work.find(Ref("company", contact["company_id"]))
        said.append((company["country"] or "") if company else "")
    yield from filter(None, map(numbers.country_of, said))
    yield country(work)
