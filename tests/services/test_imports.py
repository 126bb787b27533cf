"""Lists of contacts come in whole: nobody doubled, nothing lost, every row answered for."""

import pytest
from sqlalchemy import text

from rally_desktop.core.clock import to_micros
from rally_desktop.core.errors import Refused, UnknownField
from rally_desktop.model.ref import Ref
from rally_desktop.outside.files.csv import read_csv
from rally_desktop.services import cells, grid, import_batches, imports, records
from rally_desktop.services.headings import guess_mapping
from rally_desktop.services.imports import Options

HEADINGS = "First name,Last name,E-mail,Company,Lead source,Tags,Owner\n"


@pytest.fixture
def listed(tmp_path):
    """Write rows under the usual headings into a file and return its path."""

    def write(*rows, headings=HEADINGS):
        path = tmp_path / "people.csv"
        path.write_text(headings + "\n".join(rows) + "\n", encoding="utf-8")
        return path

    return write


def reader(field):
    """Return how a cell of a contact's column is read."""
    return cells.reader(records.settable("contact")[field], field, 200, {})


def everybody(world):
    """Return every contact, in the order they came."""
    numbers = sorted(world.ask(grid.ids, "contact", grid.Query()))
    return [world.record(Ref("contact", number)) for number in numbers]


def test_a_row_becomes_a_contact_with_everything_in_it(world, listed):
    """Name, address, company, list value, tags and owner of a row are the contact's."""
    maria = world.user("Maria Keller")
    path = listed("Ana,Ruiz,ana@example.org,Hill Dental,inbound,VIP; Press,maria keller")
    result = imports.import_file(world.store, path)
    [ana] = everybody(world)
    assert (ana["first_name"], ana["email"], ana["owner_id"]) == ("Ana", "ana@example.org", maria)
    assert (ana["lead_source"], ana["lifecycle_stage"]) == ("Inbound", "Lead")
    assert ana["tags"] == {"VIP", "Press"}
    assert world.record(Ref("company", ana["company_id"]))["name"] == "Hill Dental"
    assert (result.created, result.companies, result.verdicts) == (1, 1, [])


def test_the_timeline_says_where_a_contact_came_from(world, listed):
    """An imported contact's first line is its creation, and then its tags."""
    imports.import_file(world.store, listed("Ana,Ruiz,ana@example.org,,,VIP,"))
    [ana] = everybody(world)
    assert world.happened(Ref("contact", ana["id"])) == ["created", "tag_added"]
    [[detail]] = world.rows("select detail from activity where kind = 'created'")
    assert "import:people.csv" in detail


def test_rows_with_the_same_address_become_one_contact(world, listed):
    """A later row with the same address fills what the earlier left empty, and no more."""
    rows = ["Ana,,ana@example.org,,Event,,", "Anna,Ruiz,ANA@example.org,Hill Dental,Web form,VIP,"]
    result = imports.import_file(world.store, listed(*rows))
    [ana] = everybody(world)
    assert (ana["first_name"], ana["last_name"], ana["lead_source"]) == ("Ana", "Ruiz", "Event")
    assert ana["tags"] == {"VIP"}
    assert (result.created, result.merged) == (1, 1)
    assert "earlier row" in result.verdicts[0].reason


def test_rows_with_the_same_address_can_be_reported_instead(world, listed):
    """Where rows are not to be merged, the later one is left out and named."""
    path = listed("Ana,,ana@example.org,,,,", "Bo,,ana@example.org,,,,")
    result = imports.import_file(world.store, path, options=Options(merge=False))
    assert [v[:3] for v in result.verdicts] == [(3, "skipped", "Bo")]


def test_a_known_contact_is_completed_not_replaced(world, listed):
    """What a contact has stays; what it lacks is filled; twice the same list changes nothing."""
    ref = world.contact("Ana", email="ana@example.org")
    path = listed("Anna,Ruiz,ana@example.org,Hill Dental,,,")
    assert imports.import_file(world.store, path).updated == 1
    ana = world.record(ref)
    assert (ana["first_name"], ana["last_name"]) == ("Ana", "Ruiz")
    assert imports.import_file(world.store, path).unchanged == 1


def test_a_list_may_replace_what_is_known(world, listed):
    """Where the list is to win, its values replace the old; its empty cells do not."""
    ref = world.contact("Ana", email="ana@example.org", last_name="Old")
    path = listed("Anna,,ana@example.org,,,,")
    imports.import_file(world.store, path, options=Options(overwrite=True))
    assert world.record(ref)["first_name"] == "Anna"
    assert world.record(ref)["last_name"] == "Old"


@pytest.mark.parametrize(("update", "kept"), [("create", "Bo"), ("update", "Ana")])
def test_new_and_known_contacts_can_be_kept_apart(world, listed, update, kept):
    """An import can be told to make new contacts only, or to touch known ones only."""
    world.contact("Ana", email="ana@example.org")
    path = listed("Ana,Ruiz,ana@example.org,,,,", "Bo,Hill,bo@example.org,,,,")
    result = imports.import_file(world.store, path, options=Options(update=update))
    assert [verdict.who for verdict in result.verdicts] != [kept]
    assert (result.created, result.updated, result.skipped) == (
        update == "create", update == "update", 1,
    )  # fmt: skip
    assert "allow" in result.verdicts[0].reason


def test_bad_rows_are_named_and_the_others_come_in(world, listed):
    """A wrong address, a lost comma, a row with nobody in it: each is answered for by its row."""
    path = listed(
        "Ana,Ruiz,ana@,,,,",
        "Bo,Hill,bo@example.org",
        ",,,Hill Dental,,,",
        "Cy,,cy@example.org,,,,Nobody Known",
        '"Di,,di@example.org,,,,',
        "Ed,,ed@example.org,,,,",
    )
    result = imports.import_file(world.store, path)
    said = {verdict.row: (verdict.outcome, verdict.reason) for verdict in result.verdicts}
    assert "‘ana@’ is not an e-mail address" in said[2][1]
    assert "3 columns, fewer than the 7 headings" in said[3][1]
    assert "neither a name nor" in said[4][1]
    assert said[5] == (
        "created",
        "Nobody in the office is called ‘Nobody Known’; no owner was set.",
    )
    assert "not closed" in said[6][1]
    assert [one["first_name"] for one in everybody(world)] == ["Cy", "Ed"]


def test_a_dry_run_says_the_same_and_changes_nothing(world, listed):
    """What the dry run foretells is what happens, row by row, and it leaves no trace."""
    world.contact("Ana", email="ana@example.org")
    path = listed(
        "Ana,Ruiz,ana@example.org,New Co,,,",
        "Bo,,bo@example.org,New Co,,,",
        "Bo,H,bo@example.org,,,,",
        "Cy,,nowhere,,,,",
    )
    before = everybody(world)
    planned = imports.try_out(world.store, read_csv(path))
    assert everybody(world) == before
    assert [verdict.outcome for verdict in planned.verdicts] == [
        "updated", "created", "merged", "skipped",
    ]  # fmt: skip
    done = imports.import_file(world.store, path)
    counts = ("created", "updated", "merged", "unchanged", "skipped", "companies", "rows")
    assert [getattr(planned, n) for n in counts] == [getattr(done, n) for n in counts]


def test_what_an_earlier_batch_made_is_known(world, listed, monkeypatch):
    """Companies and people met in an earlier batch are the same ones in a later."""
    monkeypatch.setattr(import_batches, "MOST_BATCH", 2)
    rows = [f"P{n},,p{n % 5}@example.org,Co {n % 2},,," for n in range(10)]
    path = listed(*rows)
    tried = imports.try_out(world.store, read_csv(path))
    result = imports.import_file(world.store, path)
    assert (result.created, result.merged, result.companies) == (5, 5, 2)
    assert tried.counts() == result.counts()
    assert len(everybody(world)) == 5


def test_an_import_can_be_stopped_between_batches(world, listed, monkeypatch):
    """What was done before the stop stays; what was not is not counted."""
    monkeypatch.setattr(import_batches, "MOST_BATCH", 2)
    seen = []
    path = listed(*[f"P{n},,p{n}@example.org,,,," for n in range(10)])
    result = imports.import_file(
        world.store, path, progress=seen.append, cancelled=lambda: len(seen) == 2
    )
    assert result.cancelled
    assert seen == [2, 4]
    assert len(everybody(world)) == result.created == 4


@pytest.mark.parametrize("triggers", ["yes", "no"])
def test_workflows_hear_of_an_import_only_if_they_are_to(world, listed, triggers):
    """An old list can come in without a flood of welcome messages."""
    path = listed("Ana,Ruiz,ana@example.org,,,,")
    imports.import_file(world.store, path, options=Options(triggers=triggers))
    waiting = world.rows(
        "select count(*) from event_queue q join activity a on a.id = q.activity_id"
        " where a.record_kind = 'contact'"
    )
    assert bool(waiting[0][0]) is (triggers == "yes")


def test_so_many_contacts_an_hour_trigger(world, listed):
    """Of four rows, two an hour: each contact has a moment of its own, its tags the same."""
    rows = [f"P{number},,p{number}@example.org,Hill Dental,,VIP," for number in range(4)]
    imports.import_file(world.store, listed(*rows), options=Options(triggers=2))
    assert world.rows("select * from event_queue") == []
    moments = world.rows(
        "select a.record_id, min(l.due_at), max(l.due_at) from event_later l"
        " join activity a on a.id = l.activity_id where a.record_kind = 'contact'"
        " group by a.record_id order by a.record_id"
    )
    start = to_micros(world.clock.now())
    expected = [start + number * 1_800_000_000 for number in range(4)]
    assert [low for _, low, _ in moments] == [high for _, _, high in moments] == expected


def test_none_an_hour_is_said_otherwise(world, listed):
    """Nought contacts an hour is refused before anything is changed."""
    with pytest.raises(Refused, match="At least one"):
        imports.import_file(world.store, listed("Ana,,,,,,"), options=Options(triggers=0))
    assert everybody(world) == []


def test_an_import_leaves_its_own_record(world, listed):
    """The office keeps which file came in, when, and with what result."""
    imports.import_file(world.store, listed("Ana,Ruiz,ana@example.org,,,,", ",,,,,,x"))
    with world.store.engine.connect() as connection:
        [[name, kind, result]] = connection.execute(
            text("select file_name, record_kind, result from import_job")
        )
    assert (name, kind) == ("people.csv", "contact")
    assert '"created":1' in result


@pytest.mark.parametrize(
    ("mapping", "error"),
    [
        ({"E-mail": "emial"}, UnknownField),
        ({"Mail": "email"}, Refused),
        ({"E-mail": "email", "Tags": "email"}, Refused),
        ({"Tags": "tags"}, Refused),
    ],
)
def test_a_mapping_that_makes_no_sense_changes_nothing(world, listed, mapping, error):
    """An unknown field, a missing column, a field twice or nobody named is refused at once."""
    with pytest.raises(error):
        imports.import_file(world.store, listed("Ana,Ruiz,ana@example.org,,,,"), mapping)
    assert everybody(world) == []


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        ("First Name|Last Name|Email|Lifecycle Stage|Contact owner|Associated Company",
         "first_name|last_name|email|lifecycle_stage|owner|company"),
        ("First Name|E-mail Address|Business Phone|Business Street|Categories|Job Title",
         "first_name|email|phone|street|tags|title"),
        ("Given Name|Family Name|E-mail 1 - Value|Organization 1 - Name|Group Membership",
         "first_name|last_name|email|company|tags"),
        ("Vorname|Name|E-Mail-Adresse|Firma|PLZ|Ort|Straße|Handy",
         "first_name|last_name|email|company|postal_code|city|street|mobile"),
        ("Prénom|Nom|Courriel|Société|Ville", "first_name|last_name|email|company|city"),
        ("Nombre|Apellidos|Correo electrónico|Empresa", "first_name|last_name|email|company"),
        ("Nome|Cognome|Azienda|Città|CAP", "first_name|last_name|company|city|postal_code"),
        ("Voornaam|Achternaam|Bedrijf|Woonplaats", "first_name|last_name|company|city"),
        ("Imię|Nazwisko|Miasto|Źródło", "first_name|last_name|city|lead_source"),
        ("NAME|e mail|Favourite colour", "name|email|"),
    ],
)  # fmt: skip
def test_headings_of_many_programs_and_languages_are_understood(headings, fields):
    """What other programs and offices call their columns is guessed; the rest is left open."""
    names = headings.split("|")
    wanted = {n: f for n, f in zip(names, fields.split("|"), strict=True) if f}
    assert guess_mapping(names) == wanted


@pytest.mark.parametrize(
    ("given", "address"),
    [
        *[(" ana@example.org ", "ana@example.org"), ("Ana <ana@example.org>", "ana@example.org")],
        *[("mailto:ana@example.org", "ana@example.org"), ("ana+x@sub.example.co.uk",) * 2],
        *[("ana@bücher.example.org",) * 2, ("", ""), ("ana", None), ("a b@example.org", None)],
        *[("ana@example", None), ("a@b@example.org", None), ("ana@example..org", None)],
    ],
)
def test_addresses_are_checked_without_asking_a_server(given, address):
    """An address is taken if it can be one, from whatever form people paste."""
    value, problem = cells.email(given)
    assert (None if problem else value) == address


@pytest.mark.parametrize(
    ("field", "text", "value", "noted"),
    [
        ("lifecycle_stage", "customer", "Customer", False),
        ("lifecycle_stage", "Marketing Qualified Lead", "Qualified", False),
        ("lifecycle_stage", "Hot", "", True),
        ("score", "72", 72, False),
        ("score", "400", None, True),
        ("score", "nan", None, True),
        ("do_not_contact", "Ja", True, False),
        ("do_not_contact", "no", False, False),
        ("consent_email", "yes", "granted", False),
        ("time_zone", "Europe/Paris", "Europe/Paris", False),
        ("time_zone", "Paris", "", True),
        ("city", "  New \n York ", "New York", False),
        ("city", "x" * 300, "x" * 200, True),
    ],
)
def test_a_cell_becomes_a_value_or_a_note(field, text, value, noted):
    """A cell that fits is taken in the field's own form; one that does not is named."""
    found, note = reader(field)(text)
    assert found == value
    assert bool(note) is noted


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("Ana Ruiz", ("Ana", "Ruiz")), ("Ruiz, Ana María", ("Ana María", "Ruiz")),
        ("Ana María Ruiz", ("Ana María", "Ruiz")), ("Cher", ("Cher", "")), ("Ruiz,", ("Ruiz", "")),
    ],
)  # fmt: skip
def test_a_whole_name_is_taken_apart(whole, parts):
    """First and last name are found in one cell, in either order."""
    assert cells.full_name(whole) == parts


def test_the_demonstrations_list_comes_in_with_its_troubles_named(world):
    """Five hundred rows in two encodings with duplicates: all answered for, accents right."""
    path = imports.Path(__file__).parents[2] / "resources" / "demo" / "contacts.csv"
    result = imports.import_file(world.store, path)
    people = everybody(world)
    assert result.rows == 500
    assert result.created == len(people) >= 450
    assert result.merged >= 15
    assert any("Windows-1252" in verdict.reason for verdict in result.verdicts)
    assert any("garbled" in verdict.reason for verdict in result.verdicts)
    names = " ".join(f"{one['first_name']} {one['last_name']} {one['city']}" for one in people)
    assert not {"Ã", "�", "Â"} & {*names}
    assert {"ü", "é", "ø", "ł", "ñ"} <= {*names}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Zoe,Ek,,912 345 678,", "Looks like Ana Silva: the same number."),
        ("ana,silva,new@example.com,,HILL DENTAL", "Looks like Ana Silva: the same name and"
         " company."),
        ("Zoe,Ek,,955 000 000,Hill Dental", ""),
    ],
)  # fmt: skip
def test_a_dry_run_says_who_is_probably_there_already(world, listed, row, said):
    """By number, and by name and company; the row is taken all the same."""
    hill = world.company("Hill Dental Ltd.")
    world.contact("Ana", last_name="Silva", phone="+351 912 345 678", company_id=hill.id)
    path = listed(row, headings="First name,Last name,E-mail,Phone,Company\n")
    result = imports.try_out(world.store, read_csv(path))
    assert [(one.outcome, one.reason) for one in result.verdicts] == [("created", said)]
