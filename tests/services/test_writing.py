"""Letters that somebody writes: drafts that survive, and one message for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from rally_desktop.core.errors import Conflict, Refused
from rally_desktop.services import (
    answering,
    composing,
    mail_accounts,
    outgoing,
    records,
    templates,
    writing,
)
from rally_desktop.services.writing import Draft


@pytest.fixture
def ana(world):
    """Ana, who can be written to."""
    world.mailbox()
    return world.contact("Ana", last_name="Ruiz", email="ana@example.org")


def written(world, ana, **values):
    """Keep a draft as somebody has written it."""
    begun = world.do(writing.begin, Draft(ana)).draft
    said = {"subject": "Your roof", "text": "Dear {{ contact.first_name }},", **values}
    return world.do(writing.save, replace(begun, **said))


def sent(world, draft):
    """Send a draft, and return it as the server got it."""
    world.do(composing.send, draft.id)
    world.turn(minutes=1)
    return world.mail.letters[-1], world.mail.envelopes[-1]


def test_a_draft_is_offered_again(world, ana):
    """What was begun to a person is there when one begins again, until it is sent."""
    draft = written(world, ana, cc="ben@example.org")
    assert world.do(writing.begin, Draft(ana)) == (draft, True)
    assert draft.to == "Ana Ruiz <ana@example.org>"
    assert not world.do(writing.begin, Draft(ana, "reply", in_reply_to="<1@x>")).again
    world.do(composing.send, draft.id)
    assert not world.do(writing.begin, Draft(ana)).again


def test_pressing_send_twice_sends_once(world, ana):
    """However often a draft is sent, it becomes one message with one Message-ID."""
    draft = written(world, ana)
    assert world.do(composing.send, draft.id) == world.do(composing.send, draft.id)
    world.turn(minutes=5)
    assert [letter.text for letter in world.mail.letters] == ["Dear Ana,"]
    assert "email_sent" in world.happened(ana)


def test_a_letter_goes_to_all_at_once(world, ana):
    """To and Cc stand in the head, Bcc nowhere; every address is asked for."""
    draft = written(world, ana, to="Ana <ana@example.org>, Eva <eva@example.org>",
                    cc="ben@example.org", bcc="secret@example.org")  # fmt: skip
    _, envelope = sent(world, draft)
    head = envelope.data.decode()
    assert "To: Ana <ana@example.org>,\r\n Eva <eva@example.org>\r\nCc: ben@example.org" in head
    assert "secret" not in head
    assert envelope.recipient == "ana@example.org"
    assert envelope.others == ("eva@example.org", "ben@example.org", "secret@example.org")
    answer = world.ask(answering.draft, world.rows("select id from message")[0][0], "reply_all")
    assert (answer.to, answer.cc) == (
        "Ana <ana@example.org>",
        "Eva <eva@example.org>, ben@example.org",
    )


def test_a_reply_carries_signature_and_quote(world, ana):
    """The signature stands below what was written, what is quoted below that, word for word."""
    account = world.ask(mail_accounts.accounts)[0]
    world.do(mail_accounts.edit, account.id, signature="{{ account.name }}")
    quoted = "On Monday Ana wrote:\n> Is {{ contact.email }} right?"
    draft = written(world, ana, quoted=quoted, in_reply_to="<q@example.org>", text="Yes.")
    letter, envelope = sent(world, draft)
    assert letter.text == f"Yes.\n\n-- \nHill Dental\n\n{quoted}\n"
    assert b"In-Reply-To: <q@example.org>" in envelope.data


def test_a_signature_of_html_makes_a_page_of_the_text(world, ana):
    """Words stay words there: nothing typed or quoted becomes markup."""
    account = world.ask(mail_accounts.accounts)[0]
    rich = {"signature": "Hill", "signature_html": "<b>Hill</b>"}
    world.do(mail_accounts.edit, account.id, **rich)
    draft = written(world, ana, text="<i>See</i> https://x.example/a?b=1.", quoted="> <img>")
    letter, _ = sent(world, draft)
    link = '<a href="https://x.example/a?b=1">https://x.example/a?b=1</a>.'
    assert f"&lt;i&gt;See&lt;/i&gt; {link}" in letter.html
    assert "<b>Hill</b>" in letter.html
    assert "<img>" not in letter.html


def test_a_design_carries_the_quote_too(world, ana):
    """What is answered stands below a design, in its text and in its HTML."""
    draft = written(world, ana, html="<html><body>Hi</body></html>", text="Hi", quoted="> <b>")
    letter, _ = sent(world, draft)
    assert letter.text == "Hi\n\n> <b>\n"
    assert "Hi" in letter.html
    assert "&gt; &lt;b&gt;</div></body>" in letter.html


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"text": "{{ contact.title }}"}, "‘Job title’"),
        ({"text": " "}, "nothing in the letter"),
        ({"to": ""}, "whom"),
        ({"to": "ana"}, "‘ana’ is no e-mail address"),
        ({"to": "", "cc": "ana@example.org"}, "whom"),
    ],
)
def test_nothing_half_written_is_sent(world, ana, values, says):
    """What is missing is said, and the draft stays as it is."""
    draft = written(world, ana, **values)
    with pytest.raises(Refused, match=says):
        world.do(composing.send, draft.id)
    assert not world.rows("select id from outbox")


def test_marketing_stays_out_where_it_is_refused(world, ana):
    """Who refused marketing may be answered, by one's own words and by no template of marketing."""
    records_set = {"consent_email": "refused"}
    world.do(records.set_fields, ana, records_set)
    world.do(templates.save, "Spring offer", subject="Offer", text="Buy")
    draft = written(world, ana, template="Spring offer")
    with pytest.raises(Refused, match="marketing"):
        world.do(composing.send, draft.id)
    letter, _ = sent(world, world.do(writing.save, replace(draft, template="")))
    assert letter.subject == "Your roof"


def test_who_must_not_be_contacted_is_not_asked_for(world, ana):
    """‘Do not contact’ holds for what people write, too, also when it is set after Send."""
    draft = written(world, ana)
    world.do(composing.send, draft.id)
    world.do(records.set_fields, ana, {"do_not_contact": True})
    world.turn(minutes=1)
    assert not world.mail.letters
    with pytest.raises(Refused, match="marked ‘Do not contact’"):
        world.do(composing.send, written(world, ana).id)


def test_nobody_who_must_not_be_contacted_gets_a_copy(world, ana):
    """Nor the letter itself, at an address that was typed; also where that is marked later."""
    ben = world.contact("Ben", email="ben@example.org")
    draft = written(world, ana, cc="Ben <BEN@example.org>")
    world.do(composing.send, draft.id)
    world.do(records.set_fields, ben, {"do_not_contact": True})
    world.turn(minutes=1)
    assert world.mail.letters == []
    with pytest.raises(Refused, match="Somebody to whom it goes is marked"):
        world.do(composing.send, written(world, ana, to="ben@example.org").id)


def test_another_window_is_not_overwritten(world, ana):
    """A draft that was changed elsewhere is kept only by whoever says so."""
    draft = written(world, ana)
    world.do(writing.save, replace(draft, text="Theirs"))
    with pytest.raises(Conflict):
        world.do(writing.save, replace(draft, text="Mine"))
    kept = world.do(writing.save, replace(draft, text="Mine"), anyway=True)
    assert world.ask(writing.kept, draft.id) == (kept, None)


def test_what_another_window_threw_away_is_kept_here(world, ana):
    """Whoever goes on writing loses nothing by it: the letter is a new one."""
    draft = written(world, ana)
    world.do(writing.discard, draft.id)
    kept = world.do(writing.save, replace(draft, text="Mine"))
    assert kept.id != draft.id
    assert world.do(writing.begin, Draft(ana)).draft == kept


def test_what_is_recalled_becomes_a_draft_again(world, ana):
    """A letter for later waits for its time; taken up anew it is another draft."""
    at = world.clock.now() + timedelta(days=1)
    draft = written(world, ana, send_at=at)
    number = world.do(composing.send, draft.id)
    world.turn(hours=2)
    assert not world.mail.letters
    again = world.do(writing.take_up, number)
    assert again.id != draft.id
    assert again.text == draft.text
    assert again.send_at is None


def test_what_waits_for_months_can_still_be_recalled_as_a_draft(world, ana):
    """Other letters are sent meanwhile, and those that left are forgotten; this one is not."""
    draft = written(world, ana, send_at=world.clock.now() + timedelta(days=90))
    number = world.do(composing.send, draft.id)
    world.clock.advance(days=40)
    world.do(composing.send, written(world, ana).id)
    assert world.do(outgoing.recall, number).text == draft.text


def test_a_template_is_filled_in_as_far_as_anything_is_known(world, ana):
    """Fields with a value become words; those without stay, as does what looks like one itself."""
    world.do(records.set_fields, ana, {"title": "{{ contact.email }}"})
    text = "Dear {{ contact.first_name }}, {{ contact.title }} of {{ company.name }}"
    world.do(templates.save, "Hello", subject="To {{ contact.last_name }}", text=text)
    found = world.ask(composing.fill, ana, "Hello")
    assert (found.subject, found.text) == (
        "To Ruiz", "Dear Ana, {{ contact.title }} of {{ company.name }}",
    )  # fmt: skip
