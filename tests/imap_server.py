"""A small mailbox on this computer that is read by IMAP, as far as a journal needs one."""

import base64
import contextlib
import re
import socketserver
import threading
from collections.abc import Callable
from contextlib import contextmanager
from email import message_from_bytes
from typing import NamedTuple

_COMMAND = re.compile(rb"(?P<tag>\S+) (?P<verb>[A-Za-z]+)(?P<rest>.*)\r\n")
_HEADER = re.compile(r'HEADER (\S+) "((?:[^"\\]|\\.)*)"')


class Folder(NamedTuple):
    """A folder's name, its marks, and whether a message in it has a header with a text."""

    name: str
    marks: str
    holds: Callable[[str, str], bool]


class _Session(socketserver.StreamRequestHandler):
    """One client's dialogue."""

    chosen: Folder | None = None

    def handle(self):
        """Answer until the client leaves."""
        self.wfile.write(b"* OK ready\r\n")
        with contextlib.suppress(ConnectionError):
            for line in self.rfile:
                match = _COMMAND.fullmatch(line)
                if match is None or not self._answer(match):
                    return

    def _answer(self, match):
        self.server.heard.append(match["verb"].decode().upper())
        tag, verb = match["tag"].decode(), match["verb"].decode().upper()
        rest = match["rest"].decode().strip()
        lines, state = getattr(self, f"_{verb.lower()}", self._unknown)(rest)
        if self.server.stalls:
            self.server.stalls.wait()
        said = "".join(f"* {line}\r\n" for line in lines) + f"{tag} {state} so it is\r\n"
        self.wfile.write(said.encode())
        return verb != "LOGOUT"

    def _unknown(self, rest):
        return [], "BAD what?"

    def _capability(self, rest):
        return ["CAPABILITY IMAP4rev1 SPECIAL-USE"], "OK"

    def _login(self, rest):
        good = rest == '{} "{}"'.format(*self.server.login)
        return [], "OK" if good else "NO who?"

    def _authenticate(self, rest):
        if rest == "PLAIN":
            self.wfile.write(b"+ \r\n")
            given = base64.b64decode(self.rfile.readline()).decode().split("\0")[1:]
            return [], "OK" if tuple(given) == self.server.login else "NO who?"
        if rest != "XOAUTH2" or self.server.knows is None:
            return [], "NO not here"
        self.wfile.write(b"+ \r\n")
        given = base64.b64decode(self.rfile.readline()).decode()
        user, bearer = given.split("\x01")[:2]
        good = self.server.knows(user.removeprefix("user="), bearer.removeprefix("auth=Bearer "))
        if not good:
            self.wfile.write(b"+ " + base64.b64encode(b'{"status":"401"}') + b"\r\n")
            self.rfile.readline()
        return [], "OK" if good else "NO AUTHENTICATE failed."

    def _list(self, rest):
        folders = self.server.folders
        return [f'LIST ({one.marks}) "/" "{one.name}"' for one in folders], "OK"

    def _examine(self, rest):
        known = {one.name: one for one in self.server.folders}
        self.chosen = known.get(rest.strip('"'))
        if self.chosen is None:
            return [], "NO such folder"
        return ["1 EXISTS"], "OK [READ-ONLY]"

    def _uid(self, rest):
        there = any(self.chosen.holds(name, text) for name, text in _HEADER.findall(rest))
        return ["SEARCH 1" if there else "SEARCH"], "OK"

    def _logout(self, rest):
        return ["BYE"], "OK"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    folders: list[Folder] = []
    login = ("office@example.com", "secret")
    stalls: threading.Event | None = None
    knows: Callable[[str, str], bool] | None = None


def letters(name, marks, messages):
    """Return a folder that holds these messages (bytes), also those that come later."""
    return Folder(
        name,
        marks,
        lambda header, text: any(text in (message_from_bytes(m)[header] or "") for m in messages),
    )


@contextmanager
def serving(*folders):
    """Serve these folders on 127.0.0.1; ``server.port`` says where."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.folders, server.heard = list(folders), []
        server.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
