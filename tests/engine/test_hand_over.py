"""What was decided is asked for once more before it is handed over, and can be taken back."""

from __future__ import annotations

import json

import pytest

from rally_desktop.engine import control
from rally_desktop.engine.publishing import publish, unpublish
from rally_desktop.engine.reasons import REASONS
from rally_desktop.model.graph import Hours, Rules, Step
from rally_desktop.model.tables import suppression
from rally_desktop.outside.mail.memory import MemoryCarrier
from rally_desktop.services import (
    calendar,
    contacts,
    outbox,
    records,
    safeguards,
    workflows,
)
from rally_desktop.services.calendar import Calendar
from rally_desktop.services.safeguards import Safeguards
from tests.engine.mailing import (
    AFTERNOON,
    ALL_DAYS,
    MAIL,
    ana_of,
    furnished,
    sent,
    set_account,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def office(world):
    """An office that can write to people."""
    return furnished(world)


def bar(work):
    """Put Ana on the suppression list."""
    row = {"channel": "email", "address": "ana@example.org", "reason": "STOP", "at": work.now}
    work.connection.execute(suppression.insert().values(**row))


CHANGED = {
    "gone": lambda world, ana: world.do(contacts.delete, ana),
    "new_address": lambda world, ana: world.do(contacts.update, ana, {"email": "x@example.org"}),
    "do_not_contact": lambda world, ana: world.do(contacts.update, ana, {"do_not_contact": True}),
    "bad_address": lambda world, ana: world.do(contacts.update, ana, {"email_invalid": True}),
    "no_consent": lambda world, ana: world.do(contacts.update, ana, {"consent_email": "refused"}),
    "suppressed": lambda world, _: world.do(bar),
    "run_over": lambda world, ana: world.do(records.add_tag, ana, "Stop"),
    "expired": lambda world, _: world.clock.advance(hours=49),
}


@pytest.mark.parametrize("reason", CHANGED)
def test_what_changed_since_counts_before_hand_over(office, reason):
    """A message that waits in the outbox is asked for once more, and says why it stays."""
    rest = Step("rest", "wait", {"amount": 9, "unit": "days"})
    office.publish(MAIL, rest, stop_when={"field": "tags", "op": "any_of", "value": ["Stop"]})
    ana = ana_of(office)
    office.heart.tick()
    office.clock.advance(minutes=1)

    CHANGED[reason](office, ana)
    office.heart.tick()
    office.deliver()

    assert sent(office) == 0
    assert office.rows("select state, reason, answer from outbox") == [
        ("failed", reason, REASONS[reason])
    ]
    ((said,),) = office.rows("select detail from activity where kind = 'email_failed'")
    assert json.loads(said)["reason"] == reason


def test_who_stopped_after_the_last_step_is_not_written_to(office):
    """Stop When is asked before hand-over too, though the run has reached its end."""
    office.do(safeguards.save, Safeguards(recall_minutes=10))
    office.publish(MAIL, stop_when={"field": "tags", "op": "any_of", "value": ["Stop"]})
    ana = ana_of(office)
    office.tick()
    office.do(records.add_tag, ana, "Stop")
    office.turn(minutes=11)
    assert (office.run_states(), sent(office)) == (["done"], 0)
    assert office.rows("select state, reason from outbox") == [("failed", "stopped")]


def test_an_invoice_is_handed_over_to_who_wants_no_marketing(office):
    """Consent that is withdrawn meanwhile does not hold up what she asked for."""
    office.publish(Step("mail", "send_email", {"template": "Invoice"}))
    ana = ana_of(office)
    office.heart.tick()
    office.do(contacts.update, ana, {"consent_email": "refused"})
    assert office.deliver() == 1


def test_the_farewell_of_a_stopped_run_goes_out(office):
    """A message that the Stop Actions decide is not taken back with those before it."""
    rest = Step("rest", "wait", {"amount": 9, "unit": "days"}, {"next": "end"})
    graph = {
        "stop_when": {"field": "tags", "op": "any_of", "value": ["Stop"]},
        "stop_start": "mail",
    }
    office.publish(rest, Step("end", "end"), MAIL, **graph)
    ana = ana_of(office)
    office.heart.tick()

    office.do(records.add_tag, ana, "Stop")
    office.tick()

    assert (office.run_states(), sent(office)) == (["stopped"], 1)


def test_what_waited_over_night_for_its_account_goes_out_in_the_morning(office):
    """An account that is locked until the evening does not write to people at night."""
    office.publish(MAIL, settings=Rules(hours=Hours(ALL_DAYS, "09:00", "17:00")))
    ana_of(office)
    office.heart.tick()
    office.do(
        lambda work: work.connection.exec_driver_sql("update mail_account set paused_why='x'")
    )
    office.turn(hours=11)
    set_account(office, "paused_why=''")

    office.tick()
    assert office.rows("select state, reason from outbox") == [("ready", "window")]
    office.turn(hours=12)
    assert sent(office) == 0
    office.turn(minutes=15)
    assert sent(office) == 1


def test_hours_changed_meanwhile_to_none_give_a_message_up(office):
    """A message that could never go out does not lie in the outbox for ever."""
    office.publish(MAIL, settings=Rules(hours=Hours(ALL_DAYS, "09:00", "11:00")))
    ana_of(office)
    office.heart.tick()
    office.do(calendar.save, Calendar(email_from="12:00", email_until="13:00"))
    office.deliver()
    assert office.rows("select state, reason from outbox") == [("failed", "never_open")]


def test_a_backlog_keeps_to_the_hour_of_its_account(office):
    """Messages that have piled up go out at the account's pace, not all at once."""
    office.do(safeguards.save, Safeguards(enrolments_at_once=0))
    office.publish(MAIL)
    for number in range(9):
        ana_of(office, email=f"ana{number}@example.org")
    office.heart.tick()
    office.do(
        lambda work: work.connection.exec_driver_sql("update mail_account set hourly_limit=6")
    )

    assert office.deliver() == 6
    office.clock.advance(minutes=59)
    assert office.deliver() == 0
    office.clock.advance(minutes=1)
    assert office.deliver() == 3


def test_many_that_may_not_go_do_not_hold_up_the_one_that_may(office):
    """However many are given up in a row, whoever is behind them is written to at once."""
    office.do(safeguards.save, Safeguards(enrolments_at_once=0, first_sends=0))
    office.publish(MAIL)
    for number in range(55):
        ana_of(office, email=f"ana{number}@example.org", lead_source="Old")
    ana_of(office, email="last@example.org")
    set_account(office, "hourly_limit = 0")
    office.heart.tick()
    office.do(
        lambda work: work.connection.exec_driver_sql(
            "update contact set do_not_contact = true where lead_source = 'Old'"
        )
    )
    assert office.deliver() == 1


# -- taking back -----------------------------------------------------------------------------


def test_a_message_can_be_recalled_while_it_is_held(office):
    """With a recall time, a message is held for so long, and goes out unless somebody calls."""
    office.do(safeguards.save, Safeguards(recall_minutes=10))
    office.publish(MAIL)
    for name in ("ana", "ben"):
        ana_of(office, email=f"{name}@example.org")
    office.tick()
    assert office.rows("select distinct state from outbox") == [("held",)]

    office.do(outbox.recall, 1)
    office.clock.advance(minutes=10)
    office.deliver()

    assert office.rows("select state, reason from outbox order by id") == [
        ("failed", "recalled"), ("sent", ""),
    ]  # fmt: skip
    assert [letter.recipient.address for letter in office.mail.letters] == ["ben@example.org"]


def test_what_is_sent_cannot_be_recalled(office):
    """A message that was sent says so, and one that never was is not found."""
    office.publish(MAIL)
    ana_of(office)
    office.tick()
    with pytest.raises(outbox.Refused, match="was sent already"):
        office.do(outbox.recall, 1)
    with pytest.raises(outbox.NotFound):
        office.do(outbox.recall, 404)


# -- what lies in the outbox while somebody holds it up ------------------------------------------


class Pausing(MemoryCarrier):
    """A carrier over whose first letter somebody pauses something."""

    def __init__(self, pause):
        super().__init__()
        self.pause = pause

    async def hand_over(self, letter, before_dot):
        """Keep the letter, and pause."""
        answer = await super().hand_over(letter, before_dot)
        self.pause()
        return answer


def pause_run(world):
    """Pause the only run there is."""
    world.do(control.pause, [1])


HELD_UP = {
    "paused": (
        lambda world, number: world.do(workflows.pause, number, "A look is needed."),
        lambda world, number: world.do(workflows.resume, number),
    ),
    "not_published": (
        lambda world, number: world.do(unpublish, number),
        lambda world, number: world.do(publish, number),
    ),
    "run_paused": (
        lambda world, _: pause_run(world),
        lambda world, _: world.do(control.resume, [1]),
    ),
}
REST = Step("rest", "wait", {"amount": 9, "unit": "days"})


@pytest.mark.parametrize("reason", HELD_UP)
def test_nothing_goes_out_of_what_is_held_up_until_it_moves_again(office, reason):
    """A message that was decided waits with its workflow or run, says why, and goes out with it."""
    hold, let_go = HELD_UP[reason]
    number = office.publish(MAIL, REST)
    ana_of(office)
    office.heart.tick()
    hold(office, number)

    office.turn(hours=5)
    waits = office.rows("select state, reason, answer from outbox")
    assert (sent(office), waits) == (0, [("ready", reason, REASONS[reason])])

    let_go(office, number)
    office.tick()
    assert (sent(office), office.rows("select state from outbox")) == (1, [("sent",)])


@pytest.mark.parametrize("reason", HELD_UP)
def test_what_is_held_up_for_too_long_goes_stale(office, reason):
    """Waiting for a person makes a message no fresher: after 48 hours it is not sent any more."""
    hold, let_go = HELD_UP[reason]
    number = office.publish(MAIL, REST)
    ana_of(office)
    office.heart.tick()
    hold(office, number)
    office.turn(hours=50)
    let_go(office, number)
    office.tick()
    assert sent(office) == 0
    assert office.rows("select state, reason from outbox") == [("failed", "expired")]


def test_who_may_finish_still_gets_the_message_that_was_decided(office):
    """A workflow that lets people finish is closed only when its last message is out."""
    office.do(safeguards.save, Safeguards(recall_minutes=10))
    number = office.publish(MAIL)
    ana_of(office)
    office.heart.tick()
    office.do(unpublish, number, "finish")
    office.turn(minutes=5)
    assert (sent(office), office.run_states()) == (0, ["done"])
    assert office.rows("select state from workflow") == [("finishing",)]
    office.turn(minutes=6)
    office.turn(minutes=1)
    assert (sent(office), office.rows("select state from workflow")) == (1, [("draft",)])


def test_pausing_between_two_messages_keeps_the_second(office):
    """Who pauses a workflow halts what was claimed already, but not handed over."""
    number = office.publish(MAIL)
    ana_of(office)
    office.contact("Ben", email="ben@example.org")
    office.heart.tick()
    office.mail = Pausing(lambda: office.do(workflows.pause, number, "Wait."))
    office.deliver()
    assert sent(office) == 1
    assert sorted(office.rows("select state, reason from outbox")) == [
        ("ready", "paused"),
        ("sent", ""),
    ]


# -- Stop Actions ----------------------------------------------------------------------------------


def farewell(office, **rules):
    """Publish a workflow whose Stop Action writes, and stop it for Ana."""
    graph = {
        "stop_when": {"field": "tags", "op": "any_of", "value": ["Stop"]},
        "stop_start": "mail",
        "settings": Rules(**rules),
    }
    rest = Step("rest", "wait", {"amount": 9, "unit": "days"}, {"next": "end"})
    number = office.publish(rest, Step("end", "end"), MAIL, **graph)
    ana = ana_of(office)
    office.heart.tick()
    office.do(records.add_tag, ana, "Stop")
    office.heart.tick()
    return number


def test_a_farewell_outside_the_hours_waits_in_the_outbox(office):
    """What a Stop Action sends is not lost: the run ends, and the message waits for its hours."""
    farewell(office, hours=AFTERNOON)
    assert office.run_states() == ["stopped"]
    assert office.rows("select state, reason from outbox") == [("ready", "window")]
    assert ("mail", "done", "") in office.visits()

    office.turn(hours=1)
    assert sent(office) == 0
    office.turn(hours=2)
    assert sent(office) == 1


def test_a_farewell_waits_for_room_like_every_message(office):
    """Who has got enough for today gets the farewell when there is room."""
    office.publish(MAIL)
    farewell(office)
    office.tick()
    assert office.rows("select reason from outbox where state = 'ready'") == [("cap",)]
    office.turn(hours=23)
    assert sent(office) == 1
    office.turn(hours=2)
    assert sent(office) == 2


def test_farewells_after_the_first_ones_wait_for_a_word(office):
    """The brake on the first messages holds for Stop Actions too, and lets them go with a word."""
    office.do(safeguards.save, Safeguards(first_sends=1))
    number = farewell(office)
    ben = office.contact("Ben", email="ben@example.org")
    office.heart.tick()
    office.do(records.add_tag, ben, "Stop")
    office.turn(hours=5)
    assert (sent(office), office.run_states()) == (1, ["stopped", "stopped"])
    (asked,) = office.ask(safeguards.questions)
    assert asked.messages == 1

    office.do(safeguards.confirm, number)
    office.tick()
    assert (sent(office), office.ask(safeguards.questions)) == (2, [])


def test_the_farewells_of_an_unpublished_workflow_go_out(office):
    """Stopping everybody inside does the Stop Actions, though nothing is published any more."""
    graph = {"stop_start": "mail", "settings": Rules(hours=AFTERNOON)}
    rest = Step("rest", "wait", {"amount": 9, "unit": "days"}, {"next": "end"})
    number = office.publish(rest, Step("end", "end"), MAIL, **graph)
    ana_of(office)
    office.heart.tick()
    office.do(unpublish, number, "stop")
    office.turn(hours=3)
    assert (office.run_states(), sent(office)) == (["stopped"], 1)
