"""One run, step by step: which way it goes, what it leaves behind, and where it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from rally_desktop.engine.nodes import step_kinds
from rally_desktop.engine.walk import MAX_VISITS
from rally_desktop.model.changes import RowChanged
from rally_desktop.model.graph import Rules, Step
from rally_desktop.services import contacts, mail_accounts, outbox, records, templates, workflows

pytestmark = pytest.mark.slow

END = Step("end", "end")
SEEN = Step("seen", "add_tag", {"tag": "Seen"})
ASK = Step("ask", "add_tag", {"tag": "Failed"})


def outcome(world, step, record="contact", **values):
    """Run one step, whose failure leads to a tag, and return its (outcome, reason)."""
    world.tick()
    ways = {"next": "seen", "failed": "ask"}
    known = dict(step_kinds()[step.kind].load(step.settings).exits())
    exits = {name: ways[name] for name in known}
    step = Step(step.id, step.kind, step.settings, exits)
    seen = Step("seen", "add_tag", {"tag": "Seen"}, {"next": "end"})
    ask = Step("ask", "add_tag", {"tag": "Failed"}, {"next": "end"})
    world.publish(step, seen, ask, END, record=record)
    ref = world.deal(**values) if record == "deal" else world.contact(**values)
    world.tick()
    found = world.visits()[0]
    assert world.run_states() == ["done"]
    assert world.record(ref)["tags"] == ({"Failed"} if found[1] == "failed" else {"Seen"})
    return found[1:]


MAIL = Step("mail", "send_email", {"template": "Welcome"})


@pytest.fixture
def writing(world):
    """An office that can write e-mails."""
    world.mailbox()
    text = "Dear {{ contact.first_name }}"
    world.do(templates.save, "Welcome", subject="Hello", text=text)
    return world


def spoil(world, **values):
    """Change the office's only template behind the back of whoever checked it."""
    template = world.ask(templates.named, "Welcome")
    world.do(lambda work: work.change(RowChanged("template", template.id, values)))


def test_a_step_that_is_switched_off_is_passed_through(world):
    """It says so, does nothing, and the run goes on."""
    world.publish(Step("tag", "add_tag", {"tag": "No"}, disabled=True), SEEN)
    ana = world.contact()
    world.tick()
    assert world.visits() == [("tag", "skipped", "disabled"), ("seen", "done", "")]
    assert world.record(ana)["tags"] == {"Seen"}


def test_a_branch_that_is_switched_off_takes_its_first_path(world):
    """A branch nobody asks leads down its first path."""
    paths = {"paths": [{"name": "A", "exit": "a", "filter": {"field": "city", "op": "is_empty"}}]}
    step = Step("fork", "branch", paths, {"a": "seen", "else": "ask"}, disabled=True)
    world.publish(step, Step("seen", "add_tag", {"tag": "Seen"}, {"next": "end"}), ASK, END)
    ana = world.contact()
    world.tick()
    assert world.record(ana)["tags"] == {"Seen"}


@pytest.mark.parametrize("city", ["Porto", "Faro", ""])
def test_a_branch_takes_the_first_path_that_matches(world, city):
    """Paths are tried in order; whoever meets none goes down «else»; what was seen is kept."""
    paths = [
        {"name": c, "exit": c.lower(), "filter": {"field": "city", "op": "is", "value": c}}
        for c in ("Porto", "Faro")
    ]
    world.publish(
        Step("fork", "branch", {"paths": paths}, {"porto": "a", "faro": "b", "else": "c"}),
        *(Step(key, "add_tag", {"tag": tag}, {"next": "end"})
          for key, tag in (("a", "Porto"), ("b", "Faro"), ("c", "Else"))),
        END,
    )  # fmt: skip
    ana = world.contact(city=city)
    world.tick()
    assert world.record(ana)["tags"] == {city or "Else"}
    detail = world.rows("select detail from visit where step = 'fork'")[0][0]
    assert '"clauses"' in detail


def test_a_failure_without_a_way_asks_for_help(world):
    """A step that fails and has no such exit connected waits for a person, with its reason."""
    world.publish(Step("tell", "notify", {"text": "Hi", "user": ""}), SEEN)
    world.contact()
    world.tick()
    assert world.rows("select state, reason from run") == [("needs_attention", "no_owner")]


def test_stop_actions_are_done_once_and_wait_for_nothing(world):
    """When Stop When comes true, the chain is run through at once, waits included."""
    stop = (
        Step("bye", "add_tag", {"tag": "Bye"}, {"next": "pause"}),
        Step("pause", "wait", {"amount": 9, "unit": "days"}, {"next": "last"}),
        Step("last", "add_tag", {"tag": "Last"}, {"next": "end"}),
    )
    world.publish(
        Step("wait", "wait", {"amount": 1, "unit": "days"}, {"next": "end"}), END, *stop,
        stop_when={"field": "city", "op": "is", "value": "Porto"}, stop_start="bye",
    )  # fmt: skip
    ana = world.contact()
    world.tick()
    world.do(contacts.update, ana, {"city": "porto"})
    world.turn(days=1, hours=1)
    assert world.record(ana)["tags"] == {"Bye", "Last"}
    assert world.rows("select state, due_at from run") == [("stopped", None)]
    world.turn(days=30)
    assert [(step, how) for step, how, _ in world.visits()] == [
        ("wait", "stopped"), ("bye", "done"), ("pause", "done"), ("last", "done"), ("end", "done"),
    ]  # fmt: skip


def test_a_failing_stop_action_does_not_hold_the_stop_up(world):
    """A run whose Stop Action fails is stopped all the same."""
    world.publish(
        Step("end", "end"), Step("tell", "notify", {"text": "Hi"}),
        stop_when={"field": "city", "op": "is_empty"}, stop_start="tell",
    )  # fmt: skip
    world.contact()
    world.tick()
    assert world.run_states() == ["stopped"]
    assert world.visits() == [("tell", "failed", "no_owner")]


def test_a_run_ends_where_its_path_ends(world):
    """A last step that leads nowhere is an end like any other."""
    world.publish(SEEN)
    world.contact()
    world.tick()
    assert world.rows("select state, step, due_at from run") == [("done", None, None)]


def test_no_run_goes_through_more_than_five_hundred_steps(world):
    """A run that is longer fails, with the reason, instead of going on for ever."""
    steps = [Step(f"s{n}", "add_tag", {"tag": "Seen"}) for n in range(MAX_VISITS + 1)]
    world.publish(*steps)
    world.contact()
    world.tick()
    assert world.rows("select state, reason, seq from run") == [("failed", "too_long", MAX_VISITS)]
    assert world.rows("select state from workflow") == [("paused",)]


# -- sending ---------------------------------------------------------------------------------


def test_an_email_goes_to_the_deals_contact(writing):
    """A workflow for deals writes to the contact of the deal."""
    ana = writing.contact("Ana", email="ana@example.org")
    assert outcome(writing, MAIL, "deal", contact_id=ana.id) == ("done", "")
    assert [letter.text for letter in writing.mail.letters] == ["Dear Ana"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"email": ""}, ("skipped", "no_address")),
        ({"consent_email": "refused"}, ("skipped", "no_consent")),
        ({"email_invalid": True}, ("skipped", "bad_address")),
        ({"first_name": "", "last_name": "Reis"}, ("failed", "missing_value")),
    ],
)
def test_who_is_not_written_to_and_why(writing, values, expected):
    """A refusal is a skip with its reason; an empty merge field fails, and nothing is sent."""
    assert outcome(writing, MAIL, **{"email": "ana@example.org", **values}) == expected
    assert writing.mail.letters == []


def test_a_deal_without_a_contact_fails(writing):
    """There is nobody to write to."""
    assert outcome(writing, MAIL, "deal") == ("failed", "no_contact")


def test_an_office_without_an_account_fails(world):
    """Without a mailbox nothing can be sent, and the step says so."""
    world.do(templates.save, "Welcome", subject="Hello", text="Hi")
    assert outcome(world, MAIL, email="ana@example.org") == ("failed", "no_account")


@pytest.mark.parametrize(
    ("values", "reason"), [({"name": "Renamed"}, "no_template"), ({"text": "{% x"}, "bad_template")]
)
def test_a_template_that_was_spoilt_fails(writing, values, reason):
    """A template that went after publishing, or became unreadable, fails the step."""
    writing.publish(Step("wait", "wait", {"amount": 1, "unit": "hours"}, {"next": "mail"}), MAIL)
    writing.contact(email="ana@example.org")
    writing.tick()
    spoil(writing, **values)
    writing.turn(hours=2)
    assert writing.visits()[-1] == ("mail", "failed", reason)


# -- records ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "values", "expected"),
    [
        ({"field": "department", "value": "Sales"}, {}, ("done", "")),
        ({"field": "city", "value": "Faro"}, {"city": "Faro"}, ("skipped", "unchanged")),
        ({"field": "department"}, {"department": "Sales"}, ("done", "")),
        ({"field": "score", "value": "lots"}, {}, ("failed", "bad_settings")),
        ({"field": "score", "value": "101"}, {}, ("failed", "bad_settings")),
        ({"field": "do_not_contact", "value": "no"}, {}, ("skipped", "unchanged")),
        ({"field": "owner", "value": "Admin"}, {}, ("done", "")),
        ({"field": "created_at", "value": "2026-06-02"}, {}, ("failed", "bad_settings")),
        ({"field": "email", "value": "taken@example.org"}, {}, ("failed", "bad_settings")),
        ({"field": "city", "value": "{{ contact.state }}"}, {}, ("failed", "missing_value")),
    ],
    ids=str,
)  # fmt: skip
def test_a_field_is_set_as_a_person_would_set_it(world, settings, values, expected):
    """What a form would refuse fails the step; what is so already is left alone."""
    world.contact("Tom", email="taken@example.org")
    assert outcome(world, Step("set", "update_field", settings), **values) == expected


def test_a_stage_set_by_a_step_is_a_move(world):
    """A workflow that sets a deal's stage moves it, so that other workflows see it."""
    step = Step("set", "update_field", {"field": "stage", "value": "Proposal"})
    assert outcome(world, step, "deal") == ("done", "")
    assert world.rows("select count(*) from activity where kind = 'stage_moved'") == [(1,)]


def test_a_field_set_is_said_in_words(world):
    """The run history says what was set to what."""
    outcome(world, Step("set", "update_field", {"field": "lead_status"}), lead_status="New")
    assert "lead status" in world.rows("select summary from visit where seq = 1")[0][0]


@pytest.mark.parametrize(
    ("stage", "expected"), [("Lead", ("skipped", "unchanged")), ("Customer", ("done", ""))]
)
def test_a_lifecycle_stage_moves_once(world, stage, expected):
    """A contact that is there already is left alone."""
    assert outcome(world, Step("up", "update_lifecycle_stage", {"stage": stage})) == expected


def test_a_deals_contact_moves_and_a_missing_one_fails(world):
    """The contact of the deal is the one that moves."""
    ana = world.contact()
    step = Step("up", "update_lifecycle_stage", {"stage": "Customer"})
    assert outcome(world, step, "deal", contact_id=ana.id) == ("done", "")
    assert world.record(ana)["lifecycle_stage"] == "Customer"


@pytest.mark.parametrize("gone", [False, True])
def test_a_deal_whose_contact_is_not_there_fails(world, gone):
    """A deal without a contact, or with one in the trash, takes the other way."""
    step = Step("up", "update_lifecycle_stage", {"stage": "Customer"}, {"failed": "ask"})
    ana = world.contact()
    world.publish(step, ASK, record="deal")
    roof = world.deal(contact_id=ana.id if gone else None)
    if gone:
        world.do(records.delete, ana)
    world.tick()
    assert world.record(roof)["tags"] == {"Failed"}


@pytest.mark.parametrize(("assignee", "expected"), [("", "Maria"), ("Tom", "Tom")])
def test_a_task_goes_to_whom_it_should(world, assignee, expected):
    """Without an assignee the owner gets it, else the one who is named."""
    maria, tom = world.user("Maria"), world.user("Tom")
    settings = {"task": "Call {{ contact.first_name }}", "assignee": assignee}
    outcome(world, Step("task", "create_task", settings), owner_id=maria)
    found = {"Maria": maria, "Tom": tom}[expected]
    assert world.rows("select title, assignee_id from task") == [("Call Ana", found)]


def test_nobody_is_woken_for_those_who_are_held(world):
    """Runs of an unpublished workflow, and messages of a paused account, are not due."""
    number = world.publish(Step("wait", "wait", {"amount": 1, "unit": "days"}))
    world.contact()
    world.tick()
    assert world.heart.next_due() == world.clock.now() + timedelta(days=1)
    world.do(workflows.unpublish, number)
    world.turn(days=2)
    assert world.heart.next_due() is None


def test_a_paused_account_wakes_nobody(writing):
    """Messages that wait for their account to be mended do not keep the engine awake."""
    writing.publish(MAIL)
    writing.contact(email="ana@example.org")
    writing.heart.tick()
    assert writing.ask(outbox.next_due) == writing.clock.now()
    account = writing.ask(mail_accounts.accounts)[0].id
    paused = RowChanged("mail_account", account, {"paused_why": "Wrong password."})
    writing.do(lambda work: work.change(paused))
    assert writing.ask(outbox.next_due) is None


# -- entering --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"city": "Faro"}, "audience"), ({"city": "Porto", "do_not_contact": True}, "do_not_contact")],
)
def test_who_may_not_enter_and_why(world, values, reason):
    """Each refusal at the door is written down with its reason."""
    world.publish(SEEN, audience={"field": "city", "op": "is", "value": "Porto"})
    world.contact(**values)
    world.tick()
    assert world.refusals() == [reason]
    assert world.run_states() == []


def test_who_is_gone_already_does_not_enter(world):
    """A contact deleted before the engine looked is not taken in."""
    world.publish(SEEN)
    world.do(contacts.delete, world.contact())
    world.tick()
    assert world.refusals() == ["gone"]


def test_workflows_that_start_each_other_come_to_an_end(world):
    """One starts the next eight deep; the ninth is refused, and its workflow is paused."""
    for number in range(10):
        world.publish(
            Step("tag", "add_tag", {"tag": f"T{number + 1}"}),
            trigger="tag_added", trigger_settings={"tags": [f"T{number}"]},
        )  # fmt: skip
    ana = world.contact(tags=("T0",))
    world.tick()
    assert len(world.record(ana)["tags"]) == 9
    assert world.refusals() == ["too_deep"]
    (paused,) = [row for row in world.ask(workflows.listed) if row.state == "paused"]
    assert "set each other off" in paused.why


def test_parallel_runs_go_side_by_side(world):
    """Where it is allowed, a record goes through the same workflow twice at once."""
    world.publish(
        Step("wait", "wait", {"amount": 1, "unit": "days"}),
        trigger="tag_added", trigger_settings={"tags": ["Go", "Too"]},
        settings=Rules(again="every_event", inside="parallel"),
    )  # fmt: skip
    ana = world.contact(tags=("Go", "Too"))
    world.tick()
    assert world.run_states() == ["active", "active"]
    assert world.record(ana)["tags"] == {"Go", "Too"}
