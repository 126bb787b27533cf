"""Leaving, coming back and asking for help by SMS; numbers as the world dials them."""

from __future__ import annotations

import pytest

from rally_desktop.core import numbers
from rally_desktop.core.sms_words import wish_of

WISHES = {
    "STOP": "stop", " Stop! ": "stop", "“stop”": "stop", "Abmelden": "stop", "arrêt": "stop",
    "ARRET": "stop", "Darse de  baja": "stop", "sair": "stop", "Basta.": "stop",
    "rezygnuję": "stop", "СТОП": "stop", "start": "start", "Підписатися": "start",
    "Hilfe?": "help", "AYUDA": "help",
    "Stop by at ten?": "", "please stop": "", "Don’t stop": "", "stopped": "", "": "", "…": "",
    "start " * 20: "",
}  # fmt: skip


@pytest.mark.parametrize("text", WISHES)
def test_only_the_word_alone_is_a_wish(text):
    """In eight languages, with or without accents and signs around it; never inside a sentence."""
    assert wish_of(text) == WISHES[text]


DIALLED = (
    ("+44 (0)1632 960001", "", "+441632960001"), ("01632 960001", "GB", "+441632960001"),
    ("0044 1632 960001", "DE", "+441632960001"), ("0176 12345678", "DE", "+4917612345678"),
    ("01632 960001", "", "01632960001"), ("12", "GB", ""), ("by phone", "GB", ""),
)  # fmt: skip


@pytest.mark.parametrize(("written", "country", "number"), DIALLED)
def test_a_number_gets_the_code_of_its_country(written, country, number):
    """What it says itself goes before where its owner lives; without either, the digits stay."""
    assert numbers.e164(written, country) == number


def test_countries_are_known_as_people_write_them():
    """By name, in the country’s own language, by code; and by a time zone."""
    said = ("Germany", "deutschland", "DE", "España", "USA", "Atlantis", "")
    assert [numbers.country_of(one) for one in said] == ["DE", "DE", "DE", "ES", "US", "", ""]
    zones = ("Europe/Paris", "America/New_York", "UTC")
    assert [numbers.country_of_zone(one) for one in zones] == ["FR", "US", ""]


def test_mobiles_and_landlines_are_told_apart_where_the_number_tells():
    """In Germany it does, in the United States it does not."""
    said = ("+4915112345678", "+493012345678", "+12015550123", "none")
    assert [numbers.kind_of(one) for one in said] == ["mobile", "landline", "", ""]
    assert numbers.country_of_number("+4915112345678") == "DE"
