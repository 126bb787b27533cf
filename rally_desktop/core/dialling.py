"""Telephone numbers: when two are the same, and the time zone of a number's country."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

# Countries with one zone only: where there are several, a number does not tell which.
_ZONES: Mapping[str, str] = MappingProxyType(
    {
        "20": "Africa/Cairo", "212": "Africa/Casablanca", "213": "Africa/Algiers",
        "216": "Africa/Tunis", "218": "Africa/Tripoli", "220": "Africa/Banjul",
        "221": "Africa/Dakar", "225": "Africa/Abidjan", "230": "Indian/Mauritius",
        "233": "Africa/Accra", "234": "Africa/Lagos", "237": "Africa/Douala",
        "244": "Africa/Luanda", "250": "Africa/Kigali", "251": "Africa/Addis_Ababa",
        "254": "Africa/Nairobi", "255": "Africa/Dar_es_Salaam", "256": "Africa/Kampala",
        "258": "Africa/Maputo", "260": "Africa/Lusaka", "263": "Africa/Harare",
        "264": "Africa/Windhoek", "267": "Africa/Gaborone", "27": "Africa/Johannesburg",
        "30": "Europe/Athens", "31": "Europe/Amsterdam", "32": "Europe/Brussels",
        "33": "Europe/Paris", "350": "Europe/Gibraltar", "352": "Europe/Luxembourg",
        "353": "Europe/Dublin", "354": "Atlantic/Reykjavik", "355": "Europe/Tirane",
        "356": "Europe/Malta", "357": "Asia/Nicosia", "358": "Europe/Helsinki",
        "359": "Europe/Sofia", "36": "Europe/Budapest", "370": "Europe/Vilnius",
        "371": "Europe/Riga", "372": "Europe/Tallinn", "373": "Europe/Chisinau",
        "374": "Asia/Yerevan", "375": "Europe/Minsk", "376": "Europe/Andorra",
        "377": "Europe/Monaco", "378": "Europe/San_Marino", "380": "Europe/Kyiv",
        "381": "Europe/Belgrade", "382": "Europe/Podgorica", "385": "Europe/Zagreb",
        "386": "Europe/Ljubljana", "387": "Europe/Sarajevo", "389": "Europe/Skopje",
        "39": "Europe/Rome", "40": "Europe/Bucharest", "41": "Europe/Zurich",
        "420": "Europe/Prague", "421": "Europe/Bratislava", "423": "Europe/Vaduz",
        "43": "Europe/Vienna", "44": "Europe/London", "45": "Europe/Copenhagen",
        "46": "Europe/Stockholm", "47": "Europe/Oslo", "48": "Europe/Warsaw",
        "49": "Europe/Berlin", "502": "America/Guatemala", "503": "America/El_Salvador",
        "504": "America/Tegucigalpa", "505": "America/Managua", "506": "America/Costa_Rica",
        "507": "America/Panama", "51": "America/Lima", "53": "America/Havana",
        "54": "America/Argentina/Buenos_Aires", "57": "America/Bogota", "58": "America/Caracas",
        "591": "America/La_Paz", "595": "America/Asuncion", "598": "America/Montevideo",
        "60": "Asia/Kuala_Lumpur", "63": "Asia/Manila", "65": "Asia/Singapore",
        "66": "Asia/Bangkok", "673": "Asia/Brunei", "679": "Pacific/Fiji", "81": "Asia/Tokyo",
        "82": "Asia/Seoul", "84": "Asia/Ho_Chi_Minh", "852": "Asia/Hong_Kong",
        "853": "Asia/Macau", "855": "Asia/Phnom_Penh", "856": "Asia/Vientiane",
        "86": "Asia/Shanghai", "880": "Asia/Dhaka", "886": "Asia/Taipei", "90": "Europe/Istanbul",
        "91": "Asia/Kolkata", "92": "Asia/Karachi", "93": "Asia/Kabul", "94": "Asia/Colombo",
        "95": "Asia/Yangon", "960": "Indian/Maldives", "961": "Asia/Beirut", "962": "Asia/Amman",
        "963": "Asia/Damascus", "964": "Asia/Baghdad", "965": "Asia/Kuwait", "966": "Asia/Riyadh",
        "967": "Asia/Aden", "968": "Asia/Muscat", "971": "Asia/Dubai", "972": "Asia/Jerusalem",
        "973": "Asia/Bahrain", "974": "Asia/Qatar", "975": "Asia/Thimphu", "977": "Asia/Kathmandu",
        "98": "Asia/Tehran", "992": "Asia/Dushanbe", "993": "Asia/Ashgabat", "994": "Asia/Baku",
        "995": "Asia/Tbilisi", "996": "Asia/Bishkek", "998": "Asia/Tashkent",
    }
)  # fmt: skip
_TAIL = 9  # digits of a number without its country: as many as any two are told apart by
_LEAST = 7
_NO_DIGIT = re.compile(r"[^0-9]+")
_BEYOND = re.compile(r"\A(?:\+|00)(\d+)")
_SIGNS = re.compile(r"[\s().\-/]|\(0\)")


def tail_of(number: str) -> str:
    """Return the digits that all ways to write a number share; nothing where there are too few."""
    if len(number) < _LEAST or len(digits := _NO_DIGIT.sub("", number)) < _LEAST:
        return ""
    return digits[-_TAIL:]


def zone_of_number(number: str) -> str:
    """Return the IANA name of a number's zone; empty where it does not tell.

    Only a number with its country says anything: +44 20 7946 0000, 0044 20 7946 0000.
    """
    found = _BEYOND.match(_SIGNS.sub("", number or ""))
    if found is None:
        return ""
    return next((zone for n in (3, 2) if (zone := _ZONES.get(found[1][:n]))), "")


def code_of_zone(zone: str) -> str:
    """Return the calling code of the country that has a zone to itself; empty for others."""
    return next((code for code, known in _ZONES.items() if known == zone), "")
