"""Answers of machines are known by their headers and words, and people’s answers are not."""

from __future__ import annotations

from datetime import date

import pytest

from rally_desktop.outside.mail.arrived import Arrived
from rally_desktop.outside.mail.automatic import judge
from rally_desktop.outside.mail.quotes import own_text

TODAY = date(2026, 7, 14)


def judged(arrived):
    """What a message is, judged today."""
    return judge(arrived, own_text(arrived), TODAY)


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("auto-submitted", "auto-replied", "other"), ("auto-submitted", "no", None),
        ("auto-submitted", "auto-generated; type=x", "other"), ("x-autoreply", "yes", "other"),
        ("x-autoreply", "no", None), ("x-auto-response-suppress", "All", "other"),
        ("precedence", "auto_reply", "other"), ("precedence", "bulk", "list"),
        ("precedence", "list", "list"), ("precedence", "normal", None),
        ("return-path", "<>", "other"),
        ("return-path", "<a@example.com>", None), ("list-id", "<x.example.com>", "list"),
        ("list-unsubscribe", "<https://example.com>", "list"),
    ],
)  # fmt: skip
def test_headers_tell_a_machine(name, value, kind):
    """Each sign of semantics.md counts, and what says «no» does not."""
    found = judged(Arrived(text="Hello", headers={name: value}))
    assert (found and found.kind) == kind


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ("Automatic reply: Offer", "absence"), ("Abwesenheitsnotiz: Angebot", "absence"),
        ("Réponse automatique : Offre", "absence"), ("Automatyczna odpowiedź: Oferta", "absence"),
        ("RE: Automatic reply: Offer", None), ("AW: Abwesenheitsnotiz", None),
        ("Out of office", "absence"), ("Out of office messages", None), ("Vacation plans", None),
    ],
)  # fmt: skip
def test_subjects_tell_a_machine_unless_a_person_answers_it(subject, kind):
    """Behind «Re:» the words of a machine are a person’s answer to one."""
    found = judged(Arrived(subject=subject, text="Thanks for your message."))
    assert (found and found.kind) == kind


@pytest.mark.parametrize(
    "text",
    [
        "I'm out of office next week, let's talk after that.",
        "In urgent cases please call Kim.",
        "Ich bin bis Freitag im Urlaub, danach gern.",
        "Yes.\n\n> I am out of the office until 3 August. This is an automatic reply.",
        "We have received your parcel, thank you for your e-mail.",
    ],
)
def test_people_write_of_absence_too(text):
    """Neither an own absence nor a quoted one makes a reply automatic."""
    assert judged(Arrived(subject="Re: Offer", text=text)) is None


def test_an_absence_says_when_it_ends():
    """The day of return is read from subject and text, and the sign is named."""
    arrived = Arrived(
        subject="Automatic reply: Offer", text="Back on 3 August.", headers={"x-autoreply": "yes"}
    )
    found = judged(arrived)
    assert found
    assert (found.kind, found.back, found.why) == ("absence", date(2026, 8, 3), "X-Autoreply: yes")


def test_a_bulk_header_does_not_hide_an_absence():
    """Some programs of people on holiday call their answers bulk."""
    arrived = Arrived(text="I am on holiday until 20 July.", headers={"precedence": "bulk"})
    found = judged(arrived)
    assert found
    assert (found.kind, found.back) == ("absence", date(2026, 7, 20))


def test_a_newsletter_about_holidays_is_one():
    """What a list sends is no absence, whatever it is about; a person’s answer is no list’s."""
    link = {"list-unsubscribe": "<https://example.com>"}
    letter = Arrived(
        text="Out of office? Back on 3 August!", headers={"precedence": "bulk", **link}
    )
    found = judged(letter)
    assert found
    assert (found.kind, found.back) == ("list", None)
    assert judged(Arrived(text="Yes", in_reply_to="<a@example.com>", headers=link)) is None
