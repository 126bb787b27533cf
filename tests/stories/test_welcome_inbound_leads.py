"""The recipe «Welcome inbound leads», as a customer would tell it."""

import email

from rally_desktop.engine.recipes.welcome_inbound_leads import WelcomeInboundLeads
from rally_desktop.services import messages, records
from tests.mail_server import mail_server  # noqa: F401


def lead(world, name="Ana", **values):
    """A new inbound lead with an address."""
    return world.contact(
        name, **{"email": f"{name.lower()}@example.org", "lead_source": "Inbound", **values}
    )


def ready(world):
    """An office with a mailbox in which the recipe is switched on."""
    world.mailbox()
    return world.switch_on(WelcomeInboundLeads)


def test_a_new_inbound_lead_is_welcomed_at_once(world):
    """Ana asks for something; within the same minute she has a message with her name in it."""
    ready(world)
    ana = lead(world)

    world.tick()

    (letter,) = world.mail.letters
    assert letter.recipient.address == "ana@example.org"
    assert letter.subject == "Welcome to My office"
    assert letter.text.startswith("Dear Ana,")
    assert world.happened(ana) == ["created", "email_queued", "email_sent"]


def test_whoever_stays_silent_gets_one_reminder_after_two_days(world):
    """Nothing happens for two days; then one second message goes out, and the run ends."""
    ready(world)
    lead(world)
    world.tick()

    world.turn(hours=47)
    assert len(world.mail.letters) == 1
    world.turn(hours=2)

    assert [letter.subject for letter in world.mail.letters][1:] == ["Did my message reach you?"]
    assert world.run_states() == ["done"]
    world.turn(days=30)
    assert len(world.mail.letters) == 2


def test_whoever_replies_is_called_and_not_written_to(world):
    """Ana replies on the next day, so her owner gets a task and she gets no reminder."""
    ready(world)
    ana = lead(world, owner_id=world.user("Maria"))
    world.tick()
    world.clock.advance(days=1)
    world.do(messages.receive, ana, sender="ana@example.org", subject="Re: Welcome", text="Hello!")

    world.turn(days=1, hours=1)

    assert len(world.mail.letters) == 1
    assert world.happened(ana)[-1] == "task_created"
    assert [step for step, _, _ in world.visits()] == ["welcome", "wait", "answered", "call", "end"]


def test_a_tag_counts_as_an_answer(world):
    """Somebody at the desk tags Ana «Hot»; that is as good as a reply."""
    ready(world)
    ana = lead(world)
    world.tick()
    world.do(records.add_tag, ana, "hot")

    world.turn(days=2, hours=1)

    assert world.happened(ana)[-1] == "task_created"


def test_other_leads_are_left_alone_and_the_program_can_say_why(world):
    """A lead from a referral gets nothing; the reason is written down."""
    ready(world)
    world.contact("Ben", email="ben@example.org", lead_source="Referral")

    world.tick()

    assert world.mail.letters == []
    assert world.refusals() == ["audience"]


def test_nobody_is_written_to_against_their_will(world):
    """Whoever refused e-mail goes through the workflow without a message, and it says why."""
    ready(world)
    lead(world, consent_email="refused")

    world.tick()

    assert world.mail.letters == []
    assert world.visits()[0] == ("welcome", "skipped", "no_consent")


def test_the_message_really_arrives(world, mail_server):  # noqa: F811
    """A real server gets one message with a plain text, its own Message-ID and a date."""
    world.mailbox(mail_server)
    world.switch_on(WelcomeInboundLeads)
    lead(world, "Zoë", email="zoe@example.org")

    world.tick()
    world.tick()

    (received,) = mail_server.received
    parsed = email.message_from_bytes(received.data)
    assert parsed["Message-ID"].endswith("@example.com>")
    assert parsed.get_content_type() == "text/plain"
    assert "Dear Zoë," in parsed.get_payload(decode=True).decode()
