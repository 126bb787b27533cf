"""What goes into the audit log, that nobody changes it, and what is erased from it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from rally_desktop.model import audited
from rally_desktop.model.graph import Graph
from rally_desktop.model.tables import metadata
from rally_desktop.outside.secrets import Vault
from rally_desktop.services import (
    audit,
    audit_links,
    audit_list,
    contacts,
    exports,
    http_secrets,
    merge_records,
    people,
    protection,
    safeguards,
    settings,
    tags,
    workflows,
)


def told(world):
    """(what, kind, detail) of the lines about the office itself, the oldest first."""
    found = world.rows(
        "select record_kind, kind, detail from activity where record_kind"
        " not in ('contact', 'company', 'deal') order by id"
    )
    return [(what, kind, json.loads(detail)) for what, kind, detail in found]


def sound(world):
    """Whether every line is in the chain as it was written, and every link fits the next."""

    def look(work):
        above, seen = "", 0
        for link in audit_links.after(work, 0, 1000):
            held = audit_links.lines(work, [link])
            if link.hash != audit_links.chain.hashed(link[:7], above):
                return False
            gone = audit_links.forgotten(work, link.first, link.last)
            then = audit_links.as_written(work, link, held)
            if not any(audit_links.fits(link, lines, gone) for lines in (held, then)):
                return False
            above, seen = link.hash, seen + len(link.numbers())
        return seen == world.rows("select count(*) from activity")[0][0]

    return world.ask(look)


def test_every_table_is_told_of_or_left_out_for_a_reason():
    """No table of the product is missing from the audit log by accident."""
    named = {name for names in audited.UNWATCHED for name in names.split()}
    assert named.isdisjoint(audited.WATCHED)
    left = {name for name in metadata.tables if not name.startswith("search")}
    assert named | set(audited.WATCHED) == left


def test_every_table_that_is_told_of_has_a_word_and_a_place_in_the_list():
    """A line fits its column, is said in words and is found under one of the filters."""
    told = {watch.what for watch in audited.WATCHED.values()}
    room = metadata.tables["activity"].c.record_kind.type.length
    assert max(map(len, told)) <= room
    assert told <= {kind for kinds in audit_list.ABOUT.values() for kind in kinds}


class _Pocket:
    """Where the master key lies in these tests."""

    name = "a pocket"
    key = None

    def read(self):
        """Return the key."""
        return self.key

    def write(self, key):
        """Keep the key."""
        self.key = key


def test_a_change_of_the_office_is_told_before_and_after(world):
    """Whatever service changes a user, the log has the name and both values."""
    maria = world.user("Maria")
    world.do(people.edit, maria, {"role": "viewer"})
    assert told(world)[-1] == (
        "user",
        "office_changed",
        {"name": "Maria", "fields": {"role": ["staff", "viewer"]}},
    )


def test_what_is_as_it_was_is_not_told(world):
    """A row that is written with the values that it has makes no line."""
    number = world.user("Maria")
    before = len(told(world))
    world.do(lambda work: work.change(audit_change(number)))
    assert len(told(world)) == before


def audit_change(number):
    """The same name once more."""
    from rally_desktop.model.changes import RowChanged

    return RowChanged("user_account", number, {"name": "Maria"})


@pytest.mark.parametrize(
    "statement",
    [
        "update activity set at = 0",
        "update activity set kind = 'x'",
        "update activity set user_id = 7",
        "update activity set detail = '{}'",
        "delete from activity",
        "update audit_link set hash = ''",
        "delete from audit_link",
    ],
)
def test_the_database_refuses_to_change_what_was_said(world, statement):
    """Neither a line nor a link can be changed or deleted while the guards are there."""
    world.contact()
    with pytest.raises(DBAPIError, match="only ever added to"), world.store.engine.begin() as open_:
        open_.execute(text(statement))


def test_every_line_is_in_the_chain(world):
    """Whatever happens, each transaction's lines are sealed with it, in order."""
    ana = world.contact(tags=("vip",))
    world.do(contacts.update, ana, {"department": "Sales"})
    world.user("Maria")
    assert sound(world)


def test_a_merge_does_not_break_the_chain(world):
    """Lines that are another record's after a merge, and after a second one, still fit."""
    ana, twin, third = (world.contact(name) for name in ("Ana", "Anna", "A."))
    world.do(merge_records.merge, ana, twin)
    world.do(merge_records.merge, third, ana)
    assert sound(world)


def test_what_is_forgotten_is_gone_and_the_chain_holds(world):
    """Of an erased person's lines the words and the salt go, and everything still fits."""
    ana, ben = world.contact("Ana", department="Unusual"), world.contact("Ben")
    world.do(contacts.update, ana, {"department": "Rarest"})
    world.do(contacts.update, ben, {"department": "Kept"})
    assert world.do(audit.forget, ana) == 2
    assert sound(world)
    said = "".join(row[0] for row in world.rows("select detail from activity"))
    assert "Rarest" not in said
    assert "Kept" in said
    assert world.do(audit.forget, ana) == 0


def test_a_merged_person_is_forgotten_and_the_chain_holds(world):
    """The digest that is kept is of the line as it was written, before the merge."""
    ana, twin = world.contact("Ana"), world.contact("Anna")
    world.do(merge_records.merge, ana, twin)
    world.do(audit.forget, ana)
    assert sound(world)


def test_a_tag_that_comes_to_be_is_told(world):
    """A tag made along the way, and one that is renamed, are told like any other row."""
    world.contact(tags=("vip",))
    (number,) = world.rows("select id from tag")[0]
    world.do(tags.rename, number, "VIP guest")
    assert [kind for what, kind, _ in told(world) if what == "tag"] == [
        "office_added",
        "office_changed",
    ]


def test_a_setting_is_told_part_by_part(world):
    """Of a described setting only what moved is told; what the program remembers is not."""
    world.do(settings.put, "calendar", {"a": 1, "b": 2})
    world.do(settings.put, "calendar", {"a": 1, "b": 3})
    world.do(settings.put, "workflows_changed", 12345)
    assert told(world)[-1][2] == {"name": "calendar", "fields": {"b": [2, 3]}}


def test_a_setting_that_is_a_secret_is_told_without_its_value(world):
    """By its name: a key, a token, a password; what the program needs for itself not at all."""
    world.do(settings.put, "sms_api_key", "s3cr3t")
    assert told(world)[-1][2] == {"name": "sms_api_key", "fields": {}, "hidden": ["value"]}
    before = len(told(world))
    world.do(settings.put, "erasure_key", "s3cr3t")
    assert len(told(world)) == before


def test_passwords_are_told_of_and_never_told(world, monkeypatch):
    """Protecting, a wrong password and a right one make a line each, about the workflow."""
    monkeypatch.setattr(protection, "COST", protection.Cost(passes=1, lanes=1, memory=64))
    number = world.do(workflows.create, Graph(name="Welcome"))
    world.do(protection.protect, number, "correct horse")
    world.do(protection.unlock, number, "wrong horse")
    world.do(protection.unlock, number, "correct horse")
    assert [kind for what, kind, _ in told(world) if what == "workflow"][1:] == [
        "protected",
        "unlock_failed",
        "unlocked",
    ]
    said = "".join(row[0] for row in world.rows("select detail from activity"))
    assert "horse" not in said
    assert "hash" not in said


def test_sending_stopped_and_let_go_on_is_told(world):
    """The red button is told of both ways, with who pressed it."""
    world.store.user_id = world.user("Maria")
    world.do(safeguards.stop_sending)
    world.do(safeguards.stop_sending, stopped=False)
    assert [kind for _, kind, _ in told(world)[-2:]] == ["sending_stopped", "sending_resumed"]
    who = world.rows("select user_id from activity order by id desc limit 1")[0][0]
    assert who == world.store.user_id


def test_a_secret_is_told_by_name_alone(world):
    """That a secret came, changed and went is told; neither its value nor its sealed form is."""
    vault = Vault(_Pocket())
    for value in ("first", "second"):
        world.do(http_secrets.put, "CRM_KEY", "api.example.com", value, vault)
    world.do(http_secrets.remove, "CRM_KEY")
    lines = [(kind, detail) for what, kind, detail in told(world) if what == "secret"]
    assert [kind for kind, _ in lines] == ["office_added", "office_changed", "office_removed"]
    assert all(detail["name"] == "http/CRM_KEY" for _, detail in lines)
    assert "1:" not in json.dumps(lines)


def test_who_takes_rows_out_is_told(world, tmp_path):
    """An export says how many rows of what went into which file."""
    world.contact("Ana")
    exports.write(world.store, tmp_path / "all.csv", exports.Export("contact"))
    what, kind, detail = told(world)[-1]
    assert (what, kind, detail["name"], detail["count"]) == ("export", "exported", "all.csv", 1)
