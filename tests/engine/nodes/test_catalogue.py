"""What every kind of trigger and step promises, whoever adds it: one file, and all of this."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from importlib import import_module
from importlib.resources import files
from typing import get_args
from zipfile import ZipFile

import pytest
from msgspec import NODEFAULT

from rally_desktop.core.errors import BadSettings
from rally_desktop.engine import nodes
from rally_desktop.engine.by_hand import enrol
from rally_desktop.engine.definitions import load_step, load_trigger
from rally_desktop.engine.nodes.base import ClockTrigger, Family, Shape, StateTrigger
from rally_desktop.engine.publishing import problems_of, publish
from rally_desktop.engine.reasons import REASONS, sentence
from rally_desktop.model.graph import Graph, Step, Trigger
from rally_desktop.model.ref import RECORD_KINDS
from rally_desktop.services import calls, contacts, deals, lists, records, templates, workflows
from tests.gateway import add_gateway

pytestmark = pytest.mark.slow

STEPS = dict(nodes.step_kinds())
TRIGGERS = dict(nodes.trigger_kinds())
KINDS = STEPS | TRIGGERS
every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
every_step = pytest.mark.parametrize("kind", STEPS.values(), ids=STEPS)
LISTENERS = {key: kind for key, kind in TRIGGERS.items() if kind.load(kind.example).listens()}
every_listener = pytest.mark.parametrize("kind", LISTENERS.values(), ids=LISTENERS)
every_trigger = pytest.mark.parametrize("kind", TRIGGERS.values(), ids=TRIGGERS)


@pytest.fixture(scope="module")
def icons():
    """The names of every icon there is."""
    with files("lucide").joinpath("lucide.zip").open("rb") as file:
        return {name.removesuffix(".svg") for name in ZipFile(file).namelist()}


def test_steps_and_triggers_do_not_share_a_name():
    """A key names one kind."""
    assert STEPS.keys().isdisjoint(TRIGGERS)
    assert {"wait", "branch", "end", "send_email"} <= STEPS.keys()


@every_kind
def test_a_kind_is_called_after_its_file(kind):
    """The key is the module's name, and the class says the same in capitals."""
    module = import_module(kind.__module__)
    assert KINDS[kind.key()] is kind
    assert getattr(module, kind.key().title().replace("_", "")) is kind


@every_kind
def test_a_kind_explains_itself(kind):
    """The help is whole sentences; the title is short and in sentence case."""
    help_ = kind.__doc__.strip()
    assert help_.partition("\n")[0].endswith(".")
    assert 1 <= len(kind.title) <= 28
    names = {"HTTP", "SMS", "AI", "LinkedIn"}
    words = " ".join(w.lower() if w in names else w for w in kind.title.split())
    assert words[1:] == words[1:].lower()
    assert kind.title[:1] == kind.title[:1].upper()


@every_kind
def test_a_kind_has_a_place_and_a_face(kind, icons):
    """Icon, family, shape, records and search words are ones the canvas knows."""
    assert kind.icon in icons
    assert kind.family in get_args(Family)
    assert (kind.family == "trigger") == (kind.key() in TRIGGERS)
    assert kind.shape in get_args(Shape)
    assert kind.records
    assert set(kind.records) <= set(RECORD_KINDS)
    assert all(word == word.lower() for word in kind.words)


@every_kind
def test_titles_are_told_apart(kind):
    """No two kinds look the same in the palette."""
    assert [one.title for one in KINDS.values()].count(kind.title) == 1


@every_kind
def test_the_example_is_sound_and_survives_storage(kind):
    """The example loads, and comes back from JSON as it went."""
    made = kind.load(kind.example)
    assert made.problems() == {}
    assert kind.load(json.loads(json.dumps(made.dump()))) == made


@every_kind
def test_the_example_can_be_said(kind):
    """The card on the canvas has one line in plain words, with no placeholder left in it."""
    said = kind.load(kind.example).sentence()
    assert said.strip() == said != ""
    assert not re.search(r"[{}\n]|None|_|\[|\(", said)


@every_kind
def test_settings_are_labelled_apart(kind):
    """Every setting has a label of its own, in sentence case."""
    labels = [setting.field.label for setting in kind.settings()]
    assert len(set(labels)) == len(labels)
    assert all(label[:1].isupper() and not label.endswith((":", ".")) for label in labels)


@every_kind
def test_lists_to_pick_from_are_known(kind, world):
    """A setting that offers a list names one that the office has, or one of the record's own."""
    own = {"field", "tag", "template", "mail_account", "user", "stage", "pipeline", "step"}
    own |= {"value", "workflow", "date_field"}
    for setting in kind.settings():
        source = getattr(setting.field, "source", "")
        assert not source or source in own or world.ask(lists.of, source)


@every_kind
def test_unknown_settings_are_refused(kind):
    """A setting of a newer program is not silently dropped."""
    with pytest.raises(BadSettings):
        kind.load({**kind.example, "colour_of_the_sky": "blue"})


@every_kind
@pytest.mark.parametrize("rubbish", [[], {}, -1, "\0" * 3, None, {"a": []}], ids=repr)
def test_rubbish_in_a_setting_is_refused_or_read(kind, rubbish):
    """Whatever stands where a setting should be, the answer is a kind or BadSettings."""
    for setting in kind.settings():
        with suppress(BadSettings):
            made = kind.load({**kind.example, setting.name: rubbish})
            assert "\0" not in made.sentence()


@every_kind
def test_required_settings_are_asked_for(kind):
    """A kind without its settings says which are missing, or needs none."""
    missing = {s.name for s in kind.settings() if s.field.required and s.default is NODEFAULT}
    if not missing:
        assert kind.load({}).problems() == {}
        return
    with pytest.raises(BadSettings) as caught:
        kind.load({})
    assert caught.value.problems


@every_step
def test_exits_are_told_apart(kind):
    """Every exit has a name of its own and, where there are several, a label of its own."""
    exits = kind.load(kind.example).exits()
    assert len({name for name, _ in exits}) == len(exits)
    assert len({label for _, label in exits}) == len(exits)
    assert (exits == ()) == (kind.shape == "end")


@every_step
def test_a_step_loads_by_its_key(kind):
    """The engine finds the kind by what is stored."""
    assert isinstance(load_step(kind.key(), kind.example), kind)


def test_a_kind_that_is_not_there_is_refused():
    """A step or trigger of another program is named in the refusal."""
    with pytest.raises(BadSettings, match=r"jump .* does not know"):
        load_step("jump", {})
    with pytest.raises(BadSettings, match=r"full_moon .* does not know"):
        load_trigger("full_moon", {})


# -- doing something -------------------------------------------------------------------------

# What a step of each kind leaves behind in an office, besides its visit.
LEFT_BEHIND = {
    "add_tag": "select count(*) from record_tag",
    "approve": "select count(*) from task where type = 'Approval'",
    "assign_owner": "select count(*) from contact where owner_id = 1",
    "branch": "select count(*) from visit where exit in ('replied', 'else')",
    "create_task": "select count(*) from task where title = 'Call back' and due_at is not null",
    "end": "select count(*) from run where state = 'done'",
    "end_run": "select count(*) from run where state = 'done'",
    "enrol_in_sequence": "select count(*) from run where cause like 'run:%'",
    "http_request": "select count(*) from job where request like '%ana@example.org%'",
    "notify": "select count(*) from notification where text = 'Ready for a call'",
    "remove_from_sequence": "select count(*) from run where reason = 'removed'",
    "send_email": "select count(*) from outbox where subject = 'Hello Ana'",
    "send_sms": "select count(*) from outbox where channel = 'sms'",
    "split": "select count(*) from visit where exit in ('a', 'b')",
    "update_field": "select count(*) from contact where department = 'Sales'",
    "update_lifecycle_stage": "select count(*) from contact where lifecycle_stage = 'Customer'",
    "wait": "select count(*) from run where due_at is not null",
    "wait_for_date": "select count(*) from run where due_at is not null",
    "wait_until": "select count(*) from run where due_at is not null",
}


def _prepare(world, key, ana):
    """Give the example what it works on."""
    if key in ("enrol_in_sequence", "remove_from_sequence"):
        whole = Graph(
            name="Welcome", triggers=(Trigger("t", "by_hand"),), start="w",
            steps={"w": Step("w", "wait", {"amount": 1, "unit": "days"})},
        )  # fmt: skip
        number = world.do(workflows.create, whole)
        world.do(publish, number)
    if key == "remove_from_sequence":
        world.do(enrol, number, [ana])
    elif key == "remove_tag":
        world.do(records.add_tag, ana, "Newsletter")
    elif key == "move_deal_stage":
        world.deal(contact_id=ana.id)
    elif key == "send_sms":
        world.do(add_gateway)
        world.do(templates.save, "Reminder by SMS", subject="", text="Hi", channel="sms")
        world.do(contacts.update, ana, {"mobile": "+44 1632 960123"})


@every_step
def test_the_example_does_something(kind, world):
    """Run on a small office, the example leaves a trace that was not there before."""
    world.mailbox()
    world.do(templates.save, "Welcome", subject="Hello {{ contact.first_name }}", text="Hi")
    query = LEFT_BEHIND.get(kind.key(), "select count(*) from activity where run_id is not null")
    assert world.rows(query) == [(0,)]
    ana = world.contact("Ana", email="ana@example.org", owner_id=world.user("Maria"))
    _prepare(world, kind.key(), ana)
    world.publish(Step("it", kind.key(), kind.example))

    world.tick()

    assert world.rows(query) == [(1,)]
    (visit,) = world.rows("select step, outcome, summary from visit where step = 'it'")
    assert visit[0] == "it"
    assert visit[1] in ("done", "waiting")
    assert visit[2].endswith((".", "”")), visit[2]


@every_step
@pytest.mark.parametrize("record", RECORD_KINDS)
def test_a_step_takes_only_records_it_is_for(kind, record, world):
    """A workflow with a step for another kind of record is not published."""
    graph = Graph(
        name="Test", record=record, start="it", steps={"it": Step("it", kind.key(), kind.example)},
        triggers=(Trigger("t", "record_created"),),
    )  # fmt: skip
    found = [problem.text for problem in world.ask(problems_of, graph)]
    assert (f"This step is not for a {record}." in found) == (record not in kind.records)


def _happen(world, key):
    """Let a little of everything happen, and return whom the trigger is about."""
    ana, roof = world.contact("Ana"), world.deal()
    world.do(contacts.update, ana, {"lead_status": "Contacted"})
    world.do(contacts.update, ana, {"lifecycle_stage": "Customer"})
    world.do(deals.move, roof, "Closed Won")
    world.do(calls.log, ana, direction="out", outcome="Reached")
    world.do(records.add_tag, ana, "newsletter")
    if key == "tag_removed":
        world.do(records.remove_tag, ana, "newsletter")
    for kind in ("email_opened", "link_clicked", "email_received", "sms_received"):
        world.say(ana, kind)
    world.say(ana, "email_bounced", hard=True)
    world.say(ana, "email_unsubscribed")
    world.say(ana, "form_submitted", form="contact-us")
    if key == "record_deleted":
        world.do(records.delete, ana)
    return roof if key == "deal_stage_changed" else ana


@every_listener
def test_the_example_starts_something(kind, world):
    """In an office where a little of everything happens, the example's trigger fires once."""
    record = kind.records[0]
    world.publish(
        Step("end", "end"), trigger=kind.key(), trigger_settings=kind.example, record=record
    )
    ref = _happen(world, kind.key())

    world.tick()

    assert world.rows("select record_kind, record_id from run") == [tuple(ref)]


@every_trigger
def test_a_trigger_says_what_it_listens_to(kind):
    """A trigger names the lines it looks at, unless the clock, a filter or a person starts it."""
    made = kind.load(kind.example)
    silent = isinstance(made, (ClockTrigger, StateTrigger)) or kind.key() == "by_hand"
    assert bool(made.listens()) != silent
    assert all(isinstance(name, str) for name, _ in made.listens())


# -- reasons ---------------------------------------------------------------------------------


def test_every_reason_is_a_sentence():
    """A reason code fits its column and stands for one whole sentence."""
    assert all(len(code) <= 40 and text.endswith(".") for code, text in REASONS.items())
    assert sentence("gone") == "The record was deleted."
    assert sentence("of_a_newer_program") == "of_a_newer_program"
