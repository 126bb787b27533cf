"""CSV files as people have them: read row by row, every trouble named, nothing stops."""

import codecs
import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rally_desktop.core.errors import BadFile
from rally_desktop.outside.files import decoding
from rally_desktop.outside.files.csv import read_csv


@pytest.fixture
def written(tmp_path):
    """Write bytes or text into a file and return the table in it."""

    def write(content, **how):
        path = tmp_path / "list.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_csv(path, **how)

    return write


def cells(table):
    """Return the cells of the rows that could be read."""
    return [row.cells for row in table.rows() if not row.problem]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(written, separator):
    """Commas, semicolons, tabs and bars are told apart, others inside cells notwithstanding."""
    lines = ["Name;E-mail;City", 'Ana;ana@example.org;"York, UK"', "Bo;bo@example.org;Bath"]
    table = written("\n".join(line.replace(";", separator) for line in lines))
    assert table.headers == ("Name", "E-mail", "City")
    assert cells(table)[1] == ("Bo", "bo@example.org", "Bath")


@pytest.mark.parametrize(
    ("encoded", "name"),
    [
        ("Zoë,Müller".encode(), "UTF-8"),
        (codecs.BOM_UTF8 + "Zoë,Müller".encode(), "UTF-8"),
        ("Zoë,Müller".encode("cp1252"), "Windows-1252"),
    ],
)
def test_accents_survive_without_a_word_about_the_encoding(written, encoded, name):
    """UTF-8 with and without mark and Windows-1252 are told apart."""
    mark = codecs.BOM_UTF8 if encoded.startswith(codecs.BOM_UTF8) else b""
    table = written(mark + b"First name,Last name\r\n" + encoded.removeprefix(mark) + b"\r\n")
    assert cells(table) == [("Zoë", "Müller")]
    assert table.encoding == name
    assert [row.note for row in table.rows()] == [""]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_from_excel_as_unicode_text_is_read(written, encoding):
    """UTF-16 with its mark and tabs, Excel's «Unicode text», is read."""
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    table = written(mark + "First name\tCity\r\nZoë\tŁódź\r\n".encode(encoding))
    assert table.headers == ("First name", "City")
    assert cells(table) == [("Zoë", "Łódź")]


def test_two_encodings_in_one_file_are_read_line_by_line(written):
    """A list pasted from two programs keeps its accents, and says which lines were different."""
    lines = ["Name,City", "Zoë,Genève", "José,Málaga"]
    table = written("\n".join(lines).encode() + b"\n" + "Jörg,Köln\n".encode("cp1252"))
    rows = list(table.rows())
    assert rows[2].cells == ("Jörg", "Köln")
    assert [row.note for row in rows] == [
        "",
        "",
        "Read as Windows-1252; the rest of the file is UTF-8.",
    ]


def test_a_stray_utf8_line_in_an_old_file_is_named(written):
    """In a Windows-1252 file, the line in UTF-8 is the one that is different."""
    old = "Name,City\nJörg,Köln\nJosé,Málaga\n".encode("cp1252")
    rows = list(written(old + "Zoë,Genève\n".encode()).rows())
    assert rows[2].cells == ("Zoë", "Genève")
    assert "Read as UTF-8" in rows[2].note


def test_garbled_letters_are_repaired_and_it_is_said(written):
    """Letters that were decoded wrongly before they were saved come out right."""
    garbled = "Jürgen".encode().decode("cp1252")
    [row] = written(f"Name,City\n{garbled},Ulm\n").rows()
    assert row.cells == ("Jürgen", "Ulm")
    assert "repaired" in row.note


@pytest.mark.parametrize("name", ["São Tomé", "ÂME", "Ângela", "naïve Ã", "Łódź", "小林", "Ñandú"])
def test_what_only_looks_garbled_is_left_alone(written, name):
    """A word with Â or Ã in its own right stays as it is."""
    [row] = written(f"Name,City\n{name},Ulm\n").rows()
    assert row.cells == (name, "Ulm")
    assert row.note == ""


def test_an_encoding_can_be_chosen(written):
    """A person who knows better than the file is believed; others get a suggestion."""
    text = "Имя,Город\n" + "Анна,Москва\nИван Петров,Санкт-Петербург\n" * 20
    table = written(text.encode("cp1251"), encoding="cp1251")
    assert table.headers == ("Имя", "Город")
    assert table.encoding == "Windows-1251"
    assert written(text.encode("cp1251")).suggestion.startswith(("cp1251", "mac_cyrillic", "koi8"))


def test_an_unknown_encoding_is_refused(written):
    """An encoding that does not exist, or that is none of text, is said not to."""
    for name in ("utf-88", "base64", "idna", "undefined"):
        with pytest.raises(BadFile, match=f"no encoding called ‘{name}’"):
            written("Name\nAna\n", encoding=name)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "shift_jis", "cp1251"])
def test_a_wrong_choice_of_encoding_does_not_stop_the_reading(written, encoding):
    """A file read in another encoding than its own is nonsense, and no crash."""
    with contextlib.suppress(BadFile):
        list(written("Name,City\nZoë,Genève\n", encoding=encoding).rows())


def test_text_in_quotes_may_go_over_lines(written):
    """A cell with line ends and doubled quotes is one cell; row numbers stay the file's."""
    table = written('Name,Note\nAna,"one\ntwo ""2"""\nBo,x\n')
    rows = list(table.rows())
    assert rows[0].cells == ("Ana", 'one\ntwo "2"')
    assert [row.number for row in rows] == [2, 4]


def test_a_row_with_the_wrong_number_of_cells_is_named(written):
    """Rows with too many or too few cells say so, and the others are read."""
    rows = list(written("Name,City\nAna,Ulm\nBo,Bath,UK\nCy\nDi,York,\nEd,Rome\n").rows())
    assert [bool(row.problem) for row in rows] == [False, True, True, False, False]
    assert "3 columns, more than the 2 headings" in rows[1].problem
    assert "1 columns, fewer" in rows[2].problem
    assert rows[3].cells == ("Di", "York")


@pytest.mark.parametrize("quoted", ['"Ana,Ulm', 'Ana,"Ulm', '"Ana","Ulm'])
def test_a_quote_that_is_never_closed_costs_one_row(written, quoted):
    """A forgotten quotation mark spoils its own line, however long the file is."""
    rest = "".join(f'"Person {n}",York\n' for n in range(300))
    rows = list(written(f"Name,City\n{quoted}\n{rest}").rows())
    assert "opened and not closed" in rows[0].problem
    assert len(rows) == 301
    assert not any(row.problem for row in rows[1:])


def test_an_inch_sign_is_only_an_inch_sign(written):
    """A quotation mark inside a cell that is not in quotes is a letter like others."""
    assert cells(written('Name,Size\nPipe,5"\nBoard,7" x 2\n')) == [
        ("Pipe", '5"'),
        ("Board", '7" x 2'),
    ]


def test_headings_become_different_and_whole(written):
    """Missing and repeated headings get names of their own."""
    table = written("Phone,,Phone, E-mail \n1,2,3,4\n")
    assert table.headers == ("Phone", "Column 2", "Phone (2)", "E-mail")


def test_lines_above_the_headings_are_left_out(written):
    """Excel's «sep=» and empty lines come before the headings, not instead of them."""
    table = written("sep=;\n\nName;City\n\nAna;Ulm\n")
    assert table.headers == ("Name", "City")
    assert [(row.number, row.cells) for row in table.rows()] == [(5, ("Ana", "Ulm"))]


def test_our_own_exports_quote_is_taken_off(written):
    """What our export protected from spreadsheets comes back as it was."""
    assert cells(written("Name,Note\nAna,'=1+1\nBo,'tis\n")) == [("Ana", "=1+1"), ("Bo", "'tis")]


def test_old_line_ends_are_line_ends(written):
    """Files with carriage returns alone are read too."""
    assert cells(written("Name,City\rAna,Ulm\rBo,Bath\r")) == [("Ana", "Ulm"), ("Bo", "Bath")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\r\n \r\n", "is empty"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"<html><body>", "web page"),
        (b'[{"name": "Ana"}]', "JSON"),
        (b"BEGIN:VCARD\nN:Ana", "address card"),
        (b"Name\x00City\n", "is not text"),
        (b"Dear all " * 100, "headings"),
        (b'"Name,City\nAna,Ulm\n', "headings"),
    ],
)
def test_what_is_no_table_is_said_to_be_none(written, content, says):
    """A file of another kind is refused in words that say what to do."""
    with pytest.raises(BadFile, match=says) as refusal:
        written(content)
    assert "list.csv" in str(refusal.value)


def test_a_file_that_is_gone_is_said_to_be_gone(tmp_path):
    """A missing file and a folder are refused with words."""
    with pytest.raises(BadFile, match="not there any more"):
        read_csv(tmp_path / "gone.csv")
    with pytest.raises(BadFile, match="cannot be opened"):
        read_csv(tmp_path)


def test_a_line_without_end_does_not_fill_the_memory(written):
    """A line of three million characters is one bad row among good ones."""
    rows = list(written("Name,City\nAna,Ulm\n" + "x" * 3_000_000 + "\nBo,Bath\n").rows())
    assert [bool(row.problem) for row in rows] == [False, True, False]


PIECES = st.sampled_from(
    [
        *(
            b",",
            b";",
            b"\t",
            b'"',
            b'""',
            b"\n",
            b"\r\n",
            b"\r",
            b"'=",
            b"sep=;\n",
            b"Name,E-mail\n",
        ),
        *(b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3\xa9", b"\xe9", b"\x85", b"\0", b"a@example.org"),
        *("Łódź\u2028小林🙂".encode(), "x\ty\n".encode("utf-16"), b"\xc3\x83\xc2\xa9", b"x" * 50),
    ]
)


@given(st.lists(PIECES | st.binary(max_size=30), max_size=40).map(b"".join))
@example(b"Name,City\n\xff\n")
@example(b'sep="\nName,City\n')
def test_no_bytes_stop_the_reading(tmp_path_factory, content):
    """Whatever a file holds, it is read to the end or refused as BadFile."""
    path = tmp_path_factory.getbasetemp() / "fuzz.csv"
    path.write_bytes(content)
    try:
        table = read_csv(path)
    except BadFile:
        return
    for row in table.rows():
        assert row.problem or len(row.cells) == len(table.headers)


PIECES = [b"a", "Zoë".encode(), b"\xe9", b'"', b'"x,y"', b",", b",", b"'=1", b"\r", b"\r\n"]
PIECES += [b"\n", b"\n", b"\x01", "Ã¼".encode(), codecs.BOM_UTF8, b"\xc2\x85", b" ", b"b" * 40]


@given(
    st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join), st.sampled_from([16, 64, 65536])
)
@example(b'a"b,"c\nd\ne,"f\ng"\n', 64)
def test_blocks_and_single_lines_come_to_the_same(tmp_path_factory, content, size):
    """What is read many lines at once is read as if each had been looked at alone."""
    path = tmp_path_factory.getbasetemp() / "blocks.csv"
    path.write_bytes(b"One,Two,Three\n" + content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "BLOCK", size)
        at_once = [*read_csv(path).rows()]
        patch.setattr(decoding.Decoder, "_plain", lambda self, raw: "")
        assert at_once == [*read_csv(path).rows()]
