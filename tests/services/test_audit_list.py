"""The audit log as one reads it: in words, newest first, narrowed to what one looks for."""

from __future__ import annotations

import pytest

from rally_desktop.model.graph import Graph
from rally_desktop.services import (
    audit_list,
    contacts,
    lists,
    people,
    records,
    safeguards,
    settings,
    workflows,
)
from rally_desktop.services.audit_list import PROGRAM, Wanted


@pytest.fixture
def maria(world):
    """Somebody who sits at this computer."""
    world.store.user_id = world.user("Maria")
    return world.store.user_id


def said(world, **wanted):
    """«who what» of the lines that are wanted, the newest first."""
    found = world.ask(audit_list.numbers, Wanted(**wanted))
    return [f"{line.who} {line.said}" for line in world.ask(audit_list.lines, found)]


def test_a_change_is_told_in_a_sentence(world, maria):
    """Who changed which field of whom, from what to what."""
    ana = world.contact("Ana", last_name="Silva", department="Sales")
    world.do(contacts.update, ana, {"department": "Support"})
    assert said(world)[:2] == [
        "Maria changed Department of Ana Silva from ‘Sales’ to ‘Support’",
        "Maria created Ana Silva",
    ]


@pytest.mark.parametrize(
    ("does", "sentence"),
    [
        (lambda w: w.do(people.edit, w.store.user_id, {"role": "admin"}),
         "changed Role of the user ‘Maria’ from ‘staff’ to ‘admin’"),
        (lambda w: w.do(safeguards.stop_sending), "stopped all sending"),
        (lambda w: w.do(settings.put, "office_name", "Hill"),
         "changed the office’s name from ‘My office’ to ‘Hill’"),
        (lambda w: w.do(lists.add, "lead_status", ["Maybe"]), "added the list entry ‘Maybe’"),
        (lambda w: w.do(workflows.create, Graph(name="Welcome")), "added the workflow ‘Welcome’"),
    ],
)  # fmt: skip
def test_the_office_is_told_of_in_sentences(world, maria, does, sentence):
    """Settings, people, lists and workflows read as somebody would say it."""
    does(world)
    assert said(world)[0] == f"Maria {sentence}"


def test_a_version_is_told_with_its_workflow(world, maria):
    """Publishing says which version of what."""
    number = world.do(workflows.create, Graph(name="Welcome"))
    world.do(workflows.put_version, number, Graph(name="Welcome"))
    assert "Maria published version 1 of the workflow ‘Welcome’" in said(world)
    assert len(said(world, about=("workflow", number))) == 3


def test_it_is_narrowed_to_what_one_looks_for(world, maria):
    """By person, kind, record, span of time and words, each by itself."""
    ana, ben = world.contact("Ana"), world.contact("Ben")
    world.clock.advance(days=1)
    world.do(records.add_tag, ana, "vip")
    world.store.user_id = None
    world.do(safeguards.stop_sending)
    assert len(said(world, about=tuple(ben))) == 1
    assert said(world, who=("user", maria), group="office") == ["Maria added the tag ‘vip’"]
    assert said(world, who=PROGRAM, group="sending") == ["A computer stopped all sending"]
    assert said(world, text="VIP ana") == ["Maria put the tag ‘vip’ on Ana"]
    assert len(said(world, until=world.clock.now(), group="changes")) == 2
    assert len(said(world, since=world.clock.now())) == 3


def test_texts_are_neither_shown_nor_looked_into(world):
    """What was said on the telephone or written in a message is not in the list."""
    ana = world.contact("Ana")
    world.say(ana, "email_received", subject="Hello", text="Unusual words")
    assert not any("Unusual" in line for line in said(world))
    assert said(world, text="unusual") == []


def test_one_line_in_full_says_before_after_and_where(world, maria):
    """The pane has both values, the computer and the link of the chain."""
    ana = world.contact("Ana", department="Sales")
    world.do(contacts.update, ana, {"department": "Support"})
    newest = world.ask(audit_list.numbers, Wanted())[0]
    whole = world.ask(audit_list.one, newest)
    assert whole.moved == [("Department", "‘Sales’", "‘Support’")]
    assert [name for name, _ in whole.more] == ["Line", "Computer", "Link of the chain"]
