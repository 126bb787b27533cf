"""A real IMAP server on this computer: folders of messages that are searched and fetched."""

import base64
import contextlib
import re
import socketserver
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
NOW = datetime(2026, 6, 2, 9, tzinfo=UTC)


class Folder:
    """A folder; its messages are (number, bytes, moment of arrival)."""

    def __init__(self, name, marks=""):
        """Begin empty."""
        self.name, self.marks = name, marks
        self.validity, self.upcoming, self.held = 1, 1, []

    def add(self, data, at=NOW):
        """Let a message come; return its number."""
        number, self.upcoming = self.upcoming, self.upcoming + 1
        self.held.append((number, data, at))
        return number

    def number_anew(self):
        """Give every message another number, as after a repair of the server."""
        self.validity += 1
        held, self.held, self.upcoming = self.held, [], 1
        for _, data, at in held:
            self.add(data, at)


_ASKED = re.compile(r"BODY\.PEEK\[((?:[^\]])*)\](?:<(\d+)\.(\d+)>)?")


class _Session(socketserver.StreamRequestHandler):
    chosen, disable_nagle_algorithm = None, True

    def handle(self):
        self._tell("* OK ready")
        with contextlib.suppress(ConnectionError, ValueError):
            for line in self.rfile:
                tag, verb, *rest = line.decode().strip().split(" ", 2)
                if not self._answer(tag, verb.upper(), rest[0] if rest else ""):
                    return

    def _answer(self, tag, verb, rest):
        self.server.said.append(f"{verb} {rest}")
        if self.server.drops is not None and len(self.server.said) > self.server.drops:
            return False
        if verb == "UID":
            verb, _, rest = rest.partition(" ")
        state = getattr(self, f"_{verb.lower()}", lambda rest: "BAD what?")(rest)
        self._tell(f"{tag} {state} so it is")
        return verb != "LOGOUT"

    def _tell(self, text):
        self._send(text + "\r\n")

    def _send(self, text):
        self.wfile.write(text.encode())

    def _capability(self, rest):
        self._tell("* CAPABILITY IMAP4rev1 SPECIAL-USE" + " IDLE" * self.server.idles)
        return "OK"

    def _login(self, rest):
        return (
            "OK" if rest.endswith(f'"{self.server.password}"') else "NO [AUTHENTICATIONFAILED] who?"
        )

    def _authenticate(self, rest):
        self._tell("+ ")
        said = base64.b64decode(self.rfile.readline()).decode()
        if said == f"user=hello\1auth=Bearer {self.server.password}\1\1":
            return "OK"
        self._tell("+ eyJzdGF0dXMiOiI0MDEifQ==")
        self.rfile.readline()
        return "NO [AUTHENTICATIONFAILED]"

    def _list(self, rest):
        for folder in self.server.folders:
            self._tell(f'* LIST ({folder.marks}) "/" "{folder.name}"')
        return "OK"

    def _examine(self, rest):
        named = [one for one in self.server.folders if one.name == rest.strip('"')]
        if not named:
            return "NO such folder"
        self.chosen = named[0]
        self._tell(f"* {len(self.chosen.held)} EXISTS")
        self._tell(f"* OK [UIDVALIDITY {self.chosen.validity}] so it is")
        self._tell(f"* OK [UIDNEXT {self.chosen.upcoming}] so it is")
        return "OK [READ-ONLY]"

    def _create(self, rest):
        if self.server.below and not rest.startswith("INBOX."):
            return "NO below the inbox, please"
        self.server.sent.name = rest
        self.server.folders.append(self.server.sent)
        return "OK"

    def _subscribe(self, rest):
        return "OK"

    def _append(self, rest):
        name, size = re.match(r'"?([\w.]+)"? .*\{(\d+)\}', rest).groups()
        self._tell("+ go on")
        data = self.rfile.read(int(size) + 2)[:-2]
        if self.server.full:
            return "NO [OVERQUOTA] full"
        next(one for one in self.server.folders if one.name == name).add(data)
        if self.server.cuts:
            self.server.cuts = False
            raise ConnectionError
        return "OK"

    def _search(self, rest):
        if wanted := re.search(r'HEADER Message-ID "(.*?)"', rest):
            found = [n for n, data, _ in self.chosen.held if f"<{wanted[1]}>" in data.decode()]
            self._tell("* SEARCH " + " ".join(map(str, found)))
            return "OK"
        low, high = map(int, re.match(r"(\d+):(\d+)", rest).groups())
        above = int(re.search(r"UID (\d+):\*", rest)[1])
        held = self.chosen.held[low - 1 : high]
        found = [(n, at) for n, _, at in held if n >= above] or [(n, at) for n, _, at in held[-1:]]
        if since := re.search(r"SINCE (\d+)-(\w+)-(\d+)", rest):
            day = datetime(int(since[3]), MONTHS.index(since[2]) + 1, int(since[1]), tzinfo=UTC)
            found = [(n, at) for n, at in found if at >= day]
        self._tell("* SEARCH " + " ".join(str(n) for n, _ in found))
        return "OK"

    def _fetch(self, rest):
        wanted, what = rest.split(" ", 1)
        if "BODYSTRUCTURE" in what and not self.server.builds:
            return "BAD what?"
        numbers = {n for run in wanted.split(",") for n in _run(run)} - self._lacking(what)
        for place, (number, data, at) in enumerate(self.chosen.held, 1):
            if number in numbers:
                date = f"{at.day:2}-{MONTHS[at.month - 1]}-{at:%Y %H:%M:%S} +0000"
                size = self.server.sizes.get(number, len(data))
                self._send(f'* {place} FETCH (RFC822.SIZE {size} INTERNALDATE "{date}" ')
                if "BODYSTRUCTURE" in what:
                    self._send(f"BODYSTRUCTURE {_built(message_from_bytes(data))} ")
                for section, low, count in _ASKED.findall(what):
                    literal, cut = _section(data, section), f"<{low}>" if count else ""
                    literal = literal[int(low) :][: int(count)] if count else literal
                    self._send(f"BODY[{section}]{cut} {{{len(literal)}}}\r\n")
                    self.wfile.write(literal)
                self._send(f" UID {number})\r\n")
        return "OK"

    def _lacking(self, what):
        return set(self.server.gaps if self.server.lacks in what else ())

    def _idle(self, rest):
        self._tell("+ waiting")
        self.server.sessions.append(self)
        self.rfile.readline()
        self.server.sessions.remove(self)
        return "OK"

    def _logout(self, rest):
        self._tell("* BYE")
        return "OK"


def _run(run):
    low, _, high = run.partition(":")
    return range(int(low), int(high or low) + 1)


def _section(data, section):
    """Return the bytes of a section: all, the headers or some of them, or a part by its number."""
    head = data.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if not section:
        return data
    if section == "HEADER":
        return head + b"\r\n\r\n"
    if fields := re.match(r"HEADER\.FIELDS \(([^)]*)\)", section):
        names = fields[1].lower().split()
        kept = [f"{k}: {v}" for k, v in message_from_bytes(head).items() if k.lower() in names]
        return ("\r\n".join(kept) + "\r\n\r\n").encode("utf-8", "replace")
    part = message_from_bytes(data)
    for number in section.split("."):
        part = part.get_payload(int(number) - 1) if part.is_multipart() else part
    return part.get_payload().encode()


def _built(part):
    """Return how a message is built (BODYSTRUCTURE)."""
    names = " ".join(f'"{k}" "{v}"' for k, v in part.get_params([])[1:])
    given = f"({names})" if names else "NIL"
    file = part.get_filename()
    shown = f'("attachment" ("filename" "{file}"))' if file else "NIL"
    if part.is_multipart():
        inside = "".join(map(_built, part.get_payload()))
        return f'({inside} "{part.get_content_subtype()}" {given} {shown} NIL)'
    text = part.get_payload()
    lines = f" {text.count(chr(10))}" if part.get_content_maintype() == "text" else ""
    kind = f'"{part.get_content_maintype()}" "{part.get_content_subtype()}"'
    way = part.get("Content-Transfer-Encoding", "7bit")
    return f'({kind} {given} NIL NIL "{way}" {len(text)}{lines} NIL {shown})'


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    password, idles, drops, builds = "secret", True, None, True
    # Messages of which there is nothing at the moment when this is asked for.
    gaps, lacks = frozenset(), "HEADER"
    # Whether it takes no copies, and whether it hangs up once it took the next one.
    full, cuts = False, False
    # Whether it wants every folder below the inbox.
    below = False

    def __init__(self, *args):
        super().__init__(*args)
        self.port = self.server_address[1]
        self.inbox, self.sent = Folder("INBOX"), Folder("Sent", r"\Sent")
        self.folders, self.said, self.sessions, self.sizes = [self.inbox, self.sent], [], [], {}

    def handle_error(self, request, address):
        """Say nothing: clients may hang up."""

    def push(self, raw):
        """Send bytes to whoever waits."""
        for session in list(self.sessions):
            session.wfile.write(raw)


@contextmanager
def serving():
    """Serve an inbox and a Sent folder on 127.0.0.1; ``server.port`` says where."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def letter(sender="Ana <ana@example.org>", subject="Hello", text="Yes, gladly.", **headers):
    """Return a message as its bytes; headers are named with underscores."""
    made = EmailMessage()
    made["From"], made["Subject"] = sender, subject
    given = {"To": "hello@example.com", "Date": "Tue, 02 Jun 2026 08:59:00 +0000", **headers}
    for name, value in given.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def days_ago(days):
    """Return a moment some days before the tests' today."""
    return NOW - timedelta(days=days)
