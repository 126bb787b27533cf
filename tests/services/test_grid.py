"""What a grid shows, on both databases."""

from __future__ import annotations

import pytest

from rally_desktop.core.errors import BadFilter
from rally_desktop.model.ref import Ref
from rally_desktop.services import companies, contacts, grid, grid_order, lists, records, users
from rally_desktop.services.grid import Query


@pytest.fixture
def people(store):
    """Three contacts by first name: Ana at a company with an owner, Ben, and Élodie."""

    def fill(work):
        owner = users.add(work, "Maria")
        company = companies.create(work, {"name": "Hill Dental"})
        ana = {"first_name": "Ana", "last_name": "Silva", "email": "ana@example.com", "score": 60}
        made = {
            "Ana": contacts.create(
                work, {**ana, "owner_id": owner, "company_id": company.id}, ["VIP", "Fair"]
            ),
            "Ben": contacts.create(work, {"first_name": "Ben", "last_name": "Abel", "score": 5}),
            "Élodie": contacts.create(work, {"first_name": "Élodie", "city": "100% Lyon_1"}),
        }
        return {name: ref.id for name, ref in made.items()}

    return store.write(fill)


def _shown(store, people, **query):
    names = {number: name for name, number in people.items()}
    return [names[number] for number in store.read(grid.ids, "contact", Query(**query))]


def test_names_are_in_order(store, people):
    """Contacts are listed by last name, then first name, and backwards when asked."""
    assert _shown(store, people) == ["Ben", "Ana", "Élodie"]
    assert _shown(store, people, down=True) == ["Élodie", "Ana", "Ben"]


@pytest.mark.parametrize("down", [False, True])
def test_what_is_empty_comes_last(store, people, down):
    """Whichever way a column is sorted, records without a value stand at the end."""
    shown = _shown(store, people, sort="score", down=down)
    assert shown == (["Ana", "Ben"] if down else ["Ben", "Ana"]) + ["Élodie"]


@pytest.mark.parametrize("column", grid.columns("contact"), ids=lambda column: column.key)
def test_every_column_can_be_sorted_and_read(store, people, column):
    """Each built-in column orders all contacts and has a cell for each."""
    found = store.read(grid.ids, "contact", Query(sort=column.key, down=True))
    assert sorted(found) == sorted(people.values())
    assert len(store.read(grid.rows, "contact", found, [column.key])) == 3


@pytest.mark.parametrize("kind", ["company", "deal"])
def test_other_records_have_columns_too(store, kind):
    """Companies and deals are read by the same queries, column by column."""
    for column in grid.columns(kind):
        assert not store.read(grid.ids, kind, Query(sort=column.key))
        assert store.read(grid.rows, kind, [1], [column.key]) == {}


def test_cells_say_names_and_tags(store, people):
    """A row has the owner's and the company's name and the tags in order, not numbers."""
    keys = ["name", "company_id", "owner_id", "tags", "score"]
    row = store.read(grid.rows, "contact", [people["Ana"]], keys)[people["Ana"]]
    assert row.cells == ("Ana Silva", "Hill Dental", "Maria", ("Fair", "VIP"), 60)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sIL ana", ["Ana"]),
        ("ANA@EXAMPLE", ["Ana"]),
        ("éLODIE", ["Élodie"]),
        ("100%", ["Élodie"]),
        ("n_1", ["Élodie"]),
        ("%", ["Élodie"]),
        ("ana abel", []),
        ("  ", ["Ben", "Ana", "Élodie"]),
    ],
)
def test_words_are_found_in_any_order(store, people, text, shown):
    """Every word must stand somewhere, whatever its case; no character is a wildcard."""
    assert _shown(store, people, text=text) == shown


def test_filter_text_and_count_agree(store, people):
    """Filter and words narrow together, and the count is that of the list."""
    stored = {"all": [{"field": "tags", "op": "any_of", "value": ["vip", "nobody"]}]}
    query = Query(filter=stored, text="ana")
    assert list(store.read(grid.ids, "contact", query)) == [people["Ana"]]
    assert store.read(grid.count, "contact", query) == 1


def test_a_filter_that_cannot_be_read_is_refused(store, people):
    """A broken filter raises an error and does not show everybody."""
    with pytest.raises(BadFilter):
        store.read(grid.ids, "contact", Query(filter={"all": "everybody"}))


def test_the_trash_is_not_listed(store, people):
    """A deleted contact is neither listed, nor counted, nor read."""
    store.write(records.delete, Ref("contact", people["Ben"]))
    assert _shown(store, people) == ["Ana", "Élodie"]
    assert store.read(grid.count, "contact", Query()) == 2
    assert store.read(grid.rows, "contact", [people["Ben"]], ["name"]) == {}


def test_the_first_rows_can_be_had_alone(store, people):
    """A limit returns the beginning of the very same order."""
    assert list(store.read(grid.ids, "contact", Query(), 2)) == [people["Ben"], people["Ana"]]


def test_an_offer_has_the_lists_of_the_office(store, people):
    """Filters are offered the office's sources, tags and users by the name of the list."""
    store.write(lists.add, "lead_source", ["Billboard"])
    found = store.read(grid.offer, "contact")
    assert "Billboard" in found.lists["lead_source"]
    assert found.lists["tag"] == ("Fair", "VIP")
    assert "Maria" in found.lists["user"]


SORTS = ["name", "score", "city", "email", "company_id", "owner_id", "tags"]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("down", [False, True])
def test_the_first_rows_are_the_first_of_all(store, people, sort, down, monkeypatch):
    """However few are asked for, they stand as in the whole list, with a filter too."""
    monkeypatch.setattr(grid_order, "MANY", 1)
    known = {"all": [{"field": "first_name", "op": "is_known"}]}
    for query in (Query(known, "", sort, down), Query(None, "", sort, down)):
        whole = store.read(grid.ids, "contact", query)
        assert len(whole) == 3
        for limit in (1, 2, 3):
            assert store.read(grid.ids, "contact", query, limit) == whole[:limit]


@pytest.mark.parametrize(
    ("down", "shown"), [(False, "Ben Ana Cyd Élodie"), (True, "Cyd Ben Ana Élodie")]
)
def test_each_stands_once_by_the_first_of_the_tags(store, people, down, shown):
    """Who wears two tags is listed under the first, whichever way; who wears none comes last."""

    def fill(work):
        people["Cyd"] = contacts.create(work, {"first_name": "Cyd"}, ["Zoo", "Gold"]).id
        for tag in ("Fair", "Zoo"):
            records.add_tag(work, Ref("contact", people["Ben"]), tag)

    store.write(fill)
    assert _shown(store, people, sort="tags", down=down) == shown.split()
