"""The brakes: what goes on only after somebody has looked, and what stops by itself."""

from __future__ import annotations

import threading
import time

import pytest

from rally_desktop.core.errors import SendFailed
from rally_desktop.engine.carriers import smtp_carrier
from rally_desktop.engine.thread import EngineThread
from rally_desktop.model.graph import Rules, Step
from rally_desktop.model.store import Store
from rally_desktop.services import contacts, safeguards, templates, workflows
from rally_desktop.services.safeguards import Question, Safeguards
from tests.mail_server import LoopbackServer

pytestmark = pytest.mark.slow

MAIL = Step("mail", "send_email", {"template": "Welcome"})
PATIENCE = 60.0  # seconds
SEEN = Step("seen", "add_tag", {"tag": "Seen"})
FREE = {
    "emails_a_day": 0, "emails_a_week": 0, "enrolments_at_once": 0, "first_sends": 0,
    "sends_an_hour": 0,
}  # fmt: skip


@pytest.fixture
def office(world):
    """An office with an admin, who is told, and an account without a limit of its own."""
    world.mailbox()
    world.do(
        lambda work: work.connection.exec_driver_sql("update mail_account set hourly_limit = 0")
    )
    world.user("Tom")
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    return world


def brake(world, **figures):
    """Release every brake but these."""
    world.do(safeguards.save, Safeguards(**{**FREE, **figures}))


def people(world, count, first=0):
    """Bring people in, as one import."""

    def bring(work):
        for number in range(first, first + count):
            values = {"first_name": f"Ana {number}", "email": f"ana{number}@example.org"}
            contacts.create(work, values)

    world.do(bring)


def told(world):
    """What the admins were told, and how often."""
    return [row[0] for row in world.rows("select text from notification order by id")]


def sent(world):
    """How many letters have gone out."""
    return len(world.mail.letters)


# -- messages an hour ------------------------------------------------------------------------


@pytest.mark.parametrize(("own", "at_once"), [(None, 3), (1, 1), (5, 5)])
def test_a_workflow_sends_so_many_an_hour(office, own, at_once):
    """The office says how many, the workflow may say more or fewer; the others wait an hour."""
    brake(office, sends_an_hour=3)
    office.publish(MAIL, settings=Rules(sends_an_hour=own))
    people(office, 7)

    office.tick()
    assert sent(office) == at_once
    office.turn(hours=1)
    assert sent(office) == min(7, 2 * at_once)
    assert ("mail", "waiting", "sends_an_hour") in office.visits() or at_once > 3
    office.turn(hours=6)
    assert sent(office) == 7


# -- the first messages ----------------------------------------------------------------------


def test_after_the_first_messages_somebody_is_asked(office):
    """Two go out, the others wait for a word, the admin is told once, and one word is enough."""
    brake(office, first_sends=2)
    number = office.publish(MAIL)
    people(office, 5)

    office.turn(hours=3)
    assert sent(office) == 2
    assert office.visits().count(("mail", "waiting", "ask_first")) == 3
    (said,) = told(office)
    assert said.startswith("‘Test’: The first 2 messages are out.")
    assert office.ask(safeguards.questions) == [Question(number, "Test", 0, 3)]

    assert office.do(safeguards.confirm, number) == 3
    office.tick()
    people(office, 2, first=10)
    office.tick()
    assert sent(office) == 7
    assert office.ask(safeguards.questions) == []


def test_a_new_version_is_asked_about_anew(office):
    """A word about one version says nothing about the next."""
    brake(office, first_sends=1)
    number = office.publish(MAIL)
    people(office, 2)
    office.tick()
    office.do(safeguards.confirm, number)
    office.tick()
    assert sent(office) == 2

    office.clock.advance(minutes=1)
    office.do(workflows.put_version, number, office.ask(workflows.draft, number).graph)
    people(office, 2, first=10)
    office.tick()
    assert sent(office) == 3
    assert len(told(office)) == 2


def test_who_waits_for_a_word_too_long_is_not_written_to(office):
    """A message that nobody has let go for two days has gone stale."""
    brake(office, first_sends=1)
    office.publish(MAIL)
    people(office, 2)
    office.tick()
    office.turn(hours=50)
    assert office.visits()[-1] == ("mail", "skipped", "expired")


# -- many at once ----------------------------------------------------------------------------


def test_many_at_once_are_asked_about_and_then_let_in(office):
    """Of twelve none enters unasked; the admin is told once, and with a word all are in."""
    brake(office, enrolments_at_once=5, enrolments_a_minute=0)
    number = office.publish(SEEN)
    people(office, 12)

    office.turn(hours=1)
    assert office.run_states() == []
    assert office.ask(safeguards.questions) == [Question(number, "Test", 12, 0)]
    (said,) = told(office)
    assert "Many would enter at once" in said

    assert office.do(safeguards.release, number) == 12
    office.tick()
    assert office.run_states() == ["done"] * 12


def test_an_import_in_many_batches_is_still_one_import(office):
    """Whoever enters within a minute counts together, in however many pieces they come."""
    brake(office, enrolments_at_once=5, enrolments_a_minute=0)
    number = office.publish(SEEN)
    for piece in range(6):
        people(office, 2, first=10 * piece)
        office.tick()
    assert len(office.run_states()) == 4
    assert len(told(office)) == 1

    office.do(safeguards.release, number)
    people(office, 6, first=100)
    office.tick()
    assert len(office.run_states()) == 18
    office.turn(hours=2)
    people(office, 6, first=200)
    office.tick()
    assert len(office.run_states()) == 18


def test_those_let_in_keep_to_so_many_a_minute_and_are_not_asked_about_again(office):
    """A word lets in all of them, sixty a minute, without being asked for once more."""
    brake(office, enrolments_at_once=5, enrolments_a_minute=4)
    number = office.publish(SEEN)
    people(office, 10)
    office.tick()
    office.do(safeguards.release, number)
    office.turn(minutes=3)
    assert len(office.run_states()) == 10


def test_those_who_match_no_audience_are_not_counted(office):
    """An import is asked about for whom it would enrol, not for its rows."""
    brake(office, enrolments_at_once=5)
    office.publish(SEEN, audience={"field": "first_name", "op": "is", "value": "Ana 3"})
    people(office, 12)
    office.tick()
    assert office.run_states() == ["done"]


def test_many_can_be_turned_away(office):
    """Who should not have been asked to enter is sent away, with the reason."""
    brake(office, enrolments_at_once=1)
    number = office.publish(SEEN)
    people(office, 3)
    office.tick()
    assert office.do(safeguards.turn_away, number) == 3
    office.turn(days=1)
    assert office.run_states() == []
    assert office.refusals() == ["turned_away"] * 3


# -- failures --------------------------------------------------------------------------------


def refuse(world, count):
    """Let the server refuse the next messages for good."""
    for _ in range(count):
        world.mail.fail("before", SendFailed("550 no such user", permanent=True))


def test_send_errors_in_a_row_pause_the_account(office):
    """Three refusals one after the other pause the account, which says why; two do not."""
    brake(office, send_errors_in_a_row=3, bounces_percent=0)
    office.publish(MAIL)
    refuse(office, 2)
    office.mail.succeed()
    refuse(office, 3)
    people(office, 8)

    office.tick()

    assert sent(office) == 1
    assert office.rows("select count(*) from outbox where state = 'failed'") == [(5,)]
    ((why, errors),) = office.rows("select paused_why, errors from mail_account")
    assert why.startswith("3 messages were refused")
    assert (errors, len(told(office))) == (0, 1)


def test_a_later_refusal_does_not_count_as_one_for_good(office):
    """A server that says «later» to everybody is no reason to pause."""
    brake(office, send_errors_in_a_row=2)
    office.publish(MAIL)
    for _ in range(4):
        office.mail.fail("before", SendFailed("451 later"))
    people(office, 4)
    office.tick()
    assert office.rows("select paused_why, errors from mail_account") == [("", 0)]


def test_too_many_addresses_that_do_not_exist_pause_the_workflow(office):
    """One in ten of the last fifty is too many: the workflow pauses, and says what to check."""
    brake(office, send_errors_in_a_row=0, bounces_percent=10)
    number = office.publish(MAIL)
    for _ in range(4):
        refuse(office, 1)
        office.mail.succeed()
    people(office, 8)
    office.tick()
    assert office.ask(workflows.draft, number).state == "published"

    refuse(office, 1)
    people(office, 1, first=100)
    office.tick()
    found = office.ask(workflows.draft, number)
    assert (found.state, found.why) == (
        "paused", "5 of its last 9 messages could not be delivered. Check the addresses.",
    )  # fmt: skip
    assert len(told(office)) == 1


# -- the red button --------------------------------------------------------------------------


class Pressing:
    """A carrier that presses the red button on the way, at the first letter."""

    def __init__(self, world, late):
        self.world, self.late, self.pressed = world, late, False

    async def hand_over(self, letter, before_dot):
        """Press before the dot or after it, then go on."""
        if not self.late:
            self._press()
        answer = await self.world.mail.hand_over(letter, before_dot)
        self._press()
        return answer

    def _press(self):
        if not self.pressed:
            self.pressed = True
            self.world.do(safeguards.stop_sending)

    async def close(self):
        """Have nothing to take leave of."""


@pytest.mark.parametrize(("late", "out"), [(False, 0), (True, 1)])
def test_the_red_button_stops_what_is_in_hand(office, monkeypatch, late, out):
    """Of fifty messages in hand none goes out after the button, not even one without its dot."""
    brake(office)
    office.publish(MAIL)
    people(office, 20)
    office.heart.tick()
    carrier = Pressing(office, late)
    monkeypatch.setattr(office, "_carrier", lambda account: carrier)

    assert office.deliver() == out
    assert sent(office) == out
    assert office.rows("select count(*) from outbox where state = 'ready'") == [(20 - out,)]
    assert office.deliver() == 0

    office.do(safeguards.stop_sending, stopped=False)
    assert office.deliver() == 20 - out
    assert sent(office) == 20


def test_the_red_button_is_heard_on_another_computer_before_the_next_message(database, world):
    """While one computer sends, another presses: no more than one arrives, and later all."""
    begun, pressed = threading.Event(), threading.Event()

    def take(_):
        begun.set()
        pressed.wait()

    brake(world, enrolments_a_minute=0)
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(MAIL)
    people(world, 20)
    other = Store.open(database, world.clock)
    engine = EngineThread(world.store, smtp_carrier)
    with LoopbackServer(heard=take) as server:
        world.mailbox(server)
        world.do(
            lambda work: work.connection.exec_driver_sql("update mail_account set hourly_limit = 0")
        )
        engine.start()
        try:
            assert begun.wait(PATIENCE)
            other.write(safeguards.stop_sending)
            pressed.set()
            _until(lambda: engine.report.state == "idle")
            assert len(server.received) <= 2
            other.write(safeguards.stop_sending, stopped=False)
            _until(lambda: len(server.received) == 20)
        finally:
            pressed.set()
            engine.stop()
            other.close()


def _until(true, patience=PATIENCE):
    """Wait for something that happens on another thread."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_an_outbox_without_room_leaves_messages_alone(office):
    """While all sending is stopped nothing is even claimed."""
    brake(office)
    office.publish(MAIL)
    people(office, 1)
    office.do(safeguards.stop_sending)
    office.tick()
    assert office.rows("select state, token from outbox") == [("ready", None)]
