"""Lists as other programs write them, in their documented layouts, come in whole."""

import pytest

from rally_desktop.model.ref import Ref
from rally_desktop.outside.files.opening import open_table
from rally_desktop.outside.files.writing import writing
from rally_desktop.services import deals, grid, imports
from rally_desktop.services.imports import Options

GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,"
    "Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,"
    "Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,"
    "Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Country,Address 1 - Street,"
    "Address 1 - City,Address 1 - Region,Address 1 - Postal Code,Website 1 - Value\n"
    "Ana,,Ruiz,,,,,,,,Hill Dental,Assistant,Front,,,,* myContacts ::: VIP,* Work,"
    "ana@example.org ::: second@example.org,Work,+44 20 1,Home,Spain,Calle 1,Cádiz,,11001,\n"
)
OUTLOOK = (
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,E-mail Address,E-mail 2 Address,"
    "Home Phone,Business Phone,Mobile Phone,Job Title,Company,Department,Business Street,"
    "Business City,Business State,Business Postal Code,Business Country/Region,Categories,Notes\r\n"
    "Ana,,Ruiz,Mrs,,,ana@example.org,,,+44 20 1,,Assistant,Hill Dental,Front,Calle 1,Cádiz,,11001,"
    "Spain,VIP,\r\n"
)
HUBSPOT = (
    '"Record ID","First Name","Last Name","Email","Phone Number","Contact owner",'
    '"Associated Company","Job Title","Department","Street Address","City","Postal Code",'
    '"Country/Region","Lifecycle Stage","Lead Status","Create Date","Tags"\n'
    '"5","Ana","Ruiz","ana@example.org","+44 20 1","","Hill Dental","Assistant","Front","Calle 1",'
    '"Cádiz","11001","Spain","Marketing Qualified Lead","New","2026-01-01 10:00","VIP"\n'
)
PIPEDRIVE = (
    "Person - Name;Person - Label;Person - Organization;Person - Email - Work;"
    "Person - Phone - Work;Person - Job title;Person - Department;Person - Street;Person - City;"
    "Person - Postal code;Person - Country;Person - Tags\n"
    "Ana Ruiz;;Hill Dental;ana@example.org;+44 20 1;Assistant;Front;Calle 1;Cádiz;11001;Spain;VIP\n"
)
PIPEDRIVE_DEALS = (
    "Deal - Title,Deal - Value,Deal - Currency,Deal - Organization,Deal - Contact person,"
    "Deal - Stage,Deal - Pipeline,Deal - Expected close date,Deal - Owner\n"
    'New roof,"1,234.50",EUR,Hill Dental,Ana Ruiz,{stage},{pipeline},2026-03-28,Maria\n'
)


def only(world, kind):
    """Return the one record of a kind."""
    [number] = world.ask(grid.ids, kind, grid.Query())
    return world.record(Ref(kind, number))


@pytest.mark.parametrize("text", [GOOGLE, OUTLOOK, HUBSPOT, PIPEDRIVE])
def test_contacts_of_other_programs_come_in_whole(world, tmp_path, text):
    """Whichever program wrote the list, the same contact is made of it."""
    path = tmp_path / "contacts.csv"
    path.write_text(text, encoding="utf-8", newline="")
    result = imports.import_file(world.store, path)
    ana = only(world, "contact")
    assert (result.created, result.companies, result.skipped) == (1, 1, 0)
    assert {name: ana[name] for name in ("first_name", "last_name", "email", "phone", "city")} == {
        "first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.org", "phone": "+44 20 1",
        "city": "Cádiz",
    }  # fmt: skip
    assert (ana["title"], ana["department"], ana["street"]) == ("Assistant", "Front", "Calle 1")
    assert (ana["postal_code"], ana["country"], ana["tags"]) == ("11001", "Spain", {"VIP"})


def test_deals_come_in_with_their_contact_stage_and_amount(world, tmp_path):
    """A deal's contact is found by name, its stage by the pipeline, its amount as it is written."""
    world.user("Maria")
    ana = world.contact("Ana", last_name="Ruiz")
    last = world.ask(deals.stages)[-1]
    path = tmp_path / "deals.csv"
    path.write_text(PIPEDRIVE_DEALS.format(stage=last.name.upper(), pipeline=last.pipeline))
    result = imports.import_file(world.store, path, options=Options("deal"))
    deal = only(world, "deal")
    assert (result.created, result.verdicts) == (1, [])
    assert (deal["name"], deal["amount"], deal["stage"]) == ("New roof", 1234.5, last.name)
    assert (deal["contact_id"], str(deal["expected_close"])[:10]) == (ana.id, "2026-03-28")
    assert imports.import_file(world.store, path, options=Options("deal")).unchanged == 1


def test_a_deal_with_a_stage_that_is_none_is_left_out(world, tmp_path):
    """A wrong stage or no name is said by the row, with what there is; the others come in."""
    path = tmp_path / "deals.csv"
    path.write_text("Deal name,Stage,Amount\nA,Nowhere,1\n,,2\nB,,three\n")
    result = imports.import_file(world.store, path, options=Options("deal"))
    said = [verdict.reason for verdict in result.verdicts]
    assert "There is no stage ‘Nowhere’" in said[0]
    assert "no name of a deal" in said[1]
    assert "‘three’ is no amount" in said[2]
    assert (result.created, result.skipped) == (1, 2)


def test_companies_of_a_workbook_come_in(world, tmp_path):
    """A list of companies is known by their names; what it says again completes them."""
    path = tmp_path / "companies.xlsx"
    with writing(path, ("Company name", "Industry", "Web site", "PLZ", "Ort")) as put:
        rows = (
            ("Hill Dental", "", "", "", "Bern"),
            ("hill dental", "Health", "example.org", 3011, ""),
        )
        put([*zip(*rows, strict=True)])
    result = imports.import_file(world.store, path, options=Options("company"))
    hill = only(world, "company")
    assert (result.created, result.merged) == (1, 1)
    assert (hill["name"], hill["industry"], hill["city"]) == ("Hill Dental", "Health", "Bern")
    assert (hill["website"], hill["postal_code"]) == ("example.org", "3011")


def test_bad_cells_are_said_by_their_row_and_stop_nothing(world, tmp_path):
    """A formula, markup, a phone in words and a year 0 are kept or said, never acted on."""
    path = tmp_path / "bad.csv"
    wide = ",".join(f"Extra {n}" for n in range(300))
    path.write_text(
        f"First name,Phone,E-mail consent since,E-mail,E-mail,{wide}\n"
        f"<b>=1+1</b>,ask at the desk,0000-01-01,ana@example.org,other@example.org{',' * 300}\n"
    )
    result = imports.import_file(world.store, path)
    ana = only(world, "contact")
    assert (ana["first_name"], ana["email"]) == ("<b>=1+1</b>", "ana@example.org")
    [verdict] = result.verdicts
    assert "no number that can be dialled" in verdict.reason
    assert "‘0000-01-01’ is no date" in verdict.reason
    assert len(open_table(path).headers) == 305
