"""An office that writes to people, for the tests of what is asked before it may."""

from __future__ import annotations

from rally_desktop.model.graph import Hours, Step
from rally_desktop.services import templates

MAIL = Step("mail", "send_email", {"template": "Welcome"})
ALL_DAYS = tuple(range(7))
AFTERNOON = Hours(ALL_DAYS, "12:00", "17:00")  # it is ten o'clock in the office


def furnished(world):
    """Return the office with an account, an admin and a template of each sort."""
    world.mailbox()
    world.user("Ada", role="admin")
    world.do(templates.save, "Welcome", subject="Hello", text="Dear {{ contact.first_name }}")
    world.do(templates.save, "Invoice", subject="Invoice", text="You owe us", transactional=True)
    return world


def reasons(world):
    """The reason of every visit at a step that sends, the oldest first."""
    return [reason for step, _, reason in world.visits() if step.startswith("mail")]


def sent(world):
    """How many letters have gone out."""
    return len(world.mail.letters)


def ana_of(world, **values):
    """Add Ana, who has an address."""
    return world.contact("Ana", **{"email": "ana@example.org", **values})


def set_account(world, values):
    """Change the mail account, as its owner would."""
    sql = f"update mail_account set {values}"
    world.do(lambda work: work.connection.exec_driver_sql(sql))
