"""Random offices that write as much as they can, and the most that one person got of it."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import calls, mail_accounts, records, safeguards, templates
from rally_desktop.services.safeguards import Safeguards
from tests.world import World

LOOSE = Safeguards(
    emails_a_day=0, emails_a_week=0, sends_an_hour=0, first_sends=0, enrolments_at_once=0,
    enrolments_a_minute=0, runs_a_record_hour=0, enrolments_a_record_day=0,
)  # fmt: skip


def write_a_lot(world: World, draw: Random, days: int) -> int:
    """Let random workflows loose on two people; return how many messages went out."""
    world.do(mail_accounts.add, "A", "a@x.org", host="memory", port=25, security="none")
    for name, transactional in (("News", False), ("Invoice", True)):
        world.do(templates.save, name, subject=name, text="Hi", transactional=transactional)
    world.do(safeguards.save, LOOSE if draw.random() < 0.8 else Safeguards())
    for _ in range(draw.randint(1, 5)):
        _publish(world, draw)
    people = [world.contact(email=f"{name}@x.org") for name in ("ana", "ben")]
    end = world.clock.now() + timedelta(days=days)
    while world.clock.now() < end:
        _happen(world, draw, people)
        _pass(world, draw)
    return len(world.mail.letters)


def _publish(world: World, draw: Random) -> None:
    """Publish a workflow that sends, and sends again after shorter or longer waits."""
    steps = []
    for number in range(draw.randint(1, 5)):
        template = draw.choice(("News", "Invoice"))
        steps.append(Step(f"mail{number}", "send_email", {"template": template}))
        if draw.random() < 0.6:
            wait = {"amount": draw.randint(1, 30), "unit": draw.choice(("minutes", "hours"))}
            steps.append(Step(f"wait{number}", "wait", wait))
    trigger, settings = draw.choice(
        (
            ("record_created", {}),
            ("tag_added", {"tags": ["Go"]}),
            ("activity_completed", {"activity": "Call"}),
        )
    )
    inside = draw.choice(("ignore", "restart", "queue", "parallel"))
    rules = Rules(again="every_event", inside=inside, late=draw.choice(("run", "skip")))
    world.publish(*steps, trigger=trigger, trigger_settings=settings, settings=rules)


def _happen(world: World, draw: Random, people: list) -> None:
    for _ in range(draw.randint(0, 3)):
        person = draw.choice(people)
        if draw.random() < 0.5:
            world.do(calls.log, person, direction="out", outcome="Reached")
        else:
            world.do(records.add_tag, person, "Go")
            world.do(records.remove_tag, person, "Go")


def _pass(world: World, draw: Random) -> None:
    """Let time pass: as it goes, in a leap, or with the account or the button held down."""
    hours = draw.choice((1, 5, 11, 23, 26))
    way = draw.random()
    if way < 0.6:
        world.turn(hours=hours)
    elif way < 0.8:
        world.leap(world.clock.now() + timedelta(hours=hours))
    else:
        world.do(safeguards.stop_sending)
        world.turn(hours=hours)
        world.do(safeguards.stop_sending, stopped=False)
        world.tick()


def most_within(world: World, length: timedelta) -> int:
    """Return the most messages that one person got within a time, by when they really went."""
    found = world.rows("select recipient, at from message where direction = 'out' order by at")
    span = length // timedelta(microseconds=1)
    most = 0
    for who in {row[0] for row in found}:
        moments = [row[1] for row in found if row[0] == who]
        most = max([most, *(sum(at <= one < at + span for one in moments) for at in moments)])
    return most
