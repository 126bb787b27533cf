"""An answer names the messages that it goes back to, as far as a head has room for them."""

from rally_desktop.model.changes import RowAdded
from rally_desktop.services import ancestry


def keep(world, name, before="", root=""):
    """Let a message be known, and what it answers."""
    row = {"id": world.ask(lambda work: work.new_id("message")), "channel": "email", "sender": ""}
    row |= {"direction": "in", "record_kind": "contact", "record_id": 1, "recipient": ""}
    row |= {"message_id": name, "in_reply_to": before, "root": root, "subject": "", "text": ""}
    world.do(lambda work: work.change(RowAdded("message", {**row, "at": work.now})))


def test_a_chain_goes_from_its_root_to_what_is_answered(world):
    """The parent's own chain comes first; its root is named though nothing else is known of it."""
    keep(world, "<2@x>", "<1@x>", root="<0@x>")
    keep(world, "<3@x>", "<2@x>", root="<0@x>")
    names = ("<0@x>", "<1@x>", "<2@x>", "<3@x>")
    assert world.ask(ancestry.references, "<3@x>") == names


def test_a_chain_is_bounded_and_takes_in_nothing_but_names(world):
    """Forty letters leave the first and the last; a ring ends, and so does what is no name."""
    for number in range(1, 40):
        keep(world, f"<{number}@x>", f"<{number - 1}@x>", root="<0@x>")
    chain = world.ask(ancestry.references, "<39@x>")
    assert len(chain) == ancestry.MOST
    assert (chain[0], chain[1], chain[-1]) == ("<0@x>", "<21@x>", "<39@x>")
    keep(world, "<a@x>", "<b@x>")
    keep(world, "<b@x>", "<a@x>", root="<c d>\r\nBcc: e@x")
    assert world.ask(ancestry.references, "<a@x>") == ("<b@x>", "<a@x>")
