"""Leaving the list: by the page or the mail program's button, never by looking, and back again."""

from __future__ import annotations

import pytest

from rally_desktop.services import messages
from tests.api.conftest import PUBLIC, paths

pytestmark = pytest.mark.slow

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def ana(world):
    """A contact with an address, who once agreed."""
    return world.contact(email="ana@example.org", consent_email="granted")


def may_be_written_to(site, ref):
    """Say why a contact may not be written to."""
    return site.world.ask(
        lambda work: messages.refusal(work, work.record(ref), transactional=False)
    )


def test_a_letter_says_how_to_leave(site, ana):
    """Marketing mail has both ways in its head and the link in its text; a bill has neither."""
    letter = site.send(ana)
    page = PUBLIC + paths(letter)["u"][0]
    head = dict(letter.headers)
    assert head["List-Unsubscribe"] == f"<{page}>, <mailto:hello@example.com?subject=unsubscribe>"
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert page in letter.text
    assert "unsubscribe.invalid" not in letter.html
    assert "List-Unsubscribe" not in dict(site.send(ana, transactional=True).headers)


def test_looking_changes_nothing(site, ana):
    """The page is only a page, however often a machine looks at it."""
    path = paths(site.send(ana))["u"][0]
    answer = site.ask("GET", path)
    assert "ana@example.org" in answer.text
    assert "My office" in answer.text
    assert site.ask("HEAD", path).body == b""
    assert may_be_written_to(site, ana) == ""
    assert site.rows("suppression") == []


def test_one_click_takes_a_person_off_the_list(site, ana):
    """A mail program's button ends it at once, and once: one line, and no more consent."""
    path = paths(site.send(ana))["u"][0]
    assert site.post(path, ONE_CLICK).status == 200
    site.post(path, ONE_CLICK)
    assert may_be_written_to(site, ana) == "no_consent"
    assert site.world.happened(ana).count("email_unsubscribed") == 1
    assert site.world.record(ana)["consent_email"] == "refused"


def test_a_mail_provider_may_send_it_in_pieces(site, ana):
    """A button whose sender does not say how long its word is works like any other."""
    path = paths(site.send(ana))["u"][0]
    head = f"POST {path} HTTP/1.1\r\nHost: office.example.com\r\nTransfer-Encoding: chunked\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    said = "1a\r\nList-Unsubscribe=One-Click\r\n0\r\n\r\n"
    assert b" 200 OK" in site.raw((head + kind + said).encode())
    assert may_be_written_to(site, ana) == "no_consent"


def test_it_can_be_taken_back_on_the_page(site, ana):
    """Who left by mistake comes back as they were, and the timeline says both."""
    path = paths(site.send(ana))["u"][0]
    site.post(path, {"no": "email"})
    site.post(path, {"back": "all"})
    assert may_be_written_to(site, ana) == ""
    assert site.world.record(ana)["consent_email"] == "granted"
    assert "email_resubscribed" in site.world.happened(ana)


def test_channels_are_left_one_by_one_or_all(site, world):
    """Whoever has a mobile number chooses; another office's ban is not lifted by coming back."""
    bo = world.contact("Bo", email="bo@example.org", mobile="+44 20 7946 0018")
    path = paths(site.send(bo))["u"][0]
    site.post(path, {"no": "sms"})
    assert [row[0] for row in site.rows("suppression")] == ["sms"]
    site.post(path, {"no": "all"})
    world.do(
        lambda work: work.connection.exec_driver_sql(
            "update suppression set reason = 'complaint' where channel = 'email'"
        )
    )
    site.post(path, {"back": "all"})
    assert [row[0] for row in site.rows("suppression")] == ["email"]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("de-AT,de;q=0.9,en", "Abmelden"), ("fr", "Se désabonner"), ("es-MX", "Darse de baja"),
        ("pt-BR", "Cancelar a subscrição"), ("it", "Annulla l’iscrizione"), ("pl", "Wypisz się"),
        ("uk", "Відписатися"), ("ja,en;q=0.5", "Unsubscribe"), ("x" * 500 + ";q=z", "Unsubscribe"),
    ],
)  # fmt: skip
def test_the_page_speaks_the_readers_language(site, ana, language, says):
    """Eight languages, and English for everybody else."""
    answer = site.ask("GET", paths(site.send(ana))["u"][0], Accept_Language=language)
    assert f"<h1>{says}</h1>" in answer.text


def test_foreign_and_forged_posts_change_no_byte(site, ana):
    """Another website, a token for something else or a changed one takes nobody off the list."""
    found = paths(site.send(ana))
    path = found["u"][0]
    before = [site.rows(table) for table in ("suppression", "activity", "contact")]
    assert site.post(path, ONE_CLICK, Origin="https://evil.example").status == 403
    assert site.post(path, ONE_CLICK, Sec_Fetch_Site="cross-site").status == 403
    assert site.post(path, ONE_CLICK, Origin="null").status == 403
    assert site.post(found["o"][0].replace("/o/", "/u/"), ONE_CLICK).status == 404
    assert site.post(path[:-2] + "zz", ONE_CLICK).status == 404
    assert [site.rows(table) for table in ("suppression", "activity", "contact")] == before


def test_an_erased_person_is_not_known_any_more(site, ana, world):
    """The link of somebody who was erased leads to a page that says so, and nowhere else."""
    path = paths(site.send(ana))["u"][0]
    world.do(lambda work: work.connection.exec_driver_sql("update outbox set contact_id = null"))
    assert site.ask("GET", path).status == 404
    assert site.post(path, ONE_CLICK).status == 404
