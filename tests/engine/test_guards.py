"""Before every message: what is asked when it is due, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from types import SimpleNamespace

import pytest

from rally_desktop.engine import guards
from rally_desktop.engine.reasons import REASONS
from rally_desktop.model.graph import Hours, Rules, Step
from rally_desktop.services import (
    calendar,
    contacts,
    deals,
    mail_accounts,
    pace,
    safeguards,
    templates,
)
from rally_desktop.services.calendar import Calendar
from rally_desktop.services.safeguards import Safeguards
from tests.engine.mailing import (
    AFTERNOON,
    ALL_DAYS,
    MAIL,
    ana_of,
    furnished,
    reasons,
    sent,
)
from tests.mail_server import mail_server  # noqa: F401

pytestmark = pytest.mark.slow

# Every obstacle in the order in which it counts, with the reason that it gives.
ORDER = (
    "no_consent", "exclusive", "cap", "ceiling", "expired", "window", "sends_an_hour",
    "ask_first", "account_limit",
)  # fmt: skip


@pytest.fixture
def office(world):
    """An office that can write to people."""
    return furnished(world)


def in_the_way(world, among):
    """Put each of these obstacles in the way of a message to Ana; return where it stands."""
    rest = Step("rest", "wait", {"amount": 9, "unit": "days"})
    workflow_id = world.publish(MAIL, rest, settings=Rules(exclusive=True))
    ana = ana_of(world)
    world.tick()
    if "no_consent" in among:
        world.do(contacts.update, ana, {"consent_email": "refused"})
    limits = Safeguards(
        emails_a_day=int("cap" in among),
        emails_a_week=0,
        most_emails_a_day=1 if "ceiling" in among else 50,
        sends_an_hour=int("sends_an_hour" in among),
        first_sends=int("ask_first" in among),
    )
    world.do(safeguards.save, limits)
    return SimpleNamespace(
        workflow_id=workflow_id + ("exclusive" in among), run_id=10**6, step_id="mail", seq=1,
        rules=Rules(exclusive="exclusive" in among, hours=AFTERNOON if "window" in among else None),
        due_at=world.clock.now() - timedelta(hours=49 if "expired" in among else 0),
        ref=ana, said={}, zone=UTC,
    )  # fmt: skip


@pytest.mark.parametrize("first", range(len(ORDER) + 1))
def test_the_first_obstacle_in_the_order_counts(office, first):
    """Of all that is in the way of a message, the reason is what the law asks first."""
    among = ORDER[first:]
    here = in_the_way(office, among)

    def asked(work):
        (account,) = mail_accounts.accounts(work)
        account = replace(account, hourly_limit=int("account_limit" in among))
        pace.take_slot(work, account.id, account.hourly_limit)
        message = guards.Message("email", work.record(here.ref), account, False)
        return guards.check(work, here, message)

    answer = office.ask(asked)
    assert getattr(answer, "reason", None) == (among[0] if among else None)
    assert answer is None or REASONS[among[0]] in answer.summary


# -- when it is due --------------------------------------------------------------------------


def test_a_second_message_of_a_day_waits_for_room(office):
    """Two workflows want to write to Ana at the same moment: one does, the other a day later."""
    for _ in range(2):
        office.publish(MAIL)
    ana_of(office)

    office.tick()
    assert reasons(office) == ["", "cap"]
    office.turn(hours=23)
    assert sent(office) == 1
    office.turn(hours=1)
    assert sent(office) == 2
    assert reasons(office) == ["", ""]


def test_the_fourth_message_of_a_week_waits_for_the_first_to_be_a_week_old(office):
    """Three in seven days is the most; the one over it goes out when the first has aged."""
    wait = {"amount": 1, "unit": "days"}
    steps = [MAIL]
    for number in range(3):
        steps += [
            Step(f"w{number}", "wait", wait),
            Step(f"mail{number}", "send_email", MAIL.settings),
        ]
    office.publish(*steps)
    ana_of(office)
    office.tick()

    office.turn(days=4)
    assert sent(office) == 3
    assert reasons(office)[-1] == "cap"
    office.turn(days=3)
    assert sent(office) == 4


def test_what_she_asked_for_passes_the_cap_but_not_the_ceiling(office):
    """A transactional message does not wait for room under the cap; three a day are the most."""
    for _ in range(4):
        office.publish(Step("mail", "send_email", {"template": "Invoice"}))
    ana_of(office, consent_email="refused")

    office.tick()

    assert sent(office) == 3
    assert sorted(reasons(office)) == ["", "", "", "ceiling"]
    office.turn(days=1)
    assert sent(office) == 4


def test_nothing_goes_out_outside_the_hours(office):
    """A message due in the morning waits for the workflow's afternoon, and a little longer."""
    office.publish(MAIL, settings=Rules(hours=AFTERNOON))
    ana_of(office)

    office.tick()
    assert reasons(office) == ["window"]
    office.turn(hours=2)
    assert sent(office) == 0  # it is noon, and not everybody is written to in the same minute
    office.turn(minutes=15)
    assert sent(office) == 1


def test_the_hours_of_channel_and_account_count_too(world):
    """Office, workflow and account each say when; a message goes out when all three agree."""
    where = {"host": "memory", "port": 25, "security": "none"}
    hours = Hours(ALL_DAYS, "11:00", "14:00")
    world.do(mail_accounts.add, "Hill", "hello@example.com", hours=hours, **where)
    world.do(calendar.save, Calendar(email_from="08:00", email_until="13:00"))
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(MAIL, settings=Rules(hours=Hours(ALL_DAYS, "12:30", "18:00")))
    ana_of(world)

    world.tick()
    world.turn(hours=2, minutes=29)
    assert sent(world) == 0
    world.turn(minutes=16)
    assert sent(world) == 1


def test_hours_that_have_nothing_in_common_fail_and_say_so(office):
    """Where no moment is inside all hours, the step fails instead of waiting for ever."""
    office.do(calendar.save, Calendar(email_from="08:00", email_until="10:00"))
    office.publish(MAIL, settings=Rules(hours=AFTERNOON))
    ana_of(office)

    office.tick()

    assert office.visits() == [("mail", "failed", "bad_settings")]
    assert office.run_states() == ["needs_attention"]


def test_an_account_sends_no_more_than_its_hour_allows(world):
    """Six an hour: one at once, then one every twelve minutes, whoever wants to be written to."""
    where = {"host": "memory", "port": 25, "security": "none"}
    world.do(mail_accounts.add, "Hill", "hello@example.com", hourly_limit=6, **where)
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(MAIL)
    for number in range(9):
        ana_of(world, email=f"ana{number}@example.org")

    counts = []
    for _ in range(6):
        world.turn(minutes=12)
        counts.append(sent(world))
    assert counts == [2, 3, 4, 5, 6, 7]
    world.turn(hours=1)
    assert sent(world) == 9


def test_a_message_that_lay_too_long_is_not_sent_any_more(office):
    """Who lets late steps run all the same still does not write about what was two days ago."""
    wait = Step("wait", "wait", {"amount": 1, "unit": "hours"})
    office.publish(wait, MAIL, settings=Rules(late="run"))
    ana_of(office)
    office.tick()

    office.leap(office.clock.now() + timedelta(hours=50))

    assert office.visits()[-1] == ("mail", "skipped", "expired")
    assert sent(office) == 0


def test_a_deal_is_written_about_in_the_hours_of_its_contact(office):
    """The deal's contact is who is written to: her consent, her address, her zone."""
    office.publish(MAIL, record="deal", settings=Rules(hours=Hours(ALL_DAYS, "09:00", "12:00")))
    ana = ana_of(office, time_zone="America/New_York")
    roof = office.deal(contact_id=ana.id)
    office.tick()
    assert reasons(office) == ["window"]
    office.turn(hours=4, minutes=15)
    assert sent(office) == 1
    assert "email_sent" in office.happened(roof)
    office.do(deals.move, roof, "Qualified")


def test_a_real_server_gets_what_the_guards_let_through(world, mail_server):  # noqa: F811
    """Of four people two may be written to, and two letters arrive."""
    world.mailbox(mail_server)
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(MAIL)
    ana_of(world)
    ana_of(world, email="ben@example.org")
    ana_of(world, email="eve@example.org", consent_email="refused")
    ana_of(world, email="")
    world.tick()
    assert sorted(one.recipient for one in mail_server.received) == [
        "ana@example.org", "ben@example.org",
    ]  # fmt: skip
