"""Search everywhere: what is found by which letters, in which order, and never any more."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from rally_desktop.model import indexing, search_index
from rally_desktop.model.ref import Ref
from rally_desktop.model.store import Store
from rally_desktop.services import (
    calls,
    contacts,
    grid,
    meetings,
    merge_records,
    notes,
    records,
    search,
    search_care,
    tasks,
)


def found(world, typed, **how):
    """Return the titles that a search finds, by kind."""
    groups = world.ask(search.find, typed, **how).groups
    return {group.kind: [hit.title for hit in group.hits] for group in groups}


def caught_up(world):
    """Read in all that waits, as the engine does in its spare time."""
    while world.do(search_care.catch_up):
        pass


def test_names_of_any_script_are_found(world):
    """By a beginning, in any order, without accents, and with an error."""
    for typed, first, last in (
        ("mueller j", "Jürgen", "Müller"),
        ("мулер", "Ірина", "Муллер"),
        ("παπα", "Γιώργος", "Παπάς"),
        ("太郎", "田中", "太郎"),
        ("خطيب", "محمد", "الخطيب"),
    ):
        world.contact(first, last_name=last)
        assert found(world, typed) == {"contact": [f"{first} {last}"]}


def test_a_name_with_an_error_or_two_is_found(world):
    """A letter too many, too few, another, or two swapped; and it is said to be similar."""
    world.contact("Alexander", last_name="Hamilton")
    world.contact("Alice", last_name="Hurst")
    for typed in ("hamitlon", "hamlton", "hanilton", "hmailtno", "alexnader hamilto"):
        assert world.ask(search.find, typed).near
        assert found(world, typed) == {"contact": ["Alexander Hamilton"]}


def test_what_is_so_comes_before_what_begins_so_before_what_says_so(world):
    """Exact, prefix, words, errors: in this order, whoever was added when."""
    world.contact("Silvan", last_name="Berg")
    world.contact("Silva", last_name="")
    world.contact("Ana", last_name="Silva")
    world.contact("Ben", email="ben@silva.example")
    assert found(world, "silva")["contact"] == ["Silva", "Ana Silva", "Silvan Berg", "Ben"]


def test_of_equals_what_was_opened_lately_and_ones_own_come_first(world, store):
    """Then comes what moved last."""
    maria = world.user("Maria")
    own = world.contact("Ana", last_name="Own", owner_id=maria)
    world.clock.advance(minutes=1)
    opened = world.contact("Ana", last_name="Opened")
    world.clock.advance(minutes=1)
    world.contact("Ana", last_name="Newest")
    store.user_id = maria
    assert found(world, "ana")["contact"] == ["Ana Own", "Ana Newest", "Ana Opened"]
    assert found(world, "ana", lately=[opened])["contact"][:2] == ["Ana Opened", "Ana Own"]
    assert own


def test_a_number_is_found_however_it_is_written(world):
    """With a country or without, in parts or in one."""
    world.contact("Ana", phone="+49 30 1234567")
    world.contact("Ben", mobile="0301234567")
    for typed in ("+49 (0)30 123 45", "030-1234567", "0049301234567"):
        assert sorted(found(world, typed)["contact"]) == ["Ana", "Ben"]


def test_notes_and_messages_lead_to_their_line(world):
    """Each names its record, shows the words around, and knows where it stands."""
    ana = world.contact("Ana", last_name="Silva")
    world.do(notes.add, ana, f"{'Long talk. ' * 40}She wants the price list soon.")
    world.do(notes.add, ana, "Another one.")
    (hit,) = world.ask(search.find, "price list").groups[0].hits
    assert (hit.kind, hit.ref, hit.title) == ("note", ana, "Ana Silva")
    assert "the price list" in hit.about
    line = world.ask(search.line_of, hit)
    (row,) = world.rows(f"select detail from activity where id = {line}")
    assert "price list" in row[0]


def test_calls_tasks_and_meetings_are_found_too(world):
    """By what was written about them, as it is now, with the line in which they stand."""
    ana, at = world.contact("Ana"), world.clock.now()
    world.do(calls.log, ana, direction="out", outcome="Answered", text="Wants the flügel tuned")
    task = world.do(tasks.create, ana, title="Ring the tuner", description="He hears badly")
    world.do(meetings.plan, ana, title="At the piano", starts_at=at)
    for typed, kind in (("fluegel", "call"), ("badly tuner", "task"), ("piano", "meeting")):
        (group,) = world.ask(search.find, typed).groups
        (hit,) = group.hits
        assert (group.kind, hit.ref) == (kind, ana)
        assert world.ask(search.line_of, hit)
    world.do(tasks.edit, task, "Ring the maker")
    assert not found(world, "badly tuner")
    assert found(world, "maker") == {"task": ["Ana"]}
    for typed in ("maker", "hears", "aker"):
        assert world.ask(grid.ids, "task", grid.Query(text=typed)).tolist() == [task]


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("mueller", ["Jürgen"]),
        ("m jur", ["Jürgen"]),
        ("030 1234567", ["Ben", "Jürgen"]),
        ("clinic", ["Ben"]),
        ("ürge", ["Jürgen"]),
        ("clinics", []),
    ],
)
def test_a_list_is_narrowed_to_what_the_search_finds(world, typed, names):
    """In any spelling; what it finds nowhere is looked for within words, as it was typed."""
    world.contact("Jürgen", last_name="Müller", phone="+49 30 1234567")
    world.contact("Ben", email="ben@clinic.example", mobile="(030) 123 45 67")
    numbers = world.ask(grid.ids, "contact", grid.Query(text=typed))
    found = [world.record(Ref("contact", one))["first_name"] for one in numbers]
    assert sorted(found) == names
    ours = {"all": [{"field": "first_name", "op": "is", "value": "Ben"}]}
    assert world.ask(grid.count, "contact", grid.Query(ours, typed)) == names.count("Ben")


def test_a_list_knows_what_the_search_has_not_read_yet(world, monkeypatch):
    """What an import left is in it at once, under its new name and no more under its old one."""
    ana, ben = world.contact("Ana", last_name="Silva"), world.contact("Ben", last_name="Silva")
    monkeypatch.setattr(indexing, "AT_ONCE", 0)
    world.do(contacts.update, ana, {"last_name": "Moreira"})
    world.contact("Cora", last_name="Moreira")
    assert world.ask(grid.count, "contact", grid.Query(text="moreira")) == 2
    assert world.ask(grid.ids, "contact", grid.Query(text="silva")).tolist() == [ben.id]


HOSTILE = (
    "", "\0", "'", '"', "***", "a AND NOT b", 'NEAR("ana" "b", 2)', "ana:*", "(", "{ana} : b",
    "🌸", "%", "_", "\\", "'; drop table contact; --", "x" * 10_000, "ana " * 3_000, "\ud800",
)  # fmt: skip


def test_nothing_that_is_typed_means_anything_to_the_database(world):
    """Signs of its language, quotes, NUL, emoji and ten thousand characters are only letters."""
    world.contact("Ana")
    for typed in HOSTILE:
        assert world.ask(search.find, typed).indexed
    assert found(world, "ana") == {"contact": ["Ana"]}


def test_what_changes_is_found_as_it_is_now(world):
    """A new name is found at once and the old one no more; so is the trash, and what comes back."""
    ana = world.contact("Ana", last_name="Before")
    number = world.do(notes.add, ana, "Likes tea")
    world.do(contacts.update, ana, {"last_name": "After"})
    assert not found(world, "before")
    assert found(world, "after") == {"contact": ["Ana After"]}
    world.do(notes.edit, number, "Likes coffee")
    assert not found(world, "tea")
    world.do(records.delete, ana)
    assert not found(world, "after")
    assert not found(world, "coffee")
    world.do(records.restore, ana)
    assert found(world, "after coffee") == {}
    assert found(world, "coffee") == {"note": ["Ana After"]}
    world.do(notes.remove, number)
    assert not found(world, "coffee")


def test_of_two_that_became_one_the_kept_one_is_found_with_both_notes(world):
    """And parted again each is found by itself."""
    kept, gone = world.contact("Ana", last_name="Kept"), world.contact("Ana", last_name="Gone")
    world.do(notes.add, gone, "Likes tea")
    merge = world.do(merge_records.merge, kept, gone)
    assert found(world, "ana")["contact"] == ["Ana Kept"]
    assert found(world, "tea") == {"note": ["Ana Kept"]}
    world.do(merge_records.undo, merge)
    assert found(world, "gone")["contact"] == ["Ana Gone"]
    assert found(world, "tea") == {"note": ["Ana Gone"]}


def test_a_large_write_leaves_its_numbers_and_is_read_in_piece_by_piece(world, monkeypatch):
    """Nothing is lost in between, and what is gone by then is not found."""
    monkeypatch.setattr(indexing, "AT_ONCE", 3)
    monkeypatch.setitem(search_care.PIECE, "contact", 2)
    refs = world.do(
        lambda work: [contacts.create(work, {"first_name": f"Ana{n}"}) for n in range(7)]
    )
    assert world.ask(search.find, "ana").waiting == 7
    world.do(records.delete, refs[3])
    assert world.do(search_care.catch_up) == 2
    caught_up(world)
    assert world.ask(search_care.state) == search_care.State(True, 0)
    assert len(found(world, "ana", limit=9)["contact"]) == 6


def test_what_was_cut_short_is_found_after_the_next_start(world, monkeypatch):
    """A piece that is not committed still waits; one that is does not."""
    monkeypatch.setattr(indexing, "AT_ONCE", 0)
    world.contact("Ana")

    def cut(work):
        search_care.catch_up(work)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        world.do(cut)
    assert world.ask(search_care.waiting) == 1
    caught_up(world)
    assert found(world, "ana") == {"contact": ["Ana"]}


def test_all_is_read_anew_on_demand(world):
    """An index that lost everything is as before afterwards."""
    ana = world.contact("Ana", last_name="Silva")
    world.do(notes.add, ana, "Likes tea")
    world.do(
        lambda work: search_index.at_hand(work.connection).drop(
            work.connection, "contact", [ana.id]
        )
    )
    assert not found(world, "silva")
    told = []
    assert search_care.read_all(world.store, told.append) == told[-1] == 2
    assert found(world, "sliva tea") == {}
    assert found(world, "tea") == {"note": ["Ana Silva"]}
    assert found(world, "sliva") == {"contact": ["Ana Silva"]}


def test_an_office_without_an_index_gets_one_when_it_is_opened(world, clock, database):
    """What was there before waits to be read in, and is found then."""
    world.contact("Ana")
    with world.store.engine.begin() as connection:
        for name in ("search_names_2", "search_said_2", "search_entry_2"):
            connection.execute(text(f"drop table if exists {name}"))
    world.store.close()
    again = Store.open(database, clock)
    while again.write(search_care.catch_up):
        pass
    assert again.read(search.find, "ana").groups[0].hits[0].ref == Ref("contact", 1)
    again.close()


def test_a_forgotten_record_leaves_no_word(world):
    """Neither it nor its notes are found, nor is its name offered for a typing error."""
    ana = world.contact("Anastasia", last_name="Zwyxqvb")
    for number in range(40):
        world.contact(f"Ben{number}", last_name="Berg")
    world.contact("Anastasia", last_name="Silva")
    world.do(notes.add, ana, "Qwzrtpl")
    world.do(search_care.forget, ana)
    search_care.purge(world.store)
    for typed in ("zwyxqvb", "zwyxqv", "zwyqxvb", "qwzrtpl"):
        assert not found(world, typed)
    assert found(world, "anastasai") == {"contact": ["Anastasia Silva"]}
    words = {row[0] for row in world.rows("select word from search_word")}
    assert words == {"anastasia", "silva", "berg"}
    if world.store.engine.dialect.name == "sqlite":
        tables = ("search_names_2_data", "search_said_2_data")
        blocks = b"".join(
            row[0] for name in tables for row in world.rows(f"select block from {name}")
        )
        assert b"anastasia" in blocks
        assert not any(word in blocks for word in (b"zwyx", b"wyxqvb", b"qwzr", b"wzrtpl"))


def test_without_an_index_records_are_looked_through(world, monkeypatch):
    """What is spelt as typed is found all the same, and it is said that more is not."""
    world.contact("Ana", last_name="Silva")
    monkeypatch.setattr(search_index, "at_hand", lambda connection: None)
    answer = world.ask(search.find, "SILVA an")
    assert [hit.title for hit in answer.groups[0].hits] == ["Ana Silva"]
    assert not answer.indexed


def test_a_search_that_is_overtaken_ends(world):
    """Who typed on is not kept waiting by what was typed before."""
    world.contact("Ana")
    assert world.ask(search.find, "ana", stale=lambda: True).groups == ()


def test_a_kind_with_many_is_counted_and_cut(world):
    """Five of each are shown unless more are asked for."""
    world.do(lambda work: [contacts.create(work, {"first_name": f"Ana{n}"}) for n in range(80)])
    (group,) = world.ask(search.find, "ana").groups
    assert (len(group.hits), group.count, group.count_said) == (5, 80, "80")
