"""Why it happened, and why it did not."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import NotFound
from rally_desktop.engine import control
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, runs, templates, timeline, verdicts

TAG = Step("tag", "add_tag", {"tag": "Seen"})
OTHER = Step("other", "add_tag", {"tag": "Other"}, title="Mark it")
PORTO = {"field": "city", "op": "is", "value": "Porto"}


def line(world, ref, kind):
    """Return the newest line of a kind on a record's timeline."""
    return next(one for one in world.ask(timeline.lines, ref) if one.kind == kind)


def test_a_line_leads_to_the_step_that_wrote_it(world):
    """Of two steps at the same moment it is the one that added that very tag."""
    world.publish(TAG, OTHER)
    ana = world.contact()
    world.tick()
    found = world.ask(verdicts.why, line(world, ana, "tag_added").id)
    assert (found.run.workflow, found.run.version, found.cause) == ("Test", 1, "Contact created")
    assert (found.visit.step.title, found.approved_by) == ("Mark it", "")


def test_a_message_leads_to_the_run_that_decided_it(world):
    """Also the line that the mail server caused, long after the run has ended."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    world.publish(TAG, Step("mail", "send_email", {"template": "Welcome"}))
    ana = world.contact(email="ana@example.org")
    world.tick()
    found = world.ask(verdicts.why, line(world, ana, "email_sent").id)
    assert (found.visit.step.kind, found.run.workflow) == ("send_email", "Test")


def test_who_approved_is_said(world):
    """A run that somebody let begin names that person."""
    world.publish(TAG, settings=Rules(review=True))
    ana = world.contact()
    world.tick()
    world.store.user_id = world.user("Maria")
    world.do(control.approve, world.ask(runs.numbers))
    world.store.user_id = None
    world.tick()
    assert world.ask(verdicts.why, line(world, ana, "tag_added").id).approved_by == "Maria"


def test_what_a_person_did_has_no_run(world):
    """A line that no workflow caused says who, and nothing more; one that never was is refused."""
    ana = world.contact()
    found = world.ask(verdicts.why, line(world, ana, "created").id)
    assert (found.run, found.visit, found.cause) == (None, None, "")
    with pytest.raises(NotFound):
        world.ask(verdicts.why, 99)


def test_why_somebody_did_not_enter(world):
    """The newest refusal first, each with its workflow, its code and what had asked."""
    first = world.publish(TAG, audience=PORTO, trigger="record_updated")
    second = world.publish(OTHER, trigger="record_updated", settings=Rules(again="never"))
    ana = world.contact()
    for city in ("Faro", "Braga"):
        world.do(contacts.update, ana, {"city": city})
        world.tick()
        world.turn(minutes=5)
    found = world.ask(verdicts.about, ana)
    assert [(one.workflow_id, one.reason) for one in found[-1:]] == [(first, "audience")]
    assert {(one.workflow_id, one.reason) for one in found} == {
        (first, "audience"), (second, "once"),
    }  # fmt: skip
    assert found[0].cause == "City changed from ‘Faro’ to ‘Braga’"
    assert [one.reason for one in world.ask(verdicts.about, ana, second)] == ["once"]
    assert len(world.ask(verdicts.about, ana, limit=1)) == 1
