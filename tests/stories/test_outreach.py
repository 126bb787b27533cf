"""The recipe «Outreach in a week», as a customer would tell it."""

from rally_desktop.engine import by_hand
from rally_desktop.engine.recipes.outreach import Outreach
from rally_desktop.services import workflows


def _enrol(world, ana):
    number = world.ask(workflows.listed)[0].id
    world.do(by_hand.enrol, number, [ana])


def test_whoever_stays_silent_hears_twice_and_is_called(world):
    """Two letters and a task to call, within two weeks, and then it is over."""
    world.mailbox()
    world.switch_on(Outreach)
    ana = world.contact("Ana", email="ana@example.com", owner_id=world.user("Nora"))
    _enrol(world, ana)
    world.turn(days=21)
    sent = [one for one in world.happened(ana) if one == "email_sent"]
    assert (len(sent), world.run_states()) == (2, ["done"])
    assert world.rows("select title from task") == [("Call Ana",)]


def test_whoever_answers_hears_no_more(world):
    """A reply after the first letter stops the rest."""
    world.mailbox()
    world.switch_on(Outreach)
    ana = world.contact("Ana", email="ana@example.com", owner_id=world.user("Nora"))
    _enrol(world, ana)
    world.turn(hours=1)
    world.say(ana, "email_received")
    world.turn(days=21)
    assert world.happened(ana).count("email_sent") == 1
    assert world.run_states() == ["stopped"]
