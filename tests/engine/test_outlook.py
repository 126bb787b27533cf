"""What publishing would mean is said first, and done as was answered."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.engine import outlook
from rally_desktop.engine.comparing import changes
from rally_desktop.engine.publishing import publish
from rally_desktop.model.fields import fields_of
from rally_desktop.model.graph import Graph, Rules, Step, Trigger
from rally_desktop.services import safeguards, templates, workflows

HILL = {"field": "city", "op": "is", "value": "Hill"}
SIMPLE = Graph(
    name="Greet", triggers=(Trigger("t", "record_created"),), start="a",
    steps={
        "a": Step("a", "add_tag", {"tag": "New"}, {"next": "w"}),
        "w": Step("w", "wait", {"amount": 2, "unit": "days"}, {"next": "z"}),
        "z": Step("z", "add_tag", {"tag": "Late"}, title="Mark it"),
    },
)  # fmt: skip
ANEW = Graph(
    name="Hill", triggers=(Trigger("t", "starts_to_match", {"filter": HILL}),), start="end",
    steps={"end": Step("end", "end")},
)  # fmt: skip


def look(world, graph):
    """Make a workflow and return what publishing it would mean."""
    return world.ask(outlook.look, world.do(workflows.create, graph))


def due(world, found):
    """Return who is due already."""
    return world.ask(outlook.due_already, found, lambda: False)


FIELDS = fields_of("contact")


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (SIMPLE, []),
        (SIMPLE.with_(layout={"a": (3.0, 4.0)}), []),
        (SIMPLE.with_(name="Hi"), ["Renamed from ‘Greet’ to ‘Hi’"]),
        (
            SIMPLE.with_(triggers=(Trigger("u", "tag_added", {"tags": ["VIP"]}),)),
            ["Removed trigger: When it is created", "Added trigger: When it is tagged VIP"],
        ),
        (SIMPLE.with_(audience=HILL), ["Now: Only if City is ‘Hill’."]),
        (
            SIMPLE.with_step(Step("w", "wait", {"amount": 3, "unit": "days"}, {"next": "z"})),
            ["Changed: Wait 2 days → Wait 3 days"],
        ),
        (
            SIMPLE.with_(
                start="w", steps={key: SIMPLE.steps[key] for key in ("w", "z")}
            ),
            ["Removed: Tag it “New”"],
        ),
        (
            SIMPLE.with_(settings=Rules(again="never")),
            ["Now: Each enters once only.", "No longer: Each may enter again after 30 days."],
        ),
        (
            SIMPLE.with_(settings=Rules(late="skip")),
            ["Now: What came due while the computer was off is skipped."],
        ),
        (
            SIMPLE.with_step(Step("a", "add_tag", {"tag": "New"}, {"next": "z"})),
            ["After ‘Add tag’ comes ‘Mark it’ now"],
        ),
    ],
)  # fmt: skip
def test_what_changed_is_said_in_words(after, said):
    """A line a difference; where the cards stand is none."""
    assert changes(SIMPLE, after, FIELDS) == said


def test_an_inserted_step_is_one_change():
    """That its neighbours are joined otherwise now goes without saying."""
    more = Step("m", "add_tag", {"tag": "More"}, {"next": "w"})
    after = SIMPLE.with_step(Step("a", "add_tag", {"tag": "New"}, {"next": "m"})).with_step(more)
    assert changes(SIMPLE, after, FIELDS) == ["Added: Tag it “More”"]


def test_a_sound_first_version_has_nothing_to_ask(world):
    """Nothing is wrong, nobody is inside, and nobody can be due already."""
    found = look(world, SIMPLE)
    assert (found.problems, found.changes, found.count, found.looks_back) == ([], (), 0, False)


def test_who_can_move_is_counted_before_publishing(world):
    """As many as then do: those whose step is still there."""
    number = world.do(workflows.create, SIMPLE)
    world.do(publish, number)
    world.contact("Ana")
    world.tick()
    world.do(workflows.save_draft, number, SIMPLE.with_(name="Moved"))
    found = world.ask(outlook.look, number)
    assert (found.number, found.count, found.movable) == (1, 1, 1)
    assert world.do(outlook.go_ahead, found, "move").moved == 1
    gone = SIMPLE.with_(start="z", steps={"z": SIMPLE.steps["z"]})
    world.do(workflows.save_draft, number, gone)
    assert world.ask(outlook.look, number).movable == 0


@pytest.mark.parametrize(("an_hour", "at_once"), [(None, 3), (1, 1)])
def test_who_matches_already_enters_as_was_answered(world, an_hour, at_once):
    """All at once, or so many an hour; nobody is asked about them a second time."""
    for name in ("Ana", "Eva", "Kim"):
        world.contact(name, city="Hill")
    world.contact("Elsewhere")
    found = look(world, ANEW)
    waiting = due(world, found)
    assert (found.looks_back, found.anew, len(waiting)) == (True, True, 3)
    world.do(outlook.go_ahead, found, "stay", waiting, an_hour)
    world.tick()
    assert len(world.run_states()) == at_once
    assert world.ask(safeguards.questions) == []
    world.turn(hours=3)
    assert len(world.run_states()) == 3
    again = world.ask(outlook.look, found.workflow_id)
    assert (again.anew, due(world, again)) == (False, [])


def test_none_of_those_who_match_already_is_the_default(world):
    """They enter once they have ceased to match and match again."""
    world.contact("Ana", city="Hill")
    world.do(outlook.go_ahead, look(world, ANEW))
    world.turn(hours=1)
    assert world.run_states() == []


def test_counting_can_be_given_up(world):
    """Whoever closes the question does not wait for the answer."""
    world.contact("Ana", city="Hill")
    assert world.ask(outlook.due_already, look(world, ANEW), lambda: True) == []


def test_what_was_changed_meanwhile_is_not_published(world):
    """Somebody else's edit after the numbers were shown is refused in words."""
    found = look(world, SIMPLE)
    world.do(workflows.save_draft, found.workflow_id, SIMPLE.with_(name="Other"))
    with pytest.raises(Refused, match="changed meanwhile"):
        world.do(outlook.go_ahead, found)
    assert world.ask(workflows.draft, found.workflow_id).state == "draft"


def test_messages_and_brakes_are_told(world):
    """How many each may be sent at most, and what will ask."""
    world.mailbox()
    world.do(templates.save, "Hello", subject="Hello", text="Hello")
    mail = Step("m", "send_email", {"template": "Hello"})
    found = look(world, SIMPLE.with_(start="m", steps={"m": mail}))
    assert found.messages == 1
    assert "It asks after the first 50 messages." in found.brakes
    assert "It asks before more than 50 enter at once." in found.brakes


def test_a_draft_with_errors_says_so(world):
    """Nothing is counted for what cannot be published."""
    found = look(world, Graph(name="Empty"))
    assert found.errors
    assert (found.messages, found.looks_back) == (0, False)
