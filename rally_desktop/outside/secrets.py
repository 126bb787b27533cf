"""Where this computer keeps passwords, if it has a place for them."""

from __future__ import annotations

import keyring
from keyring.errors import KeyringError


def where() -> str:
    """Return the name of this computer's keyring; empty where there is none to be used."""
    try:
        found = keyring.get_keyring()
    except KeyringError:
        return ""
    # The stand-ins that refuse or forget everything rate themselves at nought or below.
    return found.name if found.priority > 0 else ""
