"""A small provider to sign in with on this computer: authorise, token, refresh, revoke, errors."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

from rally_desktop.outside.mail.oauth import Client
from rally_desktop.outside.mail.providers import Consent


class OAuthServer:
    """Hands out codes and tokens; a test may ``deny``, take back, or let tokens end early."""

    def __init__(self, *, who="office@example.com", with_secret=False):
        self.who, self.with_secret = who, with_secret
        self.codes, self.opens, self.refreshes = {}, {}, set()
        self.deny, self.life, self.fails = "", 3600, ""
        self.asked = []
        handler = type("Handler", (_Handler,), {"provider": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def client(self, **changes):
        """Describe the office's registration here."""
        url = f"http://{self.host}"
        usual = {
            "authorise": f"{url}/authorise", "token": f"{url}/token", "revoke": f"{url}/revoke",
            "scopes": ("mail",), "console": "the console", "manage": "its page",
            "with_secret": self.with_secret,
        }  # fmt: skip
        secret = "s3cret-canary" if self.with_secret else ""
        return Client("Testmail", Consent(**usual | changes), "our-id", secret, (self.host,))

    def knows(self, user, token):
        """Say whether a token opens a mailbox."""
        return self.opens.get(token) == user

    def expire(self):
        """Let every token end that was handed out."""
        self.opens.clear()

    def take_back(self):
        """End what somebody agreed to."""
        self.opens.clear()
        self.refreshes.clear()

    def authorise(self, given):
        """Return where the browser goes after somebody said yes, or no."""
        back = {"state": given["state"]}
        if self.deny:
            return given["redirect_uri"] + "?" + urlencode({**back, "error": self.deny})
        assert given["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = (given["code_challenge"], given["redirect_uri"])
        return given["redirect_uri"] + "?" + urlencode({**back, "code": code})

    def token(self, given):
        """Return (status, answer) for a question about tokens."""
        self.asked.append(given)
        if self.fails:
            return 400, {"error": self.fails}
        if given["client_id"] != "our-id" or (
            self.with_secret and given.get("client_secret") != "s3cret-canary"
        ):
            return 401, {"error": "invalid_client"}
        if given["grant_type"] == "refresh_token":
            good = given["refresh_token"] in self.refreshes
        else:
            kept = self.codes.pop(given["code"], None)
            proof = hashlib.sha256(given["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
            good = kept == (challenge, given["redirect_uri"])
        return (200, self._handed_out()) if good else (400, {"error": "invalid_grant"})

    def _handed_out(self):
        access, refresh = f"access-canary-{secrets.token_hex(8)}", "refresh-canary"
        self.opens[access] = self.who
        self.refreshes.add(refresh)
        claims = base64.urlsafe_b64encode(json.dumps({"email": self.who}).encode()).decode()
        return {
            "access_token": access, "refresh_token": refresh, "expires_in": self.life,
            "token_type": "Bearer", "id_token": f"e30.{claims.rstrip('=')}.sig",
        }  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    provider: OAuthServer

    def do_GET(self):
        given = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        self.send_response(302)
        self.send_header("Location", self.provider.authorise(given))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = {k: v[0] for k, v in parse_qs(body).items()}
        if self.path == "/revoke":
            self.provider.take_back()
            status, answer = 200, {}
        else:
            status, answer = self.provider.token(given)
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        """Say nothing."""


class Browser:
    """Opens pages as a person's browser does, in a thread, and keeps what they say."""

    def __init__(self, change=lambda url: url):
        self.change, self.pages, self.urls = change, [], []
        self.threads = []

    def __call__(self, url):
        """Open a page and go where it leads."""
        self.urls.append(url)
        thread = threading.Thread(target=lambda: self.visit(self.change(url)))
        self.threads.append(thread)
        thread.start()

    def visit(self, url):
        """Fetch a page; one that refuses is read as well."""
        try:
            with urlopen(url, timeout=60) as answer:
                self.pages.append(answer.read().decode())
        except HTTPError as refusal:
            with refusal:
                self.pages.append(refusal.read().decode())

    def close(self):
        """Wait until every page is shown."""
        for thread in self.threads:
            thread.join()
