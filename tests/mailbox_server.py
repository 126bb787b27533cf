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
        self.wfile.write(text.encode() + b"\r\n")

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

    def _search(self, rest):
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
        numbers = {n for run in wanted.split(",") for n in _run(run)}
        for place, (number, data, at) in enumerate(self.chosen.held, 1):
            if number in numbers:
                literal = _asked(data, what)
                date = f"{at.day:2}-{MONTHS[at.month - 1]}-{at:%Y %H:%M:%S} +0000"
                size = self.server.sizes.get(number, len(data))
                said = f'* {place} FETCH (RFC822.SIZE {size} INTERNALDATE "{date}" '
                said += f"BODY[] {{{len(literal)}}}\r\n"
                self.wfile.write(said.encode() + literal + f" UID {number})\r\n".encode())
        return "OK"

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


def _asked(data, what):
    if fields := re.search(r"HEADER\.FIELDS \(([^)]*)\)", what):
        names = fields[1].lower().split()
        head = data.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        read = message_from_bytes(head)
        kept = [f"{k}: {v}" for k, v in read.items() if k.lower() in names]
        return ("\r\n".join(kept) + "\r\n\r\n").encode("utf-8", "replace")
    low, count = map(int, re.search(r"<(\d+)\.(\d+)>", what).groups())
    return data[low : low + count]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    password, idles, drops = "secret", True, None

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
