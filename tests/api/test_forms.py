"""Forms: who may send them, what becomes of what is sent, and what machines get out of it."""

from __future__ import annotations

import json

import pytest
from msgspec import structs

from rally_desktop.model.graph import Step
from rally_desktop.services import contacts, form_entries, form_html, forms, unsubscribing
from rally_desktop.services.forms import FormField, FormSettings
from tests.api.conftest import PUBLIC

pytestmark = pytest.mark.slow

ANSWERS = {"first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.org"}
KINDS = ("contact", "form_entry", "activity", "suppression")
HERE = "https://www.example.com"


@pytest.fixture
def path(site, world):
    """Where a form of three fields is sent to."""
    world.do(forms.add, "Contact us")
    return "/v1/forms/contact-us"


def change(world, **values):
    """Change what the form does."""
    form = world.ask(forms.listed)[0]
    made = structs.replace(form.settings, **values)
    world.do(forms.save, form.id, form.name, form.key, made, form.fields)


def ana(world):
    """Return the contact that came of it."""
    return world.ask(contacts.with_email, "ana@example.org")


def test_a_form_makes_a_contact_and_starts_a_workflow(site, world, path):
    """Who fills in a form is a contact, tagged, and the form's own workflow begins."""
    change(world, tags=("Website",), thanks="We will call you.")
    trigger = {"form": "contact-us"}
    world.publish(Step("tag", "add_tag", {"tag": "Warm"}), trigger="form_submitted",
                  trigger_settings=trigger)  # fmt: skip
    answer = site.post(path, ANSWERS, Origin=PUBLIC)
    assert (answer.status, "We will call you." in answer.text) == (200, True)
    world.tick()
    assert world.record(ana(world))["tags"] == {"Website", "Warm"}
    assert "form_submitted" in world.happened(ana(world))


def test_what_is_known_already_is_not_overwritten(site, world, path):
    """Anybody can type anybody's address: only what is empty is filled in, unless the form says."""
    ref = world.contact("Anna", email="Ana@example.org")
    site.post(path, ANSWERS)
    record = world.record(ref)
    assert (record["first_name"], record["last_name"]) == ("Anna", "Ruiz")
    change(world, overwrite=True)
    site.post(path, ANSWERS)
    assert world.record(ref)["first_name"] == "Ana"
    assert [e.outcome for e in world.ask(form_entries.listed, 1)] == ["updated", "updated"]


def test_programs_send_json(site, world, path):
    """A program is answered in its own language, also about what is wrong."""
    kind = {"Content_Type": "application/json"}
    taken = site.ask("POST", path, json.dumps(ANSWERS).encode(), **kind)
    assert (taken.status, json.loads(taken.body)["taken"]) == (202, True)
    wrong = site.ask("POST", path, b'{"email": "nobody"}', **kind)
    assert wrong.status == 422
    assert "E-mail" in json.loads(wrong.body)["problems"]
    for spoilt in (b"[1]", b"{", b'{"email": {"a": 1}}', b"[" * 20_000, b"\xff"):
        assert site.ask("POST", path, spoilt, **kind).status == 400


def test_other_websites_may_not_send_it(site, world, path):
    """Only the listed websites, our own page and programs; a refusal changes no byte."""
    change(world, origins=HERE)
    before = [site.rows(kind) for kind in KINDS]
    for origin in (
        "https://evil.example",
        "null",
        f"{HERE}.evil.example",
        "http://www.example.com",
    ):
        assert site.post(path, ANSWERS, Origin=origin).status == 403
    assert site.post(path, ANSWERS, Sec_Fetch_Site="cross-site").status == 403
    assert [site.rows(kind) for kind in KINDS] == before
    assert site.post(path, ANSWERS, Origin=HERE, Sec_Fetch_Site="cross-site").status == 200


def test_machines_are_thanked_and_set_aside(site, world, path):
    """Who fills in what nobody sees, or is too fast, is told the same and makes no contact."""
    shown = site.ask("GET", path).text
    stamp = shown.partition('name="rally-seen" value="')[2].partition('"')[0]
    for trap in ({"rally-leave-empty": "x"}, {"rally-seen": stamp}, {"rally-seen": "1" + "A" * 38}):
        assert site.post(path, {**ANSWERS, **trap}).status == 200
    assert ana(world) is None
    assert world.ask(forms.listed)[0].robots == 3
    world.clock.advance(seconds=8)
    site.post(path, {**ANSWERS, "rally-seen": stamp})
    assert ana(world) is not None


def test_consent_is_kept_with_its_words_and_moment(site, world, path):
    """Agreeing grants consent and keeps the text; a refusal of before is not lifted by a form."""
    change(world, consent="Yes, <write> to me.", consent_needed=True)
    assert site.post(path, ANSWERS).status == 422
    site.post(path, {**ANSWERS, "rally-consent": "yes"})
    entry = world.ask(form_entries.listed, 1)[0]
    assert (entry.consent, entry.at) == ("Yes, <write> to me.", world.clock.now())
    assert world.record(ana(world))["consent_email"] == "granted"
    world.do(contacts.update, ana(world), {"consent_email": "refused"})
    site.post(path, {**ANSWERS, "rally-consent": "yes"})
    assert world.record(ana(world))["consent_email"] == "refused"


def test_who_is_asked_by_mail_first_agrees_by_the_link(site, world, path):
    """One mail with a link; looking does nothing, confirming does it once, also after leaving."""
    world.mailbox()
    change(world, consent="Write to me.", confirm=True)
    said = {**ANSWERS, "rally-consent": "yes"}
    assert "follow the link" in site.post(path, said).text
    site.post(path, said)
    world.deliver()
    assert len(world.mail.letters) == 1
    link = world.mail.letters[0].text.partition(PUBLIC)[2].partition("\n")[0]
    assert "form_submitted" not in world.happened(ana(world))
    assert "ana@example.org" in site.ask("GET", link).text
    assert world.record(ana(world))["consent_email"] == "unknown"
    assert site.post(link, {}).status == 200
    assert site.post(link, {}).status == 200
    assert world.record(ana(world))["consent_email"] == "granted"
    assert world.happened(ana(world)).count("form_submitted") == 1
    assert site.ask("GET", link[:-3] + "abc").status == 404


def test_what_cannot_be_taken_is_said(site, world, path):
    """Missing, too long and of another type: refused with the reason, and nothing is written."""
    before = [site.rows(kind) for kind in KINDS]
    assert site.post(path, {"first_name": "Ana"}).status == 422
    assert site.post(path, {**ANSWERS, "email": "nobody"}).status == 422
    assert site.post(path, {**ANSWERS, "last_name": "x" * 5_000}).status == 422
    assert site.post(path, {**ANSWERS, "last_name": "a\0b"}).status == 422
    assert site.ask("POST", path, b"x=1", Content_Type="multipart/form-data").status == 415
    assert (
        site.ask(
            "POST", path, b"email=%ff", Content_Type="application/x-www-form-urlencoded"
        ).status
        == 400
    )
    many = "&".join(f"f{n}=1" for n in range(200)).encode()
    assert (
        site.ask("POST", path, many, Content_Type="application/x-www-form-urlencoded").status == 400
    )
    assert [site.rows(kind) for kind in KINDS] == before


def test_a_flood_of_submissions_is_not_taken(site, world, path, monkeypatch):
    """Whoever they come from, so many an hour are taken and no more; an hour later it goes on."""
    monkeypatch.setattr(form_entries, "MOST", 2)
    found = [site.post(path, {**ANSWERS, "email": f"a{n}@example.org"}).status for n in range(4)]
    assert found == [200, 200, 429, 429]
    world.clock.advance(hours=2)
    assert site.post(path, ANSWERS).status == 200


def test_a_form_that_is_off_is_not_there(site, world, path):
    """Neither shown nor taken; a redirect leads to the office's own page where it is on."""
    change(world, redirect="https://www.example.com/thanks?from=form")
    answer = site.post(path, ANSWERS)
    assert (answer.status, answer.headers["location"]) == (
        303,
        "https://www.example.com/thanks?from=form",
    )
    world.do(forms.switch, 1, on=False)
    assert site.ask("GET", path).status == 404
    assert site.post(path, ANSWERS).status == 404


def test_html_to_copy_holds_no_script_and_nothing_of_anybody(world):
    """The form to copy has every field, the trap and the address; labels are never HTML."""
    fields = (*forms.FIRST, FormField("phone", '<b>"Phone"</b>'))
    world.do(forms.add, "Fünf & mehr", "", FormSettings(consent="I <agree>"), fields)
    form = world.ask(forms.listed)[0]
    html = world.ask(form_html.to_copy, form)
    assert form.key == "funf-mehr"
    assert 'name="phone"' in html
    assert "rally-leave-empty" in html
    assert "<script" not in html
    assert "&lt;b&gt;&quot;Phone&quot;&lt;/b&gt;" in html
    assert "I &lt;agree&gt;" in html


def test_leaving_the_list_and_coming_back_by_a_confirmed_form(world):
    """Only what the person did is lifted: a ban for another reason stays."""
    world.contact(email="ana@example.org")
    row = {"channel": "email", "address": "ana@example.org", "reason": "complaint"}
    world.do(
        lambda work: work.connection.exec_driver_sql(
            "insert into suppression (channel, address, reason, at)"
            f" values ('{row['channel']}', '{row['address']}', '{row['reason']}', 0)"
        )
    )
    world.do(unsubscribing.lift, "email", "Ana@example.org")
    assert len(world.rows("select * from suppression")) == 1


def test_what_is_wrong_is_shown_at_its_field_with_all_that_was_typed(site, world, path):
    """Nobody types twice: the form comes back filled in, and says in words what to correct."""
    change(world, consent="Write to me", consent_needed=True)
    typed = {**ANSWERS, "first_name": '"><b>Ana', "email": "nobody", "rally-consent": "yes"}
    found = site.post(path, typed, Accept_Language="de")
    assert found.status == 422
    assert 'value="&quot;&gt;&lt;b&gt;Ana"' in found.text
    assert 'value="yes" name="rally-consent" required checked' in found.text
    at = found.text.index('name="email"')
    assert "aria-invalid" in found.text[at : at + 100]
    assert "Das ist nicht lesbar" in found.text[at:]
    del typed["rally-consent"]
    again = site.post(path, typed, Accept_Language="de").text
    assert again.index("Das ist nicht lesbar") < again.index("Bitte ausfüllen")


def test_a_form_in_a_frame_goes_on_there(site, world, path):
    """What comes after it stands on the listed websites as the form itself does, and no others."""
    change(world, origins=HERE)
    shown = [site.ask("GET", path), site.post(path, ANSWERS), site.post(path, {"email": "nobody"})]
    assert [answer.status for answer in shown] == [200, 200, 422]
    for answer in shown:
        assert f"frame-ancestors {HERE}" in answer.headers["content-security-policy"]


def test_a_form_that_is_closed_says_so_in_the_readers_language(site, world, path):
    """It speaks of the form, not of leaving a list that nobody is on."""
    world.do(forms.switch, world.ask(forms.listed)[0].id, on=False)
    for found in (site.ask("GET", path, Accept_Language="fr"),
                  site.post(path, ANSWERS, Accept_Language="fr")):  # fmt: skip
        assert (found.status, "Ce formulaire est fermé" in found.text) == (404, True)


def test_a_form_to_copy_stands_in_lines_without_any_style(site, world, path):
    """Each field has a line of its own, and says whether it must be filled in."""
    html = world.ask(lambda work: form_html.to_copy(work, forms.by_key(work, "contact-us")))
    assert html.count("<p><label>") == len(ANSWERS)
    assert html.count('<span aria-hidden="true">*</span>') == 1
