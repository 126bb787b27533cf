"""Telephone numbers as the world dials them (E.164), by the country where they say none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from rally_desktop.core import dialling, sms
from rally_desktop.core.fold import fold

Kind = Literal["mobile", "landline", ""]
# What countries are called in addresses, besides their ISO codes.
_CALLED: Mapping[str, str] = MappingProxyType(
    {
        "AE": "united arab emirates|uae", "AR": "argentina", "AT": "austria|österreich",
        "AU": "australia", "BE": "belgium|belgique|belgië|belgien", "BG": "bulgaria",
        "BR": "brazil|brasil", "CA": "canada", "CH": "switzerland|schweiz|suisse|svizzera",
        "CL": "chile", "CN": "china", "CO": "colombia", "CY": "cyprus",
        "CZ": "czechia|czech republic|česko", "DE": "germany|deutschland|allemagne|alemania",
        "DK": "denmark|danmark", "EE": "estonia|eesti", "EG": "egypt", "ES": "spain|españa",
        "FI": "finland|suomi", "FR": "france", "GB": "united kingdom|uk|great britain|england"
        "|scotland|wales|northern ireland", "GR": "greece|ελλάδα", "HR": "croatia|hrvatska",
        "HU": "hungary|magyarország", "IE": "ireland|éire", "IL": "israel", "IN": "india",
        "IS": "iceland|ísland", "IT": "italy|italia", "JP": "japan", "KR": "south korea|korea",
        "LT": "lithuania|lietuva", "LU": "luxembourg|luxemburg", "LV": "latvia|latvija",
        "MA": "morocco|maroc", "MT": "malta", "MX": "mexico|méxico", "MY": "malaysia",
        "NG": "nigeria", "NL": "netherlands|nederland|the netherlands|holland",
        "NO": "norway|norge", "NZ": "new zealand", "PE": "peru|perú", "PH": "philippines",
        "PL": "poland|polska", "PT": "portugal", "RO": "romania|românia", "RS": "serbia|srbija",
        "RU": "russia|россия", "SA": "saudi arabia", "SE": "sweden|sverige", "SG": "singapore",
        "SI": "slovenia|slovenija", "SK": "slovakia|slovensko", "TH": "thailand",
        "TN": "tunisia|tunisie", "TR": "turkey|türkiye", "UA": "ukraine|україна",
        "US": "united states|usa|united states of america|u.s.a.|u.s.", "VN": "vietnam",
        "ZA": "south africa",
    }
)  # fmt: skip
_BY_NAME = {fold(name): code for code, said in _CALLED.items() for name in said.split("|")}
# Zones of countries that have several.
_OF_ZONE: Mapping[str, str] = MappingProxyType(
    {
        "Europe/Madrid": "ES", "Atlantic/Canary": "ES", "Europe/Lisbon": "PT",
        "Europe/London": "GB", "Europe/Rome": "IT", "Europe/Oslo": "NO", "Europe/Helsinki": "FI",
        "Europe/Moscow": "RU", "Africa/Casablanca": "MA", "America/Toronto": "CA",
        "America/Vancouver": "CA", "America/Edmonton": "CA", "America/Winnipeg": "CA",
        "America/Halifax": "CA", "America/Mexico_City": "MX", "America/Sao_Paulo": "BR",
        "America/Santiago": "CL", "Australia/Sydney": "AU", "Australia/Melbourne": "AU",
        "Australia/Brisbane": "AU", "Australia/Perth": "AU", "Pacific/Auckland": "NZ",
        "Asia/Jakarta": "ID", "America/New_York": "US", "America/Chicago": "US",
        "America/Denver": "US", "America/Phoenix": "US", "America/Los_Angeles": "US",
    }
)  # fmt: skip


def countries() -> Mapping[str, str]:
    """Return the countries that are known by name: what each is called, by its code, in order."""
    called = {code: said.partition("|")[0].title() for code, said in _CALLED.items()}
    return dict(sorted(called.items(), key=lambda one: one[1]))


def country_of(written: str) -> str:
    """Return the ISO code of a country as people write it; empty where that is not known."""
    bare = written.strip()
    if len(bare) == 2 and bare.upper() in _codes():
        return bare.upper()
    return _BY_NAME.get(fold(bare), "")


def country_of_zone(zone: str) -> str:
    """Return the country of a time zone; empty where it lies in several."""
    if zone in _OF_ZONE:
        return _OF_ZONE[zone]
    from phonenumbers import region_code_for_country_code

    code = dialling.code_of_zone(zone)
    return region_code_for_country_code(int(code)) if code else ""


@lru_cache(maxsize=20_000)
def e164(written: str, country: str = "") -> str:
    """Return a number with its country's code, as ``+441632960001``.

    Where neither the number nor ``country`` says which country, its digits; empty where it
    is no number.
    """
    bare = sms.number_of(written)
    if not bare:
        return ""
    import phonenumbers

    try:
        read = phonenumbers.parse(bare, country or None)
    except phonenumbers.NumberParseException:
        return bare
    if not phonenumbers.is_possible_number(read):
        return bare
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=20_000)
def kind_of(number: str) -> Kind:
    """Say whether a number with its country is a mobile's or a landline's, where it tells."""
    import phonenumbers
    from phonenumbers import PhoneNumberType

    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return ""
    if kind == PhoneNumberType.MOBILE:
        return "mobile"
    return "landline" if kind == PhoneNumberType.FIXED_LINE else ""


@lru_cache(maxsize=20_000)
def country_of_number(number: str) -> str:
    """Return the country that a number with its code belongs to; empty where it says none."""
    import phonenumbers

    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) or ""
    except phonenumbers.NumberParseException:
        return ""


def _codes() -> frozenset[str]:
    from phonenumbers import SUPPORTED_REGIONS

    return frozenset(SUPPORTED_REGIONS)
