"""The steps that write to people: what they send, by which account, and what they say."""

from __future__ import annotations

import pytest

from rally_desktop.model.graph import Rules, Step
from rally_desktop.model.tables import suppression
from rally_desktop.services import contacts, mail_accounts, templates
from tests.gateway import add_gateway

pytestmark = pytest.mark.slow

MAIL = Step("mail", "send_email", {"template": "Welcome"})
SMS = Step("sms", "send_sms", {"template": "Reminder"})
SERVER = {"host": "memory", "port": 25, "security": "none"}
MOBILE = {"mobile": "+44 (0)1632 960-123", "phone": "01632 960999"}


@pytest.fixture
def office(world):
    """An office with a template for each channel, and an account for e-mail."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Dear {{ contact.first_name }}")
    world.do(
        templates.save, "Reminder", subject="", channel="sms",
        text="{{ contact.first_name }}, we expect you today.",
    )  # fmt: skip
    return world


def senders(world):
    """The addresses that letters went out from."""
    return [letter.sender.address for letter in world.mail.letters]


@pytest.mark.parametrize(
    ("step", "workflow", "owned", "sender"),
    [
        ("Sales", "Maria", True, "sales@x.org"),
        ("", "Sales", True, "sales@x.org"),
        ("", "", True, "maria@x.org"),
        ("", "", False, "hello@example.com"),
    ],
)
def test_the_step_chooses_the_account_then_the_workflow_then_the_owner(
    office, step, workflow, owned, sender
):
    """The step's account, else the workflow's, else the owner's, else the office's first."""
    maria = office.user("Maria")
    office.do(mail_accounts.add, "Sales", "sales@x.org", **SERVER)
    office.do(mail_accounts.add, "Maria", "maria@x.org", writes_for=[maria], **SERVER)
    office.publish(
        Step("mail", "send_email", {"template": "Welcome", "account": step}),
        settings=Rules(account=workflow),
    )
    office.contact(email="ana@example.org", owner_id=maria if owned else None)
    office.tick()
    assert senders(office) == [sender]


def test_a_reply_stands_in_the_thread_of_the_message_before(office):
    """A reply refers to the run's letters before it, the last one its parent; «Re:» stands once."""
    again = {"template": "Welcome", "thread": "reply"}
    steps = [Step("first", "send_email", {"template": "Welcome"})]
    for name in ("second", "third"):
        steps += [Step(f"w{name}", "wait", {"amount": 3, "unit": "days"})]
        steps += [Step(name, "send_email", again)]
    office.publish(*steps)
    office.contact(email="ana@example.org")

    office.turn(days=7)

    first, second, third = office.mail.letters
    assert [first.subject, second.subject, third.subject] == ["Hello", "Re: Hello", "Re: Hello"]
    assert ("In-Reply-To", first.message_id) in second.headers
    assert ("In-Reply-To", second.message_id) in third.headers
    assert ("References", f"{first.message_id} {second.message_id}") in third.headers


def test_a_reply_to_nothing_is_a_new_message(office):
    """Where the run has written nothing yet, the reply stands alone, with its own subject."""
    office.publish(Step("mail", "send_email", {"template": "Welcome", "thread": "reply"}))
    office.contact(email="ana@example.org")
    office.tick()
    (letter,) = office.mail.letters
    assert (letter.subject, "In-Reply-To" in dict(letter.headers)) == ("Hello", False)


@pytest.mark.parametrize(
    ("kind", "template"), [("send_email", "Reminder"), ("send_sms", "Welcome")]
)
def test_a_template_of_the_other_channel_is_not_used(office, kind, template):
    """An SMS is not sent as an e-mail, nor an e-mail as an SMS."""
    office.publish(Step("it", kind, {"template": template}))
    office.contact(email="ana@example.org", **MOBILE)
    office.tick()
    assert office.visits() == [("it", "failed", "no_template")]


def test_a_sequence_says_how_to_unsubscribe_where_the_template_does_not(office):
    """Its link stands below the text; a template that says it, or is transactional, stays."""
    office.do(templates.save, "Says it", subject="2", text="Hi. To opt out, reply.")
    office.do(templates.save, "Asked for", subject="3", text="Your code: 7", transactional=True)
    steps = [MAIL]
    for name in ("Says it", "Asked for"):
        key = name.partition(" ")[0].lower()
        steps.append(Step(f"wait-{key}", "wait", {"amount": 3, "unit": "days"}))
        steps.append(Step(key, "send_email", {"template": name}))
    office.publish(*steps, settings=Rules(footer="Leave our list"))
    office.contact(first_name="Ana", email="ana@example.org")
    office.turn(days=7)
    first, *others = [letter.text for letter in office.mail.letters]
    assert first.startswith("Dear Ana\n\nLeave our list: mailto:hello@example.com?")
    assert others == ["Hi. To opt out, reply.", "Your code: 7"]


def test_a_step_may_be_called_anything(office):
    """The id of a step from a file, with spaces or letters of any script, stops no letter."""
    for name in ("Ärzte anschreiben", "<2>"):
        office.publish(Step(name, "send_email", {"template": "Welcome"}))
        office.contact(email=f"{len(office.mail.letters)}@example.org")
        office.tick()
    assert len({letter.message_id for letter in office.mail.letters}) >= 2


# -- SMS -------------------------------------------------------------------------------------


def test_without_a_gateway_no_sms_is_sent_and_the_step_says_so(office):
    """There is no SMS gateway: the step fails, needs attention, and pretends nothing."""
    office.publish(SMS)
    office.contact(**MOBILE)
    office.tick()
    assert office.visits() == [("sms", "failed", "no_account")]
    assert office.run_states() == ["needs_attention"]
    ((said,),) = office.rows("select summary from visit")
    assert "was not sent" in said


def test_an_sms_goes_to_the_mobile_by_a_gateway(office):
    """With a carrier for SMS the text reaches the mobile number, once, in parts that are said."""
    office.do(add_gateway)
    office.publish(SMS)
    ana = office.contact("Ana", **MOBILE)
    office.tick()
    assert office.phone.texts == [("+441632960123", "Ana, we expect you today.")]
    assert office.happened(ana)[-2:] == ["sms_queued", "sms_sent"]
    ((said, detail),) = office.rows("select summary, detail from visit")
    assert said == "SMS to +441632960123, one part."
    assert '"parts":1' in detail


def bar(work):
    """Note that somebody answered STOP."""
    row = {"channel": "sms", "address": "+441632960123", "reason": "STOP", "at": work.now}
    work.connection.execute(suppression.insert().values(**row))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"mobile": "", "phone": ""}, "no_number"),
        ({"mobile": "ask Tom", "phone": "12"}, "no_number"),
        ({"consent_sms": "refused"}, "no_consent"),
        ({"consent_email": "refused"}, ""),
        ({"do_not_contact": True}, "do_not_contact"),
        ({"mobile": "01632 960123"}, ""),
    ],
)
def test_who_may_not_get_an_sms_gets_none(office, values, reason):
    """Consent and number of SMS are its own; each refusal has its reason."""
    office.do(add_gateway)
    office.publish(Step("wait", "wait", {"amount": 1, "unit": "hours"}), SMS)
    ana = office.contact(**MOBILE)
    office.tick()
    office.do(contacts.update, ana, values)
    office.turn(hours=1)
    assert [visit[2] for visit in office.visits()] == ["", reason]
    assert len(office.phone.texts) == (reason == "")


def test_stop_is_final_on_that_channel(office):
    """Who answered STOP gets no SMS, not even one that was asked for; e-mail is another matter."""
    office.do(
        templates.save, "Reminder", subject="", text="Today.", channel="sms", transactional=True
    )
    office.do(add_gateway)
    office.do(bar)
    office.publish(SMS, MAIL)
    office.contact("Ana", email="ana@example.org", **MOBILE)
    office.tick()
    assert [visit[1:] for visit in office.visits()] == [("skipped", "suppressed"), ("done", "")]


def test_one_sms_a_day_in_the_hours_for_sms(office):
    """A second SMS waits for the next day, and none goes out in the night."""
    office.do(add_gateway)
    office.publish(SMS)
    office.publish(Step("wait", "wait", {"amount": 12, "unit": "hours"}), SMS)
    office.contact("Ana", **MOBILE)
    office.tick()
    office.turn(hours=12)  # ten in the evening
    assert len(office.phone.texts) == 1
    office.turn(hours=11)
    assert len(office.phone.texts) == 1
    office.turn(hours=2)
    assert len(office.phone.texts) == 2


def test_a_field_without_a_value_sends_nothing(office):
    """An SMS, too, is never sent half-filled."""
    office.do(templates.save, "Reminder", subject="", channel="sms", text="{{ contact.city }}!")
    office.do(add_gateway)
    office.publish(SMS)
    office.contact("Ana", **MOBILE)
    office.tick()
    assert office.visits() == [("sms", "failed", "missing_value")]
