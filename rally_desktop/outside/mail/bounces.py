"""Messages that came back: whose address, what the server said, and which message it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rally_desktop.outside.mail.arrived import Arrived
from rally_desktop.outside.mail.bounce_shapes import (
    Parted,
    is_from_a_server,
    parted,
    refuses,
    warns,
)
from rally_desktop.outside.mail.bounce_words import Kind, kind_of, status_in
from rally_desktop.outside.mail.header_text import ADDRESS

_MOST_FAILED, _LONGEST_WORDS = 50, 600
_BLOCKS = re.compile(r"\n[ \t]*\n")
_FOLDED = re.compile(r"\n[ \t]+")
_WORST: tuple[Kind, ...] = ("hard", "refused", "soft")
_BEFORE = re.compile(
    r"(?i)^(mailto:|(unknown user|invalid (user|recipient)|no such user|failed (address|recipient)"
    r"|recipient|user)\W{1,4}|c=.{0,80};\s?(dda:)?smtp=)"
)
_NOBODY = re.compile(r"(?i)^(mailer-daemon|postmaster|microsoftexchange|mail-daemon|noreply)")


@dataclass(frozen=True)
class Failed:
    """One address that did not get the message, and why.

    ``hard``: the address is wrong. ``soft``: it may pass, as a full mailbox. ``refused``: the
    server takes no such message from us; the address is not at fault.
    """

    address: str
    kind: Kind
    status: str
    said: str


@dataclass(frozen=True)
class Bounce:
    """A message of ours that came back.

    ``message_id`` and ``key`` (X-Rally-Key) name it where the report does; ``sent_to`` are
    those it was written to, which differ from ``addresses`` where somebody forwards mail.
    """

    failed: tuple[Failed, ...]
    message_id: str
    key: str
    sent_to: tuple[str, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return the addresses that failed."""
        return tuple(one.address for one in self.failed if one.address)

    @property
    def worst(self) -> Failed:
        """Return what counts where one answer is wanted: hard before refused before soft."""
        return min(self.failed, key=lambda one: _WORST.index(one.kind))


def bounced(arrived: Arrived) -> Bounce | None:
    """Say that a message reports a failure for good; None for all others, also for delays."""
    blocks = tuple(_blocks(arrived))
    copy = parted(arrived.text)
    failed = tuple(_failed(block, arrived) for block in blocks if _action(block) == "failed")
    failed = failed if blocks else _freely(arrived, copy)
    if not failed:
        return None
    back = arrived.returned or copy.returned
    sent_to = [person.address for person in back.to or copy.returned.to]
    return Bounce(
        tuple(dict.fromkeys(failed))[:_MOST_FAILED],
        back.message_id or copy.returned.message_id or arrived.in_reply_to,
        back.key or copy.returned.key,
        tuple(sent_to or _first_named(blocks)),
    )


def _first_named(blocks: Iterable[Mapping[str, str]]) -> list[str]:
    """Return whom a message was for before somebody passed it on."""
    named = " ".join(block.get("original-recipient", "") for block in blocks)
    return _those(ADDRESS.findall(named), set())


def delayed(arrived: Arrived) -> bool:
    """Say that a server is still trying: no bounce yet."""
    blocks = tuple(_blocks(arrived))
    if blocks:
        return {_action(block) for block in blocks} == {"delayed"}
    return is_from_a_server(arrived) and warns(arrived)


def delivered(arrived: Arrived) -> bool:
    """Say that a server reports success alone."""
    actions = {_action(block) for block in _blocks(arrived)}
    return bool(actions) and actions <= {"delivered", "relayed", "expanded"}


def _blocks(arrived: Arrived) -> Iterator[Mapping[str, str]]:
    """Yield the fields of each recipient of a delivery report (RFC 3464)."""
    for report in arrived.reports:
        if "delivery-status" not in report.type:
            continue
        for text in _BLOCKS.split(report.text.strip())[:_MOST_FAILED]:
            lines = (line.partition(":") for line in _FOLDED.sub(" ", text).split("\n"))
            block = {name.strip().lower(): value.strip() for name, _, value in lines}
            if block.keys() & {"final-recipient", "original-recipient", "action"}:
                yield block


def _action(block: Mapping[str, str]) -> str:
    action = block.get("action", "").partition(" ")[0].lower().strip("()")
    if action in ("failed", "delayed", "delivered", "relayed", "expanded"):
        return action
    return {"2": "delivered", "4": "delayed"}.get(block.get("status", "")[:1], "failed")


def _failed(block: Mapping[str, str], arrived: Arrived) -> Failed:
    named = (
        block.get(name, "")
        for name in ("final-recipient", "original-recipient", "x-actual-recipient")
    )
    addresses = [match[0] for name in named if (match := ADDRESS.search(name))]
    # Inside a company some name a machine where the domain should stand.
    found = next(
        (one for one in addresses if "." in one.rpartition("@")[2]), "".join(addresses[:1])
    )
    said = block.get("diagnostic-code", "").partition(";")[2].strip()
    said = said or block.get("diagnostic-code", "")
    status = status_in(block.get("status", ""))
    if not said or (status.endswith(".0.0") and kind_of(status, said) == "soft"):
        # Some servers say the cause to people only.
        said = f"{said} {_around(found, parted(arrived.text).above)}".strip()
    if not found:
        back = arrived.returned
        found = back.to[0].address if back and back.to else ""
    return Failed(_plain(found), kind_of(status, said), status or status_in(said), _short(said))


def _freely(arrived: Arrived, copy: Parted) -> tuple[Failed, ...]:
    """Return whom a report names that was written for people alone."""
    if not is_from_a_server(arrived) or warns(arrived) or not refuses(arrived, copy.above):
        return ()
    found = _named(arrived, copy)
    if not found and not (copy.returned.message_id or arrived.returned):
        return ()
    return tuple(_told(address, copy.above) for address in found or ("",))


def _named(arrived: Arrived, copy: Parted) -> list[str]:
    """Return the addresses that stand where reports name those who got nothing."""
    ours = {person.address.lower() for person in (arrived.sender, *arrived.to, *arrived.cc)}
    return (
        _those(ADDRESS.findall(arrived.header("X-Failed-Recipients")), set())
        or _those(_in_their_places(copy.above), ours)
        or _those(ADDRESS.findall(copy.above), ours)[:1]
        or _those((person.address for person in copy.returned.to), ours)
    )


def _told(address: str, text: str) -> Failed:
    said = _around(address, text)
    # The paragraph of the address first: elsewhere a report repeats what it says of all.
    status = status_in(said) or status_in(text)
    return Failed(address, kind_of(status, f"{said}\n{text}"), status, _short(said))


def _in_their_places(text: str) -> Iterator[str]:
    """Yield addresses that begin a line, or follow what reports put before them."""
    for line in text.split("\n"):
        bare = _BEFORE.sub("", line.strip().lstrip("<*-• \t\"'"), count=1)
        if found := ADDRESS.match(bare):
            yield found[0]


def _those(addresses: Iterable[str], ours: set[str]) -> list[str]:
    plain = dict.fromkeys(_plain(address) for address in addresses)
    return [one for one in plain if one.lower() not in ours and not _NOBODY.match(one)][:20]


def _plain(address: str) -> str:
    local, at, domain = address.strip("'.*").rpartition("@")
    return f"{local}{at}{domain.lower()}"


def _around(address: str, text: str) -> str:
    """Return the words that follow an address to the end of their paragraph."""
    place = text.lower().find(address.lower()) if address else -1
    said = text[place + len(address) : place + 2_000] if place >= 0 else text[:2_000]
    said = said.lstrip(">:)\"', \t\n")
    end = said.find("\n\n")
    return said[:end] if end > 20 else said


def _short(said: str) -> str:
    return " ".join(said.split())[:_LONGEST_WORDS]
