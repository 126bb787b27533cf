"""What is wrong with a definition is found before it may touch anyone."""

from __future__ import annotations

import pytest

from rally_desktop.engine.problems import AUDIENCE, check, office_of
from rally_desktop.engine.publishing import problems_of
from rally_desktop.model.graph import Graph, Place, Step, Trigger
from rally_desktop.services import templates

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
    assert problems(world, graph(TAG, audience=PORTO, stop_when=PORTO)) == []


def test_an_empty_workflow_lacks_everything(world):
    """Name, trigger and steps are asked for."""
    assert problems(world, Graph()) == [
        (None, "error", "The workflow needs a name."),
        (None, "error", "Nothing starts the workflow: choose a trigger."),
        (None, "error", "The workflow has no steps yet."),
    ]


def test_a_step_that_nothing_leads_to_is_a_warning(world):
    """A loose step harms nobody; Stop Actions are led to."""
    made = graph(TAG, Step("loose", "end"), Step("stop", "end"), stop_start="stop")
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
    world.do(templates.save, "Hello", subject="Hi", text="Hi")
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
    made = graph(TAG).inserted(Step("n", "wait"), Place("tag"))
    assert check(made, office) == []
    assert "Sales" in office.lists["pipeline"]
