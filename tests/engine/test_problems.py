"""What is wrong with a definition is found before it may touch anyone."""

from __future__ import annotations

import time

import pytest

from rally_desktop.engine.problems import AUDIENCE, check, office_of
from rally_desktop.engine.publishing import problems_of, publish
from rally_desktop.model.graph import Graph, Hours, Place, Rules, Step, Trigger
from rally_desktop.services import settings, templates, workflows

pytestmark = pytest.mark.slow

TRIGGER = Trigger("t", "record_created")
TAG = Step("tag", "add_tag", {"tag": "VIP"})
PORTO = {"field": "city", "op": "is", "value": "Porto"}


def graph(*steps, **values):
    """A workflow of some steps that is sound but for what is said here."""
    kept = {"name": "Test", "triggers": (TRIGGER,), "start": steps[0].id if steps else None}
    return Graph(**{**kept, "steps": {step.id: step for step in steps}, **values})


def problems(world, made):
    """The problems of a workflow as (step, severity, text)."""
    return [(one.step, one.severity, one.text) for one in world.ask(problems_of, made)]


def test_a_sound_workflow_has_no_problems(world):
    """Nothing is found where nothing is wrong."""
    assert problems(world, graph(TAG, audience=PORTO, stop_when={"not": PORTO})) == []


def test_an_empty_workflow_lacks_everything(world):
    """Name, trigger and steps are asked for."""
    assert problems(world, Graph()) == [
        (None, "error", "The workflow needs a name."),
        (None, "error", "Nothing starts the workflow: choose a trigger."),
        (None, "error", "The workflow has no steps yet."),
    ]


def test_a_step_that_nothing_leads_to_is_a_warning(world):
    """A loose step harms nobody; Stop Actions are led to."""
    made = graph(TAG, Step("loose", "end"), Step("stop", "end"), stop_start="stop", stop_when=PORTO)
    assert problems(world, made) == [("loose", "warning", "No path leads here.")]


def test_errors_come_before_warnings(world):
    """What forbids publishing stands first."""
    made = graph(TAG, Step("loose", "add_tag", {}))
    assert [severity for _, severity, _ in problems(world, made)] == ["error", "warning"]


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (Step("s", "add_tag", {"tag": ""}), "Tag is required."),
        (Step("s", "add_tag", {"tag": "x", "hue": 1}), "Hue is not a setting of this kind."),
        (Step("s", "wait", {"amount": 0}), "How long must be at least 1."),
        (Step("s", "jump"), "Jump is a kind of step that this program does not know."),
        (Step("s", "send_email", {"template": "Nothing"}), "Template ‘Nothing’ does not exist."),
        (Step("s", "notify", {"text": "x", "user": "Eva"}), "Who ‘Eva’ does not exist."),
        (Step("s", "notify", {"text": "{{ contact.fist }}"}), "No field ‘contact.fist’"),
        (Step("s", "notify", {"text": "{{ contact."}), "Line 1"),
        (Step("s", "update_field", {"field": "shoe_size"}), "There is no field ‘shoe_size’."),
        (
            Step("s", "branch", {"paths": [{"name": "A", "exit": "a", "filter": {"field": "x"}}]}),
            "The filter needs a field and an operator.",
        ),
        (
            Step("s", "branch", {"paths": [{"name": "A", "exit": "else"}]}),
            "Paths each path needs an exit of its own.",
        ),
        (Step("s", "add_tag", {"tag": "x"}, {"maybe": "tag"}), "It has no exit ‘maybe’ any more"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_step_is_named(world, step, text):
    """What is wrong with a step is said at that step, as an error."""
    made = graph(step, TAG)
    found = [one for one in problems(world, made) if one[1] == "error"]
    assert len(found) == 1
    assert found[0][0] == "s"
    assert text in found[0][2]


def test_what_the_office_has_may_be_referred_to(world):
    """A template, a user and a mailbox that are there are no problem."""
    world.mailbox()
    world.user("Maria")
    world.do(templates.save, "Hello", subject="Hi", text="Hi. To unsubscribe, just reply.")
    mail = Step("s", "send_email", {"template": "Hello", "account": "Hill Dental"}, {"next": "n"})
    made = graph(mail, Step("n", "notify", {"text": "{{ contact.email }}", "user": "Maria"}))
    assert problems(world, made) == []


@pytest.mark.parametrize(
    ("trigger", "text"),
    [
        (Trigger("t", "full_moon"), "Full moon is a kind of trigger that this program does not"),
        (Trigger("t", "tag_added"), "Tags is required."),
        (Trigger("t", "deal_stage_changed"), "This trigger is not for a contact."),
        (
            Trigger("t", "record_updated", {"fields": ["shoe_size"]}),
            "There is no field ‘shoe_size’",
        ),
    ],
)
def test_a_bad_trigger_is_named(world, trigger, text):
    """What is wrong with a trigger is said at that trigger."""
    ((where, severity, said),) = problems(world, graph(TAG, triggers=(trigger,)))
    assert (where, severity) == ("t", "error")
    assert text in said


def test_a_trigger_on_a_stage_that_is_gone_is_named(world):
    """A stage that was renamed would never be reached again."""
    trigger = Trigger("t", "deal_stage_changed", {"after": ["Signed"], "before": ["New"]})
    made = graph(TAG, record="deal", triggers=(trigger,))
    assert problems(world, made) == [("t", "error", "To ‘Signed’ does not exist.")]


def test_a_trigger_may_ask_for_a_calls_outcome(world):
    """An outcome is a text of the office's own list, and no reference that could dangle."""
    trigger = Trigger("t", "activity_completed", {"activity": "Call", "outcome": "Reached"})
    assert problems(world, graph(TAG, triggers=(trigger,))) == []


@pytest.mark.parametrize(
    ("stored", "where"),
    [("audience", AUDIENCE), ("stop_when", "stop_when")],
)
@pytest.mark.parametrize(
    "filter_",
    [{"field": "shoe_size", "op": "is", "value": 1}, {"maybe": []}, {"all": 7},
     {"field": "city", "op": "gt", "value": "x"}],
    ids=str,
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_named(world, stored, where, filter_):
    """A bad audience or Stop When is an error in its own place."""
    ((step, severity, text),) = problems(world, graph(TAG, **{stored: filter_}))
    assert (step, severity) == (where, "error")
    assert text


def test_checking_asks_the_office_once(world):
    """What is checked while somebody edits needs no look into the database."""
    office = world.ask(office_of)
    made = graph(TAG).inserted(Step("n", "wait"), Place("tag", "next"))
    made = made.inserted(Step("e", "end"), Place("n"), None)
    assert check(made, office) == []
    assert "Sales" in office.lists["pipeline"]


# -- where paths lead --------------------------------------------------------------------------


def branch(*filters, **exits):
    """A branch with a path A, B, … for each filter."""
    paths = [
        {"name": name, "exit": name.lower(), "filter": one}
        for name, one in zip("ABCD", filters, strict=False)
    ]
    return Step("b", "branch", {"paths": paths}, exits)


def only(world, made):
    """The one problem of a workflow."""
    (found,) = world.ask(problems_of, made)
    return found


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (Step("w", "wait"), "Nothing follows this wait."),
        (branch(PORTO), "None of its paths leads anywhere."),
    ],
)
def test_an_end_by_surprise_is_named_and_mended(world, step, text):
    """What leads nowhere though something should follow is connected to an End in one click."""
    found = only(world, graph(step))
    assert (found.step, found.severity, found.text) == (step.id, "warning", text)
    assert problems(world, found.fix.apply(graph(step))) == []


def test_a_path_of_a_branch_without_steps_is_named(world):
    """A path that was asked for and does nothing is a warning; ‘Else’ may do nothing."""
    made = graph(branch(PORTO, {"field": "city", "op": "is", "value": "Faro"}, a="tag"), TAG)
    found = only(world, made)
    assert found.text == "Nothing follows on the path ‘B’."
    mended = found.fix.apply(made)
    assert problems(world, mended) == []
    assert mended.steps[mended.steps["b"].exits["b"]].kind == "end"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (PORTO, PORTO),
        (None, PORTO),
        (PORTO, {"all": [{"value": "Porto", "op": "is", "field": "city"},
                         {"field": "title", "op": "is_known"}]}),
    ],
)  # fmt: skip
def test_a_path_that_nobody_can_take_is_named_and_removed(world, first, second):
    """A path is never taken where one above asks for the same, for less, or for nothing."""
    made = graph(branch(first, second, a="tag", b="never"), TAG, Step("never", "end"))
    found = only(world, made)
    assert found.text == "Nobody ever takes ‘B’: ‘A’ above takes them first."
    mended = found.fix.apply(made)
    assert [path["name"] for path in mended.steps["b"].settings["paths"]] == ["A"]
    assert list(mended.steps) == ["b", "tag"]
    assert problems(world, mended) == []


def test_else_after_everyone_is_named(world):
    """Where a path takes everyone, nobody is left for ‘Else’."""
    made = graph(branch(None, **{"a": "tag", "else": "end"}), TAG, Step("end", "end"))
    found = only(world, made)
    assert found.text == "Nobody ever takes ‘Else’: a path above takes everyone."
    assert problems(world, found.fix.apply(made)) == []


def test_the_unreachable_can_be_removed(world):
    """The fix takes the loose step with what follows it, and nothing else."""
    loose = Step("loose", "add_tag", {"tag": "x"}, {"next": "after"})
    made = graph(TAG, loose, Step("after", "end"))
    first = world.ask(problems_of, made)[0]
    assert first.fix.label == "Remove it and what follows it"
    assert list(first.fix.apply(made).steps) == ["tag"]


def test_a_wait_among_the_stop_actions_is_taken_out_by_its_fix(world):
    """The Stop Actions then begin with what followed the wait."""
    wait = Step("w", "wait", {"amount": 1, "unit": "days"}, {"next": "s"})
    stopping = Step("s", "add_tag", {"tag": "x"})
    made = graph(TAG, wait, stopping).with_(stop_start="w")
    fixes = {one.fix.label: one.fix for one in world.ask(problems_of, made) if one.fix}
    mended = fixes["Remove it"].apply(made)
    assert (mended.stop_start, list(mended.steps)) == ("s", ["tag", "s"])


def test_a_path_longer_than_a_run_may_be_is_named(world):
    """A run of more than five hundred steps would fail, so it is said before."""
    steps = [Step(f"s{n}", "add_tag", {"tag": "x"}, {"next": f"s{n + 1}"}) for n in range(501)]
    found = only(world, graph(*steps, Step("s501", "end")))
    assert found.text == "A path is 502 steps long; after 500 the program gives a run up."


# -- how it behaves ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "severity", "text"),
    [
        (Rules(hours=Hours(days=())), "error", "Its hours never open (on no day of the week)"),
        (Rules(hours=Hours(opens="09:00", closes="09:00")), "error", "from 09:00 to 09:00"),
        (Rules(again="never", inside="queue"), "warning", "A record never enters while"),
        (Rules(exclusive=True, inside="parallel"), "warning", "contradict each other"),
        (Rules(review=True), "warning", "though the workflow sends nothing"),
        (Rules(account="Nowhere"), "error", "The mail account ‘Nowhere’ does not exist."),
    ],
)
def test_rules_that_contradict_each_other_are_named(world, rules, severity, text):
    """A rule that can do nothing, or forbids everything, is said; most are mended in one click."""
    made = graph(TAG, settings=rules)
    found = only(world, made)
    assert found.severity == severity
    assert text in found.text
    assert found.fix is None or problems(world, found.fix.apply(made)) == []


def test_stopping_for_the_very_audience_is_an_error(world):
    """Whoever enters would be stopped before the first step."""
    found = only(world, graph(TAG, audience=PORTO, stop_when=PORTO))
    assert found.severity == "error"
    assert found.fix.apply(graph(TAG, stop_when=PORTO)).stop_when is None


def test_a_sequence_that_does_not_stop_on_a_reply_is_named(world):
    """Sequences stop on a reply unless somebody switched that off, which is said."""
    made = graph(TAG, purpose="sequence", settings=Rules(stops={"reply": "go_on"}))
    found = only(world, made)
    assert "people who have replied" in found.text
    assert problems(world, found.fix.apply(made)) == []


def test_marketing_without_a_way_out_is_named(world):
    """A message says how to unsubscribe, or the audience asks for consent."""
    world.do(templates.save, "Offer", subject="Hi", text="Buy this.")
    made = graph(Step("mail", "send_email", {"template": "Offer"}), audience=PORTO)
    found = only(world, made)
    assert (found.step, found.severity) == ("mail", "warning")
    assert "how to unsubscribe" in found.text
    assert problems(world, found.fix.apply(made)) == []


def test_a_filter_that_names_no_trigger_is_an_error(world):
    """‘Entered by’ asks for triggers of this workflow alone."""
    by = {"field": "entered_by", "op": "any_of", "value": ["t", "gone"]}
    assert problems(world, graph(TAG, stop_when=by)) == [
        ("stop_when", "error", "‘Entered by’ names no trigger of this workflow: ‘gone’.")
    ]


def test_a_trigger_that_is_there_twice_can_be_removed(world):
    """Two triggers alike are one too many; two of one name cannot be told apart."""
    made = graph(TAG, triggers=(TRIGGER, Trigger("u", "record_created")))
    assert only(world, made).fix.apply(made).triggers == (TRIGGER,)
    twice = graph(TAG, triggers=(TRIGGER, Trigger("t", "tag_added", {"tags": ["x"]})))
    assert only(world, twice).text == "Two triggers are called ‘t’."


def test_an_office_without_a_time_zone_publishes_nothing(world):
    """Days begin and end somewhere; a zone that does not exist is named."""
    world.do(settings.put, "time_zone", "Mars/Phobos")
    found = only(world, graph(TAG))
    assert found.severity == "error"
    assert "‘Mars/Phobos’" in found.text


def test_workflows_that_start_each_other_are_named(world):
    """A tag that starts a workflow whose tag starts this one is a loop, said with the names."""
    other = graph(Step("s", "add_tag", {"tag": "B"}), name="Other",
                  triggers=(Trigger("t", "tag_added", {"tags": ["A"]}),))  # fmt: skip
    world.do(publish, world.do(workflows.create, other))
    made = graph(
        Step("s", "add_tag", {"tag": "a"}), triggers=(Trigger("t", "tag_added", {"tags": ["b"]}),)
    )
    assert "It leads back to itself: Test → Other → Test." in only(world, made).text
    calm = made.with_settings("s", {"tag": "c"})
    assert problems(world, calm) == []


def test_five_thousand_steps_are_checked_in_the_blink_of_an_eye(world):
    """A definition of the largest size is checked between two keystrokes."""
    steps = [Step(f"s{n}", "add_tag", {"tag": f"x{n}"}, {"next": f"s{n + 1}"}) for n in range(4999)]
    made = graph(*steps, Step("s4999", "end"))
    office = world.ask(office_of)
    check(made, office)
    began = time.thread_time()
    check(made, office)
    assert time.thread_time() - began < 0.5


def test_a_sequence_that_lets_nobody_in_is_named(world):
    """Enrolling in a workflow that is not published, or that leads back here, is said."""
    other = graph(
        Step("tag", "add_tag", {"tag": "Back"}), name="Care", purpose="sequence",
        triggers=(Trigger("t", "by_hand"),),
    )  # fmt: skip
    number = world.do(workflows.create, other)
    into = Step("into", "enrol_in_sequence", {"sequence": "Care"})
    made = graph(into, triggers=(Trigger("t", "tag_added", {"tags": ["Back"]}),))
    assert "‘Care’ is not published" in only(world, made).text
    world.do(publish, number)
    assert "Test → Care → Test" in only(world, made).text


# -- what went away, or never was --------------------------------------------------------------


def test_a_template_that_can_no_longer_be_filled_in_is_an_error(world):
    """A template that was good once is looked at anew before each publishing."""
    world.do(templates.save, "Hello", subject="Hi", text="To unsubscribe, reply.")
    world.do(lambda work: work.connection.exec_driver_sql(
        "update template set text = 'Dear {{ contact.shoe_size }}, unsubscribe'"
    ))  # fmt: skip
    found = only(world, graph(Step("mail", "send_email", {"template": "Hello"})))
    assert (found.step, found.severity) == ("mail", "error")
    assert "‘Hello’ can no longer be filled in: No field ‘contact.shoe_size’" in found.text


def test_a_filter_on_a_field_of_the_office_is_read_as_long_as_the_field_is_there(world):
    """The office's own fields may be asked for; once one is gone, that is an error."""
    world.do(lambda work: work.connection.exec_driver_sql(
        "insert into custom_field (id, record_kind, name, label, kind, position, archived)"
        " values (1, 'contact', 'shoe', 'Shoe', 'number', 1, false)"
    ))  # fmt: skip
    big = {"field": "custom.shoe", "op": "gt", "value": 45}
    assert problems(world, graph(TAG, audience=big)) == []
    world.do(lambda work: work.connection.exec_driver_sql("delete from custom_field"))
    assert "No field ‘custom.shoe’" in only(world, graph(TAG, audience=big)).text


def test_a_wait_of_decades_is_an_error(world):
    """Ten years are the most that anybody means."""
    made = graph(Step("w", "wait", {"amount": 10_000, "unit": "weeks"}, {"next": "e"}),
                 Step("e", "end"))  # fmt: skip
    assert problems(world, made) == [("w", "error", "It waits longer than ten years.")]
