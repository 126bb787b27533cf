"""Letters become bytes that say what was written, and nothing that was not."""

from base64 import b64encode
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import compat32, default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rally_desktop.core.errors import SendFailed
from rally_desktop.core.message import Mailbox
from rally_desktop.outside.mail.header import clean_header
from rally_desktop.outside.mail.letter import build
from tests.mail_server import letter
from tests.outside.mail.hostile_names import CONTROLS, tried


def read(envelope):
    """Read a message as the plainest of readers would."""
    return message_from_bytes(envelope.data, policy=compat32)


def shown(value):
    """Return a header as a person sees it."""
    return str(make_header(decode_header(value.replace("\r\n", ""))))


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: f"U+{ord(c):04X}")
def test_a_control_character_is_refused_by_its_number(control):
    """Every character that may end a line somewhere is refused, and named."""
    with pytest.raises(SendFailed, match=f"subject.*U\\+{ord(control):04X}") as refusal:
        clean_header(f"Hello{control}Bcc: evil@example.com", "subject")
    assert refusal.value.permanent


@pytest.mark.slow
@pytest.mark.parametrize("cleaning", [True, False])
def test_hostile_names_inject_nothing(monkeypatch, cleaning):
    """No name, subject or further header out of two thousand adds a header or a recipient.

    That holds even without the first defence: what was built is read back and compared. A
    hundred thousand are tried in tests/soak.
    """
    assert tried(range(2_000), monkeypatch, cleaning=cleaning) > 200


@pytest.mark.parametrize(
    "address",
    [
        *("", "ana", "@example.org", "ana@", "a b@example.org", "a@b@example.org", "a@-.org"),
        *("a@x>\r\nRCPT TO:<evil@x", "<a@example.org>", "a@example.org,b@example.org", "a@[::1]"),
        *('"a b"@example.org', "jörg@example.org", "a@example..org", "=?utf-8?q?a?=@example.org"),
        *("x" * 65 + "@example.org", "a@" + "x." * 200 + "org"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused(address):
    """What is no plain address is refused for good, before anything is built."""
    with pytest.raises(SendFailed, match=r"Correct|invisible") as refusal:
        build(letter(recipient=Mailbox(address)))
    assert refusal.value.permanent


def test_a_domain_in_letters_of_its_own_is_spelt_for_servers():
    """An address at a domain with accents is written as servers know it."""
    assert build(letter(recipient=Mailbox("ana@bücher.example"))).recipient == (
        "ana@xn--bcher-kva.example"
    )


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=400))
def test_names_and_subjects_arrive_as_they_are(text):
    """Whatever may be written in a name or subject is read again as it was."""
    name = " ".join(text.split())
    message = read(build(letter(recipient=Mailbox("ana@example.org", name), subject=text)))
    assert shown(message["Subject"]).strip() == text.strip()
    display = parseaddr(message["To"].replace("\r\n", ""))[0]
    assert shown(display) == name


@pytest.mark.parametrize(
    "text",
    [
        "Hello.\n",
        "Grüße\nfrom Zürich",
        ".\n..\n.",
        "long " * 500,
        "blank \nend\t\n",
        "\0\x1b[1m",
        "x",
    ],
)
def test_text_arrives_as_it_is(text):
    """The plain part holds what was written, whatever its letters and line ends."""
    data = build(letter(text=text)).data
    assert b"\n" not in data.replace(b"\r\n", b"")
    arrived = message_from_bytes(data, policy=default).get_content().replace("\r\n", "\n")
    assert arrived.rstrip("\n") == text.rstrip("\n")


def test_html_comes_with_a_plain_part():
    """A letter in HTML alone gets a plain part made from it, links written out."""
    html = '<p>Dear Ana,</p><p>see <a href="https://example.com/x">our page</a>.</p>'
    message = message_from_bytes(build(letter(text="", html=html)).data, policy=default)
    plain, rich = message.iter_parts()
    assert (
        plain.get_content().replace("\r\n", "\n")
        == "Dear Ana,\n\nsee our page (https://example.com/x).\n"
    )
    assert rich.get_content().strip() == html


def test_a_part_that_holds_the_boundary_is_kept_whole():
    """Text that looks like the line between the parts does not end a part."""
    first = build(letter(html="<p>x</p>"))
    fence = message_from_bytes(first.data).get_boundary()
    text = f"before\n--{fence}--\nafter\n"
    message = message_from_bytes(build(letter(text=text, html="<p>x</p>")).data, policy=default)
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == text


def test_long_lists_of_ids_are_broken_at_blanks_only():
    """A long References header stays readable: ids are never cut or encoded."""
    ids = " ".join(f"<message{n}.of.a.long.thread@example.com>" for n in range(60))
    message = read(build(letter(headers=(("References", ids),))))
    assert message["References"].replace("\r\n", "") == ids


@pytest.mark.parametrize(
    "name", ["Bcc", "to", "Content-Type", "X Y", "X:Y", "X\r\nBcc", "Résumé", ""]
)
def test_a_further_header_cannot_take_over(name):
    """Further headers may not be those that decide who gets the message."""
    with pytest.raises(SendFailed):
        build(letter(headers=((name, "evil@example.com"),)))


def test_a_mailbox_is_read_as_it_was_written():
    """A name and address survive being kept as one text, as the outbox does."""
    for kept in (Mailbox("a@example.org", 'Ana "Nana" <Ruiz>, (x)'), Mailbox("a@example.org")):
        assert Mailbox.read(str(kept)) == kept


def test_base64_is_not_mistaken_for_a_part():
    """Text that carries encoded looks is sent as text."""
    text = b64encode(b"Bcc: evil@example.com").decode()
    assert read(build(letter(text=text))).get_payload().strip() == text
