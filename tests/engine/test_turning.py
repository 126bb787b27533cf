"""Records that start to match: false to true is the event, and «still true» never is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.core.filter import parse
from rally_desktop.engine import turning
from rally_desktop.engine.heart import Heart
from rally_desktop.engine.publishing import publish, unpublish
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.services import companies, contacts, deals, records, workflows

pytestmark = pytest.mark.slow

END = Step("end", "end")
VIP = {"field": "tags", "op": "contains", "value": "VIP"}
GONE = {"field": "custom.size", "op": "is", "value": "L"}
QUIET = {"field": "last_activity_at", "op": "more_than_days_ago", "value": 7}


def watch(world, stored, **graph):
    """Publish a workflow for whoever starts to match a filter, as often as they do."""
    graph.setdefault("settings", Rules(again="every_event"))
    settings = {"filter": stored}
    return world.publish(END, trigger="starts_to_match", trigger_settings=settings, **graph)


def runs(world):
    """Return the causes of the runs so far, without their numbers."""
    found = world.rows("select cause from run order by id")
    return [cause.partition(":")[0] for (cause,) in found]


def test_who_matches_when_it_is_published_does_not_enter(world):
    """Ana is a VIP already: publishing enrols nobody, nor does another edit of hers."""
    ana = world.contact("Ana", tags=("VIP",))
    world.tick()
    watch(world, VIP)
    world.tick()
    world.do(contacts.update, ana, {"city": "Porto"})
    world.tick()
    assert runs(world) == []
    assert world.rows("select record_id from matching") == [(ana.id,)]


def test_turning_true_enters_and_staying_true_does_not(world):
    """The tag lets Ana in once; what happens to her afterwards lets her in no more."""
    watch(world, VIP)
    ana = world.contact("Ana")
    world.tick()
    world.do(records.add_tag, ana, "vip")
    world.tick()
    world.do(contacts.update, ana, {"city": "Porto"})
    world.tick()
    assert runs(world) == ["activity"]


def test_turning_false_and_true_again_is_a_new_event(world):
    """Ana loses the tag and gets it back: she enters a second time, by another cause."""
    watch(world, VIP)
    ana = world.contact("Ana", tags=("VIP",))
    world.tick()
    world.do(records.remove_tag, ana, "VIP")
    world.tick()
    assert world.rows("select record_id from matching") == []
    world.do(records.add_tag, ana, "VIP")
    world.tick()
    assert runs(world) == ["activity", "activity"]


def test_what_came_before_the_first_look_counts(world):
    """A contact made right after publishing enters, though no engine has looked since."""
    watch(world, VIP)
    world.contact("Ana", tags=("VIP",))
    world.heart = Heart(world.store)
    world.tick()
    assert runs(world) == ["activity"]


def test_publishing_again_enrols_nobody_anew(world):
    """Out of service and back in, or published over: whoever matches meanwhile stays out."""
    number = watch(world, VIP)
    world.tick()
    world.do(unpublish, number)
    world.tick()
    world.contact("Ana", tags=("VIP",))
    world.tick()
    world.do(publish, number)
    world.tick()
    world.do(publish, number)
    world.tick()
    assert runs(world) == []
    assert len(world.rows("select * from matching")) == 1


def test_another_filter_begins_anew(world):
    """A filter that is changed takes in silently whoever matches it, and forgets the old one."""
    number = watch(world, VIP)
    world.contact("Ana", city="Porto")
    world.tick()
    graph = world.ask(workflows.draft, number).graph
    (trigger,) = graph.triggers
    porto = {"filter": {"field": "city", "op": "is", "value": "Porto"}}
    changed = type(trigger)(trigger.id, trigger.kind, porto)
    world.do(workflows.save_draft, number, graph.with_(triggers=(changed,)))
    world.do(publish, number)
    world.tick()
    assert runs(world) == []
    assert len(world.rows("select * from matching")) == 1
    assert len(world.rows("select * from watermark")) == 1


def test_a_deal_concerns_its_contact_and_company(world):
    """A contact matches by its deals as soon as one is made, moved elsewhere or lost to it."""
    watch(world, {"field": "deals.count", "op": "ge", "value": 1})
    ana, ben = world.contact("Ana"), world.contact("Ben")
    world.tick()
    roof = world.deal(contact_id=ana.id)
    world.tick()
    assert world.rows("select record_id from matching") == [(ana.id,)]
    world.do(deals.update, roof, {"contact_id": ben.id})
    world.tick()
    assert world.rows("select record_id from matching") == [(ben.id,)]
    assert world.rows("select record_id from run order by id") == [(ana.id,), (ben.id,)]


def test_dates_turn_by_the_clock(world):
    """Seven quiet days after a call Ana matches, without anybody doing anything."""
    ana = world.contact("Ana", tags=("Seen",))
    watch(world, {"all": [QUIET]})
    world.do(lambda work: work.mark(ana, {"last_activity_at": work.now}))
    world.turn(days=6, hours=23)
    assert runs(world) == []
    world.turn(hours=1, minutes=16)
    assert runs(world) == ["match"]
    world.turn(days=3)
    assert runs(world) == ["match"]


def test_the_clock_looks_every_quarter_of_an_hour(world):
    """Whoever turned since the last look waits for the next one."""
    ana = world.contact("Ana")
    world.do(lambda work: work.mark(ana, {"last_activity_at": work.now - timedelta(days=7)}))
    world.clock.advance(seconds=-60)
    watch(world, QUIET)
    world.tick()
    world.turn(minutes=14)
    assert runs(world) == []
    world.turn(minutes=2)
    assert runs(world) == ["match"]


def test_a_related_record_turns_it_by_the_clock(world):
    """Hill Dental moves to Porto: its people match within a quarter of an hour."""
    hill = world.company("Hill Dental")
    ana = world.contact("Ana", company_id=hill.id)
    watch(world, {"field": "company.city", "op": "is", "value": "Porto"})
    world.tick()
    world.do(companies.update, hill, {"city": "Porto"})
    world.turn(minutes=16)
    assert world.rows("select record_id from run") == [(ana.id,)]


def test_the_trash_is_no_way_to_turn(world):
    """A record that was deleted and restored matches as before."""
    watch(world, VIP)
    ana = world.contact("Ana", tags=("VIP",))
    world.tick()
    world.do(records.delete, ana)
    world.tick()
    world.do(records.restore, ana)
    world.tick()
    assert runs(world) == ["activity"]


def test_a_crash_between_loses_and_doubles_nothing(world, monkeypatch):
    """The engine fails after it saw Ana turn: the next one sees her turn again, and once."""
    watch(world, VIP)
    world.contact("Ana", tags=("VIP",))
    failing = Heart(world.store)
    monkeypatch.setattr("rally_desktop.engine.heart.Enrolling.enrol", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        failing.tick()
    assert world.rows("select * from matching") == []
    monkeypatch.undo()
    world.heart = Heart(world.store)
    world.tick()
    world.tick()
    assert runs(world) == ["activity"]


def test_an_idle_office_is_asked_nothing(world, monkeypatch):
    """Without such a trigger no statement is executed for it."""
    world.publish(END)
    world.tick()
    asked = []
    monkeypatch.setattr(
        "rally_desktop.engine.turning._known", lambda work: asked.append(work) or {}
    )
    world.contact("Ana")
    world.tick()
    assert asked == []


def test_a_filter_that_cannot_be_read_any_more_pauses_its_workflow(world, monkeypatch):
    """A field of the office's own was taken away: that workflow says so, the others go on."""
    number = watch(world, VIP)
    seen = world.publish(Step("tag", "add_tag", {"tag": "Seen"}))
    world.tick()
    monkeypatch.setattr(turning, "parse", lambda *_: parse(GONE, {}))
    world.heart = Heart(world.store)
    ana = world.contact("Ana")
    world.tick()
    states = {row.id: row.state for row in world.ask(workflows.listed)}
    assert states == {number: "paused", seen: "published"}
    assert world.record(ana)["tags"] == {"Seen"}


def test_two_triggers_of_one_line_are_one_way_in(world):
    """The tag starts the workflow by itself and by the filter that it makes match: once."""
    both = (
        Trigger("by_tag", "tag_added", {"tags": ["VIP"]}),
        Trigger("by_filter", "starts_to_match", {"filter": VIP}),
    )
    graph = Graph(
        name="Test", triggers=both, start="end", steps={"end": END},
        settings=Rules(again="every_event", inside="parallel"),
    )  # fmt: skip
    world.do(publish, world.do(workflows.create, graph))
    world.contact("Ana", tags=("VIP",))
    world.tick()
    assert world.rows('select "trigger" from run') == [("by_tag",)]
