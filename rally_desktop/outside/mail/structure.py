"""A large message read by its structure (BODYSTRUCTURE, RFC 3501, 7.4.2): its texts, not its files.

What was fetched is put together as a small message of the same build, in which every file is there
with its name and without its bytes; beside it stands where those lie and how many there are.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rally_desktop.outside.mail.arrived import MACHINE_PARTS, RETURNED
from rally_desktop.outside.mail.imap_values import Value
from rally_desktop.outside.mail.mime import DEEPEST, MOST_PARTS, Leaf

# Of each text, and of what machines wrote or sent back, so many bytes are fetched; of so many.
LARGEST_TEXT, LARGEST_REPORT, MOST_TEXTS = 1024 * 1024, 64 * 1024, 20
LARGEST_HEAD = 128 * 1024
_READ = ("text/plain", "text/html", "text/calendar", *MACHINE_PARTS, *RETURNED)


@dataclass(frozen=True)
class Node:
    """A part as the server describes it: its headers, its bytes on the way, the parts within."""

    section: str
    kind: str
    head: Mapping[str, str]
    octets: int = 0
    parts: tuple[Node, ...] = ()

    @property
    def wanted(self) -> int:
        """Return how many bytes of it are to be read."""
        attached = self.head.get("Content-Disposition", "").lower().startswith("attachment")
        if self.kind not in _READ or (attached and self.kind.startswith("text/")):
            return 0
        most = LARGEST_TEXT if self.kind in ("text/plain", "text/html") else LARGEST_REPORT
        return min(self.octets, most)


@dataclass(frozen=True)
class Copy:
    """A message as it was fetched; ``leaves`` says where its parts lie, where not all was."""

    data: bytes
    leaves: tuple[Leaf, ...] = ()


def read(value: Value) -> Node | None:
    """Return the parts of a message; None where the server tells them as nobody understands."""
    try:
        return _node(value, "", 0)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def wanted(node: Node) -> list[str]:
    """Return what to ask for: the headers, and the texts with as much as is read of each."""
    texts = [part for part in _leaves(node) if part.wanted][:MOST_TEXTS]
    head = f"BODY.PEEK[HEADER]<0.{LARGEST_HEAD}>"
    return [head, *(f"BODY.PEEK[{one.section}]<0.{one.wanted}>" for one in texts)]


def copy(node: Node, told: Mapping[bytes, Value]) -> Copy:
    """Put a message together from what was told of it."""
    making = _Making(told)
    # The first header of a name is the one that counts.
    making.data += _lines(node.head, making.fence(0))
    if head := making.told(b"HEADER").strip(b"\r\n"):
        making.data += head + b"\r\n"
    making.put(node, 0)
    return Copy(bytes(making.data), tuple(making.leaves))


@dataclass
class _Making:
    said: Mapping[bytes, Value]
    # Nobody who writes a message can know it, and end a part with it.
    token: str = field(default_factory=lambda: secrets.token_hex(12))
    data: bytearray = field(default_factory=bytearray)
    leaves: list[Leaf] = field(default_factory=list)
    count: int = 0

    def fence(self, depth: int) -> str:
        return f"{self.token}-{depth}"

    def told(self, section: bytes) -> bytes:
        value = self.said.get(b"BODY[%s]" % section)
        return value if isinstance(value, bytes) else b""

    def put(self, node: Node, depth: int) -> None:
        """Write what stands below a part’s headers."""
        self.data += b"\r\n"
        if not node.parts:
            start = len(self.data)
            self.data += self.told(node.section.encode())
            self.leaves.append(Leaf(start, len(self.data), node.section, node.octets))
            return
        fence = self.fence(depth)
        for part in node.parts:
            self.count += 1
            if self.count > MOST_PARTS:
                break
            self.data += f"\r\n--{fence}\r\n".encode() + _lines(part.head, self.fence(depth + 1))
            self.put(part, depth + 1)
        self.data += f"\r\n--{fence}--\r\n".encode()


def _lines(head: Mapping[str, str], fence: str) -> bytes:
    made = ""
    for name, value in head.items():
        bounded = name == "Content-Type" and value.startswith("multipart/")
        made += f"{name}: {value}" + (f'; boundary="{fence}"' if bounded else "") + "\r\n"
    return made.encode("utf-8", "surrogateescape")


def _leaves(node: Node) -> Iterator[Node]:
    for part in node.parts:
        yield from _leaves(part)
    if not node.parts:
        yield node


def _node(value: Value, section: str, depth: int) -> Node:
    if not isinstance(value, list):
        raise TypeError("a part is a list")
    if isinstance(value[0], list):
        return _multipart(value, section, depth)
    kind = f"{_word(value[0])}/{_word(value[1])}"
    head = {"Content-Type": kind + _parameters(value[2], but="boundary")}
    if value[3]:
        head["Content-ID"] = _plain(value[3])
    if value[5]:
        head["Content-Transfer-Encoding"] = _word(value[5])
    # Texts say their lines, messages what is in them, before they say whether they are files.
    enclosed = len(value) > 8 and isinstance(value[7], list)
    _dispose(head, value[11 if enclosed else 9 if kind.startswith("text/") else 8 :])
    return Node(section or "1", kind, head, max(0, int(_plain(value[6]) or 0)))


def _multipart(value: list[Value], section: str, depth: int) -> Node:
    count = next((n for n, one in enumerate(value) if not isinstance(one, list)), len(value))
    kind = f"multipart/{_word(value[count])}" if count < len(value) else "multipart/mixed"
    further = value[count + 1 :]
    head = {"Content-Type": kind + _parameters(further[0] if further else None, but="boundary")}
    _dispose(head, further[1:])
    if depth > DEEPEST:
        return Node(section or "1", kind, head)
    dot = f"{section}." if section else ""
    parts = (_node(one, f"{dot}{n}", depth + 1) for n, one in enumerate(value[:count], 1))
    return Node(section, kind, head, parts=tuple(parts))


def _dispose(head: dict[str, str], further: list[Value]) -> None:
    """Write down whether a part is a file, from the first of its fields that says so."""
    told = further[0] if further else None
    if isinstance(told, list) and told and isinstance(told[0], bytes):
        said = _parameters(told[1] if len(told) > 1 else None)
        head["Content-Disposition"] = _word(told[0]) + said


def _parameters(value: Value, but: str = "") -> str:
    if not isinstance(value, list):
        return ""
    pairs = zip(map(_word, value[::2]), map(_plain, value[1::2]), strict=False)
    return "".join(f"; {name}={_quoted(said)}" for name, said in pairs if name not in ("", but))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _word(value: Value) -> str:
    """Return a word that may stand in a header, in small letters."""
    kept = (sign for sign in _plain(value).lower() if sign.isalnum() or sign in "-_.+*/")
    return "".join(kept)[:100]


def _plain(value: Value) -> str:
    """Return a text as it may stand in a header: on one line, however it was told."""
    text = value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else ""
    return " ".join(text.split())[:2_000]
