"""Address cards of every age become rows, one a card."""

from rally_desktop.outside.files.opening import open_table

NEW = """BEGIN:VCARD
VERSION:4.0
N:Ruiz;Ana;;;
FN:Ana Ruiz
ORG:Hill Dental;Front desk
TITLE:Assistant
EMAIL;PREF=1:ana@example.org
EMAIL;TYPE=home:other@example.org
TEL;TYPE="cell,voice";VALUE=uri:tel:+44-20-1
TEL;TYPE=work:020 2
ADR;TYPE=work:;;Main Street 1\\nFloor 2;Genève;GE;1201;Switzerland
CATEGORIES:VIP,Press
URL:https://www.linkedin.com/in/ana
END:VCARD
"""
OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;Zo=EB
TEL;CELL:0160
NOTE;ENCODING=QUOTED-PRINTABLE:first=
second
END:VCARD
"""


def cards(tmp_path, text):
    """Return the rows of a file of cards, by heading, without what is empty."""
    path = tmp_path / "people.vcf"
    path.write_text(text, encoding="utf-8")
    table = open_table(path)
    return [
        ({h: c for h, c in zip(table.headers, row.cells, strict=False) if c}, row.problem)
        for row in table.rows()
    ]


def test_a_card_is_read_whole(tmp_path):
    """Name, preferred address, both phones, company, place and tags of a card are in its row."""
    [(ana, problem)] = cards(tmp_path, NEW)
    assert problem == ""
    assert ana == {
        "First name": "Ana", "Last name": "Ruiz", "E-mail": "ana@example.org",
        "Phone": "020 2", "Mobile": "+44-20-1", "Company": "Hill Dental",
        "Department": "Front desk", "Job title": "Assistant", "Street": "Main Street 1\nFloor 2",
        "City": "Genève", "State": "GE", "Postal code": "1201", "Country": "Switzerland",
        "Tags": "VIP;Press", "LinkedIn": "https://www.linkedin.com/in/ana",
    }  # fmt: skip


def test_cards_of_old_phones_are_understood(tmp_path):
    """Quoted letters of an old encoding, and lines that go on, are read as they were meant."""
    [(zoe, _)] = cards(tmp_path, OLD)
    assert zoe == {"First name": "Zoë", "Last name": "Müller", "Mobile": "0160"}


def test_a_broken_card_does_not_cost_the_next(tmp_path):
    """A card that never ends is said by its row; those around it come in."""
    found = cards(tmp_path, f"{OLD}BEGIN:VCARD\nFN:Lost\n{NEW}")
    assert [("does not end" in problem) for _, problem in found] == [False, True, False]


def test_lines_that_are_folded_and_grouped_are_joined(tmp_path):
    """A line that goes on after a space is one; a group before a name says nothing."""
    text = "BEGIN:VCARD\r\nFN:Bo\r\nitem1.EMAIL:bo@exam\r\n ple.org\r\nEND:VCARD\r\n"
    assert cards(tmp_path, text) == [({"First name": "Bo", "E-mail": "bo@example.org"}, "")]
