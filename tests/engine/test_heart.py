"""The heartbeat: every run moves exactly as far as it should, and one never holds up another."""

import pytest

from rally_desktop.engine.nodes.actions.add_tag import AddTag
from rally_desktop.engine.publishing import publish
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, records, workflows

pytestmark = pytest.mark.slow

TAG = Step("tag", "add_tag", {"tag": "Seen"})
WAIT = Step("wait", "wait", {"amount": 1, "unit": "days"})


def test_the_same_event_never_enrols_twice(world):
    """A contact is created once, so it enters once, however often the heart beats."""
    world.publish(TAG)
    world.contact()

    assert [bool(world.tick()) for _ in range(3)] == [True, False, False]
    assert world.run_states() == ["done"]


def test_an_unpublished_workflow_holds_those_inside(world):
    """Nobody enters any more and nobody moves; publishing again lets them go on."""
    number = world.publish(WAIT, TAG)
    ana = world.contact()
    world.tick()
    world.do(workflows.unpublish, number)

    world.turn(days=1, hours=9)
    assert world.run_states() == ["active"]
    world.do(publish, number)
    world.tick()

    assert world.record(ana)["tags"] == {"Seen"}


def test_people_inside_stay_on_their_version(world):
    """A workflow that is changed does not surprise whoever is in the middle of it."""
    number = world.publish(WAIT, TAG)
    ana = world.contact()
    world.tick()
    graph = world.ask(workflows.draft, number).graph
    world.do(workflows.save_draft, number, graph.with_settings("tag", {"tag": "New"}))
    world.do(publish, number)

    world.turn(days=1, hours=1)

    assert world.record(ana)["tags"] == {"Seen"}


def test_a_bug_in_a_step_stops_one_run_and_no_other(world, monkeypatch):
    """A step that crashes for Ben is written down with its traceback; Ana's run goes on."""
    real = AddTag.run

    def crash(self, work, here):
        if here.record["first_name"] == "Ben":
            raise ZeroDivisionError("a bug")
        return real(self, work, here)

    monkeypatch.setattr(AddTag, "run", crash)
    world.publish(TAG)
    ben, ana = world.contact("Ben"), world.contact("Ana")

    world.tick()
    world.turn(minutes=2)

    assert world.record(ana)["tags"] == {"Seen"}
    assert world.record(ben)["tags"] == set()
    assert world.run_states() == ["needs_attention", "done"]
    assert "a bug" in world.rows("select detail from visit where outcome = 'failed'")[0][0]


def test_a_workflow_does_not_start_itself_for_ever(world):
    """A workflow that causes its own trigger is stopped by the loop guard, and says so."""
    world.publish(
        Step("set", "update_field", {"field": "department", "value": "Sales"}),
        trigger="record_updated",
        settings=Rules(again="every_event"),
    )
    ana = world.contact()
    world.do(contacts.update, ana, {"city": "Porto"})

    world.tick()

    assert world.refusals() == ["loop_guard"]


@pytest.mark.parametrize(
    ("again", "expected"), [("never", "once"), ("after_days", "cooldown"), ("every_event", None)]
)
def test_re_enrolment_follows_its_policy(world, again, expected):
    """Who was inside may enter again at once, after some days, or never."""
    world.publish(
        Step("end", "end"),
        trigger="tag_added",
        trigger_settings={"tags": ["Go"]},
        settings=Rules(again=again),
    )
    ana = world.contact()
    for _ in range(2):
        world.do(records.add_tag, ana, "Go")
        world.tick()
        world.do(records.remove_tag, ana, "Go")

    reasons = world.refusals()
    assert reasons == ([expected] if expected else [])
    assert len(world.run_states()) == (1 if expected else 2)


def test_whoever_is_inside_does_not_enter_a_second_time(world):
    """A second event while the first run waits is refused with a reason."""
    world.publish(
        WAIT, trigger="tag_added", trigger_settings={"tags": ["Go", "Too"]},
        settings=Rules(again="after_end"),
    )  # fmt: skip
    ana = world.contact()
    world.do(records.add_tag, ana, "Go")
    world.do(records.add_tag, ana, "Too")

    world.tick()

    assert world.refusals() == ["already_active"]


def test_a_deleted_record_ends_its_runs(world):
    """Ana is deleted while her run waits: the run is cancelled, and nothing is done to her."""
    world.publish(WAIT, TAG)
    ana = world.contact()
    world.tick()
    world.do(contacts.delete, ana)

    world.turn(days=2)

    assert world.run_states() == ["cancelled"]


def test_stop_when_ends_a_run_and_does_the_stop_actions_once(world):
    """A contact that becomes a customer leaves the workflow, and is tagged on the way out."""
    world.publish(
        WAIT,
        TAG,
        stop_when={"field": "lifecycle_stage", "op": "is", "value": "Customer"},
        stop_start=None,
    )
    ana = world.contact()
    world.tick()
    world.do(contacts.update, ana, {"lifecycle_stage": "Customer"})

    world.turn(days=2)

    assert world.run_states() == ["stopped"]
    assert world.record(ana)["tags"] == set()


def test_every_visit_is_accounted_for(world):
    """What entered a step is waiting, done, skipped, failed or stopped, and nothing else."""
    world.publish(WAIT, TAG, Step("again", "add_tag", {"tag": "seen"}))
    for name in ("Ana", "Ben", "Cleo"):
        world.contact(name)
    world.tick()
    assert world.visits() == [("wait", "waiting", "")] * 3

    world.turn(days=2)

    assert world.visits() == [
        ("wait", "done", ""), ("tag", "done", ""), ("again", "skipped", "unchanged"),
    ] * 3  # fmt: skip


def test_what_the_database_refuses_stops_one_run_and_no_other(world, monkeypatch):
    """A step writes a row that the database will not have; only that run asks for help."""
    real = AddTag.run

    def collide(self, work, here):
        if here.record["first_name"] == "Ben":
            work.change(RowAdded("choice", {"id": 1, "list": "", "value": "", "position": 0}))
        return real(self, work, here)

    monkeypatch.setattr(AddTag, "run", collide)
    world.publish(TAG)
    people = [world.contact(name) for name in ("Ana", "Ben", "Cleo")]

    world.tick()
    world.turn(minutes=2)

    assert [bool(world.record(one)["tags"]) for one in people] == [True, False, True]
    assert world.run_states().count("needs_attention") == 1


def test_whom_the_database_will_not_let_in_is_given_up_with_a_reason(world, caplog):
    """One record whose run cannot be written at all does not keep the others waiting."""
    world.publish(TAG)
    ana, ben = world.contact(), world.contact("Ben")
    if world.store.engine.dialect.name == "postgresql":
        barred = f"alter table run add constraint barred check (record_id <> {ana.id})"
    else:
        barred = (
            f"create trigger barred before insert on run when new.record_id = {ana.id}"
            " begin select raise(abort, 'barred'); end"
        )
    world.do(lambda work: work.connection.exec_driver_sql(barred))

    world.tick()

    assert world.record(ben)["tags"] == {"Seen"}
    assert world.refusals() == ["error"]
    assert world.record(ana)["tags"] == frozenset()
    caplog.clear()  # the driver of PostgreSQL tells now and then of the batch that was refused
