"""From changes to rows: all of them, set-wise, the last word standing."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from rally_desktop.model.changes import RowAdded, RowChanged, RowRemoved
from rally_desktop.model.ref import Ref
from rally_desktop.services import companies, contacts, deals, notes, records, settings, users


def writes(world, service):
    """The statements by which a service changes the database, each once."""
    seen = []

    def listener(connection, cursor, text, *rest):
        if text.split()[0].lower() in ("insert", "update", "delete"):
            seen.append(text)

    event.listen(world.store.engine, "before_cursor_execute", listener)
    world.do(service)
    event.remove(world.store.engine, "before_cursor_execute", listener)
    return seen


def test_ten_contacts_are_written_like_one(world):
    """The number of statements does not grow with the number of records."""
    one = writes(world, lambda work: contacts.create(work, {"first_name": "Ana"}))

    def several(work):
        for number in range(6):
            contacts.create(work, {"first_name": f"C{number}"})

    assert len(writes(world, several)) == len(one)


def test_many_rows_arrive_whole(world):
    """Rows that go over in one block are the rows that one by one would have been."""
    street = 'Rua "A"\\N\t1\n2'

    def several(work):
        return [
            contacts.create(work, {"first_name": f"Zoë {n}", "score": n, "street": street}, ["VIP"])
            for n in range(30)
        ]

    made = [world.record(ref) for ref in world.do(several)]
    assert [(one["first_name"], one["score"]) for one in made] == [
        (f"Zoë {n}", n) for n in range(30)
    ]
    assert {one["street"] for one in made} == {street}
    assert all(one["tags"] == {"VIP"} and one["do_not_contact"] is False for one in made)


def test_a_record_set_three_times_is_updated_once(world):
    """Only the last value is written, though every change is on the timeline."""
    ana = world.contact()

    def service(work):
        for city in ("Porto", "Lisbon", "Faro"):
            contacts.update(work, ana, {"city": city})

    assert len([text for text in writes(world, service) if '"contact"' in text]) == 1
    assert world.record(ana)["city"] == "Faro"
    assert world.happened(ana) == ["created", "updated", "updated", "updated"]


def test_of_several_values_for_a_row_the_last_one_stands(world):
    """Whatever columns each change names, the row ends as the last one said."""

    def service(work):
        for number, values in enumerate(({"role": "viewer"}, {"role": "staff", "email": "a@b"},
                                         {"role": "admin"})):  # fmt: skip
            work.change(RowChanged("user_account", maria, {**values, "time_zone": str(number)}))

    maria = world.user("Maria")
    world.do(service)
    query = f"select role, email, time_zone from user_account where id = {maria}"
    assert world.rows(query) == [("admin", "a@b", "2")]


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ("+-", set()),
        ("-+", {"VIP"}),
        ("+-+", {"VIP"}),
        ("-+-", set()),
        ("-", set()),
        ("+", {"VIP"}),
    ],
)
def test_a_tag_put_on_and_off_ends_as_it_was_left(world, steps, left):
    """However often a tag comes and goes in one transaction, the last word stands."""
    ana = world.contact(tags=("VIP",) if steps[0] == "-" else ())

    def service(work):
        for step in steps:
            (records.add_tag if step == "+" else records.remove_tag)(work, ana, "VIP")

    world.do(service)
    assert world.record(ana)["tags"] == left


def test_a_tag_is_one_tag_whatever_its_case(world):
    """«vip» and «VIP» are the same tag, under the name it was first given."""
    world.contact(tags=("VIP",))
    ben = world.contact("Ben", tags=("vip",))
    assert world.rows("select name, name_key from tag") == [("VIP", "vip")]
    assert world.record(ben)["tags"] == {"VIP"}


def test_names_are_kept_for_sorting_and_searching(world):
    """What a record is sorted and searched by follows its name, folded."""
    ana = world.contact("Ánna", last_name="STRASSE", email="Ana@X.org")
    world.do(contacts.update, ana, {"last_name": "Straße"})
    found = world.record(ana)
    assert found["sort_name"] == "strasse ánna ana@x.org"
    assert found["search_text"].startswith("ánna strasse ana@x.org")
    assert found["email_key"] == "ana@x.org"


def test_an_address_taken_away_is_free_again(world):
    """A contact whose e-mail is cleared does not keep it from anybody."""
    ana = world.contact(email="a@example.org")
    world.do(contacts.update, ana, {"email": ""})
    assert world.record(ana)["email_key"] is None
    world.contact("Ben", email="a@example.org")


def test_the_line_says_who_and_when(world):
    """What a person did is theirs on the timeline, at the clock's time."""
    maria = world.user("Maria")
    world.store.user_id = maria
    ana = world.contact()
    query = "select user_id, record_id from activity where record_kind = 'contact'"
    assert world.rows(query) == [(maria, ana.id)]


def test_only_what_somebody_listens_to_is_queued(world):
    """Lines that no workflow looks at do not wait for the engine."""

    def service(work):
        work.listened = lambda line: line.kind == "note_added"
        notes.add(work, ana, "Hello")
        records.add_tag(work, ana, "VIP")

    ana = world.contact()
    world.heart.tick()
    world.do(service)
    query = "select kind from event_queue join activity on activity.id = activity_id"
    assert world.rows(query) == [("note_added",)]


def test_rows_may_refer_to_each_other(world):
    """A user, a company, a contact and a deal made in one transaction fit together."""

    def service(work):
        owner = users.add(work, "Maria")
        hill = companies.create(work, {"name": "Hill", "owner_id": owner})
        ana = contacts.create(work, {"first_name": "Ana", "company_id": hill.id})
        return deals.create(work, {"name": "Roof", "contact_id": ana.id, "owner_id": owner})

    assert world.record(world.do(service))["contact_id"] is not None


def test_a_record_made_and_deleted_leaves_only_its_timeline(world):
    """Both happen in one transaction, and the record lies in the trash."""

    def service(work):
        ana = contacts.create(work, {"first_name": "Ana", "email": "a@example.org"})
        contacts.delete(work, ana)
        return ana

    ana = world.do(service)
    assert world.happened(ana) == ["created", "deleted"]
    world.contact("Ben", email="a@example.org")


def test_a_row_can_go(world):
    """A row of the office's own tables is removed by its key, whatever the key is called."""
    world.do(settings.put, "colour", "red")
    world.do(lambda work: work.change(RowRemoved("setting", "colour")))
    assert world.ask(settings.get, "colour") is None


def test_the_touched_tables_are_named(world):
    """Whoever shows a table hears of it, and of no other."""
    heard = []
    forget = world.store.listen(heard.append)
    ana = world.contact(tags=("VIP",))
    world.do(notes.add, ana, "Hello")
    forget()
    assert heard[0] == {"contact", "tag", "record_tag", "activity", "event_queue"}
    assert heard[1] == {"note", "activity", "event_queue"}


def test_what_the_database_refuses_leaves_nothing(world):
    """One bad row among many: the whole transaction is as if it had not been."""

    def service(work):
        contacts.create(work, {"first_name": "Ana"})
        work.change(RowAdded("choice", {"id": 1, "list": "x", "value": "y", "position": 0}))

    with pytest.raises(IntegrityError):
        world.do(service)
    assert world.ask(lambda work: work.find(Ref("contact", 1))) is None
