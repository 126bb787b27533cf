"""Real mail servers on this computer for tests, and letters to send to them."""

import ssl
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rally_desktop.core.message import Letter, Mailbox
from rally_desktop.outside.mail.base import Account
from rally_desktop.outside.mail.loopback import LoopbackServer, _Session


class TokenServer(LoopbackServer):
    """A server that is logged in to by a token (XOAUTH2) that ``knows(user, token)`` judges."""

    def __init__(self, knows, **how):
        super().__init__(login=("nobody", "nothing"), **how)
        self.knows = knows

    def _session(self):
        return _TokenSession(self)


class _TokenSession(_Session):
    def __init__(self, server):
        super().__init__(server._book, server._starttls, server._login, server._tls is not None)
        self._auth_require_tls = False
        self.knows = server.knows

    async def auth_XOAUTH2(self, server, args):
        """Judge the token; whoever is refused is told why, then once more after an empty line."""
        user, bearer = b64decode(args[1]).decode().split("\x01")[:2]
        if self.knows(user.removeprefix("user="), bearer.removeprefix("auth=Bearer ")):
            return AuthResult(success=True, auth_data=b"token")
        await self.challenge_auth(b'{"status":"401"}', encode_to_b64=True)
        return AuthResult(success=False, handled=False)


NOON = datetime(2026, 6, 2, 12, tzinfo=UTC)


@pytest.fixture
def mail_server():
    """Serve mail on 127.0.0.1, without encryption or login."""
    with LoopbackServer() as server:
        yield server


def account(server, **changes):
    """Describe an account on such a server."""
    return Account(**{"host": server.host, "port": server.port, "security": "none"} | changes)


def letter(**changes):
    """Write a letter to Ana, unless told otherwise."""
    usual = {
        "message_id": "<run7.step2@example.com>",
        "sender": Mailbox("office@example.com", "The office"),
        "recipient": Mailbox("ana@example.org", "Ana Ruiz"),
        "subject": "Good to meet you",
        "text": "Dear Ana,\nit was good to meet you.\n",
        "date": NOON,
    }
    return Letter(**usual | changes)


def certified(folder, host="localhost"):
    """Make a certificate for a host and return (server's context, client's context)."""
    file = folder / f"{host}.pem"
    file.write_bytes(b"".join(certificate(host)))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)
    return serving, ssl.create_default_context(cafile=str(file))


def certificate(host, days=1):
    """Return a key, and a certificate for a host or address that ends in some days, both as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    address = host.replace(".", "").isdigit()
    own = x509.IPAddress(ip_address(host)) if address else x509.DNSName(host)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=3))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([own]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return private, made.public_bytes(serialization.Encoding.PEM)
