"""What a view shows goes out whole, does no harm in a spreadsheet, and comes back the same."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rally_desktop.core.fold import fold
from rally_desktop.model.changes import RowAdded
from rally_desktop.model.store import Store
from rally_desktop.outside.files.opening import open_table
from rally_desktop.outside.files.writing import writing
from rally_desktop.services import cells, exports, grid, imports, office, own_fields
from rally_desktop.services.exports import Export
from rally_desktop.services.imports import Options
from tests.world import World

# Everything but what no file keeps: controls, and letters that look wrongly decoded.
LETTERS = st.characters(codec="utf-8", min_codepoint=0x250, exclude_categories=["C", "Z"])
WORDS = st.text(st.one_of(st.sampled_from("=+-@'\";,:.1aé "), LETTERS), max_size=12)
TAGS = st.lists(WORDS.filter(lambda tag: tag.strip(" ")), max_size=3).map(tuple)


def listed(store: Store, path: Path, kind="contact", **more):
    """Export records and return the file's headings and rows."""
    exports.write(store, path, Export(kind, **more))
    table = open_table(path)
    return table.headers, [row.cells for row in table.rows()]


def own_field(world, kind, name, what):
    """Let the office make a field for itself."""
    row = {
        "id": 90, "record_kind": kind, "name": name, "label": f"Own {name}", "kind": what,
        "position": 1, "archived": False,
    }  # fmt: skip
    world.do(lambda work: work.change(RowAdded("custom_field", row)))


def test_a_view_goes_out_with_its_filter_order_and_columns(world, tmp_path):
    """The columns of the view, in its order, of the records that match; names in two columns."""
    world.contact("Ana", last_name="Ruiz", city="Bern", score=40)
    world.contact("Bo", last_name="Hill", city="Bern")
    world.contact("Cy", city="Basel")
    query = grid.Query(text="bern", sort="name")
    found = listed(world.store, tmp_path / "x.csv", query=query, keys=("score", "name"))
    assert found == (
        ("Score", "First name", "Last name"), [("", "Bo", "Hill"), ("40", "Ana", "Ruiz")],
    )  # fmt: skip


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_nothing_that_goes_out_is_calculated(world, tmp_path, name):
    """What a spreadsheet would run has ' before it in CSV and is a text in Excel, as markup is."""
    markup = "<r></t></is>&</r>"
    said = ("=HYPERLINK(1)", "'@x", "+44 20 1234", "-2+3", markup)
    first, last, phone, title, city = said
    world.contact(first, last_name=last, phone=phone, title=title, city=city)
    path = tmp_path / name
    keys = ("name", "phone", "title", "city")
    exports.write(world.store, path, Export("contact", keys=keys))
    if name.endswith(".csv"):
        text = path.read_text("utf-8-sig").splitlines()[1]
        assert text == f"'=HYPERLINK(1),''@x,+44 20 1234,'-2+3,{markup}"
    [row] = open_table(path).rows()
    assert row.cells == said


@pytest.fixture
def elsewhere(tmp_path, clock):
    """Another office, with the same people in it and the same field of its own."""
    store = Store.open(f"sqlite:///{tmp_path}/elsewhere.rally", clock)
    store.write(office.found)
    yield World(store, clock)
    store.close()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_goes_out_comes_back_the_same(world, elsewhere, tmp_path, ending):
    """Records of each kind, brought into an empty office, go out of that the same."""
    for place in (world, elsewhere):
        maria = place.user("Maria")
        own_field(place, "contact", "size", "number")
    hill = world.company("Hill, Dental & Co", website="https://example.org", owner_id=maria)
    ana = world.contact(
        "Ana", last_name="de la Cruz", email="ana@example.org", score=70, company_id=hill.id,
        street="Main 1\nFloor 2", consent_email="granted", do_not_contact=True,
        tags=('VIP; "gold"', "A, b"),
    )  # fmt: skip
    world.do(own_fields.put, ana, {"custom.size": 1.25})
    world.deal("Roof", amount=1234.5, contact_id=ana.id, company_id=hill.id)
    for kind in ("company", "contact", "deal"):
        path = tmp_path / f"{kind}.{ending}"
        before = listed(world.store, path, kind)
        result = imports.import_file(elsewhere.store, path, options=Options(kind))
        assert (result.created, result.verdicts) == (1, [])
        assert listed(elsewhere.store, tmp_path / f"again.{ending}", kind) == before
        assert imports.import_file(elsewhere.store, path, options=Options(kind)).unchanged == 1


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@example([("", (":::",))], "csv")
@given(st.lists(st.tuples(WORDS, TAGS), max_size=3), st.sampled_from(["csv", "xlsx"]))
def test_any_cells_read_as_what_was_written(tmp_path, rows, ending):
    """Whatever stands in a name or a tag is the same once it is read again."""
    path = tmp_path / f"any.{ending}"
    with writing(path, ("Number", "Name", "Tags")) as put:
        written = [(7, name.strip(" "), cells.tags_cell(worn)) for name, worn in rows]
        put([*zip(*written, strict=True)])
    found = [row.cells for row in open_table(path).rows()]
    assert [name for _, name, _ in found] == [name.strip(" ") for name, _ in rows]
    for (_, _, cell), (_, worn) in zip(found, rows, strict=True):
        assert [fold(tag) for tag in cells.tags(cell)] == list(dict.fromkeys(map(plain, worn)))


def plain(tag):
    """Return a tag as it is compared."""
    return fold(" ".join(tag.split()))


def test_the_refused_rows_can_be_mended_and_brought_in_again(world, tmp_path):
    """The file of refused rows says why, and once it is corrected it is an import like any."""
    source, errors = tmp_path / "people.csv", tmp_path / "errors.csv"
    source.write_text("First name,E-mail\n=Ana,nowhere\nBo,bo@example.org\n")
    job = imports.import_file(world.store, source).job
    assert exports.write_rejected(world.store, job, errors) == 1
    mended = errors.read_text("utf-8-sig").replace("nowhere,", "ana@example.org,")
    errors.write_text(mended.replace(",nowhere", ",ana@example.org"), encoding="utf-8")
    assert imports.import_file(world.store, errors).created == 1
    assert {row[0] for row in world.rows("select first_name from contact")} == {"=Ana", "Bo"}


def test_a_template_is_understood_by_the_import(world, tmp_path):
    """Each heading of the template is guessed to be its field, for every kind of record."""
    for kind in ("contact", "company", "deal"):
        path = tmp_path / f"{kind}.xlsx"
        exports.write_template(world.store, path, kind)
        headers = open_table(path).headers
        assert [*world.ask(imports.guessed, headers, kind)] == [*headers]


def test_an_export_that_is_cancelled_leaves_no_file(world, tmp_path):
    """What stood there before stays, and nothing half-written lies beside it."""
    world.contact("Ana")
    path = tmp_path / "list.csv"
    path.write_text("old")
    assert exports.write(world.store, path, Export("contact"), cancelled=lambda: True) is None
    assert [(one.name, one.read_text()) for one in tmp_path.glob("list*")] == [("list.csv", "old")]
