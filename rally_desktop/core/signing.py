"""Links that nobody else can make: a code and what proves that it is ours.

A token is its version, 16 characters of code and 22 of HMAC-SHA-256 (128 bits); the proof holds
for one purpose alone, so that the address of a picture unsubscribes nobody.
"""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

VERSION = "1"
KEY_BYTES, CODE_BYTES, PROOF_BYTES = 32, 12, 16
_CODE = 16  # characters of base64 for twelve bytes
_TOKEN = re.compile(rf"{VERSION}[A-Za-z0-9_-]{{38}}", re.ASCII)


def new_code() -> str:
    """Return a code that nobody can guess and that goes into an address as it is."""
    return _text(secrets.token_bytes(CODE_BYTES))


def token(key: bytes, purpose: str, code: str) -> str:
    """Return a code with its proof, for an address of ours."""
    return f"{VERSION}{code}{_proof(key, purpose, code)}"


def code_of(key: bytes, purpose: str, token: str) -> str | None:
    """Return the code of a token that is ours and for this purpose; else None."""
    if not _TOKEN.fullmatch(token):
        return None
    code, proof = token[1 : 1 + _CODE], token[1 + _CODE :]
    return code if hmac.compare_digest(proof, _proof(key, purpose, code)) else None


def _proof(key: bytes, purpose: str, code: str) -> str:
    said = hmac.new(key, f"{VERSION}:{purpose}:{code}".encode(), sha256).digest()
    return _text(said[:PROOF_BYTES])


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")
