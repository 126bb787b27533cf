"""The day somebody is back is read from what they write, in eight languages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.outside.mail.return_date import back_on

TODAY = date(2026, 7, 14)


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("I'll be back on Monday 3 August.", "08-03"),
        ("I will be out of the office from July 1st to July 31st and unable to respond.", "08-01"),
        ("I am out of office until Monday.", "07-20"),
        ("I'm away until Friday and will reply next week.", "07-17"),
        ("I will return to the office on 08/03.", "08-03"),
        ("Out from 13/07 to 24/07.", "07-25"),
        ("I'm on vacation July 13-24, 2026.", "07-25"),
        ("I am on leave through August 7.", "08-08"),
        ("Out of office up to and including 31 July.", "08-01"),
        ("I am away 20 July - 31 July. Back Monday 3 August.", "08-03"),
        ("I will be back in the office on the 3rd of August 2026", "08-03"),
        ("I won't be back before 5 August.", "08-05"),
        ("Back 2026-08-03.", "08-03"),
        ("Ich bin ab dem 3.8. wieder im Büro.", "08-03"),
        ("Ich bin bis einschließlich 31.07. nicht erreichbar.", "08-01"),
        ("Vom 13. bis 24. Juli bin ich im Urlaub.", "07-25"),
        ("Am Montag, den 27.07.26, bin ich wieder für Sie da.", "07-27"),
        ("Ab dem 05. August stehe ich Ihnen wieder zur Verfügung.", "08-05"),
        ("Ich bin vom 20.07.-31.07.2026 im Urlaub.", "08-01"),
        ("Ich bin bis Freitag nicht im Büro.", "07-18"),
        ("Ich bin am 20.07. zurück.", "07-20"),
        ("Ich bin im Zeitraum 13.07.2026 – 26.07.2026 abwesend.", "07-27"),
        ("Ich bin erst am 3. August wieder im Hause.", "08-03"),
        ("Je suis absent du bureau du 1er juillet au 31 août compris.", "09-01"),
        ("Je suis en congés jusqu'au 24 août.", "08-25"),
        ("De retour le 03/08/2026.", "08-03"),
        ("Je serai absente du 13 au 24 juillet inclus.", "07-25"),
        ("Je serai de retour au bureau à partir du lundi 27 juillet.", "07-27"),
        ("Absent jusqu’au vendredi 24/07 inclus.", "07-25"),
        ("Me encuentro ausente desde el 10 hasta el 20 de julio.", "07-21"),
        ("Estaré fuera del 6 al 19 de julio.", "07-20"),
        ("Trataré de contestarte a mi vuelta a partir del día 5 de agosto.", "08-05"),
        ("No estaré disponible desde el 1 de julio hasta el 15 de agosto por vacaciones.", "08-16"),
        ("Regresaré a la oficina el 3 de agosto.", "08-03"),
        ("Estarei de férias de 13/07 a 31/07.", "08-01"),
        ("Estarei ausente até 24 de julho, inclusive.", "07-25"),
        ("Regresso ao escritório no dia 3 de agosto.", "08-03"),
        ("Retorno dia 20/07/2026.", "07-20"),
        ("Estou de licença entre 1 e 31 de julho.", "08-01"),
        ("Sarò assente fino al 24 luglio.", "07-25"),
        ("Sono in ferie dal 13/07 al 31/07.", "08-01"),
        ("Rientrerò il 3 agosto 2026.", "08-03"),
        ("L'ufficio è chiuso dal 10 al 21 agosto compresi.", "08-22"),
        ("Jestem nieobecny do 24.07.2026 r.", "07-25"),
        ("Jestem na urlopie od 13 do 24 lipca.", "07-25"),
        ("Będę dostępna ponownie od 27 lipca.", "07-27"),
        ("Wracam w poniedziałek, 27 lipca.", "07-27"),
        ("W dniach 13.07-24.07.2026 przebywam na urlopie.", "07-25"),
        ("Я у відпустці з 13 по 24 липня.", "07-25"),
        ("Повернуся до роботи 3 серпня 2026 року.", "08-03"),
        ("Буду на зв'язку з 27 липня.", "07-27"),
        ("Мене не буде до 31.07.2026 включно.", "08-01"),
        ("I am out of the office until 2 January.", "2027-01-02"),
        ("Back at work on 15 July 2027.", "2027-07-15"),
    ],
)
def test_the_day_of_return_is_found(text, back):
    """A day of return counts as such; a last day away is followed by the first one back."""
    year = "" if back.count("-") == 2 else "2026-"
    assert str(back_on(text, TODAY)) == f"{year}{back}"


@pytest.mark.parametrize(
    "text",
    [
        "Call me on 020 3.5 or at 10:30.",
        "I started here on 3 March 2019.",
        "I am out of the office. Our summer sale ends 31 July.",
        "I am out of the office until 31 February.",
        "I am out of the office until further notice.",
        "Back on 3 August 2024.",
        "Back on 3 August 2099.",
        "Until 10 July I am on leave.",
        "I am out of the office until 45 Octember.",
        "Ich bin vom 1. bis 10. Juli im Urlaub.",
        "Back soon, call 030 12.08.77 00.",
    ],
)
def test_what_makes_no_sense_is_no_day(text):
    """Nonsense, what is over, what is years away and other days give none."""
    assert back_on(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("Back on 07/08.", "2026-08-07"),
        ("I am away from 07/13 and back on 08/07.", "2026-08-07"),
        ("I am away from 13/07 and back on 07/08.", "2026-08-07"),
        ("Je serai de retour le 07/08.", "2026-08-07"),
        ("Back on 12/07.", "2026-12-07"),
    ],
)
def test_days_and_months_in_numbers_are_told_apart(text, back):
    """Another day in the text decides; else the language; in English the nearer day to come."""
    assert str(back_on(text, TODAY)) == back


@given(st.text("0123456789./-: bisuntilbackaugust,\n", max_size=200))
def test_no_text_is_too_strange(text):
    """Whatever stands there, a day is no earlier than today and at most two years away."""
    back = back_on(text, TODAY)
    assert back is None or TODAY <= back <= TODAY + timedelta(days=740)
