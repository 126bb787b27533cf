"""A contact that is typed in bit by bit is left alone until it is finished."""

from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, templates


def test_nobody_is_greeted_half_filled_in(world):
    """Maria adds Ana by her first name, then types for a while; the message has all of it."""
    world.mailbox()
    world.do(templates.save, "Hello", subject="Dear {{ contact.last_name }}", text="From us")
    world.publish(
        Step("hello", "send_email", {"template": "Hello"}),
        audience={"field": "city", "op": "is", "value": "Porto"},
        settings=Rules(settle_minutes=15),
    )
    ana = world.contact("Ana")
    world.turn(minutes=10)
    world.do(contacts.update, ana, {"last_name": "Ruiz", "email": "ana@example.org"})
    world.turn(minutes=10)
    world.do(contacts.update, ana, {"city": "Porto"})
    world.turn(minutes=14)
    assert world.mail.letters == []

    world.turn(minutes=2)

    assert [letter.subject for letter in world.mail.letters] == ["Dear Ruiz"]
    assert world.refusals() == []
