"""Points for engagement: raised by what a contact does, halved by time, explained."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadSettings
from rally_desktop.services import scores, scoring, timeline
from rally_desktop.services.scoring import Scoring

pytestmark = pytest.mark.slow


@pytest.fixture
def rules(world):
    """The usual points are given, and halved every other day."""
    world.do(scoring.save, Scoring(on=True, half_life=2))
    world.turn()


def score_of(world, ref):
    """The score of a contact now."""
    return world.record(ref)["score"] or 0


def bands(world, ref):
    """The lines that tell of another band, the newest first."""
    lines = world.ask(timeline.lines, ref)
    return [line.text for line in lines if line.kind == "score_band"]


def test_a_reply_raises_the_score(world, rules):
    """Fifteen points at once, and the contact that did nothing has none."""
    ana, ben = world.contact("Ana"), world.contact("Ben")
    world.say(ana, "email_received")
    world.turn()
    assert (score_of(world, ana), score_of(world, ben)) == (15, 0)


def test_points_are_halved_by_time(world, rules):
    """After one half-life half of them are left, and after seven none."""
    ana = world.contact()
    world.say(ana, "meeting_completed")
    world.turn(days=2)
    assert score_of(world, ana) in (12, 13)
    world.turn(days=13)
    assert score_of(world, ana) == 0


def test_what_was_set_by_hand_stays_below_the_points(world, rules):
    """Thirty given, points on top of it; when they are gone the thirty are left."""
    ana = world.contact(score=30)
    world.say(ana, "form_submitted")
    world.turn()
    assert score_of(world, ana) == 50
    world.turn(days=15)
    assert score_of(world, ana) == 30


def test_a_score_set_later_counts_what_is_there_already(world, rules):
    """Whoever sets 60 while 20 are points has given 40."""
    ana = world.contact()
    world.say(ana, "form_submitted")
    world.turn()
    world.do(scores.change, ana, "set", 60)
    assert world.ask(scoring.explain, ana).given == 40


def test_a_score_stays_within_its_bounds(world, rules):
    """Neither a hundred meetings nor many bounces lead beyond 0 and 100."""
    ana, ben = world.contact("Ana", score=90), world.contact("Ben", score=5)
    world.say(ana, "meeting_completed")
    world.say(ben, "email_bounced")
    world.turn()
    assert (score_of(world, ana), score_of(world, ben)) == (100, 0)
    world.turn(days=15)
    assert (score_of(world, ana), score_of(world, ben)) == (90, 5)


def test_a_day_counts_so_many_times_at_most(world, rules):
    """Ten clicks on one day are worth three."""
    ana = world.contact()
    for _ in range(10):
        world.say(ana, "link_clicked")
    world.turn()
    assert score_of(world, ana) == 15


def test_only_their_calls_count(world, rules):
    """That we called them says nothing about them."""
    ana, ben = world.contact("Ana"), world.contact("Ben")
    world.say(ana, "call_logged", direction="out", outcome="No answer")
    world.say(ben, "call_logged", direction="in", outcome="Reached")
    world.turn()
    assert (score_of(world, ana), score_of(world, ben)) == (0, 10)


def test_another_band_is_a_line_with_its_reason(world, rules):
    """From cold to warm by a meeting and a reply, and back when they are long past."""
    ana = world.contact()
    world.say(ana, "meeting_completed")
    world.say(ana, "email_received")
    world.turn()
    assert bands(world, ana) == ["Score 0 → 40: warm"]
    world.turn(days=6)
    assert len(bands(world, ana)) == 2


def test_a_score_is_explained(world, rules):
    """What was given, and for each kind how often it counted and what is left of it."""
    ana = world.contact(score=10)
    world.say(ana, "email_received")
    world.turn()
    said = world.ask(scoring.explain, ana)
    assert str(said) == "25 (cold): 10 given; they answer an e-mail × 1: +15"


def test_points_go_when_the_rules_are_switched_off(world, rules):
    """Nothing but what was given is left, and nothing more is looked at."""
    ana = world.contact(score=10)
    world.say(ana, "email_received")
    world.turn()
    world.do(scoring.save, Scoring(on=False))
    world.turn()
    assert score_of(world, ana) == 10
    assert world.ask(scoring.next_due) is None


def test_new_rules_hold_for_what_was_done_before(world):
    """Whoever replied before the rules were switched on has points for it."""
    ana = world.contact()
    world.say(ana, "email_received")
    world.turn()
    assert score_of(world, ana) == 0
    world.do(scoring.save, Scoring(on=True, email_received=7))
    world.turn()
    assert score_of(world, ana) == 7


def test_rules_out_of_bounds_are_refused(world):
    """A thousand points for a click are more than a score can hold."""
    with pytest.raises(BadSettings):
        world.do(scoring.save, Scoring(on=True, link_clicked=1000))
