"""A whole import is undone with one click; what somebody changed since stays."""

import pytest

from rally_desktop.core.errors import Refused
from rally_desktop.model.ref import Ref
from rally_desktop.services import contacts, import_batches, import_log, import_undo, imports, notes
from rally_desktop.services.imports import Options


@pytest.fixture
def brought(world, tmp_path):
    """Import rows under usual headings and return the result, a minute later."""

    def bring(*rows, **options):
        path = tmp_path / "people.csv"
        lines = ["First name,Last name,E-mail,Company,Tags,City", *rows]
        path.write_text("\n".join(lines), encoding="utf-8")
        result = imports.import_file(world.store, path, options=Options(**options))
        world.clock.advance(minutes=1)
        return result

    return bring


def alive(world, kind="contact"):
    """Return the names of the records that are not in the trash."""
    table = "first_name" if kind == "contact" else "name"
    return [row[0] for row in world.rows(f"select {table} from {kind} where deleted_at is null")]


def test_what_an_import_made_goes_and_what_it_moved_comes_back(world, brought):
    """New people and companies go to the trash; a known one says what it said before."""
    ana = world.contact("Ana", email="ana@example.org", city="Genève", tags=("VIP",))
    before = world.record(ana)
    result = brought(
        "Anna,Ruiz,ana@example.org,New Co,Press,Bern", "Bo,,bo@example.org,New Co,,", overwrite=True
    )
    undone = import_undo.undo(world.store, result.job)
    assert (alive(world), alive(world, "company")) == (["Ana"], [])
    after = world.record(ana)
    for name in ("first_name", "last_name", "city", "company_id", "tags"):
        assert after[name] == before[name]
    assert (undone.removed, undone.restored, undone.kept) == (2, 1, 0)


def test_what_somebody_changed_since_stays_and_is_said(world, brought):
    """A new contact with a note stays; a field that was typed over stays, the others go back."""
    ana = world.contact("Ana", email="ana@example.org")
    result = brought(
        "Ana,Ruiz,ana@example.org,,,Bern", "Bo,,bo@example.org,,,", "Cy,,c@example.org,,,"
    )
    bo = world.ask(contacts.with_email, "bo@example.org")
    world.do(notes.add, bo, "Called back.")
    world.do(contacts.update, ana, {"city": "Basel"})
    undone = import_undo.undo(world.store, result.job)
    assert sorted(alive(world)) == ["Ana", "Bo"]
    assert (world.record(ana)["city"], world.record(ana)["last_name"]) == ("Basel", "")
    assert (undone.removed, undone.kept, sorted(undone.names)) == (1, 2, ["Ana", "Bo"])
    assert "2 records stay" in undone.say()


def test_undoing_starts_no_workflow(world, brought):
    """Whatever waits for records to change or go hears nothing of the way back."""
    result = brought("Ana,Ruiz,ana@example.org,Hill,VIP,", triggers="no")
    import_undo.undo(world.store, result.job)
    assert world.rows("select * from event_queue") == []
    assert alive(world) == []


def test_what_several_batches_did_is_undone_backwards(world, brought, monkeypatch):
    """A contact that later rows completed is gone too: the import touched it, nobody else."""
    monkeypatch.setattr(import_batches, "MOST_BATCH", 1)
    result = brought("Ana,,ana@example.org,,,", "Ana,Ruiz,ana@example.org,Hill,VIP,")
    undone = import_undo.undo(world.store, result.job)
    assert alive(world) == []
    assert (undone.removed, undone.kept) == (2, 0)


def test_an_import_is_undone_once_and_the_history_says_so(world, brought):
    """The history lists imports with their counts; one that was undone cannot be again."""
    result = brought("Ana,,ana@example.org,,,", ",,,,x,")
    import_undo.undo(world.store, result.job)
    [job] = world.ask(import_log.history)
    assert (job.file_name, job.counts["created"], job.counts["skipped"]) == ("people.csv", 1, 1)
    assert job.undone_at == world.clock.now()
    with pytest.raises(Refused, match="undone already"):
        import_undo.undo(world.store, result.job)


def test_a_company_that_somebody_uses_stays(world, brought):
    """A new company that a contact of somebody's belongs to is not taken away."""
    result = brought("Bo,,bo@example.org,New Co,,")
    [number] = [row[0] for row in world.rows("select id from company")]
    world.contact("Di", company_id=number)
    import_undo.undo(world.store, result.job)
    assert alive(world) == ["Di"]
    assert world.record(Ref("company", number))["name"] == "New Co"


def test_the_refused_rows_are_kept_as_they_were(world, brought):
    """What was left out can be had again, cell by cell, with the reason."""
    result = brought("Ana,Ruiz,nowhere,,=1+1,", "Bo,,bo@example.org,,,")
    headings, rows = import_log.rejected(world.store, result.job)
    [(number, cells, why)] = rows
    assert (number, cells[:3], cells[4]) == (2, ("Ana", "Ruiz", "nowhere"), "=1+1")
    assert "not an e-mail address" in why
    assert headings[0] == "First name"


def test_a_mapping_is_remembered_for_the_same_headings(world, brought):
    """What a person mapped by hand is offered the next time the same headings come."""
    headings = ("Who", "Mail")
    world.do(import_log.remember, "contact", headings, {"Who": "first_name", "Mail": "email"})
    assert world.ask(imports.guessed, headings) == {"Who": "first_name", "Mail": "email"}
    assert world.ask(imports.guessed, ("Who",)) == {}


def test_a_list_never_loosens_a_consent(world, tmp_path):
    """Who asked not to be written to is not written to because an old list says otherwise."""
    ana = world.contact(
        "Ana", email="ana@example.org", consent_email="refused", do_not_contact=True
    )
    path = tmp_path / "yes.csv"
    path.write_text("E-mail,E-mail consent,Do not contact\nana@example.org,yes,no\n")
    imports.import_file(world.store, path, options=Options(overwrite=True))
    found = world.record(ana)
    assert (found["consent_email"], found["do_not_contact"]) == ("refused", True)


def test_an_undoing_that_was_stopped_goes_on_later(world, brought, monkeypatch):
    """What is left after a stop is undone the next time, and nothing is counted twice."""
    ana = world.contact("Ana", email="ana@example.org")
    rows = [f"P{number},,p{number}@example.org,Hill,," for number in range(5)]
    result = brought("Ana,Ruiz,ana@example.org,,VIP,", *rows)
    monkeypatch.setattr(import_batches, "MOST_BATCH", 2)
    seen = []
    first = import_undo.undo(world.store, result.job, seen.append, lambda: len(seen) == 2)
    second = import_undo.undo(world.store, result.job)
    assert (first.cancelled, seen) == (True, [2, 4])
    assert (first.removed + second.removed, first.restored + second.restored) == (6, 1)
    assert (alive(world), world.record(ana)["tags"]) == (["Ana"], frozenset())
